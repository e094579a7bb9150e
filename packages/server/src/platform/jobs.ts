import { fromKysely, PgBoss } from 'pg-boss'
import type { EnqueueOptions, Jobs } from './ctx.ts'
import type { Db } from './db.ts'
import type { Log } from './log.ts'
import { traced } from './trace.ts'

/** Runs one job; at least once, so it is idempotent. `jobId` is the idempotency key for calls to the outside. */
export type JobHandler<P> = (payload: P, job: { id: string; attempt: number; signal: AbortSignal }) => Promise<void>

export interface JobKind<J extends keyof Jobs = keyof Jobs> {
  name: J
  handler: JobHandler<Jobs[J]>
  /** Every job of the kind has a key, and at most one per key waits. */
  keyed?: boolean
  /** Tries after the first, with exponential back-off from 5 s up to an hour. Default 8. */
  retries?: number
  /** How many run at once in one process. Default 2. */
  concurrency?: number
  /** How long one run may take. Default 600 s. */
  expireSeconds?: number
  /** Goes on while the product is read-only: upkeep's own work. */
  whileReadOnly?: boolean
}

/** A job that is enqueued by the calendar, in Asia/Shanghai. */
export interface CronLine<J extends keyof Jobs = keyof Jobs> {
  job: J
  cron: string
  payload: Jobs[J]
  /** The clause that asks for it, if one does. */
  clause?: string
}

export interface JobQueue {
  enqueue<J extends keyof Jobs>(db: Db, name: J, payload: Jobs[J], options?: EnqueueOptions): Promise<void>
  /** Puts a job that was given up back into its queue, within the transaction. */
  retry(db: Db, queue: string, jobId: string): Promise<void>
  /** Begins to work; without it the process only enqueues. */
  work(): Promise<void>
  /** Takes no new work until {@link JobQueue.resume}; what is under way ends first. Jobs of upkeep go on. */
  pause(): Promise<void>
  resume(): Promise<void>
  /** Works off everything that waits, now, in this process: for tests and for `--once` commands. Returns how many ran. */
  drain(): Promise<number>
  stop(): Promise<void>
}

export const jobKind = <J extends keyof Jobs>(kind: JobKind<J>): JobKind => kind as unknown as JobKind
export const cronLine = <J extends keyof Jobs>(line: CronLine<J>): CronLine => line as unknown as CronLine

/** Opens the job queue (pg-boss in schema `pgboss`) on the product's own database. */
export async function openJobs(url: string, kinds: readonly JobKind[], cron: readonly CronLine[], log: Log): Promise<JobQueue> {
  const boss = new PgBoss({
    connectionString: url,
    max: 3,
    application_name: 'changbai-jobs',
    useListenNotify: true,
    schedule: cron.length > 0,
    registerInstance: false,
    openTelemetry: { enabled: false },
  })
  boss.on('error', (error) => log.error({ err: error }, 'job queue'))
  await boss.start()
  for (const kind of kinds) {
    await boss.createQueue(kind.name, {
      policy: kind.keyed ? 'short' : 'standard',
      retryLimit: kind.retries ?? 8,
      retryDelay: 5,
      retryBackoff: true,
      retryDelayMax: 3600,
      expireInSeconds: kind.expireSeconds ?? 600,
      notify: true,
    })
  }
  for (const line of cron) await boss.schedule(line.job, line.cron, line.payload as object, { tz: 'Asia/Shanghai' })

  const run = async (kind: JobKind, job: { id: string; data: unknown; retryCount: number; signal?: AbortSignal }): Promise<void> => {
    const signal = job.signal ?? AbortSignal.timeout((kind.expireSeconds ?? 600) * 1000)
    await traced(`job ${kind.name}`, { 'changbai.job.attempt': job.retryCount }, () =>
      kind.handler(job.data as never, { id: job.id, attempt: job.retryCount, signal }),
    )
  }

  const take = async (kind: JobKind): Promise<void> => {
    await boss.work(
      kind.name,
      { includeMetadata: true, localConcurrency: kind.concurrency ?? 2, pollingIntervalSeconds: 10, batchSize: 1 },
      async (jobs) => {
        for (const job of jobs) {
          await run(kind, job as never).catch((error) => {
            log.warn({ err: error, job: kind.name, jobId: job.id }, 'job failed, it will be tried again')
            throw error
          })
        }
      },
    )
  }

  return {
    async enqueue(db, name, payload, options = {}) {
      await boss.send(name, payload as object, {
        db: fromKysely(db as never),
        ...(options.startAfter ? { startAfter: options.startAfter.toString() } : {}),
        ...(options.key ? { singletonKey: options.key } : {}),
      })
    },
    async retry(db, queue, jobId) {
      await boss.retry(queue, jobId, { db: fromKysely(db as never) })
    },
    async work() {
      for (const kind of kinds) await take(kind)
    },
    async pause() {
      for (const kind of kinds) if (!kind.whileReadOnly) await boss.offWork(kind.name)
    },
    async resume() {
      for (const kind of kinds) if (!kind.whileReadOnly) await take(kind)
    },
    async drain() {
      let ran = 0
      for (let again = true; again; ) {
        again = false
        for (const kind of kinds) {
          for (const job of await boss.fetch(kind.name, { includeMetadata: true, ignoreStartAfter: true, batchSize: 50 })) {
            again = true
            ran += 1
            try {
              await run(kind, job as never)
              await boss.complete(kind.name, job.id)
            } catch (error) {
              await boss.fail(kind.name, job.id, { message: String(error) })
              throw error
            }
          }
        }
      }
      return ran
    },
    stop: () => boss.stop({ graceful: true, timeout: 10_000 }),
  }
}
