import type { CalendarEntry, changeApi } from '@changbai/contract/change.ts'
import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { reaches, scopeOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { downtimesIn } from '../availability/index.ts'
import { applicationsById } from '../inventory/index.ts'
import { type ChangeRow, changesBetween, overlapping } from './change.store.ts'
import { freezesBetween } from './rules.store.ts'

type Api = typeof changeApi
declare module '../../platform/ctx.ts' {
  interface Events {
    /** Rows of the calendar that other modules keep; whoever has some adds them. */
    'change.calendar-asked': {
      from: Temporal.Instant
      to: Temporal.Instant
      entries: CalendarEntry[]
      changes: readonly { number: string; from: Temporal.Instant; to: Temporal.Instant; ciIds: readonly string[] }[]
    }
  }
}

const windowsOf = (rows: readonly ChangeRow[]) =>
  rows.flatMap((row) =>
    row.window_from && row.window_to && row.status !== 'CLOSED'
      ? [{ number: row.number, from: row.window_from, to: row.window_to, ciIds: row.ci_ids }]
      : [],
  )
/** Changes that want one of these things within a span, for work that is planned elsewhere. */
export const changesOn = async (ctx: Ctx, ciIds: readonly string[], from: Temporal.Instant, to: Temporal.Instant) =>
  (await overlapping(ctx.db, { id: NO_CHANGE, ciIds, from, to })).map(({ id, number, title }) => ({ id, number, title }))
const NO_CHANGE = '00000000-0000-0000-0000-000000000000'
/** Freezes in force that reach into a span. */
export const freezesWithin = async (ctx: Ctx, from: Temporal.Instant, to: Temporal.Instant) =>
  (await freezesBetween(ctx.db, from, to)).map(({ id, name }) => ({ id, name }))

/** What is planned in a span: changes, windows of downtime that belong to none, freezes. Those of other bureaus are not told of. */
export async function readCalendar(ctx: Ctx, input: Input<Api['calendar']>): Promise<Reply<Api['calendar']>> {
  const [from, to] = [Temporal.Instant.from(input.from), Temporal.Instant.from(input.to)]
  const scope = scopeOf(ctx.actor, 'change.read', 'R', 'r')
  const rows = await changesBetween(ctx.db, from, to)
  const names = await applicationsById(ctx, [...new Set(rows.flatMap((row) => row.affected_ids))])
  const seen = (id: string) => {
    const one = names.get(id)
    return one !== undefined && reaches(scope, { tenantId: one.tenantId, applicationId: id })
  }
  const items: CalendarEntry[] = []
  for (const row of rows) {
    if (!row.window_from || !row.window_to) continue
    const mine = reaches(scope, { tenantId: row.tenant_id, applicationId: row.application_id }) || row.affected_ids.some(seen)
    if (!mine) continue
    const others = rows.filter(
      (one) =>
        one.id !== row.id &&
        one.window_from !== null &&
        one.window_to !== null &&
        one.status !== 'CLOSED' &&
        row.status !== 'CLOSED' &&
        Temporal.Instant.compare(one.window_from, row.window_to as Temporal.Instant) < 0 &&
        Temporal.Instant.compare(one.window_to, row.window_from as Temporal.Instant) > 0 &&
        one.ci_ids.some((id) => row.ci_ids.includes(id)),
    )
    items.push({
      kind: 'CHANGE',
      id: row.id,
      title: row.title,
      number: row.number,
      from: row.window_from.toString(),
      to: row.window_to.toString(),
      status: row.status,
      category: row.category,
      applications: row.affected_ids.filter(seen).map((id) => names.get(id)?.name ?? ''),
      conflicts: others.map((one) => one.number),
    })
  }
  for (const one of await downtimesIn(ctx, from, to)) {
    // the window of a change or of a round of patches stands there as such
    if (one.sourceType === 'change' || one.sourceType === 'patch') continue
    items.push({
      kind: 'DOWNTIME',
      id: one.id,
      title: one.impact,
      number: '',
      from: one.plannedFrom.toString(),
      to: one.plannedTo.toString(),
      status: one.recognised === null ? 'PENDING' : one.recognised ? 'RECOGNISED' : 'REFUSED',
      category: null,
      applications: one.applications,
      conflicts: [],
    })
  }
  for (const freeze of await freezesBetween(ctx.db, from, to))
    items.push({
      kind: 'FREEZE',
      id: freeze.id,
      title: freeze.name,
      number: '',
      from: freeze.frozen_from.toString(),
      to: freeze.frozen_to.toString(),
      status: freeze.state,
      category: null,
      applications: [],
      conflicts: [],
    })
  const asked = { from, to, entries: items, changes: windowsOf(rows) }
  await ctx.publish('change.calendar-asked', asked)
  return { items: asked.entries.sort((a, b) => a.from.localeCompare(b.from)) }
}
