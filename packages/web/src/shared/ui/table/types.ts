import type { SheetFormat } from '@changbai/contract/sheet.ts'
import type { ReactNode } from 'react'

export interface Column<T> {
  key: string
  title: string
  cell: (row: T) => ReactNode
  kind?: 'id' | 'name' | 'num'
  /** Name the server sorts by. */
  sort?: string
  /** Left out until chosen under 列. */
  extra?: boolean
}
export interface FilterChoice {
  key: string
  label: string
  options: readonly (readonly [value: string, word: string])[]
}
export interface Page<T> {
  items: T[]
  next?: string | null | undefined
  total?: number | undefined
}
/** What the list asks the server for, besides its own fixed conditions. */
export type ListInput = Record<string, string | number | undefined>
export interface View {
  key: string
  label: string
  filters: Record<string, string>
  count?: number
}
export interface PhoneLine {
  title: ReactNode
  right?: ReactNode
  below?: ReactNode
  belowRight?: ReactNode
  /** What can be done with the row at once. */
  acts?: ReactNode
}

export interface DataTableProps<T> {
  /** Under this name columns, density and saved views are kept. */
  name: string
  /** Plural noun for sentences, e.g. 服务器. */
  what: string
  ask: (input: ListInput) => { queryKey: readonly unknown[]; queryFn: (context: { signal: AbortSignal }) => Promise<Page<T>> }
  /** Kinds of facts that may change these rows (`request`, `task` …): heard live, merged when the reader says so. */
  about?: readonly string[]
  columns: readonly Column<T>[]
  rowKey: (row: T) => string
  /** Opens the row's page (Enter, click). */
  open?: (row: T) => void
  filters?: readonly FilterChoice[]
  views?: readonly View[]
  searchHint?: string
  pageSize?: number
  defaultSort?: string
  /** First use: what this is for and how to begin. */
  firstUse: { title: string; help?: string; act?: ReactNode }
  phone: (row: T) => PhoneLine
  /** Verbs for selected rows, and what they will not touch and why. */
  selection?: (rows: T[], clear: () => void) => ReactNode
  onExport?: (input: ListInput, format: SheetFormat) => Promise<void>
  paged?: boolean
}
