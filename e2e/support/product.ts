import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'

export interface SignIn {
  name: string
  role: string
  signIn: string
  password: string
}

/** The running product, as a person gets it from `npm run up`: one process, its own embedded database. */
export interface Product {
  url: string
  signIns: SignIn[]
  setUpUrl: string | undefined
  dataDir: string
  pid: number
  /** Milliseconds from the launch of the process until it was ready. */
  startMs: number
  /** Ends the process as a power cut would; the data stays. */
  kill(): Promise<void>
  stop(): Promise<void>
}

export interface ProductOptions {
  /** Arguments of the server: `--empty`, `--tls`. */
  args?: string[]
  env?: Record<string, string>
  /** A data folder to go on with; without it a new one is made and removed at the end. */
  dataDir?: string
  /** The given folder goes with the product, too. */
  removes?: boolean
  port?: number
}

const root = resolve(import.meta.dirname, '../..')
const MARK = '@changbai '
/** READY_SECONDS: more on a machine that has much else to do. */
const READY_LIMIT_MS = 1_000 * Number(process.env.READY_SECONDS ?? 90)

export const freePort = (): Promise<number> =>
  new Promise((done, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => done(typeof address === 'object' && address ? address.port : 0))
    })
  })

interface Ready {
  publicUrl: string
  signIns?: SignIn[]
  setUpUrl?: string
}

/** Resolves when the server says it is ready; rejects with what it wrote when it ends or takes too long. */
function waitUntilReady(child: ChildProcess): Promise<Ready> {
  const written: string[] = []
  return new Promise((done, reject) => {
    const giveUp = (why: string) => reject(new Error(`the product ${why}:\n${written.slice(-30).join('\n')}`))
    const timer = setTimeout(() => giveUp(`was not ready after ${READY_LIMIT_MS / 1000} s`), READY_LIMIT_MS)
    child.once('exit', (code) => {
      clearTimeout(timer)
      giveUp(`ended with ${code}`)
    })
    for (const stream of [child.stdout, child.stderr]) {
      if (!stream) continue
      createInterface({ input: stream }).on('line', (line) => {
        written.push(line)
        if (!line.startsWith(MARK)) return
        const event = JSON.parse(line.slice(MARK.length)) as { event: string } & Ready
        if (event.event !== 'ready') return
        clearTimeout(timer)
        done(event)
      })
    }
  })
}

const endOf = (child: ChildProcess): Promise<void> =>
  child.exitCode !== null || child.signalCode !== null ? Promise.resolve() : new Promise((done) => child.once('exit', () => done()))

export const newDataDir = (): Promise<string> => mkdtemp(join(tmpdir(), 'changbai-journey-'))

/** @returns a data folder of one's own that holds what `from` holds; files keep their owner, which may be another than ours */
export async function copyDataDir(from: string): Promise<string> {
  const folder = await newDataDir()
  await promisify(execFile)('cp', ['-a', `${from}/.`, folder])
  return folder
}

/** Starts the product on a free port of 127.0.0.1. */
export async function startProduct({ args = [], env = {}, dataDir, removes = false, port }: ProductOptions = {}): Promise<Product> {
  const folder = dataDir ?? (await newDataDir())
  const startedAt = performance.now()
  const child = spawn(process.execPath, [join(root, 'packages/server/src/app/main.ts'), ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      HOST: '127.0.0.1',
      PORT: String(port ?? (await freePort())),
      DATA_DIR: folder,
      CHANGBAI_TELL: '1',
      LOG_LEVEL: 'warn',
      ...env,
    },
  })
  const removeFolder = () => (dataDir && !removes ? Promise.resolve() : rm(folder, { recursive: true, force: true }))
  let ready: Ready
  try {
    ready = await waitUntilReady(child)
  } catch (error) {
    child.kill('SIGTERM')
    await endOf(child)
    await removeFolder()
    throw error
  }
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal)
    await endOf(child)
  }
  return {
    url: ready.publicUrl,
    signIns: ready.signIns ?? [],
    setUpUrl: ready.setUpUrl,
    dataDir: folder,
    pid: child.pid ?? 0,
    startMs: performance.now() - startedAt,
    kill: () => end('SIGKILL'),
    stop: async () => {
      await end('SIGTERM')
      await removeFolder()
    },
  }
}

/** A product with its demo data, for a journey to change: a second start on a copy of what the first one made. */
export const startPrepared = async (from: string): Promise<Product> => startProduct({ dataDir: await copyDataDir(from), removes: true })
