import { appendFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ProbeResult } from '@changbai/contract/availability.shapes.ts'

/** About seven days of fifteen applications; the oldest go first. */
const KEPT_MAX = 1_000_000

/** Results that the server has not acknowledged. What waits longer than a moment is on disk, so that neither a restart nor a silent server loses it. */
export interface Spool {
  put(result: ProbeResult): void
  next(limit: number): ProbeResult[]
  /** The first `count` have arrived. */
  drop(count: number): Promise<void>
  /** Writes to disk what is not there yet. */
  keep(): Promise<void>
  readonly size: number
}

export async function openSpool(folder: string): Promise<Spool> {
  await mkdir(folder, { recursive: true })
  const file = join(folder, 'results.ndjson')
  const waiting: ProbeResult[] = (await readLines(file)).slice(-KEPT_MAX)
  let onDisk = waiting.length
  // lines of the file that have been acknowledged already
  let gone = 0

  const rewrite = async (): Promise<void> => {
    await writeFile(`${file}.new`, waiting.map((one) => `${JSON.stringify(one)}\n`).join(''))
    await rename(`${file}.new`, file)
    onDisk = waiting.length
    gone = 0
  }
  return {
    get size() {
      return waiting.length
    },
    put(result) {
      waiting.push(result)
    },
    next: (limit) => waiting.slice(0, limit),
    async drop(count) {
      waiting.splice(0, count)
      const written = Math.min(count, onDisk)
      onDisk -= written
      gone += written
      if (gone > 0 && (onDisk === 0 || gone > 10_000)) await rewrite()
    },
    async keep() {
      if (waiting.length > KEPT_MAX) {
        waiting.splice(0, waiting.length - KEPT_MAX)
        return rewrite()
      }
      const fresh = waiting.slice(onDisk)
      if (fresh.length === 0) return
      await appendFile(file, fresh.map((one) => `${JSON.stringify(one)}\n`).join(''))
      onDisk += fresh.length
    },
  }
}

/** A line cut short by a crash is left out. */
async function readLines(file: string): Promise<ProbeResult[]> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
  return text.split('\n').flatMap((line) => {
    try {
      return line === '' ? [] : [JSON.parse(line) as ProbeResult]
    } catch {
      return []
    }
  })
}
