import { type intakeApi, intakeProblems as problems } from '@changbai/contract/desk-intake.ts'
import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { systemActor } from '../../platform/actor.ts'
import { sha256Hex } from '../../platform/crypto.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import type { Exchange } from '../../platform/mount.ts'
import { peopleWithPhone, tenantNames } from '../identity/index.ts'
import { type IntakeRow, intakeByToken, lockRing, openRings, type RingRow, updateIntake, updateRing } from './intake.store.ts'

type Api = typeof intakeApi
const digitsOf = (phone: string): string => phone.replace(/\D/g, '')
const bearerOf = ({ request }: Exchange): string => /^Bearer (\S{1,200})$/.exec(request.headers.authorization ?? '')?.[1] ?? ''
async function systemOf(ctx: Ctx, exchange: Exchange): Promise<IntakeRow> {
  const row = await intakeByToken(ctx.db, sha256Hex(bearerOf(exchange)))
  if (!row || row.state === 'RETIRED') return fail(problems.refused)
  return row.state === 'PENDING' ? fail(problems.waits) : row
}

/** A telephone system repeats what it is not sure of, and in any order: the earliest instant of each kind holds, what is known stays. */
export const mergeRing = (row: RingRow, told: Input<Api['ring']>, at: Temporal.Instant): Partial<RingRow> => {
  const earlier = (known: Temporal.Instant | null) => (known && Temporal.Instant.compare(known, at) <= 0 ? known : at)
  return {
    phone: row.phone || told.from,
    agent: row.agent || told.agent,
    recording: row.recording || told.recording,
    rang_at: earlier(row.rang_at),
    ...(told.event === 'ANSWERED' && { answered_at: earlier(row.answered_at) }),
    ...(told.event === 'ENDED' && { ended_at: earlier(row.ended_at) }),
  }
}

/** @clause 5.10.1-(1)b 5.10.1-(2)a */
export async function takeRing(ctx: Ctx, told: Input<Api['ring']>, exchange: Exchange): Promise<Reply<Api['ring']>> {
  const system = await systemOf(ctx, exchange)
  const acting = { ...ctx, actor: systemActor(system.name) }
  const said = Temporal.Instant.from(told.at).round({ smallestUnit: 'millisecond', roundingMode: 'floor' })
  // a clock that runs ahead is the telephone system's; nothing happens later than now
  const at = Temporal.Instant.compare(said, ctx.now) > 0 ? ctx.now : said
  const { row, isNew } = await lockRing(ctx.db, {
    id: newId(),
    intake_id: system.id,
    call_key: told.callId,
    line: told.line,
    phone: told.from,
    phone_digits: '',
    rang_at: at,
    answered_at: null,
    agent: told.agent,
    ended_at: null,
    recording: told.recording,
    call_id: null,
  })
  await updateRing(ctx.db, row.id, mergeRing(row, told, at))
  await updateIntake(ctx.db, system.id, { last_ok_at: ctx.now, last_error: null })
  if (isNew)
    await acting.record({ kind: 'desk.rang', subject: { type: 'desk-ring', id: row.id }, data: { line: told.line, callId: told.callId } })
  return { id: row.id, isNew }
}

const SHOWN_HOURS = 24
/** Rings and calls nobody has written down yet, with who calls as far as the number tells. */
export async function listRings(ctx: Ctx): Promise<Reply<Api['rings']>> {
  const rows = await openRings(ctx.db, ctx.now.subtract({ hours: SHOWN_HOURS }))
  const callers = new Map<string, Awaited<ReturnType<typeof peopleWithPhone>>[number]>()
  for (const digits of new Set(rows.map((row) => digitsOf(row.phone)).filter(Boolean))) {
    const [person] = await peopleWithPhone(ctx, digits)
    if (person) callers.set(digits, person)
  }
  const tenants = await tenantNames(ctx, [...new Set([...callers.values()].flatMap((one) => one.tenantId ?? []))])
  return {
    items: rows.map((row) => {
      const caller = callers.get(digitsOf(row.phone))
      return {
        id: row.id,
        line: row.line,
        phone: row.phone,
        rangAt: row.rang_at.toString(),
        answeredAt: row.answered_at?.toString() ?? null,
        agent: row.agent,
        endedAt: row.ended_at?.toString() ?? null,
        isMissed: row.ended_at !== null && row.answered_at === null,
        callerName: caller?.name ?? null,
        callerOrg: caller?.tenantId ? (tenants.get(caller.tenantId) ?? null) : (caller?.unit ?? null),
      }
    }),
  }
}
