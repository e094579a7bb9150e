import type { IncidentEventKind, Severity } from '@changbai/contract/incident.ts'
import { systemActor } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import type { DueWork } from '../../platform/due.ts'
import { newId } from '../../platform/ids.ts'
import { type Addressee, notify } from '../notification/index.ts'
import { judgeClocks } from './clocks.domain.ts'
import {
  type ClockRow,
  type ClockWrite,
  clockEventsOf,
  insertEvents,
  lockDueClocks,
  settleWarning,
  warnedOf,
  writeClocks,
} from './history.store.ts'
import { factsOf, nextWarning, warningDue } from './incident.domain.ts'
import { type IncidentRow, incidentsById, updateIncident } from './incident.store.ts'

export interface NewEvent {
  kind: IncidentEventKind
  text?: string
  /** When it happened, if not now. */
  at?: Temporal.Instant | undefined
  level?: Severity
  forAt?: Temporal.Instant
}
/** Adds lines to the history; nothing is ever taken out. */
export const addEvents = (ctx: Ctx, incidentId: string, events: readonly NewEvent[]): Promise<void> =>
  insertEvents(
    ctx.db,
    events.map(({ kind, text = '', at = ctx.now, level, forAt }) => ({
      id: newId(),
      incident_id: incidentId,
      kind,
      at,
      recorded_at: ctx.now,
      by_id: ctx.actor.personId,
      by_name: ctx.actor.name,
      text,
      level: level ?? null,
      for_at: forAt ?? null,
    })),
  )

const warnPercents = (ctx: Pick<Ctx, 'plan'>): number[] => ctx.plan.value<number[]>('incident.warnPercents')

type Judged = Pick<IncidentRow, 'id' | 'first_severity' | 'limits'>
type ClockEvent = Parameters<typeof factsOf>[0][number]

function judge(ctx: Ctx, row: Judged, events: readonly ClockEvent[], warned: (clock: string) => number) {
  const percents = warnPercents(ctx)
  const judged = judgeClocks(row.first_severity, factsOf(events), row.limits, ctx.now)
  const writes = judged.clocks.map((one): ClockWrite => {
    const next = one.doneAt ? null : nextWarning(one.startAt, one.dueAt, percents, warned(one.clock))
    return {
      incidentId: row.id,
      clock: one.clock,
      level: one.level,
      startAt: one.startAt.toString(),
      dueAt: one.dueAt.toString(),
      doneAt: one.doneAt?.toString() ?? null,
      judgments: one.judgments.map(({ level, startAt, dueAt }) => ({ level, startAt: startAt.toString(), dueAt: dueAt.toString() })),
      nextAt: next?.at.toString() ?? null,
    }
  })
  return { judged, writes }
}

/**
 * Judges clocks anew from all facts, any number of incidents at once: two reads and one write.
 * @clause 5.10.1-(3)-I 5.10.1-(3)-II 5.10.1-(3)-III 5.10.1-(3)-IV
 */
export async function rejudge(ctx: Ctx, incidents: readonly Judged[]) {
  const ids = incidents.map((row) => row.id)
  const events = Map.groupBy(await clockEventsOf(ctx.db, ids), (row) => row.incident_id)
  const warned = await warnedOf(ctx.db, ids)
  const all = incidents.map((row) => judge(ctx, row, events.get(row.id) ?? [], (clock) => warned.get(`${row.id}${clock}`) ?? 0))
  await writeClocks(
    ctx.db,
    all.flatMap(({ writes }) => writes),
  )
  return all.map(({ judged }) => judged)
}

/** The first lines of a new incident and its clocks; its row was made to agree with them. */
export async function beginHistory(ctx: Ctx, row: IncidentRow, events: readonly NewEvent[]): Promise<void> {
  await addEvents(ctx, row.id, events)
  const told = events.map(({ kind, at = ctx.now, level = null, forAt = null }) => ({ kind, at, level, for_at: forAt }))
  const { writes } = judge(
    ctx,
    row,
    told.sort((a, b) => Temporal.Instant.compare(a.at, b.at)),
    () => 0,
  )
  await writeClocks(ctx.db, writes)
}

/** New lines of one incident, and what follows for its clocks and its row. */
export async function tellFacts(ctx: Ctx, row: IncidentRow, events: readonly NewEvent[]): Promise<IncidentRow> {
  await addEvents(ctx, row.id, events)
  const [clocks] = await rejudge(ctx, [row])
  if (!clocks) return row
  return updateIncident(ctx.db, row.id, { top_severity: clocks.level, clock_start_at: clocks.startAt }, ctx.now)
}

const BATCH = 100
const audience = (row: IncidentRow, percent: number): Addressee[] => [
  ...(row.handler_id ? [{ personIds: [row.handler_id] }] : [{ role: 'DUTY_OFFICER' as const }]),
  ...(percent >= 80 ? [{ role: 'MAINTENANCE_MANAGER' as const }] : []),
  ...(percent >= 100 ? [{ role: 'PROVIDER_LEADER' as const }, { role: 'CUSTOMER_OM_MANAGER' as const }] : []),
]
const CLOCK_NAMES = { response: '响应', plan: '处理方案', solution: '解决' } as const

async function warn(ctx: Ctx, clock: ClockRow, row: IncidentRow): Promise<void> {
  const percents = warnPercents(ctx)
  const percent = warningDue(clock.start_at, clock.due_at, percents, clock.warned, ctx.now)
  if (percent === null || row.status === 'CLOSED') {
    await settleWarning(ctx.db, clock, clock.warned, null)
    return
  }
  await settleWarning(ctx.db, clock, percent, nextWarning(clock.start_at, clock.due_at, percents, percent)?.at ?? null)
  await addEvents(ctx, row.id, [{ kind: 'WARNED', text: `${CLOCK_NAMES[clock.clock]} ${percent}%` }])
  await notify(ctx, {
    event: percent >= 100 ? 'incident.overdue' : 'incident.warning',
    to: audience(row, percent),
    params: {
      number: row.number,
      title: row.title,
      severity: row.severity,
      clock: CLOCK_NAMES[clock.clock],
      clockEn: clock.clock,
      percent,
      dueAt: clock.due_at,
    },
    link: `/duty/incidents/${row.id}`,
    tenantId: row.tenant_id,
    dedupKey: `incident.warning:${row.id}:${clock.clock}:${percent}:${clock.level}`,
  })
}
/** Warnings at 50, 80 and 100 % of each clock, to ever more people. */
export async function warnDueClocks(ctx: Ctx): Promise<number> {
  const due = await lockDueClocks(ctx.db, ctx.now, BATCH)
  const rows = new Map((await incidentsById(ctx.db, [...new Set(due.map((clock) => clock.incident_id))])).map((row) => [row.id, row]))
  for (const clock of due) {
    const row = rows.get(clock.incident_id)
    if (row) await warn(ctx, clock, row)
  }
  return due.length
}
export const dueClocks: DueWork = {
  name: 'incident.clocks',
  run: ({ door }) => door.enter({ actor: systemActor('incident') }, warnDueClocks),
}
