import type { HouseMap } from '@changbai/contract/alarm.map.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { layoutOf, NETWORK_KINDS } from '../inventory/index.ts'
import { FRESH } from './coverage.service.ts'
import { highestReading, openByObject } from './map.store.ts'

const LINK_IN = 'link.in'
const LINK_OUT = 'link.out'

/** The house and how each thing of it is: rooms with their racks, and the network with how full its links are. @clause 5.2-6 */
export async function readHouseMap(ctx: Ctx): Promise<HouseMap> {
  const { racks, items, links } = await layoutOf(ctx)
  const ids = items.map(({ id }) => id)
  const open = await openByObject(ctx.db, ids)
  const readings = await highestReading(ctx.db, [LINK_IN, LINK_OUT], ids, ctx.now.subtract(FRESH))
  const stateOf = (id: string) => open.get(id) ?? { level: null, alarms: 0 }
  const rooms = [...Map.groupBy(racks, ({ room }) => room)].map(([name, own]) => ({
    name,
    racks: own.map((rack) => ({
      id: rack.id,
      name: rack.name,
      row: rack.row,
      units: rack.units,
      items: items
        .filter(({ rackId }) => rackId === rack.id)
        .map(({ type, id, name: itemName, kind, unit, height }) => ({ type, id, name: itemName, kind, unit, height, ...stateOf(id) })),
    })),
  }))
  const linked = new Set(links.flatMap(({ from, to }) => [from, to]))
  const nodes = items
    .filter(({ id, kind }) => NETWORK_KINDS.includes(kind) || linked.has(id))
    .map(({ type, id, name, kind }) => ({
      type,
      id,
      name,
      kind,
      ...stateOf(id),
      inPercent: readings.get(`${id} ${LINK_IN}`) ?? null,
      outPercent: readings.get(`${id} ${LINK_OUT}`) ?? null,
    }))
  return { at: ctx.now.toString(), rooms, nodes, links }
}
