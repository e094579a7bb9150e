import type { ItemType, StatedRelation } from '@changbai/contract/inventory.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { hardwareModels } from './hardware.service.ts'
import { addItem } from './item.service.ts'
import { listItems } from './items.store.ts'
import { kinds } from './kinds.store.ts'
import { relate } from './relation.service.ts'
import { addResource } from './resource.service.ts'

interface End {
  type: ItemType
  id: string
}
const HOSTS = 4

/** What the demo servers stand on: a pair of core switches, two switches at the racks, hosts, storage, power; every virtual server on a host. */
export async function seedDemoGraph(ctx: Ctx, racks: readonly { id: string; room: string }[]): Promise<void> {
  const [firstRack, secondRack] = racks
  if (!firstRack || !secondRack) return
  const component = async (kind: string, name: string, more: Readonly<Record<string, unknown>> = {}): Promise<End> => {
    const { id } = await addItem(ctx, 'component', { kind, name, state: 'ACTIVE', ...more }, 'DEMO')
    return { type: 'component', id }
  }
  const state = (from: End, kind: StatedRelation, to: End, bundle?: string) => relate(ctx, { kind, from, to, note: '', needed: 1, bundle })
  const cores = [
    await component('SWITCH', '核心交换机 CORE-1', { rackId: firstRack.id, address: '10.52.0.11' }),
    await component('SWITCH', '核心交换机 CORE-2', { rackId: secondRack.id, address: '10.52.0.12' }),
  ]
  const power = [await component('POWER', 'UPS A 路'), await component('POWER', 'UPS B 路')]
  const storage = await component('STORAGE', '分布式存储 SSD 池')
  const line = await component('LINE', '政务外网专线')
  const carrier = await component('PROVIDER', '省联通')
  await state(line, 'PROVIDED_BY', carrier)
  for (const core of cores) await state(core, 'DEPENDS_ON', line)
  const [model] = await hardwareModels(ctx)
  const hosts: End[] = []
  for (let n = 0; n < HOSTS; n++) {
    const rack = n % 2 === 0 ? firstRack : secondRack
    const { id } = await addResource(
      ctx,
      'server',
      {
        kind: 'baremetal',
        name: `host-${String(n + 1).padStart(2, '0')}`,
        vcpu: model?.vcpu ?? 112,
        memGiB: model?.memGiB ?? 512,
        hardwareModelId: model?.id ?? null,
        rackId: rack.id,
        rackUnit: 1 + 4 * Math.floor(n / 2),
        zone: 'gov-extranet',
      },
      'DEMO',
    )
    const host: End = { type: 'server', id }
    hosts.push(host)
    for (const core of cores) await state(host, 'CONNECTS_TO', core)
    for (const feed of power) await state(host, 'DEPENDS_ON', feed, 'feed')
    await state(host, 'DEPENDS_ON', storage)
  }
  const machines = await listItems(ctx.db, kinds.server, { equals: { kind: 'vm' }, scope: { all: true } }, undefined, 200)
  for (const [index, { item }] of machines.entries()) await state({ type: 'server', id: item.id }, 'RUNS_ON', hosts[index % HOSTS] as End)
}
