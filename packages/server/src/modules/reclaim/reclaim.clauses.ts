import type { MeasuredItem } from '@changbai/contract/reclaim.ts'
import type { Obligation } from '@changbai/verify/clauses.domain.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { loadBusinessClock } from '../calendar/index.ts'
import { type ClauseSource, type ClauseSpan, obligation } from '../plan/index.ts'
import { type CaseRow, casesWithin, type PartRow, partsOfCases } from './case.store.ts'
import { nodesToGo } from './parts.ts'

/** How far before the span a case may have begun whose execution falls due in it, in days. */
const REACH_DAYS = 200
const within = ({ from, to }: ClauseSpan, at: Temporal.Instant): boolean =>
  Temporal.Instant.compare(at, from) >= 0 && Temporal.Instant.compare(at, to) < 0

const base = (row: CaseRow) => ({
  id: `case:${row.id}`,
  subject: { type: 'reclaim', id: row.id, label: `${row.number} · ${row.item_name}` },
  tenantId: row.tenant_id,
  applicationId: row.application_id,
  evidence: [{ type: 'reclaim', id: row.id }],
})

/** When somebody who may said yes: the bureau, the customer's ruling, or for a smaller size operation's second assessment. */
export function agreedAt(row: CaseRow): Temporal.Instant | null {
  const { reply, ruling, assessment } = row
  if (ruling && ruling.outcome !== 'KEEP') return Temporal.Instant.from(ruling.at)
  if (reply && (reply.decision === 'CONFIRM_RELEASE' || reply.decision === 'AGREE_RESIZE')) return Temporal.Instant.from(reply.at)
  if (assessment?.confirmedAgain && assessment.outcome !== 'RELEASE') return Temporal.Instant.from(reply?.at ?? assessment.assessedAt)
  return null
}

/** Released without a yes, or without the signature for its data. @clause 4.5.1-4 none of these may be */
export const unlawful = (row: CaseRow, parts: readonly PartRow[]): boolean =>
  parts.some((part) => part.state === 'RELEASED' && (part.declaration === null || agreedAt(row) === null))

interface Judged {
  fits(row: CaseRow): boolean
  /** By when it had to be done once it was agreed. */
  due(ctx: Ctx, row: CaseRow, agreed: Temporal.Instant, add: (from: Temporal.Instant, span: string) => Temporal.Instant): Temporal.Instant
  done(row: CaseRow, parts: readonly PartRow[]): Temporal.Instant | null
}
const lastRelease = (parts: readonly PartRow[]): Temporal.Instant | null =>
  parts.filter((part) => part.state === 'RELEASED').at(-1)?.released_at ?? null

/** The bureau has as long to sign for the data as it had to answer, and then each thing cools down. */
const executionDue: Judged['due'] = (ctx, row, agreed, add) => {
  const days = ctx.plan.number(row.process_key === 'server-reclaim' ? 'reclaim.coolDownServerDays' : 'reclaim.coolDownStorageDays')
  return add(agreed, ctx.plan.duration('reclaim.tenantReply')).add({ hours: 24 * (days + 1) * Math.max(1, nodesToGo(row)) })
}

const executed =
  ({ fits, due, done }: Judged) =>
  async (ctx: Ctx, span: ClauseSpan): Promise<Obligation[]> => {
    const clock = await loadBusinessClock(ctx)
    const rows = (await casesWithin(ctx.db, span.from.subtract({ hours: 24 * REACH_DAYS }), span.to)).filter(fits)
    const parts = await partsOfCases(
      ctx.db,
      rows.map((row) => row.id),
    )
    return rows.flatMap((row) => {
      const own = parts.filter((part) => part.case_id === row.id)
      const agreed = agreedAt(row)
      const doneAt = done(row, own)
      const broken = unlawful(row, own)
      if (agreed === null && !broken) return []
      const startedAt = agreed ?? doneAt ?? row.created_at
      const dueAt = due(ctx, row, startedAt, (from, text) => clock.addTime(from, text))
      if (!within(span, dueAt)) return []
      // had back in the cooling-off, and ended otherwise: nothing was owed any more
      const turned = row.closed_at !== null && doneAt === null
      return obligation({
        ...base(row),
        startedAt: startedAt.toString(),
        dueAt: dueAt.toString(),
        doneAt: doneAt?.toString() ?? null,
        kept: broken ? false : null,
        exempt: turned ? 'NOT_APPLICABLE' : null,
      })
    })
  }

