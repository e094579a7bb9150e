import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { readFile, readlink, realpath, rm, stat, truncate } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Binaries } from './binaries.ts'
import { EmbeddedFailure, failureFrom } from './failure.ts'
import type { StepDown } from './steps-down.ts'

/** What a running server writes into `postmaster.pid`. */
export interface Postmaster {
  pid: number
  port: number
  status: string
}

const LOG_LIMIT_BYTES = 20_000_000

/** The lines of postmaster.pid: process, directory, start time, port, socket, address, shared memory, status. */
async function readPostmaster(data: string): Promise<Postmaster | null> {
  const text = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => null)
  if (text === null) return null
  const lines = text.split('\n').map((line) => line.trim())
  return { pid: Math.abs(Number(lines[0])), port: Number(lines[3] ?? 0), status: lines[7] ?? '' }
}

/** Is this process the server of this directory, and not a stranger who got its number after a reboot? A server works in its directory. */
async function isServerOf(pid: number, data: string): Promise<boolean> {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  if (process.platform !== 'linux') return true
  try {
    return (await readlink(`/proc/${pid}/cwd`)) === (await realpath(data))
  } catch {
    // a system that hides other users' processes: the name is all that can be seen
    const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')
    return name.trim() === 'postgres'
  }
}

/** The live server of this directory, once it is ready; a dead one's file is cleared away and the answer is null. */
export async function findLive(data: string, log: (line: string) => void): Promise<Postmaster | null> {
  for (let waited = 0; ; waited += 1) {
    const found = await readPostmaster(data)
    if (found === null) return null
    if (!(await isServerOf(found.pid, data))) {
      await rm(join(data, 'postmaster.pid'), { force: true })
      log(`cleared the trace of a dead server (process ${found.pid})`)
      return null
    }
    if (found.status === 'ready') return found
    if (waited % 100 === 99) log(`the server of this folder is ${found.status || 'starting'}, waiting`)
    await sleep(100)
  }
}

/** A port that was free a moment ago; the caller tries again should it be taken meanwhile. */
const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })

/** What every embedded server runs with; durable: an acknowledged commit survives a power cut. */
const settings: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  max_connections: '120',
  shared_buffers: '192MB',
  work_mem: '16MB',
  maintenance_work_mem: '128MB',
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  wal_compression: 'on',
  random_page_cost: '1.1',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_min_duration_statement: '1000',
  password_encryption: 'scram-sha-256',
}

const environment = (binaries: Binaries): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  LC_ALL: 'C',
  TZ: 'UTC',
  ...(binaries.libraryPath ? { LD_LIBRARY_PATH: binaries.libraryPath } : {}),
})

export interface Launch {
  data: string
  logFile: string
  binaries: Binaries
  step: StepDown
  extraSettings: Record<string, string>
  log: (line: string) => void
}

/** Starts `program` on the way found; detached, so that Ctrl-C reaches us first and the server is stopped in order. */
export function launch(
  { binaries, step }: Pick<Launch, 'binaries' | 'step'>,
  program: string,
  args: string[],
  stdio: 'pipe' | number,
): ChildProcess {
  const [command, ...rest] = [...step.prefix, join(binaries.bin, program), ...args]
  return spawn(command as string, rest, {
    stdio: ['ignore', stdio, stdio],
    detached: true,
    env: environment(binaries),
    cwd: '/',
    ...(step.user ?? {}),
  })
}

const tail = async (path: string, from: number): Promise<string> =>
  (await readFile(path, 'utf8').catch(() => '')).slice(from).trim().split('\n').slice(-6).join('\n')

/** Starts the server and waits until it is ready, however long its recovery takes. */
export async function startPostmaster(start: Launch): Promise<Postmaster> {
  const { data, logFile, log } = start
  let reason = ''
  for (let attempt = 1; attempt <= 4; attempt += 1) {
    const port = await freePort()
    const logged = await stat(logFile).then(
      ({ size }) => size,
      () => 0,
    )
    if (logged > LOG_LIMIT_BYTES) await truncate(logFile)
    const before = (await readFile(logFile, 'utf8').catch(() => '')).length
    const output = openSync(logFile, 'a', 0o600)
    const options = Object.entries({ ...settings, ...start.extraSettings, port: String(port) }).flatMap(([k, v]) => ['-c', `${k}=${v}`])
    const child = launch(start, 'postgres', ['-D', data, ...options], output)
    closeSync(output)
    let ended = false
    child.once('error', () => {
      ended = true
    })
    child.once('exit', () => {
      ended = true
    })
    for (let polls = 0; !ended; polls += 1) {
      const found = await readPostmaster(data)
      if (found?.status === 'ready' && found.port === port) {
        child.unref()
        return found
      }
      if (polls % 1000 === 999) log('the database is recovering, waiting')
      await sleep(polls < 100 ? 10 : 50)
    }
    reason = await tail(logFile, before)
    // the port was taken meanwhile, or processes of a killed server are still on their way out: both pass
    if (!/Address already in use|could not create any TCP|pre-existing shared memory|lock file/.test(reason)) break
    await sleep(300 * attempt)
  }
  throw failureFrom(new Error(reason || 'no reason was given'), data)
}

/** The same when nothing can be waited for any more: the server is told, and shuts down on its own. */
export function tellToStop({ pid }: Postmaster): void {
  try {
    process.kill(pid, 'SIGINT')
  } catch {
    // it has gone already
  }
}

/** Fast shutdown: sessions are cut, everything committed is on disk. After 60 s it is told to leave at once; recovery follows on the next start. */
export async function stopPostmaster(data: string): Promise<void> {
  const found = await readPostmaster(data)
  if (found === null || !(await isServerOf(found.pid, data))) return
  process.kill(found.pid, 'SIGINT')
  for (let waited = 0; waited < 1400; waited += 1) {
    await sleep(50)
    const now = await readPostmaster(data)
    if (now === null || !(await isServerOf(found.pid, data))) return
    if (waited === 1200) process.kill(found.pid, 'SIGQUIT')
  }
  throw new EmbeddedFailure('start-failed', `process ${found.pid} does not stop`)
}
