import { type LifeAmounts, type LifeMatter, noLifeAmounts } from '@changbai/contract/lifecycle.ts'
import type { LineSpec } from '@changbai/contract/provisioning.ts'
import { sql } from 'kysely'
import type { Ctx } from '../../platform/ctx.ts'

/** What a line brings. Disks of servers count as storage, as they do in the totals of a request. */
function amountsOfLine(spec: LineSpec): LifeAmounts {
  if (spec.kind === 'VM')
    return {
      vcpu: spec.vcpu * spec.count,
      memGiB: spec.memGiB * spec.count,
      storageGiB: (spec.rootGiB + spec.dataDisks.reduce((sum, disk) => sum + disk.gib, 0)) * spec.count,
      baremetal: 0,
    }
  if (spec.kind === 'BAREMETAL') return { ...noLifeAmounts, baremetal: spec.count }
  return spec.kind === 'STORAGE' ? { ...noLifeAmounts, storageGiB: spec.gib } : noLifeAmounts
}
const sumOf = (all: readonly LifeAmounts[]): LifeAmounts =>
  all.reduce(
    (sum, one) => ({
      vcpu: sum.vcpu + one.vcpu,
      memGiB: sum.memGiB + one.memGiB,
      storageGiB: sum.storageGiB + one.storageGiB,
      baremetal: sum.baremetal + one.baremetal,
    }),
    noLifeAmounts,
  )

interface OrderOfLife {
  id: string
  no: string
  kind: string
  status: string
  approved_at: Temporal.Instant
  delivered_at: Temporal.Instant | null
  lines: { spec: LineSpec; state: string; delivered: boolean }[]
}

/**
 * What was approved and what was delivered to an application, by work order; a line that moved on counts where it went. What came back of it by
 * other ways than a reclaim case is in `returned_part` too: the last entries. No permission is asked: the caller has decided.
 */
export async function ordersInLife(ctx: Ctx, applicationId: string): Promise<LifeMatter[]> {
  const { rows } = await sql<OrderOfLife>`
    select o.id, o.no, o.kind, o.status, o.approved_at, o.delivered_at,
      coalesce(jsonb_agg(jsonb_build_object('spec', l.spec, 'state', l.state, 'delivered', l.delivered_at is not null)) filter (where l.id is not null), '[]') as lines
    from work_order o left join work_order_line l on l.work_order_id = o.id and l.state not in ('MOVED', 'CANCELLED')
    where o.application_id = ${applicationId} group by o.id order by o.approved_at, o.id limit 500`.execute(ctx.db)
  const matter = (row: OrderOfLife, stage: 'APPROVED' | 'DELIVERED', at: Temporal.Instant, amounts: LifeAmounts): LifeMatter => ({
    stage,
    at: at.toString(),
    id: row.id,
    number: row.no,
    title: row.kind,
    status: row.status,
    to: `/work/orders/${row.id}`,
    amounts,
  })
  return rows.flatMap((row) => {
    const delivered = row.lines.filter((line) => line.delivered)
    return [
      matter(row, 'APPROVED', row.approved_at, sumOf(row.lines.map((line) => amountsOfLine(line.spec)))),
      ...(row.delivered_at ? [matter(row, 'DELIVERED', row.delivered_at, sumOf(delivered.map((line) => amountsOfLine(line.spec))))] : []),
    ]
  })
}

/** Lines of security services of a work order that was handed over. */
export async function securityLinesOf(ctx: Ctx, workOrderId: string): Promise<{ id: string; services: string[]; usageUntil: string }[]> {
  const { rows } = await sql<{ id: string; services: string[]; usageUntil: string }>`
    select id, spec->'services' as services, usage_until::text as "usageUntil" from work_order_line
    where work_order_id = ${workOrderId} and kind = 'SECURITY' and state = 'DELIVERED' order by no`.execute(ctx.db)
  return rows
}
