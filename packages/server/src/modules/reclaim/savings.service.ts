import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import type { ReclaimAmounts, reclaimApi } from '@changbai/contract/reclaim.ts'
import { scopeOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { closedIn } from './case.store.ts'
import { namesOf } from './names.ts'

type Sum = ReclaimAmounts & { cases: number }
const none = (): Sum => ({ cases: 0, vcpu: 0, memGiB: 0, gib: 0 })
const add = (sum: Sum, saving: ReclaimAmounts): Sum => ({
  cases: sum.cases + 1,
  vcpu: sum.vcpu + saving.vcpu,
  memGiB: sum.memGiB + saving.memGiB,
  gib: sum.gib + saving.gib,
})

/** What was given back in a year, by the month it was, by bureau and by outcome. Kept and cancelled cases are counted and add nothing. */
export async function readSavings(
  ctx: Ctx,
  { year }: Input<(typeof reclaimApi)['savings']>,
): Promise<Reply<(typeof reclaimApi)['savings']>> {
  const of = year ?? shanghaiDay(ctx.now).year
  const start = (y: number) => Temporal.Instant.from(`${y}-01-01T00:00:00+08:00`)
  const rows = await closedIn(ctx.db, start(of), start(of + 1), scopeOf(ctx.actor, 'reclaim.read', 'R', 'r'))
  const names = await namesOf(ctx, rows)
  let total = none()
  const months = new Map<string, Sum>()
  const bureaus = new Map<string, Sum>()
  const outcomes: Record<string, number> = {}
  for (const row of rows) {
    const outcome = row.outcome ?? 'CANCELLED'
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
    if (!row.saving || !row.closed_at) continue
    const month = shanghaiDay(row.closed_at).toString().slice(0, 7)
    const bureau = names.tenant(row.tenant_id) ?? '—'
    total = add(total, row.saving)
    months.set(month, add(months.get(month) ?? none(), row.saving))
    bureaus.set(bureau, add(bureaus.get(bureau) ?? none(), row.saving))
  }
  return {
    year: of,
    now: ctx.now.toString(),
    total,
    months: [...months].sort(([a], [b]) => (a < b ? -1 : 1)).map(([month, sum]) => ({ month, ...sum })),
    bureaus: [...bureaus].sort(([, a], [, b]) => b.vcpu - a.vcpu || b.gib - a.gib).map(([tenantName, sum]) => ({ tenantName, ...sum })),
    outcomes,
  }
}
