import { type Intake, type intakeApi, intakeProblems as problems } from '@changbai/contract/desk-intake.ts'
import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { personOf } from '../../platform/actor.ts'
import { newToken, sha256Hex } from '../../platform/crypto.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { allIntakes, type IntakeRow, insertIntake, lockIntake, updateIntake } from './intake.store.ts'

type Api = typeof intakeApi
export const MAILBOX_PURPOSE = 'desk.mailbox'

const toIntake = (row: IntakeRow): Intake => ({
  id: row.id,
  kind: row.kind,
  name: row.name,
  state: row.state,
  settings: row.settings,
  proposedByName: row.proposed_by_name,
  proposedAt: row.proposed_at.toString(),
  decidedByName: row.decided_by_name,
  decidedAt: row.decided_at?.toString() ?? null,
  lastOkAt: row.last_ok_at?.toString() ?? null,
  lastError: row.last_error,
})
export const listIntakes = async (ctx: Ctx): Promise<Reply<Api['list']>> => ({ items: (await allIntakes(ctx.db)).map(toIntake) })

const proposal = (ctx: Ctx, name: string) => ({
  id: newId(),
  name,
  state: 'PENDING' as const,
  proposed_by: personOf(ctx.actor),
  proposed_by_name: ctx.actor.name,
  proposed_at: ctx.now,
  decided_by_name: null,
  decided_at: null,
  uid_validity: null,
  last_ok_at: null,
  last_error: null,
})
async function recorded(ctx: Ctx, id: string, kind: string, data: object): Promise<Intake> {
  await ctx.record({ kind: `intake.${kind}`, subject: { type: 'desk-intake', id }, data })
  return toIntake((await lockIntake(ctx.db, id)) as IntakeRow)
}

/** The token is shown this once; only its digest is kept. It is worth nothing until the security administrator approves. */
export async function addTelephone(ctx: Ctx, { name }: Input<Api['addTelephone']>): Promise<Reply<Api['addTelephone']>> {
  const token = `cbt_${newToken()}`
  const row = proposal(ctx, name)
  await insertIntake(ctx.db, { ...row, kind: 'TELEPHONE', token_sha256: sha256Hex(token), settings: null, secret_sealed: null })
  return { intake: await recorded(ctx, row.id, 'proposed', { kind: 'TELEPHONE', name }), token }
}
export async function addMailbox(ctx: Ctx, { name, settings, password }: Input<Api['addMailbox']>): Promise<Reply<Api['addMailbox']>> {
  const row = proposal(ctx, name)
  const secret_sealed = ctx.crypto.seal(MAILBOX_PURPOSE, password)
  await insertIntake(ctx.db, { ...row, kind: 'MAILBOX', token_sha256: null, settings: JSON.stringify(settings), secret_sealed })
  return recorded(ctx, row.id, 'proposed', { kind: 'MAILBOX', name, settings })
}
/** Another person than who proposed it; what is in force may be retired by any security administrator. */
export async function decideIntake(ctx: Ctx, { intakeId, approve }: Input<Api['decide']>): Promise<Reply<Api['decide']>> {
  const row = (await lockIntake(ctx.db, intakeId)) ?? fail(commonProblems.notFound)
  if (row.state === 'RETIRED' || (approve && row.state !== 'PENDING')) fail(problems.decided)
  if (approve && row.proposed_by === personOf(ctx.actor)) fail(problems.samePerson)
  const state = approve ? ('ACTIVE' as const) : ('RETIRED' as const)
  await updateIntake(ctx.db, row.id, { state, decided_by_name: ctx.actor.name, decided_at: ctx.now })
  return recorded(ctx, row.id, approve ? 'approved' : 'retired', { name: row.name })
}
