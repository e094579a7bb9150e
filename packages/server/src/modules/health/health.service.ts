import { gzipSync } from 'node:zlib'
import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { type HealthFinding, type healthApi, healthProblems, type ServerProcess } from '@changbai/contract/health.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import type { JobQueue } from '../../platform/jobs.ts'
import { maskDeep } from '../../platform/mask.ts'
import type { Download } from '../../platform/mount.ts'
import { SLOW_MS } from '../../platform/slow.ts'
import { SHANGHAI } from '../../platform/time.ts'
import { observe, policyFor, type Seen } from '../alarm/index.ts'
import { newestSync } from '../identity/index.ts'
import { undelivered } from '../notification/index.ts'
import { lateness } from '../process/index.ts'
import { backupLateness } from '../upkeep/index.ts'
import { type Finding, judgeVitals, type Vitals, worstOf } from './health.domain.ts'
import {
  allStates,
  databaseFigures,
  failedJobs,
  forgetProcesses,
  forgetSlow,
  isFailedJob,
  lockStates,
  oldestUnsealed,
  type ProcessRecord,
  processesSince,
  queueFigures,
  saveState,
  slowest,
} from './health.store.ts'

type Api = typeof healthApi

/** A process reports every 30 s; who missed three is gone. */
const ALIVE_SECONDS = 100
const KEPT_HOURS = 24
const LISTED = 50

const secondsBetween = (from: Temporal.Instant | null, to: Temporal.Instant): number =>
  from === null ? 0 : Math.max(0, Math.round((to.epochMilliseconds - from.epochMilliseconds) / 1000))

/** Measures all there is to measure, in one transaction that changes nothing. */
async function readVitals(ctx: Ctx, lastLookAt: Temporal.Instant | null): Promise<Vitals> {
  const begun = performance.now()
  const database = await databaseFigures(ctx.db)
  const databaseMs = performance.now() - begun
  const alive = await processesSince(ctx.db, ctx.now.subtract({ seconds: ALIVE_SECONDS }))
  const disks = alive.flatMap(({ disk_free }) => (disk_free === null ? [] : [disk_free]))
  const queues = await queueFigures(ctx.db, ctx.now)
  const processJobs = await lateness(ctx)
  const notices = await undelivered(ctx, ctx.now.subtract({ hours: 24 }))
  const backup = await backupLateness(ctx)
  const directory = await newestSync(ctx.db)
  return {
    databaseMs,
    connections: database.connections,
    connectionsMax: database.connectionsMax,
    diskFree: disks.length > 0 ? Math.min(...disks) : null,
    clockAheadMs: ctx.now.epochMilliseconds - database.clockMs,
    clockSteppedBackMs: lastLookAt ? Math.max(0, lastLookAt.epochMilliseconds - ctx.now.epochMilliseconds) : 0,
    processes: alive.length,
    versions: [...new Set(alive.map(({ version }) => version))].sort(),
    loopLagMs: Math.max(0, ...alive.map(({ loop_lag_ms }) => loop_lag_ms)),
    jobWaitSeconds: Math.max(0, ...queues.map(({ oldest }) => secondsBetween(oldest, ctx.now))),
    jobsFailed: queues.reduce((sum, { failed }) => sum + failed, 0),
    timerLateSeconds: secondsBetween(processJobs.oldestDueAt, ctx.now),
    stuckInstances: processJobs.stuck,
    unsealedSeconds: secondsBetween(await oldestUnsealed(ctx.db), ctx.now),
    undelivered: notices.count,
    undeliveredSeconds: secondsBetween(notices.oldestAt, ctx.now),
    backupHours: backup.last?.taken_at ? secondsBetween(backup.last.taken_at, ctx.now) / 3_600 : null,
    isBackupLate: backup.backup,
    isDrillLate: backup.drill,
    directory: directory ? { outcome: directory.outcome, hours: secondsBetween(directory.at, ctx.now) / 3_600 } : null,
  }
}

