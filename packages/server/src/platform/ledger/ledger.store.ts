import { type Batch, type Fact, ROLL_DIGITS } from '@changbai/verify/ledger.domain.ts'
import { sql } from 'kysely'
import type { Db, Row } from '../db.ts'

declare module '../db.ts' {
  interface Tables {
    ledger_fact: LedgerFactTable
    ledger_pending: { fact_id: string }
    ledger_key: { key_id: string; algorithm: string; public_key: string; first_used_at: Temporal.Instant }
    ledger_batch: LedgerBatchTable
    ledger_entry: { position: number; fact_id: string; batch_no: number }
  }
}

interface LedgerFactTable {
  id: string
  at: Temporal.Instant
  actor_kind: string
  actor_person_id: string | null
  actor_name: string
  session_id: string | null
  address: string
  kind: string
  subject_type: string
  subject_id: string
  tenant_id: string | null
  before: Fact['before'] | string
  after: Fact['after'] | string
  data: Fact['data'] | string
  digest_algorithm: string
  digest: string
}

interface LedgerBatchTable {
  no: number
  first_position: number
  last_position: number
  previous: string
  head: string
  roll: string
  digest_algorithm: string
  sealed_at: Temporal.Instant
  key_id: string
  signature: string
}

export interface DigestedFact {
  fact: Fact
  digestAlgorithm: string
  digest: string
}

export interface PlacedFact extends DigestedFact {
  position: number
}

export interface SignedBatch {
  batch: Batch
  signature: string
}

export interface LedgerFilter {
  kindPrefix?: string | undefined
  actorPersonId?: string | undefined
  subjectType?: string | undefined
  subjectId?: string | undefined
  tenantId?: string | undefined
  address?: string | undefined
  /** half-open: from <= at < until */
  from?: Temporal.Instant | undefined
  until?: Temporal.Instant | undefined
}

/** One key of the advisory lock for all processes: whoever holds it writes the chain. */
const SEAL_LOCK = 4_911_203

/** Instants in facts have three decimals always, or equal times would be spelled two ways. */
export const instantText = (at: Temporal.Instant) => at.toString({ fractionalSecondDigits: 3 })

/** jsonb takes null for SQL null; JSON null is never stored. */
const jsonColumn = (value: Fact['data']) => (value === null ? null : JSON.stringify(value))

export const insertFacts = (db: Db, facts: readonly DigestedFact[]) =>
  db
    .insertInto('ledger_fact')
    .values(
      facts.map(({ fact, digestAlgorithm, digest }) => ({
        id: fact.id,
        at: Temporal.Instant.from(fact.at),
        actor_kind: fact.actorKind,
        actor_person_id: fact.actorPersonId,
        actor_name: fact.actorName,
        session_id: fact.sessionId,
        address: fact.address,
        kind: fact.kind,
        subject_type: fact.subjectType,
        subject_id: fact.subjectId,
        tenant_id: fact.tenantId,
        before: jsonColumn(fact.before),
        after: jsonColumn(fact.after),
        data: jsonColumn(fact.data),
        digest_algorithm: digestAlgorithm,
        digest,
      })),
    )
    .execute()

const toFact = (row: Row<'ledger_fact'>): DigestedFact => ({
  fact: {
    id: row.id,
    at: instantText(row.at),
    actorKind: row.actor_kind,
    actorPersonId: row.actor_person_id,
    actorName: row.actor_name,
    sessionId: row.session_id,
    address: row.address,
    kind: row.kind,
    subjectType: row.subject_type,
    subjectId: row.subject_id,
    tenantId: row.tenant_id,
    before: row.before,
    after: row.after,
    data: row.data,
  },
  digestAlgorithm: row.digest_algorithm,
  digest: row.digest,
})

