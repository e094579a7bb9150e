import type { AlarmSource } from '@changbai/contract/alarm.shapes.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { notifyLive } from '../../platform/door.ts'
import { newId } from '../../platform/ids.ts'
import { act, type Done } from './act.service.ts'
import {
  type AlarmEventRow,
  type AlarmRow,
  insertAlarmEvents,
  isRepeat,
  lockAlarms,
  lockDue,
  lockIdentities,
  lockNewest,
  saveAlarms,
  touchAlarms,
} from './alarm.store.ts'
import { lookAround } from './around.service.ts'
import type { Decision, Policy, Sight, Step } from './stages/alarm.domain.ts'
import { decide, isOver } from './stages/pipeline.domain.ts'
import { columnsOf, watchOf } from './watch.row.ts'

/** What does not change while an alarm lives. */
export interface About {
  ruleId: string | null
  source: AlarmSource
  sourceId: string | null
  title: AlarmRow['title']
  hint: AlarmRow['hint']
  topic: string
  clause: string | null
  cause: string | null
  lost: boolean
  unit: string
  labels: Record<string, string>
  object: { type: string; id: string; tenantId: string | null; applicationId: string | null } | null
  objectName: string
}
export interface Seen {
  /** Rule or class of the source, object and dimension. */
  identity: string
  sight: Sight
  value: number | null
  /** A source that sends one alert for each level: which of them this is about. */
  sign?: string
  about: About
  policy: Policy
}
export interface Observed {
  begun: number
  fired: number
  closed: number
}
/** Channel on which processes tell each other that alarms changed. */
export const ALARM_CHANNEL = 'alarm'

/** One matter: what an application's people, or an object's, will handle together. */
const groupOf = ({ object, objectName, topic }: About): string => `${object?.applicationId ?? object?.id ?? objectName}:${topic}`

const newRow = ({ identity, about, value, policy }: Seen, now: Temporal.Instant): Omit<AlarmRow, keyof ReturnType<typeof columnsOf>> => ({
  id: newId(),
  rev: 1,
  identity,
  rule_id: about.ruleId,
  source: about.source,
  source_id: about.sourceId,
  title: about.title,
  hint: about.hint,
  topic: about.topic,
  clause: about.clause,
  cause: about.cause,
  lost: about.lost,
  object_type: about.object?.type ?? null,
  object_id: about.object?.id ?? null,
  object_name: about.objectName,
  tenant_id: about.object?.tenantId ?? null,
  application_id: about.object?.applicationId ?? null,
  labels: about.labels,
  value,
  unit: about.unit,
  policy,
  group_key: groupOf(about),
  incident_id: null,
  incident_number: null,
  outages: [],
  note: '',
  signs: {},
  created_at: now,
})

/**
 * Takes what was seen through all stages and keeps it, with a reason for each decision; durable when the transaction is. Sent again it changes
 * nothing. @clause 5.1-3
 */
export async function observe(ctx: Ctx, seen: readonly Seen[]): Promise<Observed> {
  const identities = [...new Set(seen.map(({ identity }) => identity))].sort()
  await lockIdentities(ctx.db, identities)
  const rows = new Map((await lockNewest(ctx.db, identities)).map((row) => [row.identity, row]))
  const isOpen = (identity: string): boolean => (rows.get(identity)?.state ?? 'CLOSED') !== 'CLOSED'
  const coming = new Set(
    seen.filter(({ sight, policy, identity }) => sight.level && policy.forMs === 0 && !isOpen(identity)).map(({ identity }) => identity),
  )
  const around = await lookAround(ctx, coming.size)
  const batch = new Batch(ctx)
  for (const one of seen) {
    const there = rows.get(one.identity)
    const before = there && !isOver(watchOf(there), one.policy, ctx.now.epochMilliseconds) ? there : undefined
    const signs = signsAfter(before, one)
    const sight = one.sign === undefined ? one.sight : { ...one.sight, level: gravestSign(signs) }
    // nothing is asked about what is good and was never bad
    if (!before && (sight.level === null || sight.missing)) continue
    const base = before ?? { ...newRow(one, ctx.now), ...({ acked_by: null, acked_by_name: null, acked_at: null } as const) }
    const given = { now: ctx.now.epochMilliseconds, sight, policy: one.policy, around: await around.of(base as AlarmRow) }
    const step = decide(before ? watchOf(before) : null, given)
    if (!step) continue
    const after = { ...base, ...columnsOf(step.watch), signs, policy: one.policy, value: one.value ?? base.value } as AlarmRow
    batch.take(before, after, step)
    rows.set(one.identity, after)
  }
  return batch.finish()
}

