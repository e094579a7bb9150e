import { spawn, spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readFile, readlink, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, describe, expect, test } from 'vitest'
import { linkLibraries } from './binaries.ts'
import { type Embedded, type EmbeddedOptions, startEmbedded } from './embedded.ts'
import type { Way } from './steps-down.ts'

const isRoot = process.getuid?.() === 0
const succeeds = (command: string, ...args: string[]) => spawnSync(command, args, { stdio: 'ignore' }).status === 0
const ways: Way[] = isRoot
  ? [
      ...(succeeds('unshare', '--user', 'true') ? (['unshare'] as const) : []),
      ...(succeeds('setpriv', '--version') ? (['setpriv'] as const) : []),
      'moved',
    ]
  : ['same']

const cleanUps: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

/** mkdtemp makes it 0700: when root runs the test, nobody cannot enter it. */
async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'changbai-embedded-'))
  cleanUps.push(() => rm(folder, { recursive: true, force: true }))
  return folder
}

async function start(dataDir: string, options: Partial<EmbeddedOptions> = {}): Promise<Embedded & { lines: string[] }> {
  const lines: string[] = []
  const embedded = await startEmbedded({ dataDir, log: (line) => lines.push(line), ...options })
  cleanUps.push(() => embedded.stop())
  return { ...embedded, lines }
}

async function query<T>(url: string, text: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(text)).rows as T[]
  } finally {
    await client.end()
  }
}

const postmasterPid = async (data: string): Promise<number> => Number((await readFile(join(data, 'postmaster.pid'), 'utf8')).split('\n')[0])
const isRunning = (data: string) =>
  readFile(join(data, 'postmaster.pid')).then(
    () => true,
    () => false,
  )

describe('stepping down from root', () => {
  test.each(ways)('%s: makes a database, keeps it over a restart, leaves nothing running', async (way) => {
    const dataDir = await newFolder()
    const movedRoot = await newFolder()
    const options = { ways: [way], movedRoot }
    const first = await start(dataDir, options)
    expect(first.way).toBe(way)
    await query(first.url, `create table kept as select 'Übung 长白' as word`)
    await first.stop()
    expect(await isRunning(first.dataDirectory)).toBe(false)

    const second = await start(dataDir, { movedRoot })
    expect(second).toMatchObject({ way, adopted: false, dataDirectory: first.dataDirectory })
    expect(await query(second.url, 'select word from kept')).toEqual([{ word: 'Übung 长白' }])
    if (way === 'moved') expect(second.lines.join()).toContain(movedRoot)
  })
})

test('an installation without install scripts gets its library links', async () => {
  const root = await newFolder()
  await mkdir(join(root, 'native/lib'), { recursive: true })
  await writeFile(join(root, 'native/lib/libx.so.1.2'), 'x')
  const links = [
    { source: 'native/lib/libx.so.1.2', target: 'native/lib/libx.so.1' },
    { source: 'native/lib/libx.so.1.2', target: 'native/lib/libx.so' },
  ]
  await writeFile(join(root, 'native/pg-symlinks.json'), JSON.stringify(links))
  for (let again = 0; again < 2; again += 1)
    expect(await linkLibraries(join(root, 'native'), join(root, 'spare'))).toEqual({ bin: join(root, 'native/bin'), libraryPath: null })
  expect(await readlink(join(root, 'native/lib/libx.so'))).toBe('libx.so.1.2')
  expect(await readFile(join(root, 'native/lib/libx.so.1'), 'utf8')).toBe('x')
})

test('is durable, needs its password, sorts by pinyin', async () => {
  const { url } = await start(await newFolder())
  const [settings] = await query<Record<string, string>>(
    url,
    `select current_setting('fsync') fsync, current_setting('synchronous_commit') synchronous_commit,
            current_setting('full_page_writes') full_page_writes, current_setting('listen_addresses') listen_addresses`,
  )
  expect(settings).toEqual({ fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on', listen_addresses: '127.0.0.1' })
  const withoutPassword = new URL(url)
  withoutPassword.password = 'wrong'
  await expect(query(withoutPassword.href, 'select 1')).rejects.toThrow(/password/)
  const sorted = await query<{ n: string }>(
    url,
    `select n from (values ('通化'), ('延边'), ('吉林'), ('白城')) t(n) order by n collate "zh-x-icu"`,
  )
  expect(sorted.map(({ n }) => n)).toEqual(['白城', '吉林', '通化', '延边'])
})

const launcher = new URL('./embedded.ts', import.meta.url).href

/** Another process that starts the embedded database, prints its url and stays. */
async function startElsewhere(dataDir: string) {
  const script = `const { startEmbedded } = await import(${JSON.stringify(launcher)})
    const e = await startEmbedded({ dataDir: ${JSON.stringify(dataDir)}, log() {} })
    console.log(JSON.stringify({ url: e.url, adopted: e.adopted }))
    process.stdin.on('end', async () => { await e.stop(); process.exit(0) }).resume()`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['pipe', 'pipe', 'inherit'] })
  cleanUps.push(() => child.kill('SIGKILL'))
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (chunk: Buffer) => resolve(String(chunk)))
    child.once('exit', () => reject(new Error('the other process ended')))
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  return { child, ended, ...(JSON.parse(line) as { url: string; adopted: boolean }) }
}

