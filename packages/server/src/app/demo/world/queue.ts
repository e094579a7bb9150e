import type { EnqueueOptions } from '../../../platform/ctx.ts'
import type { Db } from '../../../platform/db.ts'
import type { JobKind, JobQueue } from '../../../platform/jobs.ts'

interface Waiting {
  name: string
  payload: unknown
  key: string | undefined
  startAfter: Temporal.Instant | undefined
}

/** Letters and short messages of the past are not sent: who was told stands in the notices. */
const OUTSIDE = new Set(['notice.deliver', 'identity.discover', 'cloud.look', 'cloud.readAll'])
const LIMIT = 10_000

/** Jobs of a world being made: they wait in memory until its own clock reaches them, and nobody else takes them. */
export function queueInMemory(clock: () => Temporal.Instant) {
  let waiting: Waiting[] = []
  const isDue = ({ startAfter }: Waiting): boolean => !startAfter || Temporal.Instant.compare(startAfter, clock()) <= 0
  return {
    mark: () => waiting.length,
    /** What was enqueued since is forgotten with the command that wanted it. */
    backTo(mark: number): void {
      waiting.length = mark
    },
    /** What lies ahead of the world's end goes to the real queue. */
    async handOver(db: Db, queue: Pick<JobQueue, 'enqueue'>): Promise<void> {
      for (const { name, payload, key, startAfter } of waiting)
        await queue.enqueue(db, name as never, payload as never, { ...(key ? { key } : {}), ...(startAfter ? { startAfter } : {}) })
      waiting = []
    },
    serving(kinds: readonly JobKind[], live: () => Pick<JobQueue, 'enqueue'> | null): JobQueue {
      const byName = new Map<string, JobKind>(kinds.map((kind) => [kind.name, kind]))
      return {
        async enqueue(db, name, payload, options: EnqueueOptions = {}) {
          const queue = live()
          if (queue) return queue.enqueue(db, name, payload, options)
          const { key, startAfter } = options
          if (OUTSIDE.has(name) || (key !== undefined && waiting.some((one) => one.name === name && one.key === key))) return
          waiting.push({ name, payload, key, startAfter })
        },
        async drain() {
          let ran = 0
          for (let due = waiting.filter(isDue); due.length > 0; due = waiting.filter(isDue)) {
            waiting = waiting.filter((one) => !isDue(one))
            for (const { name, payload } of due) {
              const kind = byName.get(name)
              if (!kind) throw new Error(`nobody does ${name}`)
              await kind.handler(payload as never, { id: `world-${ran}`, attempt: 0, signal: AbortSignal.timeout(600_000) })
              ran += 1
              if (ran > LIMIT) throw new Error(`jobs do not come to rest: ${name}`)
            }
          }
          return ran
        },
        async retry() {
          throw new Error('a job of the past that fails ends the making of the world; there is nothing to try again')
        },
        async work() {},
        async pause() {},
        async resume() {},
        async stop() {},
      }
    },
  }
}
