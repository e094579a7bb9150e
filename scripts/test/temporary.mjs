import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const MEMORY = '/dev/shm'
const MEMORY_BYTES = 4 * 1024 ** 3
const PREFIX = 'changbai-run-'

/** Databases are made by the dozen, some thousand files each: seconds on a disk, tenths of a second in memory. */
function hasMemory() {
  try {
    const { bavail, bsize } = statfsSync(MEMORY)
    const mount = readFileSync('/proc/mounts', 'utf8')
      .split('\n')
      .find((line) => line.split(' ')[1] === MEMORY)
    return bavail * bsize >= MEMORY_BYTES && mount !== undefined && !/\bnoexec\b|\bro\b/.test(mount.split(' ')[3] ?? '')
  } catch {
    return false
  }
}

const isAlive = (pid) => {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** A folder for what a run leaves behind, in memory where there is enough; those of runs that were killed are removed. */
export function makeTemporary() {
  const place = hasMemory() ? MEMORY : tmpdir()
  for (const name of readdirSync(place))
    if (name.startsWith(PREFIX) && !isAlive(Number(name.slice(PREFIX.length)))) rmSync(join(place, name), { recursive: true, force: true })
  const folder = join(place, `${PREFIX}${process.pid}`)
  mkdirSync(folder)
  // a database that is not run by root must get in
  chmodSync(folder, 0o755)
  return folder
}
