import type { Capability } from '@changbai/contract/capability.ts'
import type { Input } from '@changbai/contract/endpoint.ts'
import {
  type LifeAmounts,
  type Lifecycle,
  type LifeExpiry,
  type LifeMatter,
  type lifecycleApi,
  noLifeAmounts,
} from '@changbai/contract/lifecycle.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { actorCan } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { admissionsInLife } from '../admission/index.ts'
import { changesInLife } from '../change/index.ts'
import { tenantNames } from '../identity/index.ts'
import { findApplication, heldDuring, leasesOf, maySeeApplication } from '../inventory/index.ts'
import { migrationsInLife } from '../migration/index.ts'
import { ordersInLife } from '../provisioning/index.ts'
import { peaksOfServers, reclaimsInLife } from '../reclaim/index.ts'
import { requestsInLife } from '../request/index.ts'
import { securityExpiries } from '../security/index.ts'

const PAGES = { server: 'servers', volume: 'volumes', network: 'networks' } as const

const plus = (a: LifeAmounts, b: LifeAmounts): LifeAmounts => ({
  vcpu: a.vcpu + b.vcpu,
  memGiB: a.memGiB + b.memGiB,
  storageGiB: a.storageGiB + b.storageGiB,
  baremetal: a.baremetal + b.baremetal,
})
const sumOf = (matters: readonly LifeMatter[], stage: LifeMatter['stage']): LifeAmounts =>
  matters.reduce((sum, one) => (one.stage === stage && one.amounts ? plus(sum, one.amounts) : sum), noLifeAmounts)

/** What one application asked for, was given, uses, changed and gave back, and what ends next. Papers the reader may not read are left out. */
export async function readLifecycle(ctx: Ctx, { applicationId }: Input<(typeof lifecycleApi)['get']>): Promise<Lifecycle> {
  const application = await findApplication(ctx, applicationId)
  if (!application || !maySeeApplication(ctx, application)) return fail(commonProblems.notFound)
  const may = (capability: Capability) => actorCan(ctx.actor, capability, 'r') || actorCan(ctx.actor, capability, 'R')
  const admissions = may('admission.read') ? await admissionsInLife(ctx, applicationId) : []
  const matters: LifeMatter[] = [
    ...admissions.map(({ validUntil: _, ...matter }) => matter),
    ...(may('request.read') ? await requestsInLife(ctx, applicationId) : []),
    ...(may('provisioning.read') ? await ordersInLife(ctx, applicationId) : []),
    ...(may('change.read') ? await changesInLife(ctx, applicationId) : []),
    ...(may('reclaim.read') ? await reclaimsInLife(ctx, applicationId) : []),
    ...(may('migration.read') ? await migrationsInLife(ctx, applicationId) : []),
  ].sort((a, b) => a.at.localeCompare(b.at))

  const { items } = await heldDuring(ctx, ctx.now, ctx.now.add({ milliseconds: 1 }), {
    all: false,
    tenantIds: [],
    applicationIds: [applicationId],
  })
  const servers = items.filter((item) => item.type === 'server')
  const held = items.reduce(
    (sum, item) =>
      plus(sum, {
        vcpu: item.kind === 'baremetal' ? 0 : item.vcpu,
        memGiB: item.kind === 'baremetal' ? 0 : item.memGiB,
        storageGiB: item.kind === 'baremetal' ? 0 : Number(item.gib),
        baremetal: item.kind === 'baremetal' ? 1 : 0,
      }),
    noLifeAmounts,
  )
  const { days, peaks } = await peaksOfServers(
    ctx,
    servers.map(({ id }) => id),
  )
  const tenants = await tenantNames(ctx, [application.tenantId])
  return {
    application: {
      id: application.id,
      name: application.name,
      code: application.code,
      tenantName: tenants.get(application.tenantId) ?? null,
      state: application.state,
      admissionNo: application.admissionNo,
    },
    asked: sumOf(matters, 'ASKED'),
    approved: sumOf(matters, 'APPROVED'),
    delivered: sumOf(matters, 'DELIVERED'),
    changed: sumOf(matters, 'CHANGED'),
    returned: sumOf(matters, 'RETURNED'),
    held,
    observeDays: days,
    measured: servers
      .map(({ id, name, vcpu, memGiB }) => ({
        id,
        name,
        vcpu,
        memGiB,
        ...(peaks.get(id) ?? { cpuPeak: null, memoryPeak: null, coverage: 0 }),
      }))
      .sort((a, b) => (a.cpuPeak ?? 101) - (b.cpuPeak ?? 101) || a.name.localeCompare(b.name)),
    expiries: await expiriesOf(ctx, applicationId, admissions),
    matters,
  }
}

async function expiriesOf(
  ctx: Ctx,
  applicationId: string,
  admissions: readonly (LifeMatter & { validUntil: string | null })[],
): Promise<LifeExpiry[]> {
  const today = shanghaiDay(ctx.now)
  const left = (on: string) => today.until(on, { largestUnit: 'day' }).days
  const leases = (await leasesOf(ctx, applicationId)).map(({ kind, id, name, on }) => ({
    kind,
    id,
    name,
    on: on.toString(),
    to: `/cloud/${PAGES[kind]}/${id}`,
  }))
  const unused = admissions.flatMap(({ id, number, validUntil, to }) =>
    validUntil ? [{ kind: 'admission' as const, id, name: number, on: validUntil, to }] : [],
  )
  const mayServices = actorCan(ctx.actor, 'security.service.read', 'r') || actorCan(ctx.actor, 'security.service.read', 'R')
  const services = (mayServices ? await securityExpiries(ctx, applicationId) : []).map((one) => ({ kind: 'security' as const, ...one }))
  return [...leases, ...unused, ...services]
    .map((one) => ({ ...one, daysLeft: left(one.on) }))
    .sort((a, b) => a.on.localeCompare(b.on) || a.name.localeCompare(b.name))
}
