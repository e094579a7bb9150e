import { type RawBuilder, sql } from 'kysely'
import type { Scope } from '../../platform/actor.ts'
import type { Cursor } from '../../platform/keyset.ts'
import type { RowOrder } from '../../platform/text-search.ts'

// The list of admissions and that of requests: the same scope, search, order and paging over tables with the same columns.

export type MatterSort = '-updatedAt' | 'updatedAt' | '-number' | 'number' | '-submittedAt'
const SORT_COLUMN = { updatedAt: 'updated_at', number: 'number', submittedAt: 'submitted_at' } as const

/** Rows of the bureaus and applications in scope. Written with `in`, so that a single bureau is served by its ordered index. */
export function withinScope(scope: Scope): RawBuilder<boolean> {
  if (scope.all) return sql<boolean>`true`
  const parts = [
    ...(scope.tenantIds.length > 0 ? [sql`tenant_id in (${sql.join([...scope.tenantIds])})`] : []),
    ...(scope.applicationIds.length > 0 ? [sql`application_id in (${sql.join([...scope.applicationIds])})`] : []),
  ]
  return parts.length === 0 ? sql<boolean>`false` : sql<boolean>`(${sql.join(parts, sql` or `)})`
}

export interface MatterOrder extends RowOrder {
  /** Rows behind the end of the page before. */
  beyond(cursor: Cursor): RawBuilder<boolean>
}

export function orderOf(sort: MatterSort): MatterOrder {
  const column = SORT_COLUMN[sort.replace('-', '') as keyof typeof SORT_COLUMN]
  // without a date a matter has not been handed in: it comes last in both directions
  const key = column === 'submitted_at' ? sql`coalesce(submitted_at, 'epoch'::timestamptz)` : sql.ref(column)
  const descending = sort.startsWith('-')
  return {
    key,
    direction: descending ? 'desc' : 'asc',
    beyond([first, id]) {
      const value = column === 'number' ? sql`${first}` : sql`${first}::timestamptz`
      return descending ? sql<boolean>`(${key}, id) < (${value}, ${id}::uuid)` : sql<boolean>`(${key}, id) > (${value}, ${id}::uuid)`
    },
  }
}

interface Sortable {
  id: string
  number: string
  submitted_at: Temporal.Instant | null
  updated_at: Temporal.Instant
}
export function cursorOf(row: Sortable, sort: MatterSort): Cursor {
  if (sort.endsWith('number')) return [row.number, row.id]
  if (sort.endsWith('submittedAt')) return [(row.submitted_at ?? Temporal.Instant.fromEpochMilliseconds(0)).toString(), row.id]
  return [row.updated_at.toString(), row.id]
}
