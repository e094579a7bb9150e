import { sql } from 'kysely'
import type { Db, NewRow, Row, RowChange } from '../../platform/db.ts'
import './tables.store.ts'

export type DefRow = Row<'wf_def'>
export type ProposalRow = Row<'wf_proposal'>
export type DefSummary = Omit<DefRow, 'xml'> & { open_instances: number; versions: number }

export const definitionById = (db: Db, id: string): Promise<DefRow | undefined> =>
  db.selectFrom('wf_def').selectAll().where('id', '=', id).executeTakeFirst()

export const definitionVersion = (db: Db, key: string, version: number): Promise<DefRow | undefined> =>
  db.selectFrom('wf_def').selectAll().where('key', '=', key).where('version', '=', version).executeTakeFirst()

/** Newest version of each key. Served by the unique index (key, version). */
export const latestDefinitions = (db: Db, keys: readonly string[]): Promise<{ id: string; key: string }[]> =>
  db
    .selectFrom('wf_def')
    .select(['id', 'key'])
    .distinctOn('key')
    .where('key', 'in', [...keys])
    .orderBy('key')
    .orderBy('version', 'desc')
    .execute()

export const latestDefinition = (db: Db, key: string): Promise<DefRow | undefined> =>
  db.selectFrom('wf_def').selectAll().where('key', '=', key).orderBy('version', 'desc').limit(1).executeTakeFirst()

/** Newest version deployed for this reason. */
export const lastVersionFor = (db: Db, key: string, reason: string): Promise<{ sha256: string; xml: string } | undefined> =>
  db
    .selectFrom('wf_def')
    .select(['sha256', 'xml'])
    .where('key', '=', key)
    .where('reason', '=', reason)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst()

/** One deployment of a key at a time, across processes. */
export async function lockKey(db: Db, key: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(7201906, hashtext(${key}))`.execute(db)
}

export async function insertDefinition(db: Db, row: NewRow<'wf_def'>): Promise<void> {
  await db.insertInto('wf_def').values(row).execute()
}

const counted = (db: Db) =>
  db
    .selectFrom('wf_def as d')
    .select([
      'd.id',
      'd.key',
      'd.version',
      'd.name',
      'd.sha256',
      'd.deployed_at',
      'd.deployed_by',
      'd.deployed_by_name',
      'd.approved_by',
      'd.approved_by_name',
      'd.reason',
      sql<number>`(select count(*)::int from wf_instance i where i.def_id = d.id and i.status = 'RUNNING')`.as('open_instances'),
      sql<number>`(select count(*)::int from wf_def o where o.key = d.key)`.as('versions'),
    ])

/** Newest version of every process, by key. */
export const currentDefinitions = (db: Db): Promise<DefSummary[]> =>
  counted(db)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('wf_def as n').select('n.id').whereRef('n.key', '=', 'd.key').whereRef('n.version', '>', 'd.version'))),
    )
    .orderBy('d.key')
    .execute()

export const versionsOf = (db: Db, key: string): Promise<DefSummary[]> =>
  counted(db).where('d.key', '=', key).orderBy('d.version', 'desc').execute()

/** Definitions with open instances, newest first: what must still find its forms and services after an upgrade. */
export const definitionsInUse = (db: Db): Promise<DefRow[]> =>
  db
    .selectFrom('wf_def as d')
    .selectAll('d')
    .where(({ exists, selectFrom }) =>
      exists(selectFrom('wf_instance as i').select('i.id').whereRef('i.def_id', '=', 'd.id').where('i.status', '=', 'RUNNING')),
    )
    .orderBy('d.key')
    .orderBy('d.version', 'desc')
    .execute()

export const newestVersions = (db: Db): Promise<{ key: string; version: number }[]> =>
  db
    .selectFrom('wf_def')
    .select(({ fn }) => ['key', fn.max('version').as('version')])
    .groupBy('key')
    .execute()
export const runningByDefinition = (db: Db): Promise<{ def_id: string; n: number }[]> =>
  db
    .selectFrom('wf_instance')
    .select(({ fn }) => ['def_id', fn.countAll<number>().as('n')])
    .where('status', '=', 'RUNNING')
    .groupBy('def_id')
    .execute()

export async function insertProposal(db: Db, row: NewRow<'wf_proposal'>): Promise<void> {
  await db.insertInto('wf_proposal').values(row).execute()
}
export async function updateProposal(db: Db, id: string, change: RowChange<'wf_proposal'>): Promise<void> {
  await db.updateTable('wf_proposal').set(change).where('id', '=', id).execute()
}
export const lockProposal = (db: Db, id: string): Promise<ProposalRow | undefined> =>
  db.selectFrom('wf_proposal').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
export const proposalById = (db: Db, id: string): Promise<ProposalRow | undefined> =>
  db.selectFrom('wf_proposal').selectAll().where('id', '=', id).executeTakeFirst()

/** Newest first, 200 at most. */
export function proposalsOf(
  db: Db,
  filter: { key?: string | undefined; state?: ProposalRow['state'] | undefined },
): Promise<ProposalRow[]> {
  let query = db.selectFrom('wf_proposal').selectAll()
  if (filter.key !== undefined) query = query.where('key', '=', filter.key)
  if (filter.state !== undefined) query = query.where('state', '=', filter.state)
  return query.orderBy('proposed_at', 'desc').limit(200).execute()
}
