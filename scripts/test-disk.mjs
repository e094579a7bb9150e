/**
 * Fills every volume of a running server, one after the other: npm run test:disk. Data with the embedded database, backups and temporary files lie
 * on small volumes of memory in a mount namespace of its own (Linux, root or user namespaces). While a volume is full nothing may be answered but
 * success, 503 or 507, and nothing acknowledged may be gone; with room again everything goes on by itself.
 */
import { spawnSync } from 'node:child_process'
import { chmodSync, closeSync, existsSync, mkdirSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DEMO_PASSWORD, draftsOf, isReady } from './cluster/changbai.mjs'
import { signIn } from './cluster/load.mjs'
import { openPrograms, pause, until } from './cluster/programs.mjs'

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')
if (!process.env.DISK_FOLDER) {
  const folder = mkdtempSync(join(tmpdir(), 'changbai-disk-'))
  const asRoot = process.getuid() === 0 ? [] : ['--user', '--map-root-user']
  const { status } = spawnSync('unshare', ['--mount', ...asRoot, process.execPath, fileURLToPath(import.meta.url)], {
    stdio: 'inherit',
    env: { ...process.env, DISK_FOLDER: folder },
  })
  rmSync(folder, { recursive: true, force: true })
  process.exit(status ?? 2)
}

const folder = process.env.DISK_FOLDER
chmodSync(folder, 0o755)
const port = Number(process.env.BASE_PORT ?? 3990)
const programs = openPrograms(join(folder, 'log'))
const volume = (name, megabytes) => {
  const path = join(folder, name)
  mkdirSync(path)
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=1777`, 'changbai', path], { stdio: 'inherit' })
  if (status !== 0) throw new Error(`no volume for ${name}`)
  return path
}
const ballast = (path) => join(path, 'ballast')
function fill(path) {
  const file = openSync(ballast(path), 'w')
  for (const size of [1 << 20, 4096])
    try {
      for (;;) writeSync(file, Buffer.alloc(size, 1))
    } catch (error) {
      if (error.code !== 'ENOSPC') throw error
    }
  closeSync(file)
}
const empty = (path) => rmSync(ballast(path), { force: true })
const freeMegabytes = (path) => Math.round((statfsSync(path).bavail * statfsSync(path).bsize) / 1e6)

const findings = []
const check = (what, isWell, seen) => {
  findings.push({ what, isWell, seen })
  console.log(`${isWell ? '✓' : '✗'} ${what}　${JSON.stringify(seen)}`)
}
const ALLOWED = new Set([200, 201, 503, 507])

try {
  const data = volume('data', 1_200)
  const backups = volume('backups', 4)
  const temporary = volume('tmp', 24)
  const server = programs.start('server', process.execPath, ['packages/server/src/app/main.ts'], {
    cwd: root,
    env: {
      PORT: String(port),
      DATA_DIR: data,
      BACKUP_DIR: backups,
      TMPDIR: temporary,
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      LOG_LEVEL: 'warn',
    },
  })
  await until('the server', 240, () => isReady(port))
  const address = `http://127.0.0.1:${port}`
  const manager = await signIn(address, 'yangfan', DEMO_PASSWORD)
  const { write } = draftsOf(manager)
  const acknowledged = []
  let written = 0
  const tryWrite = async () => {
    written += 1
    const answer = await write(manager, `load disk ${written}`, `disk-${process.pid}-${written}`).catch((error) => ({
      status: String(error),
    }))
    if (answer.status === 200) acknowledged.push(answer.body.id)
    return answer.status
  }
  check('before', (await tryWrite()) === 200, { freeMegabytes: freeMegabytes(data) })

  // the embedded database grows while it is written to, so the volume is filled again between calls
  const answers = new Map()
  for (let round = 0; round < 60; round += 1) {
    fill(data)
    const status = await tryWrite()
    answers.set(status, (answers.get(status) ?? 0) + 1)
  }
  const read = (await manager.ask('GET', '/session')).status
  check(
    'data full: nothing but success, 503 or 507',
    [...answers.keys()].every((status) => ALLOWED.has(status)),
    {
      ...Object.fromEntries(answers),
      read,
    },
  )
  check('data full: the process stands', server.child.exitCode === null, null)
  empty(data)
  const began = Date.now()
  await until('writing again', 120, async () => (await tryWrite()) === 200)
  check('data: goes on by itself with room again', true, { milliseconds: Date.now() - began })
  const kept = []
  for (const id of acknowledged) kept.push((await manager.ask('GET', `/admissions/${id}`)).status)
  check(
    'data: nothing acknowledged is gone',
    kept.every((status) => status === 200),
    { acknowledged: kept.length },
  )

  fill(backups)
  const administrator = await signIn(address, 'dengyu', DEMO_PASSWORD)
  const ordered = await administrator.ask('POST', '/backups')
  const newest = async () => (await administrator.ask('GET', '/backups')).body.items?.[0]
  await until('the backup to end', 60, async () => ['FAILED', 'TAKEN'].includes((await newest())?.state))
  const failed = await newest()
  check('backups full: a failed backup that says so', failed.state === 'FAILED' && /full|ENOSPC|满/i.test(JSON.stringify(failed)), {
    ordered: ordered.status,
    state: failed.state,
    finding: failed.finding ?? failed.error ?? null,
  })
  check('backups full: work goes on', (await tryWrite()) === 200, null)
  empty(backups)

  fill(temporary)
  const sheet = await manager.ask('POST', '/admissions/export', { format: 'xlsx' })
  check('temporary files full: the export is refused by name', sheet.status === 507, { status: sheet.status, type: sheet.body?.type })
  check('temporary files full: work goes on', (await tryWrite()) === 200, null)
  empty(temporary)
  const again = await fetch(`${address}/readyz`)
  check('afterwards the server is ready', again.ok, { status: again.status })
  await pause(200)
} catch (error) {
  check(error.message, false, null)
} finally {
  await programs.endAll()
}
const log = join(folder, 'log', 'server.log')
if (findings.some(({ isWell }) => !isWell) && existsSync(log)) spawnSync('tail', ['-n', '40', log], { stdio: 'inherit' })
process.exit(findings.every(({ isWell }) => isWell) ? 0 : 1)
