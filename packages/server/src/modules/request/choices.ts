import type { MatterKind, Totals } from '@changbai/contract/forms.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { loadBusinessClock } from '../calendar/index.ts'
import { baseParametersInForce, flavors, hardwareModels, images } from '../inventory/index.ts'
import type { ProvisionFacts } from './domain/provision.ts'

/** Ways of keeping copies that the platform offers. */
export const BACKUP_POLICIES = [
  { id: 'none', name: '不备份', note: '数据可由他处重建时' },
  { id: 'daily-7', name: '每日增量，保留 7 日', note: null },
  { id: 'daily-30', name: '每日增量、每周全备，保留 30 日', note: null },
  { id: 'daily-180', name: '每日增量、每周全备，保留 180 日', note: '等保三级核心数据' },
] as const

/** An empty list of choices means that nobody has kept it yet: then nothing is refused for not being in it. */
const known = <T>(items: readonly T[], idOf: (item: T) => string): ReadonlySet<string> | null =>
  items.length === 0 ? null : new Set(items.map(idOf))

/** Zones of availability in which virtual machines can be placed, from the base parameters. */
async function zones(ctx: Ctx): Promise<{ id: string; name: string }[]> {
  const parameters = await baseParametersInForce(ctx)
  const byId = new Map<string, string>()
  for (const zone of parameters?.zones ?? [])
    if (zone.availabilityZone !== '' && !byId.has(zone.availabilityZone)) byId.set(zone.availabilityZone, zone.name)
  return [...byId].map(([id, name]) => ({ id, name }))
}

export async function listChoices(ctx: Ctx) {
  const [sizes, systems, places, models] = [await flavors(ctx), await images(ctx), await zones(ctx), await hardwareModels(ctx)]
  return {
    flavors: sizes.map((one) => ({ id: one.id, name: one.name, note: one.note || null, vcpu: one.vcpu, memGiB: one.memGiB })),
    images: systems.map((one) => ({ id: one.id, name: one.name, note: one.domestic ? '国产操作系统' : null })),
    zones: places.map((one) => ({ ...one, note: null })),
    models: models.map((one) => ({
      id: one.id,
      name: `${one.vendor} ${one.model}`,
      note: `${one.cpu} ${one.memGiB} GiB`.trim(),
      tested: one.acceptance === 'PASS',
    })),
    backupPolicies: BACKUP_POLICIES.map((one) => ({ ...one })),
  }
}

/** Everything outside the form that its rules look at. */
export async function factsFor(ctx: Ctx, given: { kind: MatterKind; catalogTotals: Totals }): Promise<ProvisionFacts> {
  const choices = await listChoices(ctx)
  const clock = await loadBusinessClock(ctx)
  const dueOn = (workdays: number) => shanghaiDay(clock.addTime(ctx.now, `${workdays}wd`))
  return {
    flavors: choices.flavors.length === 0 ? null : new Map(choices.flavors.map((one) => [one.id, { vcpu: one.vcpu, memGiB: one.memGiB }])),
    images: known(choices.images, (one) => one.id),
    zones: known(choices.zones, (one) => one.id),
    // only models that passed are offered; any other id is one that did not pass or does not exist
    models: new Map(choices.models.map((one) => [one.id, { tested: one.tested }])),
    backupPolicies: known(choices.backupPolicies, (one) => one.id),
    catalogTotals: given.catalogTotals,
    deviationLimitPct: ctx.plan.number('request.sumTolerancePercent'),
    today: shanghaiDay(ctx.now),
    earliestReadyOn: {
      vm: dueOn(ctx.plan.number('provisioning.vmWorkdays')),
      baremetal: dueOn(ctx.plan.number('provisioning.baremetalWorkdays')),
    },
    kind: given.kind,
  }
}
