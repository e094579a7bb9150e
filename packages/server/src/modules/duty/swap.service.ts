import { type dutyApi, dutyProblems } from '@changbai/contract/duty.ts'
import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { personOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { pageOf, readCursor } from '../../platform/keyset.ts'
import { notify } from '../notification/index.ts'
import { insertSwap, lockShift, lockSwap, type ShiftRow, type SwapRow, settleSwap, shiftRow, swapRows, updateShift } from './duty.store.ts'
import { type HandOverRow, insertHandOver, listHandOvers, lockHandOver, takeHandOverRow } from './hand-over.store.ts'
import { namesFor, personFrom, toShift } from './present.ts'
import { requireFree, requireQualified } from './roster.service.ts'

type Api = typeof dutyApi

async function toSwap(ctx: Ctx, row: SwapRow): Promise<Reply<Api['askSwap']>> {
  const shift = (await shiftRow(ctx.db, row.shift_id)) ?? fail(commonProblems.notFound)
  const names = await namesFor(ctx, [shift.primary_id, shift.backup_id, row.from_id, row.to_id])
  return {
    id: row.id,
    shift: toShift(shift, names),
    place: row.place,
    from: personFrom(names, row.from_id),
    to: personFrom(names, row.to_id),
    reason: row.reason,
    state: row.state,
    askedAt: row.asked_at.toString(),
    answeredAt: row.answered_at?.toString() ?? null,
    mine: row.state === 'ASKED' && row.to_id === ctx.actor.personId,
  }
}
export async function listSwaps(ctx: Ctx): Promise<Reply<Api['swaps']>> {
  const items: Reply<Api['swaps']>['items'] = []
  for (const row of await swapRows(ctx.db)) items.push(await toSwap(ctx, row))
  return { items }
}

const isOver = (ctx: Ctx, shift: ShiftRow): boolean => Temporal.Instant.compare(shift.ends_at, ctx.now) <= 0

/** The other one must be free, qualified and not already on this very shift. */
async function requireFits(ctx: Ctx, shift: ShiftRow, toId: string): Promise<void> {
  if (isOver(ctx, shift)) fail(dutyProblems.shiftOver)
  if (toId === shift.primary_id || toId === shift.backup_id) fail(dutyProblems.samePerson)
  const standing = { line: shift.line, startsAt: shift.starts_at, endsAt: shift.ends_at, personIds: [toId] }
  await requireQualified(ctx, [standing])
  await requireFree(ctx, [standing], shift.id)
}

export async function askSwap(ctx: Ctx, { shiftId, toId, reason }: Input<Api['askSwap']>): Promise<Reply<Api['askSwap']>> {
  const shift = await lockShift(ctx.db, shiftId)
  if (!shift?.published) return fail(commonProblems.notFound)
  const me = personOf(ctx.actor)
  const place = shift.primary_id === me ? 'PRIMARY' : shift.backup_id === me ? 'BACKUP' : fail(dutyProblems.notYours)
  await requireFits(ctx, shift, toId)
  const row: SwapRow = {
    id: newId(),
    shift_id: shiftId,
    place,
    from_id: me,
    to_id: toId,
    reason,
    state: 'ASKED',
    asked_at: ctx.now,
    answered_at: null,
  }
  await insertSwap(ctx.db, row)
  await ctx.record({ kind: 'duty.swap-asked', subject: { type: 'duty-swap', id: row.id }, after: { shiftId, place, toId, reason } })
  await notify(ctx, {
    event: 'duty.swap-asked',
    to: { personIds: [toId] },
    params: { by: ctx.actor.name, startsAt: shift.starts_at, endsAt: shift.ends_at, reason },
    link: '/duty/calendar/swaps',
  })
  return toSwap(ctx, row)
}

/** Takes effect with the consent of who is asked; until then whoever asked may take it back. */
export async function answerSwap(ctx: Ctx, { swapId, answer }: Input<Api['answerSwap']>): Promise<Reply<Api['answerSwap']>> {
  const swap = (await lockSwap(ctx.db, swapId)) ?? fail(commonProblems.notFound)
  const me = personOf(ctx.actor)
  if (me !== (answer === 'WITHDRAWN' ? swap.from_id : swap.to_id)) fail(dutyProblems.notYours)
  if (swap.state !== 'ASKED') fail(dutyProblems.decided)
  if (answer === 'AGREED') {
    const shift = (await lockShift(ctx.db, swap.shift_id)) ?? fail(commonProblems.notFound)
    // another swap may have been faster
    if ((swap.place === 'PRIMARY' ? shift.primary_id : shift.backup_id) !== swap.from_id) fail(dutyProblems.decided)
    await requireFits(ctx, shift, swap.to_id)
    await updateShift(ctx.db, shift.id, swap.place === 'PRIMARY' ? { primary_id: swap.to_id } : { backup_id: swap.to_id })
  }
  await settleSwap(ctx.db, swapId, answer, ctx.now)
  await ctx.record({ kind: 'duty.swap-answered', subject: { type: 'duty-swap', id: swapId }, after: { answer } })
  if (answer !== 'WITHDRAWN')
    await notify(ctx, {
      event: answer === 'AGREED' ? 'duty.swap-agreed' : 'duty.swap-refused',
      to: { personIds: [swap.from_id] },
      params: { by: ctx.actor.name },
      link: '/duty/calendar/swaps',
    })
  return toSwap(ctx, { ...swap, state: answer, answered_at: ctx.now })
}

async function toHandOver(ctx: Ctx, row: HandOverRow): Promise<Reply<Api['giveHandOver']>> {
  const names = await namesFor(ctx, [row.from_id, row.to_id])
  return {
    id: row.id,
    line: row.line,
    shiftId: row.shift_id,
    from: personFrom(names, row.from_id),
    to: personFrom(names, row.to_id),
    note: row.note,
    openItems: row.open_items as string[],
    givenAt: row.given_at.toString(),
    takenAt: row.taken_at?.toString() ?? null,
  }
}
export async function listHandOverPage(ctx: Ctx, { line, after, limit }: Input<Api['handOvers']>): Promise<Reply<Api['handOvers']>> {
  const rows = await listHandOvers(ctx.db, line, readCursor(after), limit)
  const { items, next } = pageOf(rows, limit, (row) => [row.given_at.toString(), row.id])
  return { items: await Array.fromAsync(items, (row) => toHandOver(ctx, row)), next }
}
export async function giveHandOver(ctx: Ctx, input: Input<Api['giveHandOver']>): Promise<Reply<Api['giveHandOver']>> {
  const shift = await shiftRow(ctx.db, input.shiftId)
  if (!shift?.published) return fail(commonProblems.notFound)
  const me = personOf(ctx.actor)
  if (me !== shift.primary_id && me !== shift.backup_id) fail(dutyProblems.notYours)
  if (me === input.toId) fail(dutyProblems.samePerson)
  const row: HandOverRow = {
    id: newId(),
    line: shift.line,
    shift_id: shift.id,
    from_id: me,
    to_id: input.toId,
    note: input.note,
    open_items: input.openItems,
    given_at: ctx.now,
    taken_at: null,
  }
  await insertHandOver(ctx.db, row)
  await ctx.record({ kind: 'duty.handed-over', subject: { type: 'duty-hand-over', id: row.id }, after: input })
  await notify(ctx, {
    event: 'duty.handed-over',
    to: { personIds: [input.toId] },
    params: { by: ctx.actor.name },
    link: '/duty/calendar/hand-overs',
  })
  return toHandOver(ctx, row)
}
export async function takeHandOver(ctx: Ctx, { handOverId }: Input<Api['takeHandOver']>): Promise<Reply<Api['takeHandOver']>> {
  const row = (await lockHandOver(ctx.db, handOverId)) ?? fail(commonProblems.notFound)
  if (row.to_id !== personOf(ctx.actor)) fail(dutyProblems.notYours)
  if (row.taken_at) fail(dutyProblems.signed)
  await takeHandOverRow(ctx.db, handOverId, ctx.now)
  await ctx.record({ kind: 'duty.taken-over', subject: { type: 'duty-hand-over', id: handOverId } })
  return toHandOver(ctx, { ...row, taken_at: ctx.now })
}
