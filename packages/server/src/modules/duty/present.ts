import type { Shift } from '@changbai/contract/duty.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { personNames } from '../identity/index.ts'
import type { ShiftRow } from './duty.store.ts'

export type Names = ReadonlyMap<string, string>
export const personFrom = (names: Names, id: string) => ({ id, name: names.get(id) ?? '' })
export const namesFor = (ctx: Ctx, ids: readonly string[]): Promise<Names> => personNames(ctx, [...new Set(ids)])
export const namesForShifts = (ctx: Ctx, rows: readonly ShiftRow[]): Promise<Names> =>
  namesFor(
    ctx,
    rows.flatMap((row) => [row.primary_id, row.backup_id]),
  )

export const toShift = (row: ShiftRow, names: Names): Shift => ({
  id: row.id,
  rosterId: row.roster_id,
  line: row.line,
  startsAt: row.starts_at.toString(),
  endsAt: row.ends_at.toString(),
  primary: personFrom(names, row.primary_id),
  backup: personFrom(names, row.backup_id),
  published: row.published,
})
export const spanOf = (row: ShiftRow) => ({ from: row.starts_at.epochMilliseconds, to: row.ends_at.epochMilliseconds })