const toBatch = (row: Row<'ledger_batch'>): SignedBatch => ({
  batch: {
    no: row.no,
    firstPosition: row.first_position,
    lastPosition: row.last_position,
    previous: row.previous,
    head: row.head,
    roll: row.roll,
    digestAlgorithm: row.digest_algorithm,
    sealedAt: instantText(row.sealed_at),
    keyId: row.key_id,
  },
  signature: row.signature,
})

/** Waits for the pen; held to the end of the transaction. */
export const takePen = (db: Db) => sql`select pg_advisory_xact_lock(${SEAL_LOCK})`.execute(db)

/** Takes the pen unless another process writes at this moment. */
export async function tryTakePen(db: Db): Promise<boolean> {
  const { rows } = await sql<{ taken: boolean }>`select pg_try_advisory_xact_lock(${SEAL_LOCK}) as taken`.execute(db)
  return rows[0]?.taken === true
}

export async function lastBatch(db: Db): Promise<Batch | undefined> {
  const row = await db.selectFrom('ledger_batch').selectAll().orderBy('no', 'desc').limit(1).executeTakeFirst()
  return row && toBatch(row).batch
}

/** Committed facts without a position, oldest first. A fact still in flight is invisible here and waits for a later batch. */
export async function unsealedFacts(db: Db, limit: number): Promise<DigestedFact[]> {
  const rows = await db
    .selectFrom('ledger_pending')
    .innerJoin('ledger_fact', 'ledger_fact.id', 'ledger_pending.fact_id')
    .selectAll('ledger_fact')
    .orderBy('ledger_fact.id')
    .limit(limit)
    .execute()
  return rows.map(toFact)
}

export async function countUnsealed(db: Db): Promise<number> {
  const row = await db.selectFrom('ledger_pending').select(db.fn.countAll<number>().as('n')).executeTakeFirstOrThrow()
  return row.n
}

/** Facts that neither have a position nor wait for one: somebody reached around the triggers. */
export async function strayFacts(db: Db, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('ledger_fact')
    .leftJoin('ledger_entry', 'ledger_entry.fact_id', 'ledger_fact.id')
    .leftJoin('ledger_pending', 'ledger_pending.fact_id', 'ledger_fact.id')
    .select('ledger_fact.id')
    .where('ledger_entry.position', 'is', null)
    .where('ledger_pending.fact_id', 'is', null)
    .limit(limit)
    .execute()
  return rows.map((row) => row.id)
}

export async function insertBatch(db: Db, { batch, signature }: SignedBatch, factIds: readonly string[]): Promise<void> {
  await db
    .insertInto('ledger_batch')
    .values({
      no: batch.no,
      first_position: batch.firstPosition,
      last_position: batch.lastPosition,
      previous: batch.previous,
      head: batch.head,
      roll: batch.roll,
      digest_algorithm: batch.digestAlgorithm,
      sealed_at: Temporal.Instant.from(batch.sealedAt),
      key_id: batch.keyId,
      signature,
    })
    .execute()
  await sql`
    insert into ledger_entry (position, fact_id, batch_no)
    select ${batch.firstPosition}::bigint + ord - 1, fact_id, ${batch.no}
    from unnest(${[...factIds]}::uuid[]) with ordinality as sealed (fact_id, ord)`.execute(db)
  await sql`delete from ledger_pending where fact_id = any (${[...factIds]}::uuid[])`.execute(db)
}

export const keepKey = (db: Db, key: { keyId: string; algorithm: string; publicKey: string }, now: Temporal.Instant) =>
  db
    .insertInto('ledger_key')
    .values({ key_id: key.keyId, algorithm: key.algorithm, public_key: key.publicKey, first_used_at: now })
    .onConflict((conflict) => conflict.column('key_id').doNothing())
    .execute()

export const allKeys = (db: Db) => db.selectFrom('ledger_key').selectAll().orderBy('first_used_at').execute()

