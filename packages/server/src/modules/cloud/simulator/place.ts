import type { Ctx } from '../../../platform/ctx.ts'
import { newId } from '../../../platform/ids.ts'
import { activeConnection } from '../cloud.store.ts'
import { insertThing, updateThing } from './simulator.store.ts'

interface Place {
  kind: 'server' | 'volume'
  name: string
  vcpu?: number
  memGiB?: number
  gib?: number
  /** The server a volume hangs on, by the cloud's id. */
  on?: string | undefined
}

/** Puts a thing into the simulated cloud as if it had been there for long; null where the cloud in use is none. For demo data. */
export async function placeSimulated(
  ctx: Ctx,
  { kind, name, vcpu = 0, memGiB = 0, gib = 0, on }: Place,
): Promise<{ connectionId: string; externalId: string } | null> {
  const connection = await activeConnection(ctx.db)
  if (connection?.driver !== 'simulator') return null
  const [externalId, key] = [newId(), `cb-demo-${newId()}`]
  await insertThing(ctx.db, {
    connection_id: connection.id,
    key,
    external_id: externalId,
    kind,
    vcpu,
    mem_mib: memGiB * 1024,
    disk_gib: kind === 'volume' ? gib : 0,
    public_addresses: 0,
    ready_at: ctx.now,
    fate: 'ok',
    message: '',
    facts: JSON.stringify({ name, status: kind === 'server' ? 'ACTIVE' : 'available' }),
    created_at: ctx.now,
  })
  if (on) await updateThing(ctx.db, connection.id, key, { state: JSON.stringify({ server: on }) })
  return { connectionId: connection.id, externalId }
}