describe('deaths', () => {
  test('the parent is killed: the server lives on, is adopted, and stopped by its new owner', async () => {
    const dataDir = await newFolder()
    const other = await startElsewhere(dataDir)
    await query(other.url, 'create table kept as select 7 as n')
    other.child.kill('SIGKILL')
    await other.ended

    const mine = await start(dataDir)
    expect(mine.adopted).toBe(true)
    expect(mine.url).toBe(other.url)
    expect(await query(mine.url, 'select n from kept')).toEqual([{ n: 7 }])
    await mine.stop()
    expect(await isRunning(mine.dataDirectory)).toBe(false)
  })

  test('the server is killed: what was committed is there after recovery', async () => {
    const dataDir = await newFolder()
    const first = await start(dataDir)
    await query(first.url, 'create table kept as select generate_series(1, 1000) as n')
    process.kill(await postmasterPid(first.dataDirectory), 'SIGKILL')
    const second = await start(dataDir)
    expect(second.adopted).toBe(false)
    expect(await query(second.url, 'select count(*)::int as n from kept')).toEqual([{ n: 1000 }])
  })

  test('a pid file that names a stranger is cleared away', async () => {
    const dataDir = await newFolder()
    const first = await start(dataDir)
    await first.stop()
    await writeFile(
      join(first.dataDirectory, 'postmaster.pid'),
      `${process.pid}\n${first.dataDirectory}\n1\n5432\n\n127.0.0.1\n0 0\nready\n`,
    )
    const second = await start(dataDir)
    expect(second.adopted).toBe(false)
    expect(second.lines.join()).toContain('cleared')
    expect(await query(second.url, 'select 1 as n')).toEqual([{ n: 1 }])
  })
})

test('a process that ends without stopping it leaves nothing running', async () => {
  const dataDir = await newFolder()
  const script = `const { startEmbedded } = await import(${JSON.stringify(launcher)})
    await startEmbedded({ dataDir: ${JSON.stringify(dataDir)}, log() {} })
    process.exit(3)`
  const { status } = spawnSync(process.execPath, ['--input-type=module', '-e', script])
  expect(status).toBe(3)
  await expect.poll(() => isRunning(join(dataDir, 'postgres')), { timeout: 10_000 }).toBe(false)
})

test('two launches at once: one starts, one attaches, the last to leave stops it', async () => {
  const dataDir = await newFolder()
  const [other, mine] = await Promise.all([startElsewhere(dataDir), start(dataDir)])
  expect([other.adopted, mine.adopted].sort()).toEqual([false, true])
  expect(other.url).toBe(mine.url)
  await mine.stop()
  expect(await query(other.url, 'select 1 as n')).toEqual([{ n: 1 }])
  other.child.stdin.end()
  await other.ended
  expect(await isRunning(mine.dataDirectory)).toBe(false)
})

test('data of another major version is refused, not touched', async () => {
  const dataDir = await newFolder()
  const first = await start(dataDir)
  await first.stop()
  await writeFile(join(first.dataDirectory, 'PG_VERSION'), '14\n')
  await expect(startEmbedded({ dataDir, log() {} })).rejects.toMatchObject({ kind: 'other-version' })
})

describe('a folder that cannot hold data', () => {
  test('a path through a file is said to be so', async () => {
    const folder = await newFolder()
    await writeFile(join(folder, 'file'), '')
    await expect(startEmbedded({ dataDir: join(folder, 'file/data'), log() {} })).rejects.toThrow(/ENOTDIR/)
  })

  // a file system of a few megabytes needs the right to mount one
  const small = isRoot && succeeds('unshare', '--mount', 'true')
  test.runIf(small).each([
    ['disk-full', 'size=9m'],
    ['read-only', 'ro'],
  ])('%s', async (kind, option) => {
    const folder = await newFolder()
    const script = `const { startEmbedded } = await import(${JSON.stringify(launcher)})
      await startEmbedded({ dataDir: ${JSON.stringify(folder)}, log() {} }).then(() => console.log('served'), (e) => console.log(e.kind))`
    const { stdout } = spawnSync(
      'unshare',
      [
        '--mount',
        'sh',
        '-c',
        `mount -t tmpfs -o ${option} none "$0" && exec "$1" --input-type=module -e "$2"`,
        folder,
        process.execPath,
        script,
      ],
      { encoding: 'utf8' },
    )
    expect(stdout.trim()).toBe(kind)
  })
})
