import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../platform/db.ts'

type Reading = Kysely<Tables>

export interface AccountRecord {
  id: string
  signIn: string
  name: string
  unit: string | null
  active: boolean
  createdAt: Temporal.Instant
  disabledAt: Temporal.Instant | null
  lastSignInAt: Temporal.Instant | null
  hasSecondFactor: boolean
  hasSingleSignOn: boolean
  passwordSetAt: Temporal.Instant | null
  /** Every password there is or was is a slow hash; so it is where there is none. */
  hasSlowHashes: boolean
  /** In force, delegated ones left out. */
  roles: string[]
}
/** Every account there ever was. */
export async function auditAccounts(db: Reading): Promise<AccountRecord[]> {
  const { rows } = await sql<AccountRecord>`
    select p.id, p.sign_in as "signIn", p.name, p.unit, p.active, p.created_at as "createdAt", p.disabled_at as "disabledAt",
      p.last_sign_in_at as "lastSignInAt",
      exists (select from second_factor f where f.person_id = p.id and f.confirmed_at is not null) as "hasSecondFactor",
      exists (select from sso_link l where l.person_id = p.id) as "hasSingleSignOn",
      (select max(w.set_at) from password w where w.person_id = p.id) as "passwordSetAt",
      not exists (select from password w where w.person_id = p.id and not starts_with(w.hash, '$argon2id$')) as "hasSlowHashes",
      array(select distinct g.role from role_grant g where g.person_id = p.id and g.status = 'IN_FORCE' order by 1) as roles
    from person p order by p.created_at, p.id`.execute(db)
  return rows
}

export interface GrantRecord {
  person: string
  signIn: string
  role: string
  tenant: string | null
  status: string
  reason: string
  proposedBy: string | null
  proposedAt: Temporal.Instant
  decidedBy: string | null
  decidedAt: Temporal.Instant | null
  endedAt: Temporal.Instant | null
  /** Whoever proposed it approved it too. */
  byOneHand: boolean
}
export async function auditGrants(db: Reading): Promise<GrantRecord[]> {
  const { rows } = await sql<GrantRecord>`
    select p.name as person, p.sign_in as "signIn", g.role, t.name as tenant, g.status, g.reason,
      q.name as "proposedBy", g.proposed_at as "proposedAt", d.name as "decidedBy", g.decided_at as "decidedAt", g.ended_at as "endedAt",
      coalesce(g.proposed_by = g.decided_by, false) as "byOneHand"
    from role_grant g join person p on p.id = g.person_id left join tenant t on t.id = g.tenant_id
      left join person q on q.id = g.proposed_by left join person d on d.id = g.decided_by
    order by g.proposed_at, g.id`.execute(db)
  return rows
}

export interface ReviewRecord {
  quarter: string
  openedAt: Temporal.Instant
  dueAt: Temporal.Instant
  confirmedBy: string | null
  confirmedAt: Temporal.Instant | null
  lapsedAt: Temporal.Instant | null
  kept: number
  withdrawn: number
  lapsed: number
  undecided: number
}
export async function auditReviews(db: Reading): Promise<ReviewRecord[]> {
  const { rows } = await sql<ReviewRecord>`
    select r.quarter, r.opened_at as "openedAt", r.due_at as "dueAt", p.name as "confirmedBy", r.confirmed_at as "confirmedAt", r.lapsed_at as "lapsedAt",
      count(i.*) filter (where i.decision = 'KEEP') as kept, count(i.*) filter (where i.decision = 'WITHDRAW') as withdrawn,
      count(i.*) filter (where i.decision = 'LAPSED') as lapsed, count(i.*) filter (where i.decision is null) as undecided
    from access_review r left join person p on p.id = r.confirmed_by left join access_review_item i on i.review_id = r.id
    group by r.id, p.name order by r.quarter`.execute(db)
  return rows
}

export interface LoanRecord {
  role: string
  from: string
  to: string
  fromAt: Temporal.Instant
  untilAt: Temporal.Instant
  endedAt: Temporal.Instant | null
  reason: string
}
export async function auditLoans(db: Reading): Promise<LoanRecord[]> {
  const { rows } = await sql<LoanRecord>`
    select d.role, f.name as from, t.name as to, d.from_at as "fromAt", d.until_at as "untilAt", d.ended_at as "endedAt", d.reason
    from delegation d join person f on f.id = d.from_person_id join person t on t.id = d.to_person_id order by d.from_at, d.id`.execute(db)
  return rows
}
