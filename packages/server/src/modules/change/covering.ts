import type { ChangeItem } from '@changbai/contract/change.shapes.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { changeAbout } from './change.store.ts'

/** What a change did to one thing. */
export interface Covering {
  number: string
  items: ChangeItem[]
  /** Approved, done and recorded; one that was taken back or is still being made is not. */
  isDone: boolean
}

/** The change of this number as far as it is about this thing; undefined when there is none. No permission is asked: the caller has decided. */
export async function changeCovering(ctx: Ctx, number: string, ciId: string): Promise<Covering | undefined> {
  const row = await changeAbout(ctx.db, number, ciId)
  if (!row) return undefined
  const items = row.items.filter((item) => item.ciId === ciId)
  const isDone = !row.working && row.outcome !== 'ROLLED_BACK' && items.length > 0 && items.every((item) => item.state === 'DONE')
  return { number, items, isDone }
}
