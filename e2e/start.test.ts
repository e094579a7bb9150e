import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, expect, inject, test } from 'vitest'
import { copyDataDir, freePort, startPrepared, startProduct } from './support/product.ts'

const folders: string[] = []
const newFolder = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'changbai-start-'))
  folders.push(folder)
  return folder
}
/** As the first start left it: what is tried here begins with the second. */
const preparedFolder = async () => {
  const folder = await copyDataDir(inject('preparedDir'))
  folders.push(folder)
  return folder
}
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))))

const statusOf = async (url: string) => (await fetch(url)).status
const databaseRuns = (dataDir: string) =>
  stat(join(dataDir, 'postgres/postmaster.pid')).then(
    () => true,
    () => false,
  )

test('starts from nothing, answers its probes, stops with its database, and starts again within 5 s', async () => {
  const dataDir = await newFolder()
  const first = await startProduct({ dataDir })
  expect(await statusOf(`${first.url}/livez`)).toBe(200)
  expect(await statusOf(`${first.url}/readyz`)).toBe(200)
  expect((await fetch(`${first.url}/metrics`)).headers.get('content-type')).toContain('text/plain')
  expect(await databaseRuns(dataDir)).toBe(true)
  await first.stop()
  expect(await databaseRuns(dataDir)).toBe(false)

  const second = await startProduct({ dataDir })
  expect(second.startMs).toBeLessThan(5_000)
  await second.stop()
})

test('killed without warning: the database lives on and the next start takes it over', async () => {
  const dataDir = await preparedFolder()
  const first = await startProduct({ dataDir })
  const secrets = await readFile(join(dataDir, 'secrets.json'), 'utf8')
  await first.kill()
  expect(await databaseRuns(dataDir)).toBe(true)
  const second = await startProduct({ dataDir })
  expect(await statusOf(`${second.url}/readyz`)).toBe(200)
  expect(await readFile(join(dataDir, 'secrets.json'), 'utf8')).toBe(secrets)
  await second.stop()
  expect(await databaseRuns(dataDir)).toBe(false)
})

test('two processes serve one data folder, and the first may leave', async () => {
  const dataDir = await preparedFolder()
  const first = await startProduct({ dataDir })
  const second = await startProduct({ dataDir })
  await first.stop()
  expect(await statusOf(`${second.url}/readyz`)).toBe(200)
  await second.stop()
  expect(await databaseRuns(dataDir)).toBe(false)
})

test.each([
  ['a taken port', async () => ({ port: Number(new URL((await running()).url).port) }), /Port \d+ is taken/],
  [
    'a wrong database address',
    async () => ({ env: { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none', SECRET_FILE: 'x' } }),
    /127\.0\.0\.1:1/,
  ],
  ['an address that is none', async () => ({ env: { DATABASE_URL: 'mysql://x', SECRET_FILE: 'x' } }), /DATABASE_URL: must look like/],
  [
    'a database address with a port that is none',
    async () => ({ env: { DATABASE_URL: 'postgres://u:p@host:99999/x', SECRET_FILE: 'x' } }),
    /DATABASE_URL: must look like/,
  ],
  ['a proxy that is no address', async () => ({ env: { TRUST_PROXY: 'yes' } }), /TRUST_PROXY: must be/],
  ['an argument that is none', async () => ({ args: ['--nope'] }), /ended with 2[\s\S]*Unknown option '--nope'/],
  ['a folder that cannot be written', async () => ({ env: { DATA_DIR: '/etc/passwd/data' } }), /\/etc\/passwd\/data/],
])('%s is said in words', async (_, options, sentence) => {
  const failure = await startProduct(await options()).then(
    () => null,
    (error: Error) => error.message,
  )
  expect(failure).toMatch(sentence)
  expect(failure).not.toMatch(/at .*\.ts:\d+/)
})

/** `npm run up` as far as its own script: what it prints, and its exit code. */
async function up(env: Record<string, string>, args: string[] = [], interruptAt?: RegExp): Promise<{ code: number | null; said: string }> {
  const script = resolve(import.meta.dirname, '../scripts/up.mjs')
  const child = spawn(process.execPath, [script, ...args], { env: { ...process.env, HOST: '127.0.0.1', ...env } })
  let said = ''
  let isInterrupted = false
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      said += chunk
      if (!interruptAt?.test(said) || isInterrupted) return
      isInterrupted = true
      child.kill('SIGINT')
    })
  }
  const code = await new Promise<number | null>((done) => child.once('close', done))
  return { code, said }
}

test('the first words a person reads: what is wrong, how to go on, and an exit code of its own', async () => {
  const folder = await newFolder()
  await writeFile(join(folder, 'file'), '')
  const port = new URL((await running()).url).port
  const taken = await up({ PORT: port, DATA_DIR: join(folder, 'data') })
  expect(taken).toMatchObject({ code: 3, said: expect.stringContaining(`PORT=${Number(port) + 1} npm run up`) })
  const nowhere = await up({ PORT: String(await freePort()), DATA_DIR: join(folder, 'file/data') })
  expect(nowhere).toMatchObject({ code: 4, said: expect.stringContaining(join(folder, 'file/data')) })
  const option = await up({}, ['--nope'])
  expect(option).toMatchObject({ code: 2, said: expect.stringContaining('--nope') })
  for (const { said } of [taken, nowhere, option]) expect(said).not.toMatch(/\n\s+at /)
})

test('Ctrl-C in the middle of the first start stops it in order; what there is by then serves the next one', async () => {
  const dataDir = await newFolder()
  const { code, said } = await up({ PORT: String(await freePort()), DATA_DIR: dataDir }, [], /Database ready/)
  expect({ code, ready: said.includes('Demo sign-ins') }).toEqual({ code: 0, ready: false })
  expect(await databaseRuns(dataDir)).toBe(false)

  // without demo data and over HTTPS this time: one start for both
  const product = await startProduct({ dataDir, args: ['--empty', '--tls'] })
  expect(product.signIns).toEqual([])
  expect(product.setUpUrl).toMatch(/^https:\/\/localhost:\d+\/set-up#\S{20,}$/)
  const ca = await readFile(join(dataDir, 'tls/authority.pem'))
  const status = await new Promise((done, reject) => {
    request(product.setUpUrl as string, { ca }, (reply) => done(reply.resume().statusCode))
      .once('error', reject)
      .end()
  })
  expect(status).toBe(200)
  await product.stop()
})

let shared: Awaited<ReturnType<typeof startProduct>> | undefined
const running = async () => {
  shared ??= await startPrepared(inject('preparedDir'))
  return shared
}
afterAll(() => shared?.stop())
