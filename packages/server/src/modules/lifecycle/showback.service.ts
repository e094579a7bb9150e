import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { type lifecycleApi, type PriceKey, Prices, type Showback } from '@changbai/contract/lifecycle.ts'
import { scopeOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import type { Download } from '../../platform/mount.ts'
import { spoolSheet } from '../../platform/sheets.ts'
import { SHANGHAI } from '../../platform/time.ts'
import { tenantNames } from '../identity/index.ts'
import { applicationsById, type HeldItem, heldDuring } from '../inventory/index.ts'
import { paramsOn, requirePlan } from '../plan/index.ts'
import { securityHeldDuring } from '../security/index.ts'
import { diskKey, type PricedAmounts, quantitiesOf, stretchesOf, weigh } from './showback.domain.ts'

type Api = typeof lifecycleApi
type Amounts = Pick<HeldItem, 'vcpu' | 'memGiB' | 'gib' | 'tier' | 'bandwidthMbps'>

const pricedOf =
  ({ type, kind }: HeldItem) =>
  (as: Amounts): PricedAmounts => {
    if (type === 'volume') return { [diskKey(as.tier)]: Number(as.gib) }
    if (type === 'network')
      return kind === 'PUBLIC_ADDRESS' ? { publicAddress: 1, bandwidthMbps: as.bandwidthMbps } : { bandwidthMbps: as.bandwidthMbps }
    return kind === 'baremetal' ? { baremetal: 1 } : { vcpu: as.vcpu, memGiB: as.memGiB, rootGiB: Number(as.gib) }
  }
/** The system disk of a server is `gib` here and `rootGiB` in its history. */
const amountsBefore = (before: Record<string, unknown>): Partial<Amounts> => {
  const { rootGiB, ...rest } = before
  return { ...(rest as Partial<Amounts>), ...(rootGiB === undefined ? {} : { gib: rootGiB as number }) }
}

interface Weighed {
  tenantId: string | null
  applicationId: string | null
  quantities: PricedAmounts
}
const added = (a: PricedAmounts, b: PricedAmounts): PricedAmounts => {
  const sum = { ...a }
  for (const [key, value] of Object.entries(b) as [PriceKey, number][]) sum[key] = (sum[key] ?? 0) + value
  return sum
}

/** Everything held in a month by those the actor may see, as quantities by application. */
async function heldIn(ctx: Ctx, month: Temporal.PlainYearMonth) {
  const startOf = (one: Temporal.PlainYearMonth) => one.toPlainDate({ day: 1 }).toZonedDateTime(SHANGHAI).toInstant()
  const [from, to] = [startOf(month), startOf(month.add({ months: 1 }))]
  const end = Temporal.Instant.compare(ctx.now, to) < 0 ? ctx.now : to
  const monthMs = to.epochMilliseconds - from.epochMilliseconds
  const scope = scopeOf(ctx.actor, 'showback.read', 'R', 'r')
  const held: Weighed[] = []
  if (Temporal.Instant.compare(end, from) > 0) {
    const { items, changes } = await heldDuring(ctx, from, end, scope)
    const changesOf = Map.groupBy(changes, (one) => one.itemId)
    for (const item of items) {
      const span = {
        fromMs: Math.max(from.epochMilliseconds, item.heldFrom.epochMilliseconds),
        toMs: Math.min(end.epochMilliseconds, item.heldUntil?.epochMilliseconds ?? Number.POSITIVE_INFINITY),
      }
      const back = (changesOf.get(item.id) ?? []).map(({ at, before }) => ({ atMs: at.epochMilliseconds, before: amountsBefore(before) }))
      const stretches = stretchesOf<Amounts>(item, back, span, pricedOf(item))
      held.push({ tenantId: item.tenantId, applicationId: item.applicationId, quantities: quantitiesOf(stretches, monthMs) })
    }
    for (const one of await securityHeldDuring(ctx, from, end, scope))
      held.push({
        tenantId: one.tenantId,
        applicationId: one.applicationId,
        quantities: { securityService: (one.untilMs - one.fromMs) / monthMs },
      })
  }
  return { held, upTo: end === to ? null : end, from }
}

/**
 * What a month of everything held weighs, by bureau and application, at the prices in force on the first day of the month. Something changed in
 * the middle of the month counts as what it was while it was so.
 */
export async function readShowback(ctx: Ctx, { month }: Input<Api['showback']>): Promise<Showback> {
  const of = Temporal.PlainYearMonth.from(month)
  const prices = Prices.parse(paramsOn(await requirePlan(ctx), of.toPlainDate({ day: 1 })).value<unknown>('showback.prices'))
  const { held, upTo } = await heldIn(ctx, of)
  const sums = new Map<string, Weighed>()
  for (const one of held) {
    const key = `${one.tenantId}/${one.applicationId}`
    const known = sums.get(key)
    sums.set(key, known ? { ...known, quantities: added(known.quantities, one.quantities) } : one)
  }
  const tenants = await tenantNames(ctx, [...new Set(held.flatMap((one) => one.tenantId ?? []))])
  const applications = await applicationsById(ctx, [...new Set(held.flatMap((one) => one.applicationId ?? []))])
  const rows = [...sums.values()].map(({ tenantId, applicationId, quantities }) => {
    const lines = weigh(quantities, prices)
    return {
      tenantId,
      applicationId,
      name: (applicationId && applications.get(applicationId)?.name) || '',
      weightCents: lines.reduce((sum, line) => sum + line.weightCents, 0),
      lines,
    }
  })
  const totalCents = rows.reduce((sum, row) => sum + row.weightCents, 0)
  const heaviest = (a: { weightCents: number; name: string }, b: { weightCents: number; name: string }) =>
    b.weightCents - a.weightCents || a.name.localeCompare(b.name)
  const bureaus = [...Map.groupBy(rows, (row) => row.tenantId)].map(([tenantId, own]) => {
    const weightCents = own.reduce((sum, row) => sum + row.weightCents, 0)
    return {
      tenantId,
      name: (tenantId && tenants.get(tenantId)) || '',
      weightCents,
      share: totalCents === 0 ? 0 : weightCents / totalCents,
      applications: own.map(({ tenantId: _, ...row }) => row).sort(heaviest),
    }
  })
  return { month, unit: prices.unit, upTo: upTo?.toString() ?? null, totalCents, bureaus: bureaus.sort(heaviest) }
}

const words: Record<PriceKey, { zh: string; en: string; per: string }> = {
  vcpu: { zh: '云主机 CPU', en: 'CPU of servers', per: 'vCPU' },
  memGiB: { zh: '云主机内存', en: 'Memory of servers', per: 'GiB' },
  rootGiB: { zh: '系统盘', en: 'System disks', per: 'GiB' },
  ssdGiB: { zh: '云盘 SSD', en: 'Volumes, SSD', per: 'GiB' },
  sasGiB: { zh: '云盘 SAS', en: 'Volumes, SAS', per: 'GiB' },
  sataGiB: { zh: '云盘 SATA', en: 'Volumes, SATA', per: 'GiB' },
  otherGiB: { zh: '其他存储', en: 'Other storage', per: 'GiB' },
  baremetal: { zh: '物理机', en: 'Physical servers', per: '台' },
  publicAddress: { zh: '公网地址', en: 'Public addresses', per: '个' },
  bandwidthMbps: { zh: '带宽', en: 'Bandwidth', per: 'Mbps' },
  securityService: { zh: '安全服务', en: 'Security services', per: '项' },
}

interface SheetRow {
  bureau: string
  application: string
  what: string
  per: string
  quantity: number | null
  price: number | null
  weight: number
}
/** The report of a month as a sheet: a row a kind of thing of an application, a sum for each application, bureau and for all. */
export async function exportShowback(ctx: Ctx, { month, format }: Input<Api['exportShowback']>): Promise<Download> {
  const data: Reply<Api['showback']> = await readShowback(ctx, { month })
  const en = ctx.locale === 'en-US'
  const pick = (one: { zh: string; en: string }) => (en ? one.en : one.zh)
  const sum = (bureau: string, application: string, cents: number): SheetRow => ({
    bureau,
    application,
    what: en ? 'Sum' : '合计',
    per: '',
    quantity: null,
    price: null,
    weight: cents / 100,
  })
  const own = en ? 'The platform itself' : '平台自用'
  const rows: SheetRow[] = data.bureaus.flatMap((bureau) => [
    ...bureau.applications.flatMap((application) => [
      ...application.lines.map((line) => ({
        bureau: bureau.name || own,
        application: application.name || '—',
        what: pick(words[line.key]),
        per: words[line.key].per,
        quantity: line.quantity,
        price: line.price,
        weight: line.weightCents / 100,
      })),
      sum(bureau.name || own, application.name || '—', application.weightCents),
    ]),
    sum(bureau.name || own, '', bureau.weightCents),
  ])
  const sheet = await spoolSheet<SheetRow>(ctx, {
    format,
    name: `${en ? 'showback' : '费用权重'}-${month}`,
    columns: [
      { zh: '使用单位', en: 'Bureau', cell: (row) => row.bureau, width: 34 },
      { zh: '应用系统', en: 'Application', cell: (row) => row.application, width: 48 },
      { zh: '资源', en: 'Resource', cell: (row) => row.what, width: 18 },
      { zh: '单位', en: 'Unit', cell: (row) => row.per },
      { zh: '数量（按占用时长折月）', en: 'Quantity (months of a unit)', cell: (row) => row.quantity },
      { zh: '单价（每月）', en: 'Price a month', cell: (row) => row.price },
      { zh: `费用权重（${data.unit.zh}）`, en: `Weight (${data.unit.en})`, cell: (row) => row.weight },
    ],
    pages: (async function* () {
      yield [...rows, sum(en ? 'All' : '总计', '', data.totalCents)]
    })(),
  })
  await ctx.record({ kind: 'showback.exported', subject: { type: 'showback', id: month }, data: { format, rows: sheet.rows } })
  return sheet
}
