import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { startProduct } from './support/product.ts'

const folders: string[] = []
const newFolder = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'changbai-start-'))
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
  const dataDir = await newFolder()
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
  const dataDir = await newFolder()
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
  ['an address that is none', async () => ({ env: { DATABASE_URL: 'mysql://x', SECRET_FILE: 'x' } }), /DATABASE_URL must look like/],
  ['a folder that cannot be written', async () => ({ env: { DATA_DIR: '/etc/passwd/data' } }), /\/etc\/passwd\/data/],
])('%s is said in words', async (_, options, sentence) => {
  const failure = await startProduct(await options()).then(
    () => null,
    (error: Error) => error.message,
  )
  expect(failure).toMatch(sentence)
  expect(failure).not.toMatch(/at .*\.ts:\d+/)
})

let shared: Awaited<ReturnType<typeof startProduct>> | undefined
const running = async () => {
  shared ??= await startProduct()
  return shared
}
afterAll(() => shared?.stop())
