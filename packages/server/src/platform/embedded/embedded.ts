import { createHash, randomBytes } from 'node:crypto'
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import pg from 'pg'
import { type Binaries, copyBinaries, findBinaries } from './binaries.ts'
import { EmbeddedFailure, failureFrom } from './failure.ts'
import { findLive, launch, type Postmaster, startPostmaster, stopPostmaster, tellToStop } from './postmaster.ts'
import { findStepDown, makeOwned, type StepDown, type Way } from './steps-down.ts'
import { enter, isLocked, leave, withLock } from './users.ts'

export interface Embedded {
  /** Connection string of the database `changbai`, password included. */
  url: string
  /** The server was already running: started by another process, or left behind by one that was killed. */
  adopted: boolean
  /** Where the data lies. Not under the data folder when only the way `moved` worked. */
  dataDirectory: string
  way: Way
  /** Leaves the server; stops it unless another process still uses it. May be called more than once. */
  stop(): Promise<void>
}

export interface EmbeddedOptions {
  dataDir: string
  log: (line: string) => void
  /** A folder with `initdb` and `postgres` other than the bundled one, for tests. */
  bin?: string
  /** Settings of postgresql.conf over our own, for tests and measurements. */
  settings?: Record<string, string>
  /** Ways to step down from root to be considered, for tests. */
  ways?: readonly Way[]
  /** Root of the folders made for the way `moved`. */
  movedRoot?: string
}

const USER = 'changbai'
const DATABASE = 'changbai'

interface Place {
  binaries: Binaries
  step: StepDown
  data: string
}

/** Decides where the data lies and as whom the server runs. */
async function findPlace(options: EmbeddedOptions, folder: string): Promise<Place> {
  const { log, movedRoot = '/var/lib/changbai' } = options
  const binaries = options.bin ? { bin: options.bin, libraryPath: null } : await findBinaries(join(folder, 'postgres.lib'))
  const elsewhere = join(movedRoot, createHash('sha256').update(folder).digest('hex').slice(0, 12))
  const pointer = join(folder, 'postgres.moved')
  const movedBefore = await readFile(pointer, 'utf8').catch(() => null)
  if (movedBefore === null) {
    const step = await findStepDown(join(folder, 'postgres'), folder, binaries.bin, options.ways)
    if (step.way !== 'moved') return { binaries, step, data: join(folder, 'postgres') }
    await writeFile(pointer, `${elsewhere}\n`)
  }
  const root = movedBefore?.trim() ?? elsewhere
  const nobody: StepDown = { way: 'moved', prefix: [], user: { uid: 65_534, gid: 65_534 } }
  await mkdir(root, { recursive: true, mode: 0o755 })
  // the two folders above must let nobody pass, whatever the umask was
  await chmod(movedRoot, 0o755)
  await chmod(root, 0o755)
  log(`data of the embedded database is kept in ${root}`)
  await makeOwned(join(root, 'data'), nobody)
  return { binaries: options.bin ? binaries : await copyBinaries(binaries, root), step: nobody, data: join(root, 'data', 'postgres') }
}

/** The password of the database's only user, made once and readable by the owner of the data folder alone. */
async function readPassword(folder: string): Promise<string> {
  const file = join(folder, 'postgres.password')
  const before = await readFile(file, 'utf8').catch(() => null)
  if (before) return before.trim()
  const made = randomBytes(24).toString('base64url')
  await writeFile(file, `${made}\n`, { mode: 0o600 })
  return made
}

const runToEnd = (place: Place, program: string, args: string[]): Promise<{ code: number | null; output: string }> =>
  new Promise((resolveRun, reject) => {
    const child = launch(place, program, args, 'pipe')
    let output = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk
    })
    child.stderr?.on('data', (chunk: Buffer) => {
      output += chunk
    })
    child.once('error', reject)
    child.once('close', (code) => resolveRun({ code, output }))
  })

/**
 * Makes the data directory beside its final name and renames it when whole: an interrupted start leaves nothing that looks finished. Text is
 * compared by bytes and classified by Unicode (C.UTF-8); where the system lacks that locale, by C. Pinyin order is asked for by
 * `collate "zh-x-icu"`.
 */