const titles: Readonly<Record<Finding['check'], Seen['about']['title']>> = {
  database: { zh: '平台数据库应答慢', en: 'The platform’s database answers slowly' },
  connections: { zh: '平台数据库连接将尽', en: 'The platform runs out of database connections' },
  disk: { zh: '平台磁盘将满', en: 'A disk of the platform is nearly full' },
  clock: { zh: '平台时钟不准', en: 'The platform’s clock is wrong' },
  processes: { zh: '平台服务进程异常', en: 'Server processes of the platform are unwell' },
  jobs: { zh: '平台作业延误或失败', en: 'Jobs of the platform are late or failed' },
  timers: { zh: '流程定时延误或停住', en: 'Timers of processes are late or stuck' },
  ledger: { zh: '账本没有按时封存', en: 'The ledger is not sealed in time' },
  mail: { zh: '通知没有送达', en: 'Notices are not delivered' },
  backup: { zh: '备份延误', en: 'The backup is late' },
  directory: { zh: '账号目录读不到', en: 'The directory of accounts cannot be read' },
}

/** A failure holds a sight of level II and a warning of III; what could not be measured holds an alarm open and closes none. */
const seenOf = (ctx: Ctx, finding: Finding): Seen => ({
  identity: `platform:${finding.check}`,
  sight: {
    at: ctx.now.epochMilliseconds,
    level: finding.state === 'FAILED' ? 'II' : finding.state === 'WARNING' ? 'III' : null,
    ...(finding.state === 'UNKNOWN' ? { missing: true } : {}),
  },
  value: null,
  about: {
    ruleId: null,
    source: 'PLATFORM',
    sourceId: null,
    title: titles[finding.check],
    hint: finding.todo ?? finding.says,
    topic: 'platform',
    clause: null,
    cause: null,
    lost: false,
    unit: '',
    labels: {},
    object: null,
    objectName: '长白',
  },
  policy: policyFor(ctx, { for: 'PT2M', settle: 'PT2M', missing: 'hold' }, false),
})

/** Looks at the platform itself and raises, holds or ends its alarms. Runs every minute in one of the processes. */
export async function lookAtHealth(ctx: Ctx): Promise<Finding[]> {
  const before = new Map((await lockStates(ctx.db)).map((row) => [row.check_id, row]))
  const lastLookAt =
    [...before.values()]
      .map(({ checked_at }) => checked_at)
      .sort(Temporal.Instant.compare)
      .at(-1) ?? null
  const findings = judgeVitals(await readVitals(ctx, lastLookAt))
  for (const finding of findings) {
    const last = before.get(finding.check)
    await saveState(ctx.db, {
      check_id: finding.check,
      state: finding.state,
      since_at: last?.state === finding.state ? last.since_at : ctx.now,
      checked_at: ctx.now,
      finding,
    })
  }
  // an alarm begins with a trouble; a check that was always well needs none to end
  const concerned = findings.filter(({ check, state }) => state === 'WARNING' || state === 'FAILED' || isIll(before.get(check)?.state))
  if (concerned.length > 0)
    await observe(
      ctx,
      concerned.map((finding) => seenOf(ctx, finding)),
    )
  await forgetProcesses(ctx.db, ctx.now.subtract({ hours: KEPT_HOURS }))
  await forgetSlow(ctx.db, ctx.now.subtract({ hours: 24 * 30 }))
  return findings
}
const isIll = (state: Finding['state'] | undefined): boolean => state !== undefined && state !== 'OK'

const toProcess = (row: ProcessRecord, now: Temporal.Instant): ServerProcess => ({
  id: row.id,
  host: row.host,
  pid: row.pid,
  version: row.version,
  startedAt: row.started_at.toString(),
  seenAt: row.seen_at.toString(),
  memoryBytes: row.memory_bytes,
  loopLagMs: row.loop_lag_ms,
  diskFree: row.disk_free,
  isAlive: secondsBetween(row.seen_at, now) <= ALIVE_SECONDS,
})

