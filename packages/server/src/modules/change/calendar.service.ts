import type { CalendarEntry, changeApi } from '@changbai/contract/change.ts'
import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { reaches, scopeOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { downtimesIn } from '../availability/index.ts'
import { applicationsById } from '../inventory/index.ts'
import { changesBetween } from './change.store.ts'
import { freezesBetween } from './rules.store.ts'

type Api = typeof changeApi

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
    // a change's own window stands there as the change
    if (one.sourceType === 'change') continue
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
  return { items: items.sort((a, b) => a.from.localeCompare(b.from)) }
}
