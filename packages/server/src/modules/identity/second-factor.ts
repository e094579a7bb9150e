import { randomBytes } from 'node:crypto'
import { identityProblems } from '@changbai/contract/identity.ts'
import { Secret, TOTP } from 'otpauth'
import { sha256Hex } from '../../platform/crypto.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { saveSecondFactor, secondFactorOf } from './session.store.ts'

const PURPOSE = 'second-factor'
const STEP_SECONDS = 30
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

/** Accepts a code once, or a recovery code once. */
export async function useCode(ctx: Ctx, personId: string, code: string): Promise<boolean> {
  const factor = await secondFactorOf(ctx.db, personId)
  if (!factor?.confirmed_at) return false
  const step = stepOf(ctx.crypto.open(PURPOSE, factor.secret), code, ctx.now)
  if (step !== null && step > factor.last_step) {
    await saveSecondFactor(ctx.db, { ...factor, last_step: step })
    return true
  }
  const digest = sha256Hex(code.replaceAll('-', '').toLowerCase())
  if (!factor.recovery.includes(digest)) return false
  await saveSecondFactor(ctx.db, { ...factor, recovery: factor.recovery.filter((one) => one !== digest) })
  return true
}

/** @throws identityProblems.wrongCode */
export async function confirmTotp(ctx: Ctx, personId: string, code: string): Promise<string[]> {
  const factor = await secondFactorOf(ctx.db, personId)
  const step = factor && stepOf(ctx.crypto.open(PURPOSE, factor.secret), code, ctx.now)
  if (!factor || step === null || step === undefined) return fail(identityProblems.wrongCode)
  const codes = Array.from({ length: 10 }, () => randomBytes(5).toString('hex'))
  await saveSecondFactor(ctx.db, { ...factor, confirmed_at: ctx.now, last_step: step, recovery: codes.map(sha256Hex) })
  return codes.map((one) => `${one.slice(0, 5)}-${one.slice(5)}`)
}
