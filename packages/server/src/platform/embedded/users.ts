import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { link, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { EmbeddedFailure } from './failure.ts'

/**
 * Several processes may use one embedded server: `up`, the command line, a test. Each leaves a file with its name in `postgres.users/`;
 * whoever leaves last stops the server. Starting and stopping happen under a lock file. A name is the process id and, where the system
 * tells it, the moment the process started, so that a reused id is not taken for the living.
 */

/** `pid` or `pid-ticks`; null if there is no such process. */
function nameOf(pid: number): string | null {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return null
  }
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // the command in parentheses may hold spaces; after it, the start time is the 20th field, the state the first
    const fields = status.slice(status.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? null : `${pid}-${fields[19]}`
  } catch {
    return process.platform === 'linux' ? null : String(pid)
  }
}

export function isAlive(name: string): boolean {
  const pid = Number.parseInt(name, 10)
  return Number.isInteger(pid) && pid > 0 && nameOf(pid) === name
}

export const ownName = (): string => nameOf(process.pid) ?? String(process.pid)

const LOCK_WAIT_SECONDS = 90

/** Runs the work while no other process starts or stops a server on this folder. */
export async function withLock<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const lock = join(folder, 'postgres.lock')
  const name = ownName()
  const own = `${lock}.${name}.${Math.random().toString(36).slice(2)}`
  await writeFile(own, name)
  const giveUpAt = performance.now() + LOCK_WAIT_SECONDS * 1000
  try {
    for (;;) {
      try {
        await link(own, lock)
        break
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      }
      await breakDeadLock(lock, own)
      if (performance.now() > giveUpAt) throw new EmbeddedFailure('locked', lock)
      await sleep(50)
    }
    try {
      return await work()
    } finally {
      await rm(lock, { force: true })
    }
  } finally {
    await rm(own, { force: true })
  }
}

/** A lock whose holder died is moved away; should it meanwhile be another's, it is put back. */
async function breakDeadLock(lock: string, own: string): Promise<void> {
  const holder = await readFile(lock, 'utf8').catch(() => null)
  if (holder === null || isAlive(holder)) return
  const aside = `${own}.dead`
  await rename(lock, aside).catch(() => undefined)
  const moved = await readFile(aside, 'utf8').catch(() => null)
  if (moved !== null && moved !== holder) await link(aside, lock).catch(() => undefined)
  await rm(aside, { force: true })
  for (const entry of await readdir(dirname(lock))) {
    if (entry.startsWith(`${basename(lock)}.${holder}.`)) await rm(join(dirname(lock), entry), { force: true })
  }
}

const usersOf = (folder: string): string => join(folder, 'postgres.users')
let uses = 0

/** Signs in as a user of the server on this folder; the returned name is for {@link leave}. */
export async function enter(folder: string): Promise<string> {
  await mkdir(usersOf(folder), { recursive: true })
  uses += 1
  const name = `${ownName()}.${uses}`
  await writeFile(join(usersOf(folder), name), '')
  return name
}

/**
 * Signs out. Without waiting for anything, so that it can also be done in the last moment of a process.
 * @returns whether nobody else alive uses the server
 */
export function leave(folder: string, name: string): boolean {
  rmSync(join(usersOf(folder), name), { force: true })
  let others = 0
  for (const other of readdirSync(usersOf(folder))) {
    if (isAlive(other.slice(0, other.indexOf('.')))) others += 1
    else rmSync(join(usersOf(folder), other), { force: true })
  }
  return others === 0
}

/** Is another process starting or stopping the server of this folder right now? */
export function isLocked(folder: string): boolean {
  try {
    return isAlive(readFileSync(join(folder, 'postgres.lock'), 'utf8'))
  } catch {
    return false
  }
}
