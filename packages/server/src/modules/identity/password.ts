import { identityProblems } from '@changbai/contract/identity.ts'
import { hash, verify } from '@node-rs/argon2'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { isStrongPassword, PASSWORDS_REMEMBERED } from './identity.domain.ts'
import { policyOf } from './policy.ts'
import { insertPassword, recentPasswords } from './session.store.ts'

/** argon2id with the library's defaults (19 MiB, 2 passes): about 20 ms here. */
const matches = (digest: string, password: string): Promise<boolean> => verify(digest, password).catch(() => false)

/** A hash nobody's password has: an unknown user name takes as long to refuse as a wrong password. */
let decoy: Promise<string> | undefined
export async function passwordMatches(digest: string | undefined, password: string): Promise<boolean> {
  decoy ??= hash('nobody has this one')
  const known = await matches(digest ?? (await decoy), password)
  return digest !== undefined && known
}

/** @throws identityProblems.weakPassword, identityProblems.passwordReused */
export async function setPassword(
  ctx: Ctx,
  person: { id: string; signIn: string },
  password: string,
  { temporary }: { temporary: boolean },
): Promise<void> {
  const policy = await policyOf(ctx)
  if (!isStrongPassword(password, person.signIn, policy)) {
    fail(identityProblems.weakPassword, { min: policy.passwordMinLength, classes: policy.passwordClasses })
  }
  for (const old of await recentPasswords(ctx.db, person.id, PASSWORDS_REMEMBERED)) {
    if (await matches(old.hash, password)) fail(identityProblems.passwordReused)
  }
  await insertPassword(ctx.db, { person_id: person.id, set_at: ctx.now, hash: await hash(password), temporary })
}
