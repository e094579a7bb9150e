import { X509Certificate } from 'node:crypto'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { createServer, request } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { localCertificate } from './tls.ts'

let dataDir = ''
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'changbai-tls-'))
})
afterEach(() => rm(dataDir, { recursive: true }))

const options = () => ({ dataDir, publicUrl: 'https://cloud.example.gov.cn' })
const DAY_MS = 86_400_000

test('a client that trusts the authority, and only such a client, accepts the server by name and by address', async () => {
  const made = await localCertificate(options())
  const authority = await readFile(made.authorityFile, 'utf8')
  const server = createServer(made, (_, reply) => reply.end('ok'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const call = (host: string, ca?: string) =>
    new Promise<number | string>((resolve) => {
      request({ host, port, agent: false, servername: host === 'localhost' ? host : '', ca, family: 4 }, (reply) =>
        resolve(reply.resume().statusCode ?? 0),
      )
        .on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
        .end()
    })
  expect(await call('localhost', authority)).toBe(200)
  expect(await call('127.0.0.1', authority)).toBe(200)
  expect(await call('localhost')).toMatch(/SELF_SIGNED|UNABLE_TO/)
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

test('covers the public name and is kept until it nears its end', async () => {
  const start = Date.parse('2026-09-18T07:00:00Z')
  const first = await localCertificate(options(), start)
  const certificate = new X509Certificate(first.cert)
  expect(certificate.checkHost('cloud.example.gov.cn')).toBe('cloud.example.gov.cn')
  expect((await stat(join(dataDir, 'tls/authority.key'))).mode & 0o077).toBe(0)

  expect((await localCertificate(options(), start + 300 * DAY_MS)).cert).toBe(first.cert)
  const renewed = await localCertificate(options(), start + 380 * DAY_MS)
  expect(renewed.cert).not.toBe(first.cert)
  const authority = new X509Certificate(await readFile(renewed.authorityFile))
  expect(new X509Certificate(renewed.cert).verify(authority.publicKey)).toBe(true)
  expect(certificate.verify(authority.publicKey)).toBe(true)
})

test('a new name makes a new certificate under the same authority', async () => {
  const first = await localCertificate(options())
  const before = await readFile(first.authorityFile, 'utf8')
  const second = await localCertificate({ dataDir, publicUrl: 'https://other.example.gov.cn' })
  expect(new X509Certificate(second.cert).checkHost('other.example.gov.cn')).toBeTruthy()
  expect(await readFile(second.authorityFile, 'utf8')).toBe(before)
})
