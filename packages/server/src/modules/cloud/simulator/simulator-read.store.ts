import { sql } from 'kysely'
import type { Db } from '../../../platform/db.ts'
import { newId } from '../../../platform/ids.ts'
import { READ_LIMITS, type ReadBatch, type ReadThing } from '../reading.ts'
import type { SimState } from './simulator.store.ts'

interface Row {
  key: string
  external_id: string
  kind: 'server' | 'volume' | 'subnet' | 'address' | 'project'
  vcpu: number
  mem_mib: number
  disk_gib: number
  ready_at: Temporal.Instant
  fate: string
  facts: Record<string, string>
  state: SimState
  doing: unknown
  name: string | null
}

const kinds = { server: 'server', volume: 'volume', subnet: 'network', address: 'address', project: 'project' } as const

function toThing(row: Row, now: Temporal.Instant): ReadThing {
  const name = row.name ?? row.facts.name ?? row.key
  const isReady = row.fate !== 'stuck' && Temporal.Instant.compare(row.ready_at, now) <= 0
  const status = row.state.status ?? 'ACTIVE'
  const stopped = ['SHUTOFF', 'STOPPED', 'SUSPENDED', 'PAUSED', 'SHELVED', 'SHELVED_OFFLOADED'].includes(status)
  const state = row.fate === 'error' || status === 'ERROR' ? 'FAULTY' : stopped ? 'STOPPED' : 'ACTIVE'
  const facts = {
    server: {
      state,
      status,
      vcpu: row.vcpu,
      memMiB: row.mem_mib,
      addresses: row.facts.addresses ? row.facts.addresses.split(',').sort() : null,
    },
    volume: { state, gib: row.disk_gib, servers: row.state.server ? [row.state.server] : null },
    subnet: { cidr: row.facts.cidr ?? null },
    address: { address: row.facts.address ?? name },
    project: { enabled: true },
  }[row.kind]
  const moving = !isReady || row.doing !== null || (row.kind === 'server' && !stopped && !['ACTIVE', 'ERROR'].includes(status))
  return { externalId: row.external_id, name, projectId: '', key: row.key, moving, facts }
}

/** One page of the simulated cloud, by external id; names are those the register gave. */
export async function readSimulated(
  db: Db,
  connectionId: string,
  kind: keyof typeof kinds,
  after: string | null,
  now: Temporal.Instant,
): Promise<ReadBatch & { next: string | null }> {
  const { rows } = await sql<Row>`
    select t.key, t.external_id, t.kind, t.vcpu, t.mem_mib, t.disk_gib, t.ready_at, t.fate, t.facts, t.state, t.doing, r.name
    from sim_thing t left join cloud_resource r on r.key = t.key
    where t.connection_id = ${connectionId} and t.kind = ${kind} and (${after}::uuid is null or t.external_id > ${after}::uuid)
    order by t.external_id limit ${READ_LIMITS.pageSize}`.execute(db)
  const last = rows.length < READ_LIMITS.pageSize
  return {
    kind: kinds[kind],
    things: rows.map((row) => toThing(row, now)),
    last,
    requests: 1,
    next: last ? null : (rows.at(-1)?.external_id ?? null),
  }
}

/** One thing of the simulated cloud; null when it is not there. */
export async function readOneSimulated(
  db: Db,
  connectionId: string,
  kind: ReadBatch['kind'],
  externalId: string,
  now: Temporal.Instant,
): Promise<ReadThing | null> {
  const { rows } = await sql<Row>`
    select t.key, t.external_id, t.kind, t.vcpu, t.mem_mib, t.disk_gib, t.ready_at, t.fate, t.facts, t.state, t.doing, r.name
    from sim_thing t left join cloud_resource r on r.key = t.key
    where t.connection_id = ${connectionId} and t.external_id = ${externalId}::uuid`.execute(db)
  const row = rows.find((one) => kinds[one.kind] === kind)
  return row ? toThing(row, now) : null
}

export const simulatedKinds = Object.keys(kinds) as (keyof typeof kinds)[]

/** What somebody does to the simulated cloud behind our back. */
export type Tampering =
  | { do: 'delete'; externalId: string }
  | { do: 'resize'; externalId: string; vcpu?: number | undefined; memGiB?: number | undefined; gib?: number | undefined }
  | { do: 'stop'; externalId: string }
  | { do: 'create'; name: string; vcpu: number; memGiB: number }

/** @returns how many things were touched; the register learns nothing of it */
export async function tamper(db: Db, connectionId: string, what: Tampering, now: Temporal.Instant): Promise<number> {
  if (what.do === 'create') {
    const id = newId()
    await sql`insert into sim_thing (connection_id, key, external_id, kind, vcpu, mem_mib, ready_at, fate, facts, created_at)
      values (${connectionId}, ${`by-hand-${id}`}, ${id}, 'server', ${what.vcpu}, ${what.memGiB * 1024}, ${now}, 'ok', ${JSON.stringify({ name: what.name })}, ${now})`.execute(
      db,
    )
    return 1
  }
  const there = sql`connection_id = ${connectionId} and external_id = ${what.externalId} and kind in ('server', 'volume')`
  const change = {
    delete: sql`delete from sim_thing where ${there}`,
    stop: sql`update sim_thing set state = state || '{"status":"SHUTOFF"}' where ${there} and kind = 'server'`,
    resize:
      what.do === 'resize'
        ? sql`update sim_thing set vcpu = coalesce(${what.vcpu ?? null}::int, vcpu), mem_mib = coalesce(${what.memGiB ?? null}::int * 1024, mem_mib),
            disk_gib = case when kind = 'volume' then coalesce(${what.gib ?? null}::int, disk_gib) else disk_gib end where ${there}`
        : sql`select`,
  }[what.do]
  return Number((await change.execute(db)).numAffectedRows ?? 0)
}