const LEVELS = ['I', 'II', 'III', 'IV'] as const
const gravestSign = (signs: Record<string, string>) => LEVELS.find((level) => Object.values(signs).includes(level)) ?? null
function signsAfter(before: AlarmRow | undefined, { sign, sight }: Seen): Record<string, string> {
  const signs = before && before.state !== 'CLOSED' ? { ...before.signs } : {}
  if (sign === undefined) return signs
  if (sight.level) signs[sign] = sight.level
  else if (!sight.missing) delete signs[sign]
  return signs
}

/** Alarms a timer is due for, or whose surroundings changed, are looked at again. */
export async function lookAgain(ctx: Ctx, rows: readonly AlarmRow[]): Promise<Observed> {
  const due = rows.filter(({ timers }) => timers.pending !== undefined && timers.pending <= ctx.now.epochMilliseconds)
  const around = await lookAround(ctx, due.length)
  const batch = new Batch(ctx)
  for (const row of rows) {
    const step = decide(watchOf(row), { now: ctx.now.epochMilliseconds, sight: null, policy: row.policy, around: await around.of(row) })
    if (step) batch.take(row, { ...row, ...columnsOf(step.watch) }, step)
  }
  return batch.finish()
}

const DUE_AT_ONCE = 200
export async function advanceDue(ctx: Ctx): Promise<number> {
  const rows = await lockDue(ctx.db, ctx.now, DUE_AT_ONCE)
  if (rows.length > 0) await lookAgain(ctx, rows)
  return rows.length
}
export const lookAgainAt = async (ctx: Ctx, ids: readonly string[]): Promise<void> => {
  if (ids.length > 0) await lookAgain(ctx, await lockAlarms(ctx.db, ids))
}

/** Words of the trail for one alarm. */
export const trailRows = (ctx: Ctx, alarmId: string, said: readonly Decision[]): AlarmEventRow[] =>
  said.map(({ stage, reason, params }) => ({
    id: newId(),
    alarm_id: alarmId,
    at: ctx.now,
    stage,
    reason,
    params: params ?? {},
    by_name: ctx.actor.kind === 'person' ? ctx.actor.name : '',
  }))

/** What one call decided: written at once at its end, then done. */
export class Batch {
  private readonly ctx: Ctx
  private readonly rows = new Map<string, AlarmRow>()
  /** Those of which more was changed than a repeated sight does. */
  private readonly whole = new Set<string>()
  private readonly trail: AlarmEventRow[] = []
  private readonly done: Done[] = []
  private readonly counts: Observed = { begun: 0, fired: 0, closed: 0 }
  constructor(ctx: Ctx) {
    this.ctx = ctx
  }
  take(before: AlarmRow | undefined, after: AlarmRow, { said, acts }: Step): void {
    this.rows.set(after.id, after)
    if (!before || !isRepeat(before, after)) this.whole.add(after.id)
    this.trail.push(...trailRows(this.ctx, after.id, said))
    if (!before) this.counts.begun += 1
    const isOpen = (row: AlarmRow | undefined): boolean => row?.state === 'FIRING' || row?.state === 'RECOVERING'
    const fired = isOpen(after) && !isOpen(before)
    const closed = after.state === 'CLOSED' && isOpen(before)
    if (fired) this.counts.fired += 1
    if (closed) this.counts.closed += 1
    if (acts.length > 0 || fired || closed) this.done.push({ alarmId: after.id, acts, fired, closed })
  }
  async finish(): Promise<Observed> {
    const { ctx } = this
    if (this.rows.size === 0) return this.counts
    const said = [...this.rows.values()]
    await saveAlarms(
      ctx.db,
      said.filter(({ id }) => this.whole.has(id)),
    )
    await touchAlarms(
      ctx.db,
      said.filter(({ id }) => !this.whole.has(id)),
    )
    await insertAlarmEvents(ctx.db, this.trail)
    if (this.done.length > 0) {
      await act(ctx, this.done, this.rows, lookAgainAt)
      await ctx.record({
        kind: 'alarm.decided',
        subject: { type: 'alarm', id: this.done[0]?.alarmId ?? '' },
        data: {
          fired: this.done.filter(({ fired }) => fired).map(({ alarmId }) => alarmId),
          closed: this.done.filter(({ closed }) => closed).map(({ alarmId }) => alarmId),
        },
      })
      await notifyLive(ctx.db, ALARM_CHANNEL, '')
    }
    return this.counts
  }
}
