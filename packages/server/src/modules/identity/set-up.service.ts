import type { Role } from '@changbai/contract/capability.ts'
import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { type identityApi, identityProblems } from '@changbai/contract/identity.ts'
import { newToken, sameSecret, sha256Hex } from '../../platform/crypto.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { grantDirect } from './grant.service.ts'
import { isStrongPassword } from './identity.domain.ts'
import { addPerson } from './people.service.ts'
import { closeSetUp, countPeople, isSetUpOpen, openSetUpRow, setUpRow } from './person.store.ts'
import { policyOf } from './policy.ts'

/** For an installation without people: opens the set-up page and returns its token, to be printed in the terminal. Null when closed. */
export async function openSetUp(ctx: Ctx): Promise<string | null> {
  if ((await countPeople(ctx.db)) > 0) return null
  const token = newToken()
  await openSetUpRow(ctx.db, sha256Hex(token))
  return token
}

export const readSetUp = async (ctx: Ctx): Promise<Reply<typeof identityApi.setUpState>> => ({ open: await isSetUpOpen(ctx.db) })

/** Four passwords on one page: each weak one is named, all at once. */
async function refuseWeak(ctx: Ctx, input: Input<typeof identityApi.setUp>): Promise<void> {
  const policy = await policyOf(ctx)
  const posts = ['systemAdmin', 'securityAdmin', 'auditAdmin', 'iaasAdmin'] as const
  const weak = posts.filter((post) => !isStrongPassword(input[post].password, input[post].signIn, policy))
  const params = { min: policy.passwordMinLength, classes: policy.passwordClasses }
  const message = ctx.locale === 'en-US' ? 'Too weak' : '强度不够'
  if (weak.length > 0)
    fail(
      identityProblems.weakPassword,
      params,
      weak.map((post) => ({ path: `${post}.password`, code: 'weak', message })),
    )
}

/** Ruling 7: four different persons in one transaction, then closed for good. */
export async function setUp(ctx: Ctx, input: Input<typeof identityApi.setUp>): Promise<Reply<typeof identityApi.setUp>> {
  const row = await setUpRow(ctx.db)
  if (!row || row.done_at) return fail(identityProblems.setUpClosed)
  if (!sameSecret(row.token_digest, sha256Hex(input.token))) fail(identityProblems.setUpToken)
  await refuseWeak(ctx, input)
  const seats: [Role, typeof input.systemAdmin][] = [
    ['SYSTEM_ADMIN', input.systemAdmin],
    ['SECURITY_ADMIN', input.securityAdmin],
    ['AUDIT_ADMIN', input.auditAdmin],
    ['IAAS_ADMIN', input.iaasAdmin],
  ]
  if (new Set(seats.map(([, person]) => person.signIn)).size < 4 || new Set(seats.map(([, person]) => person.name)).size < 4)
    fail(identityProblems.fourPersons)
  for (const [role, person] of seats) {
    const personId = await addPerson(ctx, person, { temporary: false })
    await grantDirect(ctx, { personId, role, tenantId: null, applicationId: null, reason: '初始设置' })
  }
  await closeSetUp(ctx.db, ctx.now)
  await ctx.record({ kind: 'set-up.done', subject: { type: 'installation', id: 'only' } })
  return {}
}
