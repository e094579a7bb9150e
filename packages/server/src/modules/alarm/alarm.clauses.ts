import type { Obligation } from '@changbai/verify/clauses.domain.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { type WatchedItem, watchedThen } from '../inventory/index.ts'
import { type ClauseSource, type ClauseSpan, lookedAt, obligation, oncePerSpan } from '../plan/index.ts'
import type { AlarmRow } from './alarm.store.ts'
import { firedOfTopic, reportedAt } from './clause.store.ts'
import { classOf, expectedMetrics, FRESH, WATCHED_KINDS } from './coverage.service.ts'
import { policyCheckClause } from './policy-check.service.ts'
import { rulesInForce } from './rule.service.ts'
import type { Metric, ObjectClass, Topic } from './rules/pack.domain.ts'

const ITEMS_MAX = 20_000

/** What stood there and what it reported at an instant: a dozen clauses of one board ask the same. */
const watchAt = oncePerSpan(async (ctx, span) => {
  const at = lookedAt(span)
  return {
    at: at.toString(),
    items: await watchedThen(ctx, WATCHED_KINDS, at, ITEMS_MAX),
    reported: await reportedAt(ctx.db, at, at.subtract(FRESH)),
    expected: await expectedMetrics(ctx),
  }
})
const isServer = ({ kind }: WatchedItem): boolean => kind === 'vm' || kind === 'baremetal'

/** @param at as text: ten thousand of them look at one instant */
const held = (item: WatchedItem, at: string, kept: boolean): Obligation =>
  obligation({
    id: `${item.type}:${item.id}`,
    subject: { type: item.type, id: item.id, label: item.name },
    tenantId: item.tenantId,
    applicationId: item.applicationId,
    dueAt: at,
    doneAt: at,
    kept,
    evidence: [{ type: item.type, id: item.id }],
  })

/** Every object of these classes that must report something of the topics: does it, all of it? */
const coverage =
  (topics: readonly Topic[], only?: readonly ObjectClass[]) =>
  async (ctx: Ctx, span: ClauseSpan): Promise<Obligation[]> => {
    const { at, items, reported, expected } = await watchAt(ctx, span)
    return items.flatMap((item) => {
      const kind = classOf(item)
      const wanted = kind && (!only || only.includes(kind)) ? (expected.get(kind) ?? []).filter(({ topic }) => topics.includes(topic)) : []
      return wanted.length === 0
        ? []
        : [
            held(
              item,
              at,
              wanted.every(({ id }) => reported.has(`${item.id} ${id}`)),
            ),
          ]
    })
  }

/** Is there a bound for each thing that must report? */
async function readThresholds(ctx: Ctx, span: ClauseSpan): Promise<Obligation[]> {
  const judged = new Set((await rulesInForce(ctx)).metric.map(({ metric }) => metric.id))
  const { at, items, reported, expected } = await watchAt(ctx, span)
  const hasBound = (item: WatchedItem, metrics: readonly Metric[]): boolean =>
    metrics.some(({ id }) => judged.has(id) && reported.has(`${item.id} ${id}`))
  return items.filter(isServer).map((item) => held(item, at, hasBound(item, expected.get(classOf(item) as ObjectClass) ?? [])))
}

/** State is in the inventory by its being there; health and performance must be reported. */
async function readThreeKinds(ctx: Ctx, span: ClauseSpan): Promise<Obligation[]> {
  const { at, items, reported, expected } = await watchAt(ctx, span)
  return items.map((item) => {
    const wanted = expected.get(classOf(item) as ObjectClass) ?? []
    const topics = new Set(wanted.filter(({ id }) => reported.has(`${item.id} ${id}`)).map(({ topic }) => topic))
    // something of its health and something of its load: one figure alone is not three kinds
    return held(item, at, topics.size >= Math.min(2, new Set(wanted.map(({ topic }) => topic)).size) && topics.size > 0)
  })
}

interface SeverityLimit {
  severity: string
  resolveMinutes: number
}
/** Every alarm of the topic is over within the limit of its level; where an incident is asked for, one was opened. */
const solved =
  (topic: Topic, withIncident: boolean) =>
  async (ctx: Ctx, span: ClauseSpan): Promise<Obligation[]> => {
    const limits = ctx.plan.value<SeverityLimit[]>('incident.severityClocks')
    const minutes = (row: AlarmRow): number => limits.find(({ severity }) => severity === row.top_level)?.resolveMinutes ?? 1440
    // what fell due in the span began at most a day before it
    const rows = await firedOfTopic(ctx.db, topic, span.from.subtract({ hours: 48 }), span.to)
    return rows
      .filter(({ level }) => !withIncident || level !== 'IV')
      .flatMap((row) => {
        const firedAt = row.fired_at as Temporal.Instant
        const dueAt = firedAt.add({ minutes: minutes(row) })
        const isDue = Temporal.Instant.compare(dueAt, span.from) >= 0 && Temporal.Instant.compare(dueAt, span.to) < 0
        if (!isDue) return []
        return [
          obligation({
            id: `alarm:${row.id}`,
            subject: { type: 'alarm', id: row.id, label: `${row.object_name} ${row.title.zh}` },
            tenantId: row.tenant_id,
            applicationId: row.application_id,
            startedAt: firedAt.toString(),
            dueAt: dueAt.toString(),
            doneAt: row.closed_at?.toString() ?? null,
            kept: withIncident ? row.incident_id !== null || row.muted !== null : null,
            evidence: [{ type: 'alarm', id: row.id }, ...(row.incident_id ? [{ type: 'incident', id: row.incident_id }] : [])],
          }),
        ]
      })
  }

const holds = (of: string, read: (ctx: Ctx, span: ClauseSpan) => Promise<Obligation[]>): ClauseSource => ({ of, meter: 'holds', read })

/** What is watched, and what was made of alarms. @clause 5.1-3 5.2-0 5.2-1 5.2-3 5.2-5 5.2-6 5.2-7 5.3-1 5.3-2 5.3-3 5.3-4 5.3-5 5.3-6 5.3-7 5.3-8 */
export const alarmClauses: readonly ClauseSource[] = [
  holds('three-kinds-monitored', readThreeKinds),
  holds('network-monitored', coverage(['reach', 'device-load', 'bandwidth'], ['network-device'])),
  holds('connectivity-probed', coverage(['reach'], ['vm', 'uplink'])),
  holds('device-load-monitored', coverage(['device-load'], ['network-device'])),
  holds('bandwidth-monitored', coverage(['bandwidth'], ['network-device', 'uplink'])),
  holds('cpu-monitored', coverage(['cpu'])),
  holds('memory-monitored', coverage(['memory'])),
  holds('disk-monitored', coverage(['disk-use'])),
  holds('thresholds-set', readThresholds),
  holds('bmc-monitored', coverage(['power-fan-temperature'], ['baremetal'])),
  holds('disks-monitored', coverage(['disk-health'], ['baremetal'])),
  holds('cards-monitored', coverage(['nic-raid'], ['baremetal'])),
  { of: 'ddos-alarm', meter: 'deadline-met', read: solved('attack', false) },
  { of: 'storage-alarm', meter: 'deadline-met', read: solved('storage-hardware', true) },
  policyCheckClause,
]
