import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const script = fileURLToPath(new URL('doomed-server.ts', import.meta.url))

/** One life of a server process that works on a database until it is killed. */
export interface Life {
  /** Resolves when it works; rejects if it ends before. */
  ready: Promise<void>
  /** Resolves with the signal that ended it. */
  ended: Promise<NodeJS.Signals | null>
  kill(): void
}

/** @param dieBefore it kills itself before its n-th transaction; 0: it lives until killed */
export function startLife(databaseUrl: string, from: Temporal.Instant, dieBefore = 0): Life {
  const child = spawn(process.execPath, [script, databaseUrl, from.toString(), String(dieBefore)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise<NodeJS.Signals | null>((resolve) => child.once('exit', (_code, signal) => resolve(signal)))
  const ready = new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve())
    child.once('exit', (code, signal) => (signal === 'SIGKILL' ? resolve() : reject(new Error(`the server process ended with ${code}`))))
  })
  return { ready, ended, kill: () => void child.kill('SIGKILL') }
}