/** Batches `from`..`to` by number, ascending, at most `limit`. */
export async function batchesBetween(db: Db, from: number, to: number, limit: number): Promise<SignedBatch[]> {
  const rows = await db
    .selectFrom('ledger_batch')
    .selectAll()
    .where('no', '>=', from)
    .where('no', '<=', to)
    .orderBy('no')
    .limit(limit)
    .execute()
  return rows.map(toBatch)
}

/** Batches below a number, newest first. */
export async function latestBatches(db: Db, below: number | undefined, limit: number): Promise<Batch[]> {
  let query = db.selectFrom('ledger_batch').selectAll()
  if (below !== undefined) query = query.where('no', '<', below)
  const rows = await query.orderBy('no', 'desc').limit(limit).execute()
  return rows.map((row) => toBatch(row).batch)
}

/** Numbers of the batches sealed in a half-open span of time; undefined if there are none. */
export async function batchRange(
  db: Db,
  from?: Temporal.Instant,
  until?: Temporal.Instant,
): Promise<{ first: number; last: number } | undefined> {
  let query = db
    .selectFrom('ledger_batch')
    .select((eb) => [eb.fn.min<number | null>('no').as('first'), eb.fn.max<number | null>('no').as('last')])
  if (from) query = query.where('sealed_at', '>=', from)
  if (until) query = query.where('sealed_at', '<', until)
  const row = await query.executeTakeFirstOrThrow()
  return row.first === null || row.last === null ? undefined : { first: row.first, last: row.last }
}

/** The facts of one batch in order of position. A fact whose row is gone is missing here, which the verifier names. */
export async function factsOfBatch(db: Db, batchNo: number): Promise<PlacedFact[]> {
  const rows = await db
    .selectFrom('ledger_entry')
    .innerJoin('ledger_fact', 'ledger_fact.id', 'ledger_entry.fact_id')
    .select('ledger_entry.position')
    .selectAll('ledger_fact')
    .where('ledger_entry.batch_no', '=', batchNo)
    .orderBy('ledger_entry.position')
    .execute()
  return rows.map((row) => ({ position: row.position, ...toFact(row) }))
}

/** Facts by filter, newest first, with their position once sealed. Served by ledger_fact_at and the indexes by subject, actor and kind. */
export async function listFacts(
  db: Db,
  filter: LedgerFilter,
  after: { at: Temporal.Instant; id: string } | undefined,
  limit: number,
): Promise<(DigestedFact & { position: number | null; batchNo: number | null })[]> {
  let query = db
    .selectFrom('ledger_fact')
    .leftJoin('ledger_entry', 'ledger_entry.fact_id', 'ledger_fact.id')
    .selectAll('ledger_fact')
    .select(['ledger_entry.position', 'ledger_entry.batch_no'])
  if (filter.kindPrefix) query = query.where('kind', 'like', `${filter.kindPrefix.replaceAll(/[\\%_]/g, '\\$&')}%`)
  if (filter.actorPersonId) query = query.where('actor_person_id', '=', filter.actorPersonId)
  if (filter.subjectType) query = query.where('subject_type', '=', filter.subjectType)
  if (filter.subjectId) query = query.where('subject_id', '=', filter.subjectId)
  if (filter.tenantId) query = query.where('tenant_id', '=', filter.tenantId)
  if (filter.address) query = query.where('address', '=', filter.address)
  if (filter.from) query = query.where('at', '>=', filter.from)
  if (filter.until) query = query.where('at', '<', filter.until)
  if (after) query = query.where(sql<boolean>`(ledger_fact.at, ledger_fact.id) < (${after.at}, ${after.id}::uuid)`)
  const rows = await query.orderBy('ledger_fact.at', 'desc').orderBy('ledger_fact.id', 'desc').limit(limit).execute()
  return rows.map((row) => ({ ...toFact(row), position: row.position, batchNo: row.batch_no }))
}

export const rollOf = (digests: readonly string[]) => digests.map((digest) => digest.slice(0, ROLL_DIGITS)).join('')
