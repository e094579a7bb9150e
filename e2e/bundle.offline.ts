import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser, openVisitor, signIn } from './support/browser.ts'
import { freePort, type Product } from './support/product.ts'

const folder = process.env.BUNDLE_DIR ?? ''
/** No Node, no npm: only what the smallest system has. */
const bare = { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8', HOME: '/nonexistent' }
const READY_MS = 120_000

let dataDir: string
let child: ChildProcess
let url: string
const written: string[] = []

const answers = (address: string) =>
  fetch(address).then(
    ({ status }) => status,
    () => 0,
  )

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'changbai-bundle-data-'))
})
afterAll(async () => {
  child?.kill('SIGKILL')
  await rm(dataDir, { recursive: true, force: true })
})

test('there is no way out: one interface, no route', async () => {
  expect(Object.keys(networkInterfaces())).toEqual(['lo'])
  expect((await readFile('/proc/net/route', 'utf8')).trim().split('\n')).toHaveLength(1)
})

test('every file has the digest that was written when the bundle was made', () => {
  const { status, stdout, stderr } = spawnSync('sha256sum', ['--check', '--quiet', 'SHA256SUMS'], { cwd: folder, encoding: 'utf8' })
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' })
})

test('the bill of materials names a digest for every package, and the archive holds no development tool', async () => {
  const { components } = JSON.parse(await readFile(join(folder, 'sbom.cdx.json'), 'utf8')) as {
    components: { name: string; hashes: unknown[] }[]
  }
  expect(components.length).toBeGreaterThan(100)
  expect(components.filter(({ hashes }) => hashes.length === 0).map(({ name }) => name)).toEqual([])
  expect(components.map(({ name }) => name)).not.toContain('vitest')
})

test('the command line answers without a database', () => {
  const args = ['deadline', '--from', '2026-09-18T15:00', '--workdays', '2', '--json']
  const { status, stdout } = spawnSync(join(folder, 'changbai'), args, { cwd: tmpdir(), env: bare, encoding: 'utf8' })
  expect(status).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ dueOn: '2026-09-21' })
})

test('./changbai up serves a signed-in workbench, lists and a diagram, and stops in order', async () => {
  const port = await freePort()
  url = `http://localhost:${port}`
  child = spawn(join(folder, 'changbai'), ['up'], { cwd: tmpdir(), env: { ...bare, PORT: String(port), DATA_DIR: dataDir } })
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => written.push(String(text)))
  const until = Date.now() + READY_MS
  while ((await answers(`${url}/readyz`)) !== 200) {
    if (Date.now() > until || child.exitCode !== null) throw new Error(`not ready:\n${written.join('')}`)
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
  const [, account, password] = /^\s+\S+\s+应用项目经理.*?\s{3}(\w+)\s{3}(\S+)/m.exec(written.join('')) ?? []
  expect(written.join('')).toContain(url)
  const browser = await launchBrowser()
  try {
    const visitor = await openVisitor(browser)
    await signIn(visitor, { url } as Product, { signIn: account ?? 'yangfan', password: password ?? 'Tianchi-2026-snow' })
    for (const path of ['/', '/work/requests', '/cloud/servers', '/plan']) {
      await visitor.page.goto(url + path)
      await visitor.page.locator('main h1').first().waitFor()
    }
    expect(await visitor.page.evaluate('document.fonts.check("16px \\"Changbai Latin\\"")')).toBe(true)
    expect(visitor.troubles).toEqual([])
    await visitor.shot('bundle-offline')
  } finally {
    await browser.close()
  }
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGINT')
  expect(await ended).toBe(0)
})