async function readFindings(ctx: Ctx): Promise<{ findings: HealthFinding[]; checkedAt: string | null }> {
  const rows = await allStates(ctx.db)
  const byCheck = new Map(rows.map((row) => [row.check_id, row]))
  const checks = Object.keys(titles) as Finding['check'][]
  const findings = checks.flatMap((check): HealthFinding[] => {
    const row = byCheck.get(check)
    return row ? [{ ...(row.finding as Finding), sinceAt: row.since_at.toString() }] : []
  })
  const checkedAt = rows
    .map(({ checked_at }) => checked_at)
    .sort(Temporal.Instant.compare)
    .at(-1)
  return { findings, checkedAt: checkedAt?.toString() ?? null }
}

export const healthReader =
  (version: string) =>
  async (ctx: Ctx): Promise<Reply<Api['get']>> => {
    const { findings, checkedAt } = await readFindings(ctx)
    const { clockMs: _, ...database } = await databaseFigures(ctx.db)
    const processes = await processesSince(ctx.db, ctx.now.subtract({ hours: KEPT_HOURS }))
    return {
      version,
      state: worstOf(findings.map(({ state }) => state)),
      checkedAt,
      findings,
      processes: processes.map((row) => toProcess(row, ctx.now)),
      database,
    }
  }

/** pg-boss keeps an error as `{ message, stack }`; the stack is for the log. */
const reasonOf = (output: unknown): string => {
  const message =
    typeof output === 'object' && output !== null && 'message' in output ? String(output.message) : JSON.stringify(output ?? '')
  return message.slice(0, 500)
}

export async function readQueues(ctx: Ctx): Promise<Reply<Api['queues']>> {
  const queues = await queueFigures(ctx.db, ctx.now)
  const failed = await failedJobs(ctx.db, LISTED)
  return {
    queues: queues.map(({ oldest, ...queue }) => ({ ...queue, oldestWaitSeconds: oldest && secondsBetween(oldest, ctx.now) })),
    failed: failed.map((job) => ({
      id: job.id,
      queue: job.queue,
      createdAt: job.created_on.toString(),
      failedAt: job.completed_on?.toString() ?? null,
      tries: job.retry_count + 1,
      reason: reasonOf(job.output),
    })),
  }
}

export const jobRetrier =
  (jobs: Pick<JobQueue, 'retry'>) =>
  async (ctx: Ctx, { queue, jobId }: Input<Api['retryJob']>): Promise<Reply<Api['retryJob']>> => {
    if (!(await isFailedJob(ctx.db, queue, jobId))) fail(healthProblems.notFailed)
    await jobs.retry(ctx.db, queue, jobId)
    await ctx.record({ kind: 'job.retried', subject: { type: 'job', id: jobId }, data: { queue } })
    return {}
  }

export async function readSlow(ctx: Ctx): Promise<Reply<Api['slow']>> {
  const rows = await slowest(ctx.db, LISTED)
  return {
    limitMs: SLOW_MS,
    items: rows.map((row) => ({
      id: row.digest,
      statement: row.statement,
      calls: row.calls,
      totalMs: row.total_ms,
      maxMs: row.max_ms,
      lastAt: row.last_at.toString(),
    })),
  }
}

/** One document with everything a supporter asks for first. Only figures and names go in: no parameters, addresses, texts or keys. */
export const supportArchiver =
  (version: string, settings: Readonly<Record<string, unknown>>) =>
  async (ctx: Ctx): Promise<Download> => {
    const document = {
      madeAt: ctx.now.toString(),
      runtime: { version, node: process.version, platform: process.platform, arch: process.arch },
      settings,
      health: await healthReader(version)(ctx),
      queues: await readQueues(ctx),
      slow: await readSlow(ctx),
    }
    await ctx.record({ kind: 'support-archive.made', subject: { type: 'platform', id: version } })
    const on = ctx.now.toZonedDateTimeISO(SHANGHAI).toPlainDate()
    return {
      name: `changbai-support-${on}.json.gz`,
      mediaType: 'application/gzip',
      bytes: gzipSync(JSON.stringify(maskDeep(document), null, 2)),
    }
  }

/** What a check last found; null before the first look. */
export const healthStateOf = async (ctx: Ctx, check: Finding['check']): Promise<Finding['state'] | null> =>
  (await allStates(ctx.db)).find(({ check_id }) => check_id === check)?.state ?? null