const outcomeOf = (row: CaseRow): string => {
  const { ruling, assessment } = row
  return ruling && ruling.outcome !== 'KEEP' && ruling.outcome !== 'CHANGE' ? ruling.outcome : (assessment?.outcome ?? '')
}

const FIVE: readonly (readonly string[])[] = [
  ['cpu'],
  ['memory'],
  ['netIn', 'netOut'],
  ['diskRead', 'diskWrite', 'diskReadBytes', 'diskWriteBytes'],
  ['connections'],
]
/** All five of clause 4.5.2: one direction is enough to have looked at the network and at the storage. */
export const hasFivePeaks = (item: MeasuredItem): boolean =>
  FIVE.every((metrics) => metrics.some((metric) => item.figures.some((one) => one.metric === metric && one.peak !== null)))

const reports =
  (key: CaseRow['process_key'], complete: (row: CaseRow) => boolean) =>
  async (ctx: Ctx, span: ClauseSpan): Promise<Obligation[]> =>
    (await casesWithin(ctx.db, span.from.subtract({ hours: 24 * REACH_DAYS }), span.to)).flatMap((row) => {
      if (row.process_key !== key || !row.report) return []
      const at = Temporal.Instant.from(row.report.preparedAt)
      if (!within(span, at)) return []
      return obligation({ ...base(row), dueAt: at.toString(), doneAt: at.toString(), kept: complete(row) })
    })
const reasoned = (row: CaseRow): boolean => (row.report?.gapReason ?? '') !== '' && (row.report?.recommendationText ?? '') !== ''

/** What reclaim records of section 4.5. @clause 4.5.1-1 4.5.1-2 4.5.1-3 4.5.1-4 4.5.2-1 4.5.2-2 4.5.3-1 4.5.3-2 */
export const reclaimClauses: readonly ClauseSource[] = [
  {
    of: 'server-reclaim',
    meter: 'deadline-met',
    read: executed({
      fits: (row) => row.subject === 'SERVER' && outcomeOf(row) === 'RELEASE',
      due: executionDue,
      done: (_row, parts) => lastRelease(parts),
    }),
  },
  {
    of: 'right-size',
    meter: 'deadline-met',
    read: executed({
      fits: (row) => row.subject === 'SERVER' && outcomeOf(row) === 'RIGHT_SIZE',
      due: (ctx, _row, agreed, add) => add(agreed, ctx.plan.duration('change.implementVm')),
      done: (row) => (row.change ? Temporal.Instant.from(row.change.at) : null),
    }),
  },
  {
    of: 'cluster-shrink',
    meter: 'deadline-met',
    read: executed({
      fits: (row) => row.subject === 'CLUSTER' && outcomeOf(row) !== 'KEEP' && outcomeOf(row) !== '',
      due: executionDue,
      done: (row) => (row.outcome === 'SHRUNK' ? row.closed_at : null),
    }),
  },
  {
    of: 'storage-reclaim',
    meter: 'deadline-met',
    read: executed({
      fits: (row) => row.subject === 'VOLUME' && ['RELEASE', 'RELEASE_VOLUME', 'SHRINK'].includes(outcomeOf(row)),
      due: executionDue,
      done: (_row, parts) => lastRelease(parts),
    }),
  },
  {
    of: 'server-report-peaks',
    meter: 'complete',
    read: reports('server-reclaim', (row) => (row.figures?.items.length ?? 0) > 0 && (row.figures?.items.every(hasFivePeaks) ?? false)),
  },
  { of: 'server-report-reasons', meter: 'complete', read: reports('server-reclaim', reasoned) },
  {
    of: 'storage-report-history',
    meter: 'complete',
    read: reports('storage-reclaim', (row) => row.figures?.items.every((item) => item.usedSeries.length > 0) ?? false),
  },
  { of: 'storage-report-reasons', meter: 'complete', read: reports('storage-reclaim', reasoned) },
]
