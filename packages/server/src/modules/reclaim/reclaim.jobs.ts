import { systemActor } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { type CronLine, cronLine, type JobKind, jobKind } from '../../platform/jobs.ts'
import type { Runtime } from '../../platform/runtime.ts'
import type { OperationRow, QuotaLimits } from '../cloud/index.ts'
import { LookAgain } from '../process/index.ts'
import { note, openCase, targetOf } from './case.service.ts'
import { type Backup, backupsOver, findCase, findPart, type PartRow, updatePart } from './case.store.ts'
import { makeStep, planStep, settleStep, type Wish } from './cloudwork.ts'
import { detect } from './detect.service.ts'
import { findFinding, openable } from './finding.store.ts'
import { takeMeasurements } from './taking.ts'

declare module '../../platform/ctx.ts' {
  interface Jobs {
    'reclaim.detect': Record<string, never>
    'reclaim.open': { findingId: string }
    'reclaim.take-measurements': { days: number }
    'reclaim.lower-quota': { partId: string }
    'reclaim.drop-backups': Record<string, never>
  }
}
const entry = { actor: systemActor('reclaim') }
/** Turns of one job before it is left to the next. */
const TURNS_MAX = 40
const BACKUPS_A_TURN = 50
/** Every night yesterday, and the day before once more for what came late. */
const DAYS_TAKEN = 2

/** E1: once a month everything is looked at; what the rules name is begun, one case a job, outside the shadow period. @clause 4.5.1-1 4.5.1-4 */
async function detectMonthly({ door }: Runtime): Promise<void> {
  await door.enter(entry, async (ctx) => {
    const run = await detect(ctx, false)
    if (run.shadow) return
    for (const { id } of await openable(ctx.db, run.id)) await ctx.enqueue('reclaim.open', { findingId: id }, { key: id })
  })
}

export async function openFinding(ctx: Ctx, findingId: string): Promise<void> {
  const finding = await findFinding(ctx.db, findingId)
  if (!finding || finding.case_id !== null || finding.excluded !== null) return
  const target = await targetOf(ctx, finding.subject, finding.item_id)
  if (!target) return
  const { subject, item_id: itemId, rule, reason } = finding
  await openCase(ctx, { subject, itemId, source: 'RULE', reason: reason.zh, rule, findingId }, target)
}

/** Makes a wish come true as far as it goes now. @returns the operations, or null when the cloud is still at it */
async function carryOut(
  { door }: Runtime,
  owner: { id: string },
  connectionId: string,
  wish: Wish,
  signal: AbortSignal,
): Promise<OperationRow[] | null> {
  for (let turn = 0; turn < TURNS_MAX; turn += 1) {
    const step = await door.enter(entry, (ctx) => planStep(ctx, owner, connectionId, wish))
    const answered = await makeStep(step, signal)
    const settled = await door.enter(entry, (ctx) => settleStep(ctx, answered))
    if (!(settled instanceof LookAgain)) return settled
    if (settled.seconds > 0) return null
  }
  return null
}

const ofProject = (projectId: string, suffix: string, action: Wish['operations'][number]['action']): Wish => ({
  operations: [{ suffix, target: { kind: 'project', externalId: projectId }, action }],
  remove: [],
})
/** What a limit is without the part; limits that are unlimited or lower already stay. */
export function loweredQuota(before: QuotaLimits, part: Pick<PartRow, 'item_type' | 'vcpu' | 'mem_gib' | 'gib'>): QuotaLimits {
  const less: QuotaLimits =
    part.item_type === 'server' ? { instances: 1, cores: part.vcpu, ramMiB: part.mem_gib * 1024 } : { volumes: 1, volumeGiB: part.gib }
  return Object.fromEntries(
    Object.entries(less).flatMap(([name, amount]) => {
      const limit = before[name as keyof QuotaLimits]
      return limit === undefined || limit < 0 ? [] : [[name, Math.max(0, limit - amount)]]
    }),
  )
}

