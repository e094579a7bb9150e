import { systemActor } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { ProblemError } from '../../platform/fail.ts'
import type { Runtime } from '../../platform/runtime.ts'
import { BpmnError } from './bpmn/engine/env.ts'
import { failService, finishService, fireReminder, fireTimer, raiseIncident } from './bpmn/engine/signalling.ts'
import { LookAgain, type OutsideService, type ServiceCall, serviceOf } from './handlers.ts'
import { type DueJob, dueJobs, leaseJob, nextDueAt, noteFailure, putBack } from './jobs.store.ts'
import { dropOldMessages } from './messages.store.ts'
import { changeTree, serviceCall } from './session.ts'

/** Default time for one try of an outside call before another worker may take it over. */
const LEASE_SECONDS = 300
/** Net under NOTIFY: nothing due waits longer than this. */
const SWEEP_MILLISECONDS = 60_000
const BATCH = 20
const RETRY_CAP_SECONDS = 3_600

/** Back-off of the n-th failed try: 5 s, 10 s, 20 s ... at most an hour. */
export const retryDelaySeconds = (attempts: number): number => Math.min(RETRY_CAP_SECONDS, 5 * 2 ** Math.max(0, attempts - 1))

const machine = systemActor('process')
type Doors = Pick<Runtime, 'door' | 'log'>
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).slice(0, 1_000)

/** A failed try: again later, or an incident after the last. A lost lease changes nothing. */
async function giveUpOrRetry({ door, log }: Doors, job: DueJob, error: unknown): Promise<void> {
  const reason = messageOf(error)
  log.warn({ err: error, job: job.id, node: job.node }, 'process job failed')
  await door.enter({ actor: machine }, async (ctx) => {
    const attempts = job.kind === 'service' ? job.attempts : job.attempts + 1
    if (attempts < job.maxAttempts && !(error instanceof ProblemError)) {
      await noteFailure(ctx.db, job.id, job.attempts, attempts, reason, ctx.now.add({ seconds: retryDelaySeconds(attempts) }))
      return
    }
    await changeTree(ctx, { job: job.id }, (run) => {
      const row = run.jobs.get(job.id)
      const token = row && run.tokens.get(row.tokenId)
      if (!row || !token || row.attempts !== job.attempts) return
      raiseIncident(run, token, reason, row)
    })
  })
}

/** Timers and reminders: one transaction each; who comes second finds the row gone. */
async function fireDue(doors: Doors, job: DueJob): Promise<void> {
  try {
    await doors.door.enter({ actor: machine }, async (ctx) => {
      await changeTree(ctx, { job: job.id }, (run) => {
        const row = run.jobs.get(job.id)
        if (!row || row.dead || Temporal.Instant.compare(row.dueAt, ctx.now) > 0) return
        if (row.kind === 'reminder') fireReminder(run, row.id)
        else fireTimer(run, row.id)
      })
    })
  } catch (error) {
    if (error instanceof ProblemError && error.kind.kind === 'not-found') return
    await giveUpOrRetry(doors, job, error)
  }
}

interface Planned {
  service: OutsideService
  call: ServiceCall
  input: unknown
}

/** First transaction: the handler says what to ask, from the rows as they are now. */
const planCall = (ctx: Ctx, job: DueJob, service: OutsideService): Promise<Planned | null> =>
  changeTree(ctx, { job: job.id }, async (run) => {
    const row = run.jobs.get(job.id)
    if (!row || row.attempts !== job.attempts) return null
    const call = serviceCall(run, { instanceId: row.instanceId, node: row.node })
    return { service, call, input: await service.plan(ctx, call) }
  }).then(({ value }) => value)

/** Second transaction: the result counts only while the lease is ours and the token still there. */
const applyResult = (
  ctx: Ctx,
  job: DueJob,
  { service, call }: Planned,
  outcome: { result: unknown } | { error: BpmnError },
): Promise<boolean> =>
  changeTree(ctx, { job: job.id }, async (run) => {
    const row = run.jobs.get(job.id)
    const token = row && run.tokens.get(row.tokenId)
    if (!row || !token || row.attempts !== job.attempts || token.node !== row.node) return false
    if ('error' in outcome) failService(run, token.id, outcome.error, row)
    else {
      const facts = await service.apply(ctx, { ...call, vars: run.context(run.instanceOf(token)) }, outcome.result)
      if (facts instanceof LookAgain) await putBack(ctx.db, row.id, row.attempts, ctx.now.add({ seconds: facts.seconds }))
      else finishService(run, token.id, facts ?? {})
    }
    return true
  }).then(({ value }) => value)

