import { commonProblems } from '@changbai/contract/problem.ts'
import { z } from 'zod'
import { fail } from './fail.ts'

/** The opaque end of a page: the sort value of its last row and that row's id. */
export type Cursor = readonly [value: string, id: string]
const shape = z.tuple([z.string().max(500), z.string().max(100)])

export const writeCursor = (cursor: Cursor) => Buffer.from(JSON.stringify(cursor)).toString('base64url')

/** @throws commonProblems.malformed for anything this server did not write */
export function readCursor(text: string | undefined): Cursor | undefined {
  if (text === undefined) return undefined
  try {
    return shape.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')))
  } catch {
    return fail(commonProblems.malformed)
  }
}

/** Cuts the one row fetched too many, which only tells that there is a next page. */
export function pageOf<T>(rows: readonly T[], limit: number, cursorOf: (row: T) => Cursor): { items: T[]; next: string | null } {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return { items, next: rows.length > limit && last !== undefined ? writeCursor(cursorOf(last)) : null }
}