async function initialise(place: Place, password: string, durable: boolean): Promise<void> {
  const half = `${place.data}.new`
  await rm(half, { recursive: true, force: true })
  await makeOwned(half, place.step)
  const passwordFile = join(half, '..', 'postgres.initial')
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 })
  if (place.step.way === 'moved') await chmod(passwordFile, 0o644)
  const common = ['-D', half, '-U', USER, `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--encoding=UTF8', '--data-checksums']
  if (!durable) common.push('--no-sync')
  try {
    let result = await runToEnd(place, 'initdb', [...common, '--locale=C', '--lc-ctype=C.UTF-8'])
    if (result.code !== 0 && /invalid locale/.test(result.output)) {
      await rm(half, { recursive: true, force: true })
      await makeOwned(half, place.step)
      result = await runToEnd(place, 'initdb', [...common, '--locale=C'])
    }
    if (result.code !== 0) throw failureFrom(new Error(result.output), place.data)
    await rename(half, place.data)
  } finally {
    await rm(passwordFile, { force: true })
  }
}

/** A connection string of the server for one of its databases. */
const urlOf = ({ port }: Postmaster, password: string, database: string): string =>
  `postgres://${USER}:${password}@127.0.0.1:${port}/${database}`

/** Makes the database if it is not there; fails if what answers on the port is not the server of this directory. */
async function ensureDatabase(found: Postmaster, password: string): Promise<void> {
  const client = new pg.Client({ connectionString: urlOf(found, password, 'postgres'), connectionTimeoutMillis: 10_000 })
  await client.connect()
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [DATABASE])
    if (rowCount === 0) await client.query(`create database ${DATABASE}`)
  } finally {
    await client.end()
  }
}

const majorOf = async (data: string): Promise<string | null> =>
  readFile(join(data, 'PG_VERSION'), 'utf8').then(
    (text) => text.trim(),
    () => null,
  )

async function majorOfProgram(place: Place): Promise<string> {
  const { output } = await runToEnd(place, 'postgres', ['--version'])
  return /\b(\d+)\./.exec(output)?.[1] ?? output.trim()
}

/**
 * Serves the PostgreSQL of a data folder: makes it on first use, adopts it when it is already running, clears up after one that was killed.
 * @throws EmbeddedFailure with a sentence for the person at the terminal
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const { log, settings = {} } = options
  const folder = resolve(options.dataDir)
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    return await withLock(folder, async () => {
      const place = await findPlace(options, folder)
      const password = await readPassword(folder)
      const major = await majorOf(place.data)
      if (major === null) {
        log('creating the embedded database')
        await initialise(place, password, settings.fsync !== 'off')
      } else if (major !== (await majorOfProgram(place))) throw new EmbeddedFailure('other-version', `${place.data}: ${major}`)

      const live = await findLive(place.data, log)
      const logFile = join(folder, 'postgres.log')
      const running = live ?? (await startPostmaster({ ...place, logFile, extraSettings: settings, log }))
      await ensureDatabase(running, password).catch(async (error: unknown) => {
        // on a full disk, say: what we started and cannot use must not stay
        if (!live) await stopPostmaster(place.data).catch(() => tellToStop(running))
        throw error
      })

      const name = await enter(folder)
      // a process that ends without calling stop(), say because its start was refused further on, leaves nothing running either
      const leaveAtExit = () => {
        if (leave(folder, name) && !isLocked(folder)) tellToStop(running)
      }
      process.once('exit', leaveAtExit)
      let stopped: Promise<void> | undefined
      const stop = () =>
        withLock(folder, async () => {
          process.off('exit', leaveAtExit)
          if (leave(folder, name)) await stopPostmaster(place.data)
        })
      return {
        url: urlOf(running, password, DATABASE),
        adopted: live !== null,
        dataDirectory: place.data,
        way: place.step.way,
        stop: () => {
          stopped ??= stop()
          return stopped
        },
      }
    })
  } catch (error) {
    throw failureFrom(error, folder)
  }
}
