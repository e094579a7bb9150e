import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { type CheckIn, type InspectionPoint, type inspectionApi, inspectionProblems } from '@changbai/contract/inspection.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { actorCan } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import type { Row } from '../../platform/db.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { insertPoint, listPoints, retirePointAt } from './inspection.store.ts'

type Api = typeof inspectionApi

const toPoint = (row: Row<'inspection_point'>): InspectionPoint => ({
  id: row.id,
  code: row.code,
  title: row.title,
  room: row.room,
  seq: row.seq,
  retired: row.retired_at !== null,
})

/** Points in walking order; whose sheets are printed and hung up. */
export const readPoints = async (ctx: Ctx): Promise<Reply<Api['points']>> => ({
  items: (await listPoints(ctx.db)).map(toPoint),
  mayEdit: actorCan(ctx.actor, 'inspection.point', 'C'),
})

export async function addPoint(ctx: Ctx, { code, title, room, seq }: Input<Api['addPoint']>): Promise<Reply<Api['addPoint']>> {
  const row = await insertPoint(ctx.db, { id: newId(), code, title, room, seq, created_at: ctx.now, retired_at: null })
  if (!row) fail(inspectionProblems.pointExists, { code })
  await ctx.record({ kind: 'inspection.point-added', subject: { type: 'inspection_point', id: row.id }, after: { code, title, room, seq } })
  return toPoint(row)
}

export async function retirePoint(ctx: Ctx, { pointId }: Input<Api['retirePoint']>): Promise<Reply<Api['retirePoint']>> {
  const row = (await retirePointAt(ctx.db, pointId, ctx.now)) ?? fail(commonProblems.notFound, { pointId })
  await ctx.record({ kind: 'inspection.point-retired', subject: { type: 'inspection_point', id: pointId } })
  return toPoint(row)
}

/** A code that hangs nowhere is a mistake of the scan. Where no points are registered yet, any code is taken as it is. */
export async function requirePoint(ctx: Ctx, checkIn: CheckIn): Promise<CheckIn> {
  if (checkIn.method === 'NONE') return checkIn
  const points = (await listPoints(ctx.db)).filter(({ retired_at }) => retired_at === null)
  if (points.length > 0 && !points.some(({ code }) => code === checkIn.pointCode))
    fail(inspectionProblems.noPoint, { code: checkIn.pointCode })
  return checkIn
}