/** The project's limits shrink by what was given back; read first, because somebody may have raised them meanwhile. */
export async function lowerQuota(runtime: Runtime, partId: string, signal: AbortSignal): Promise<void> {
  const part = await runtime.door.enter({ ...entry, readOnly: true }, (ctx) => findPart(ctx.db, partId))
  const { connectionId, projectId } = part?.backup ?? {}
  if (!part || !connectionId || !projectId) return
  const read = await carryOut(runtime, part, connectionId, ofProject(projectId, 'quota-read', { do: 'readQuota' }), signal)
  if (!read) throw new Error(`the quota of ${projectId} could not be read yet`)
  const limits = loweredQuota(JSON.parse(read[0]?.facts.before ?? '{}') as QuotaLimits, part)
  if (Object.keys(limits).length === 0) return
  const set = await carryOut(runtime, part, connectionId, ofProject(projectId, 'quota-set', { do: 'setQuota', limits }), signal)
  if (!set) throw new Error(`the quota of ${projectId} could not be set yet`)
}

/** What was brought back keeps its system disk. */
const wishOf = (backup: Backup, state: PartRow['state']): Wish => ({
  operations: backup.kind
    ? [{ suffix: 'backup-drop', target: { kind: backup.kind, externalId: backup.ref }, action: { do: 'delete' } }]
    : [],
  remove: state === 'RELEASED' ? backup.holds : [],
})

/** Backups whose days are over go, and with them the system disks they hung on: only then nothing is left. @clause 4.5.1-1 */
export async function dropBackups(runtime: Runtime, signal: AbortSignal): Promise<void> {
  const { door, log } = runtime
  const parts = await door.enter({ ...entry, readOnly: true }, (ctx) => backupsOver(ctx.db, ctx.now, BACKUPS_A_TURN))
  for (const part of parts) {
    if (!part.backup) continue
    try {
      const { connectionId } = part.backup
      const gone = connectionId ? await carryOut(runtime, part, connectionId, wishOf(part.backup, part.state), signal) : []
      if (gone === null) continue
    } catch (error) {
      log.warn({ err: error, part: part.id }, 'a backup could not be dropped')
      continue
    }
    await door.enter(entry, async (ctx) => {
      const row = await findCase(ctx.db, part.case_id)
      if (!row) return
      await updatePart(ctx.db, part.id, { backup_gone_at: ctx.now })
      const byHand = part.backup?.kind === null
      await note(
        ctx,
        row,
        'backup-over',
        `${part.item_name} 备份保留期满${byHand ? '，请人工删除：' : '，已删除：'}${part.backup?.ref ?? ''}`,
      )
    })
  }
}

export const reclaimJobs = (runtime: () => Runtime): JobKind[] => [
  jobKind({ name: 'reclaim.detect', retries: 3, handler: () => detectMonthly(runtime()) }),
  jobKind({ name: 'reclaim.take-measurements', retries: 3, handler: async ({ days }) => void (await takeMeasurements(runtime(), days)) }),
  jobKind({
    name: 'reclaim.open',
    keyed: true,
    handler: ({ findingId }) => runtime().door.enter(entry, (ctx) => openFinding(ctx, findingId)),
  }),
  jobKind({ name: 'reclaim.lower-quota', keyed: true, handler: ({ partId }, { signal }) => lowerQuota(runtime(), partId, signal) }),
  jobKind({ name: 'reclaim.drop-backups', retries: 0, handler: (_payload, { signal }) => dropBackups(runtime(), signal) }),
]

/** What was measured is taken over every night, before the first of a month is looked at; backups are looked after every hour. */
export const reclaimCron: CronLine[] = [
  cronLine({ job: 'reclaim.take-measurements', cron: '10 1 * * *', payload: { days: DAYS_TAKEN } }),
  cronLine({ job: 'reclaim.detect', cron: '30 2 1 * *', payload: {}, clause: '4.5.1-1' }),
  cronLine({ job: 'reclaim.drop-backups', cron: '40 * * * *', payload: {} }),
]
