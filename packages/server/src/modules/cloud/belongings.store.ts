import { sql } from 'kysely'
import type { Db } from '../../platform/db.ts'
import type { ResourceRow } from './cloud.store.ts'

/** A thing of the register by the cloud's id of it. */
export const resourceByExternalId = (db: Db, connectionId: string, externalId: string): Promise<ResourceRow | undefined> =>
  db
    .selectFrom('cloud_resource')
    .selectAll()
    .where('connection_id', '=', connectionId)
    .where('external_id', '=', externalId)
    .where('kind', '<>', 'quota')
    .executeTakeFirst()

/** Keys of what goes with a server, in the order in which it is taken down: its public address, itself, its port. */
export async function keysWithServer(db: Db, server: ResourceRow): Promise<string[]> {
  if (server.want.kind !== 'server') return [server.key]
  const { port } = server.want
  const { rows } = await sql<{
    key: string
  }>`select key from cloud_resource where kind = 'address' and want->>'port' = ${port} order by key`.execute(db)
  return [...rows.map(({ key }) => key), server.key, port]
}
