import { spawn, spawnSync } from 'node:child_process'
import { createWriteStream, mkdirSync } from 'node:fs'
import { join } from 'node:path'

/** What a run starts, it ends: by process group, in reverse order, whatever happens. */
export function openPrograms(folder) {
  mkdirSync(folder, { recursive: true })
  const running = []
  const start = (name, command, args, { env = {}, uid, gid, cwd } = {}) => {
    const log = createWriteStream(join(folder, `${name}.log`), { flags: 'a' })
    const child = spawn(command, args, {
      cwd,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
      ...(uid === undefined ? {} : { uid, gid }),
    })
    child.stdout.pipe(log)
    child.stderr.pipe(log)
    const ended = new Promise((resolve) => {
      child.once('close', resolve)
      child.once('error', (error) => {
        log.write(`${error.message}\n`)
        resolve(1)
      })
    })
    const program = {
      name,
      child,
      ended,
      signal(kind) {
        try {
          process.kill(-child.pid, kind)
        } catch {
          // it has ended already
        }
      },
      /** Only the process itself, not what it has started. */
      tell: (kind) => child.kill(kind),
    }
    running.push(program)
    return program
  }
  const endAll = async () => {
    for (const program of running.reverse()) {
      if (program.child.exitCode !== null) continue
      program.signal('SIGTERM')
      await Promise.race([program.ended, pause(15_000)])
      program.signal('SIGKILL')
    }
  }
  // they are in groups of their own: a Ctrl-C reaches only us
  for (const kind of ['SIGINT', 'SIGTERM']) process.once(kind, () => void endAll().then(() => process.exit(1)))
  return { start, endAll }
}

export const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** Asks again and again until the answer is true. @throws after `seconds` */
export async function until(what, seconds, look) {
  const end = Date.now() + seconds * 1000
  for (;;) {
    const found = await look().catch(() => false)
    if (found) return found
    if (Date.now() > end) throw new Error(`${what}: not within ${seconds} s`)
    await pause(250)
  }
}

export const onPath = (program) => spawnSync('which', [program], { stdio: 'ignore' }).status === 0
/** Debian keeps PostgreSQL's programs off the PATH. */
export function postgresBin() {
  const found = spawnSync('sh', ['-c', 'ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1'], { encoding: 'utf8' }).stdout.trim()
  return found || null
}

export const answers = async (url, status = 200) =>
  (await fetch(url, { signal: AbortSignal.timeout(2_000) }).catch(() => null))?.status === status
