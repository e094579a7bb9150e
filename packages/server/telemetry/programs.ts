import { type ChildProcess, spawn } from 'node:child_process'
import { createServer } from 'node:net'

const running = new Set<ChildProcess>()

/** A program in the foreground until {@link stopPrograms}. */
export function startProgram(program: string, args: readonly string[], env: Record<string, string> = {}): ChildProcess {
  const child = spawn(program, args, {
    stdio: ['ignore', 'ignore', process.env.LIVE_NOISE ? 'inherit' : 'ignore'],
    env: { ...process.env, ...env },
  })
  running.add(child)
  child.once('exit', () => running.delete(child))
  return child
}
export async function stopProgram(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (!running.has(child)) return
  const gone = new Promise<void>((done) => child.once('exit', () => done()))
  child.kill(signal)
  await gone
}
export async function stopPrograms(): Promise<void> {
  for (const child of [...running]) await stopProgram(child)
}

export const freePort = (): Promise<number> =>
  new Promise((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => done(port))
    })
  })
