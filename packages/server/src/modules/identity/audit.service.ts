import type { PolicyValues } from '@changbai/contract/access.ts'
import type { Role } from '@changbai/contract/capability.ts'
import type { Ctx } from '../../platform/ctx.ts'
import {
  type AccountRecord,
  auditAccounts,
  auditGrants,
  auditLoans,
  auditReviews,
  type GrantRecord,
  type LoanRecord,
  type ReviewRecord,
} from './audit.store.ts'
import { incompatibleRole } from './identity.domain.ts'
import { listAddresses } from './policy.store.ts'
import { planPolicy, policyOf } from './policy.ts'

/** Everything an auditor asks of accounts and rights. */
export interface IdentityAudit {
  accounts: AccountRecord[]
  grants: GrantRecord[]
  reviews: ReviewRecord[]
  loans: LoanRecord[]
  policy: { inForce: PolicyValues; plan: PolicyValues }
  addresses: { network: string; note: string }[]
  /** People who hold two roles that exclude each other: must be empty. */
  conflicts: { name: string; signIn: string; role: string; against: string }[]
}

const conflictsOf = ({ name, signIn, roles, active }: AccountRecord): IdentityAudit['conflicts'] =>
  active
    ? (roles as Role[]).flatMap((role, index) => {
        const against = incompatibleRole(role, (roles as Role[]).slice(index + 1))
        return against ? [{ name, signIn, role, against }] : []
      })
    : []

/** Asks every rule again of what is in force now, instead of trusting that it held when a role was given. */
export async function auditIdentity(ctx: Ctx): Promise<IdentityAudit> {
  const accounts = await auditAccounts(ctx.db)
  return {
    accounts,
    grants: await auditGrants(ctx.db),
    reviews: await auditReviews(ctx.db),
    loans: await auditLoans(ctx.db),
    policy: { inForce: await policyOf(ctx), plan: planPolicy(ctx) },
    addresses: (await listAddresses(ctx.db)).map(({ network, note }) => ({ network, note })),
    conflicts: accounts.flatMap(conflictsOf),
  }
}
