import type { Ctx } from '../../platform/ctx.ts'
import type { ResourceRow } from '../cloud/index.ts'
import { recordNetwork, recordServer, recordVolume, retireBySource, type Source } from '../inventory/index.ts'
import { type LineRow, type OrderRow, updateLine } from './provisioning.store.ts'

const sourceOf = (line: LineRow, part: string): Source => ({ type: 'work-order-line', id: `${line.id}/${part}` })

interface Placed {
  tenantId: string
  applicationId: string
  env: OrderRow['env']
  usageUntil: string
  zone: string
}
const placedOf = (order: OrderRow, line: LineRow): Placed => ({
  tenantId: order.tenant_id,
  applicationId: order.application_id,
  env: order.env,
  usageUntil: line.usage_until.toString(),
  zone: '',
})

/** Enters what a line came to into the inventory. The same line recorded again changes the same items. */
export async function recordLine(ctx: Ctx, order: OrderRow, line: LineRow, rows: readonly ResourceRow[]): Promise<void> {
  if (line.spec.kind === 'VM') await recordMachines(ctx, order, line, rows)
  if (line.spec.kind === 'BAREMETAL') await recordMetal(ctx, order, line)
  if (line.spec.kind === 'STORAGE') await recordStorage(ctx, order, line, rows)
  if (line.spec.kind === 'NETWORK') await recordRange(ctx, order, line, rows)
  await updateLine(ctx.db, line.id, { recorded_at: ctx.now })
}

/** What a line came to is gone from the cloud, so its machines and volumes go out of use. The application's network stays. */
export async function retireLine(ctx: Ctx, line: LineRow, reason: string): Promise<void> {
  if (line.recorded_at === null) return
  for (const { name } of line.result) {
    const disks = line.spec.kind === 'VM' ? line.spec.dataDisks : []
    for (const index of disks.keys()) await retireBySource(ctx, 'volume', sourceOf(line, `${name}/${index + 1}`), reason)
    if (line.spec.kind === 'STORAGE') await retireBySource(ctx, 'volume', sourceOf(line, name), reason)
    if (line.spec.kind === 'VM') await retireBySource(ctx, 'server', sourceOf(line, name), reason)
  }
  await updateLine(ctx.db, line.id, { recorded_at: null })
}

async function recordMachines(ctx: Ctx, order: OrderRow, line: LineRow, rows: readonly ResourceRow[]): Promise<void> {
  const { spec } = line
  if (spec.kind !== 'VM') return
  for (const made of line.result) {
    const row = rows.find((one) => one.kind === 'server' && one.external_id === made.externalId && made.externalId !== null)
    const publicAddress = row
      ? rows.find((one) => one.want.kind === 'address' && row.want.kind === 'server' && one.want.port === row.want.port)
      : undefined
    const server = await recordServer(ctx, {
      ...placedOf(order, line),
      source: sourceOf(line, made.name),
      kind: 'vm',
      name: made.name,
      vcpu: spec.vcpu,
      memGiB: spec.memGiB,
      rootGiB: spec.rootGiB,
      os: spec.image.slice(0, 120),
      addresses: made.addresses.map((address) => ({ address, zone: '', public: address === publicAddress?.facts.address })),
      connectionId: row?.connection_id ?? null,
      externalId: made.externalId,
    })
    const volumes = row?.want.kind === 'server' ? row.want.dataVolumes : []
    for (const [index, disk] of spec.dataDisks.entries()) {
      const volume = rows.find((one) => one.key === volumes[index])
      await recordVolume(ctx, {
        ...placedOf(order, line),
        source: sourceOf(line, `${made.name}/${index + 1}`),
        kind: 'block',
        name: volume?.name ?? `${made.name}-data${index + 1}`,
        gib: disk.gib,
        tier: disk.type,
        serverId: server.id,
        connectionId: volume?.connection_id ?? null,
        externalId: volume?.external_id ?? null,
      })
    }
  }
}

/** @clause 3.2.3 the inventory refuses a model that has not passed its acceptance test */
async function recordMetal(ctx: Ctx, order: OrderRow, line: LineRow): Promise<void> {
  const { spec } = line
  if (spec.kind !== 'BAREMETAL') return
  for (const made of line.result) {
    await recordServer(ctx, {
      ...placedOf(order, line),
      source: sourceOf(line, made.name),
      kind: 'baremetal',
      name: made.name,
      vcpu: Number(made.facts.vcpu ?? 0) || 0,
      memGiB: Number(made.facts.memGiB ?? 0) || 0,
      os: spec.os,
      addresses: made.addresses.map((address) => ({ address, zone: '', public: false })),
      hardwareModelId: spec.modelId,
      rackId: made.facts.rackId ?? null,
      rackUnit: made.facts.rackUnit ? Number(made.facts.rackUnit) : null,
      serialNo: made.facts.serialNo ?? '',
      bmcAddress: made.facts.bmcAddress ?? null,
    })
  }
}

async function recordStorage(ctx: Ctx, order: OrderRow, line: LineRow, rows: readonly ResourceRow[]): Promise<void> {
  const { spec } = line
  if (spec.kind !== 'STORAGE') return
  const kind = ({ BLOCK: 'block', FILE: 'file', OBJECT: 'object', BACKUP: 'backup' } as const)[spec.storage]
  for (const made of line.result) {
    const row = rows.find((one) => one.kind === 'volume')
    await recordVolume(ctx, {
      ...placedOf(order, line),
      source: sourceOf(line, made.name),
      kind,
      name: made.name,
      gib: spec.gib,
      connectionId: row?.connection_id ?? null,
      externalId: made.externalId,
    })
  }
}

async function recordRange(ctx: Ctx, order: OrderRow, line: LineRow, rows: readonly ResourceRow[]): Promise<void> {
  const { spec } = line
  if (spec.kind !== 'NETWORK') return
  const subnet = rows.find((row) => row.kind === 'subnet')
  await recordNetwork(ctx, {
    ...placedOf(order, line),
    source: sourceOf(line, 'range'),
    kind: spec.loadBalancer ? 'LOAD_BALANCER' : 'NETWORK',
    name: line.result[0]?.name ?? line.title,
    zone: spec.zone,
    cidr: subnet?.facts.cidr ?? spec.cidr,
    domain: spec.domain,
    bandwidthMbps: spec.mbps > 0 ? spec.mbps : null,
    rules: spec.rules.map((rule) => ({ ...rule, until: null })),
    connectionId: subnet?.connection_id ?? null,
    externalId: subnet?.external_id ?? null,
  })
}
