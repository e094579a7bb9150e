import { randomBytes } from 'node:crypto'
import { identityProblems } from '@changbai/contract/identity.ts'
import { Secret, TOTP } from 'otpauth'
import { sha256Hex } from '../../platform/crypto.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { type SecondFactor, saveSecondFactor, secondFactorOf } from './session.store.ts'

const PURPOSE = 'second-factor'
const STEP_SECONDS = 30
const RECOVERY_CODES = 10
const totpOf = (secret: string, label: string): TOTP =>
  new TOTP({ issuer: 'Changbai', label, secret: Secret.fromBase32(secret), period: STEP_SECONDS, digits: 6, algorithm: 'SHA1' })

export async function enrolTotp(ctx: Ctx, personId: string, label: string): Promise<{ uri: string; secret: string }> {
  const secret = new Secret({ size: 20 }).base32
  await saveSecondFactor(ctx.db, {
    person_id: personId,
    secret: ctx.crypto.seal(PURPOSE, secret),
    confirmed_at: null,
    last_step: 0,
    recovery: [],
  })
  return { secret, uri: totpOf(secret, label).toString() }
}

/** The time step a code belongs to, or null; one step of drift each way. */
function stepOf(secret: string, code: string, now: Temporal.Instant): number | null {
  const timestamp = now.epochMilliseconds
  const delta = totpOf(secret, '').validate({ token: code.replaceAll(' ', ''), timestamp, window: 1 })
  return delta === null ? null : Math.floor(timestamp / 1000 / STEP_SECONDS) + delta
}

/** Accepts a code once, or a recovery code once; null for a wrong one. A recovery code used leaves a fact. */
export async function useCode(ctx: Ctx, personId: string, code: string): Promise<'CODE' | 'RECOVERY' | null> {
  const factor = await secondFactorOf(ctx.db, personId)
  if (!factor?.confirmed_at) return null
  const step = stepOf(ctx.crypto.open(PURPOSE, factor.secret), code, ctx.now)
  if (step !== null && step > factor.last_step) {
    await saveSecondFactor(ctx.db, { ...factor, last_step: step })
    return 'CODE'
  }
  const digest = sha256Hex(code.replaceAll('-', '').toLowerCase())
  if (!factor.recovery.includes(digest)) return null
  const recovery = factor.recovery.filter((one) => one !== digest)
  await saveSecondFactor(ctx.db, { ...factor, recovery })
  await ctx.record({ kind: 'second-factor.recovery-used', subject: { type: 'person', id: personId }, after: { left: recovery.length } })
  return 'RECOVERY'
}

/** Ten new recovery codes, shown once; those before stop working. */
export async function renewRecovery(ctx: Ctx, factor: SecondFactor): Promise<string[]> {
  const codes = Array.from({ length: RECOVERY_CODES }, () => randomBytes(5).toString('hex'))
  await saveSecondFactor(ctx.db, { ...factor, recovery: codes.map(sha256Hex) })
  return codes.map((one) => `${one.slice(0, 5)}-${one.slice(5)}`)
}

/** @throws identityProblems.wrongCode */
export async function confirmTotp(ctx: Ctx, personId: string, code: string): Promise<string[]> {
  const factor = await secondFactorOf(ctx.db, personId)
  if (factor?.confirmed_at) fail(identityProblems.secondFactorOn)
  const step = factor && stepOf(ctx.crypto.open(PURPOSE, factor.secret), code, ctx.now)
  if (!factor || step === null || step === undefined) return fail(identityProblems.wrongCode)
  return renewRecovery(ctx, { ...factor, confirmed_at: ctx.now, last_step: step })
}
