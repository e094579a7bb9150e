import type { Ctx } from '../../platform/ctx.ts'
import { formsHandedIn, grantedAt, type HandedIn } from './handed-in.store.ts'

/** Papers as they were first handed in, by form; those that never were are absent. */
export const papersHandedIn = async (ctx: Ctx, formIds: readonly string[]): Promise<Map<string, HandedIn>> =>
  new Map((await formsHandedIn(ctx.db, formIds)).map((paper) => [paper.form_id, paper]))

/** When each admission was granted; those that were not are absent. */
export const admissionsGranted = (ctx: Ctx, ids: readonly string[]): Promise<Map<string, Temporal.Instant>> => grantedAt(ctx.db, ids)
