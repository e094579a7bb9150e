import { sql } from 'kysely'
import type { Db } from '../../platform/db.ts'

export interface LaidItem {
  type: 'server' | 'component'
  id: string
  name: string
  kind: string
  rackId: string | null
  /** The lowest unit it takes, counted from below; null: it is in the rack, nobody said where. */
  unit: number | null
  height: number
}
export interface LaidRack {
  id: string
  name: string
  room: string
  row: string
  units: number
}
export interface LaidLink {
  from: string
  to: string
}
const RACKS_MAX = 500
const ITEMS_MAX = 20_000

/** Racks by room, row and name. */
export async function laidRacks(db: Db): Promise<LaidRack[]> {
  const { rows } = await sql<LaidRack>`
    select id, name, room, row, units from rack where retired_at is null order by room, row, name, id limit ${RACKS_MAX}`.execute(db)
  return rows
}
/** Physical things: what stands in a rack, and everything of the network wherever it stands. */
export async function laidItems(db: Db, networkKinds: readonly string[]): Promise<LaidItem[]> {
  const { rows } = await sql<LaidItem>`
    select 'server' as type, s.id, s.name, s.kind, s.rack_id as "rackId", s.rack_unit as unit, coalesce(m.rack_units, 1) as height
    from server s left join hardware_model m on m.id = s.hardware_model_id where s.retired_at is null and s.kind = 'baremetal'
    union all
    select 'component', id, name, kind, rack_id, null, 1 from component
    where retired_at is null and (rack_id is not null or kind = any(${networkKinds}::text[]))
    order by name, id limit ${ITEMS_MAX}`.execute(db)
  return rows
}
/** What is wired to what, and what a network device cannot do without, among these things. */
export async function laidLinks(db: Db, ids: readonly string[]): Promise<LaidLink[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<LaidLink>`
    select distinct from_id as "from", to_id as "to" from item_relation
    where kind in ('CONNECTS_TO', 'DEPENDS_ON') and from_id = any(${ids}::uuid[]) and to_id = any(${ids}::uuid[]) order by 1, 2 limit ${ITEMS_MAX}`.execute(
    db,
  )
  return rows
}
