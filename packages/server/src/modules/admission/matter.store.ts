import type { Totals } from '@changbai/contract/forms.ts'
import type { Db } from '../../platform/db.ts'
import type { Json } from './form.store.ts'

export type MatterType = 'admission' | 'request'
export interface Point {
  field: string
  text: string
}

interface MatterReviewTable {
  id: string
  matter_type: MatterType
  matter_id: string
  node: string
  round: number
  result: string
  comment: string
  points: Json<Point[]>
  facts: Json<Record<string, unknown>>
  by_id: string
  by_name: string
  by_role: string
  at: Temporal.Instant
}
interface MatterSignatureTable {
  id: string
  matter_type: MatterType
  matter_id: string
  person_id: string
  name: string
  role: string
  means: 'LETTER' | 'ELECTRONIC'
  letter_no: string
  digest: string
  at: Temporal.Instant
}
interface BuildDemandTable {
  id: string
  matter_type: MatterType
  matter_id: string
  tenant_id: string
  shortage: Json<Partial<Totals>>
  status: 'OPEN' | 'READY' | 'CANNOT'
  ready_on: Temporal.PlainDate | null
  comment: string
  created_at: Temporal.Instant
  decided_at: Temporal.Instant | null
  decided_by_name: string | null
}
declare module '../../platform/db.ts' {
  interface Tables {
    matter_review: MatterReviewTable
    matter_signature: MatterSignatureTable
    build_demand: BuildDemandTable
  }
}

export interface ReviewRow {
  id: string
  node: string
  round: number
  result: string
  comment: string
  points: Point[]
  facts: Record<string, unknown>
  byName: string
  byRole: string
  byId: string
  at: Temporal.Instant
}

export async function insertReview(db: Db, matter: { type: MatterType; id: string }, review: ReviewRow): Promise<void> {
  await db
    .insertInto('matter_review')
    .values({
      id: review.id,
      matter_type: matter.type,
      matter_id: matter.id,
      node: review.node,
      round: review.round,
      result: review.result,
      comment: review.comment,
      points: JSON.stringify(review.points),
      facts: JSON.stringify(review.facts),
      by_id: review.byId,
      by_name: review.byName,
      by_role: review.byRole,
      at: review.at,
    })
    .execute()
}

/** Oldest first. */
export const reviewsOf = (db: Db, type: MatterType, id: string): Promise<ReviewRow[]> =>
  db
    .selectFrom('matter_review')
    .select([
      'id',
      'node',
      'round',
      'result',
      'comment',
      'points',
      'facts',
      'by_id as byId',
      'by_name as byName',
      'by_role as byRole',
      'at',
    ])
    .where('matter_type', '=', type)
    .where('matter_id', '=', id)
    .orderBy('at')
    .orderBy('id')
    .execute()

export interface SignatureRow {
  personId: string
  name: string
  role: string
  means: 'LETTER' | 'ELECTRONIC'
  letterNo: string
  digest: string
  at: Temporal.Instant
}
export async function insertSignature(
  db: Db,
  matter: { type: MatterType; id: string },
  id: string,
  signature: SignatureRow,
): Promise<void> {
  await db
    .insertInto('matter_signature')
    .values({
      id,
      matter_type: matter.type,
      matter_id: matter.id,
      person_id: signature.personId,
      name: signature.name,
      role: signature.role,
      means: signature.means,
      letter_no: signature.letterNo,
      digest: signature.digest,
      at: signature.at,
    })
    .execute()
}
export const signaturesOf = (db: Db, type: MatterType, id: string): Promise<SignatureRow[]> =>
  db
    .selectFrom('matter_signature')
    .select(['person_id as personId', 'name', 'role', 'means', 'letter_no as letterNo', 'digest', 'at'])
    .where('matter_type', '=', type)
    .where('matter_id', '=', id)
    .orderBy('at')
    .execute()

export interface DemandRow {
  id: string
  shortage: Partial<Totals>
  status: 'OPEN' | 'READY' | 'CANNOT'
  readyOn: Temporal.PlainDate | null
}
export async function insertDemand(
  db: Db,
  matter: { type: MatterType; id: string; tenantId: string },
  demand: { id: string; shortage: Partial<Totals>; at: Temporal.Instant },
): Promise<void> {
  await db
    .insertInto('build_demand')
    .values({
      id: demand.id,
      matter_type: matter.type,
      matter_id: matter.id,
      tenant_id: matter.tenantId,
      shortage: JSON.stringify(demand.shortage),
      status: 'OPEN',
      ready_on: null,
      created_at: demand.at,
      decided_at: null,
      decided_by_name: null,
      comment: '',
    })
    .execute()
}
/** The newest demand of a matter. */
export const demandOf = (db: Db, type: MatterType, id: string): Promise<DemandRow | undefined> =>
  db
    .selectFrom('build_demand')
    .select(['id', 'shortage', 'status', 'ready_on as readyOn'])
    .where('matter_type', '=', type)
    .where('matter_id', '=', id)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()

export async function decideDemand(
  db: Db,
  id: string,
  decision: { status: 'READY' | 'CANNOT'; readyOn: Temporal.PlainDate | null; comment: string; byName: string; at: Temporal.Instant },
): Promise<void> {
  await db
    .updateTable('build_demand')
    .set({
      status: decision.status,
      ready_on: decision.readyOn,
      comment: decision.comment,
      decided_by_name: decision.byName,
      decided_at: decision.at,
    })
    .where('id', '=', id)
    .execute()
}