/** A service of the transaction that failed before and is tried again. */
async function callInTransaction(doors: Doors, job: DueJob): Promise<void> {
  try {
    await doors.door.enter({ actor: machine }, async (ctx) => {
      await changeTree(ctx, { job: job.id }, (run) => {
        const row = run.jobs.get(job.id)
        if (!row || row.dead || row.attempts !== job.attempts) return
        run.removeJob(row.id)
        run.callInTx({ instanceId: row.instanceId, tokenId: row.tokenId, node: row.node, topic: row.topic ?? '' })
      })
    })
  } catch (error) {
    if (error instanceof ProblemError && error.kind.kind === 'not-found') return
    await giveUpOrRetry(doors, { ...job, kind: 'timer' }, error)
  }
}

/** An outside call under a lease: planned, made without the database, applied if the lease was not lost. */
async function callOutside(doors: Doors, due: DueJob): Promise<void> {
  const service = serviceOf(due.topic ?? '')
  if (service?.mode !== 'outside') {
    await giveUpOrRetry(doors, { ...due, attempts: due.attempts, maxAttempts: 0 }, new Error(`no outside service for topic ${due.topic}`))
    return
  }
  const lease = service.leaseSeconds ?? LEASE_SECONDS
  const job = await doors.door.enter({ actor: machine }, (ctx) => leaseJob(ctx.db, due.id, ctx.now, ctx.now.add({ seconds: lease })))
  if (!job) return
  try {
    const planned = await doors.door.enter({ actor: machine }, (ctx) => planCall(ctx, job, service))
    if (!planned) return
    const outcome = await service
      .call(planned.input, job.id, AbortSignal.timeout(lease * 1_000))
      .then((result) => ({ result }))
      .catch((error: unknown) => {
        if (error instanceof BpmnError) return { error }
        throw error
      })
    await doors.door.enter({ actor: machine }, (ctx) => applyResult(ctx, job, planned, outcome))
  } catch (error) {
    if (error instanceof ProblemError && error.kind.kind === 'not-found') return
    await giveUpOrRetry(doors, job, error)
  }
}

/** Works off what is due at the door's clock, once, several trees at a time. Returns how many rows were worked on. */
export async function workDueJobs(doors: Doors, lanes = 1): Promise<number> {
  const jobs = await doors.door.enter({ actor: machine }, (ctx) => dueJobs(ctx.db, ctx.now, BATCH))
  const todo = [...jobs]
  const lane = async (): Promise<void> => {
    for (let job = todo.shift(); job; job = todo.shift()) await workOn(doors, job)
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return jobs.length
}

async function workOn(doors: Doors, job: DueJob): Promise<void> {
  if (job.kind !== 'service') await fireDue(doors, job)
  else if (serviceOf(job.topic ?? '')?.mode === 'tx') await callInTransaction(doors, job)
  else await callOutside(doors, job)
}

/** Until nothing is due: for tests and commands that run once. @throws after 10,000 rows, which no test needs */
export async function drainDueJobs(doors: Doors): Promise<number> {
  let total = 0
  for (let some = await workDueJobs(doors); some > 0; some = await workDueJobs(doors)) {
    total += some
    if (total > 10_000) throw new Error('process jobs do not come to rest')
  }
  return total
}

export interface ProcessWorker {
  stop(): Promise<void>
}

/**
 * The loop of one server process: sleeps until the earliest due row, NOTIFY wakes it, a sweep a minute is the net. Several processes
 * may run it: leases and row locks keep them apart.
 */
export function startProcessWorker(runtime: Runtime, { lanes = 4 } = {}): ProcessWorker {
  const { door, log, live } = runtime
  let stopped = false
  let woken = false
  let wake: () => void = () => {}
  const stopListening = live.listen('wf', () => {
    woken = true
    wake()
  })

  const sleepUntilDue = async (): Promise<void> => {
    const next = await door.enter({ actor: machine, readOnly: true }, async (ctx) => ({ at: await nextDueAt(ctx.db), now: ctx.now }))
    const wait =
      next.at === null ? SWEEP_MILLISECONDS : Math.max(50, Math.min(SWEEP_MILLISECONDS, next.now.until(next.at).total('milliseconds')))
    if (stopped || woken) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, wait)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  const loop = async (): Promise<void> => {
    while (!stopped) {
      woken = false
      try {
        if ((await workDueJobs(runtime, lanes)) === 0) await sleepUntilDue()
      } catch (error) {
        log.error({ err: error }, 'process worker')
        if (!stopped) await new Promise((resolve) => setTimeout(resolve, 1_000))
      }
    }
  }
  const sweep = setInterval(() => {
    door.enter({ actor: machine }, (ctx) => dropOldMessages(ctx.db, ctx.now)).catch((err) => log.warn({ err }, 'process sweep'))
  }, SWEEP_MILLISECONDS)
  sweep.unref()
  const running = loop()

  return {
    async stop() {
      stopped = true
      clearInterval(sweep)
      stopListening()
      wake()
      await running
    },
  }
}
