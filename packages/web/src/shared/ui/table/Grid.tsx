import { ArrowDown, ArrowUp } from 'lucide-react'
import { useText } from '../../text.ts'
import { uiText } from '../uiText.ts'
import type { Conditions } from './conditions.ts'
import type { Column } from './types.ts'

export interface GridProps<T> {
  rows: readonly T[]
  columns: readonly Column<T>[]
  rowKey: (row: T) => string
  open: ((row: T) => void) | undefined
  conditions: Conditions
  cursor: number
  dense: boolean
  stale: boolean
  /** Absent where rows cannot be selected. */
  chosen: { has: (row: T) => boolean; toggle: (row: T) => void; all: (rows: readonly T[]) => void } | undefined
}

/** Rows as a table: sticky head and first column, sorting in the head, the cursor row marked at its edge. */
export function Grid<T>({ rows, columns, rowKey, open, conditions, cursor, dense, stale, chosen }: GridProps<T>) {
  const t = useText(uiText)
  return (
    <div className={stale ? 'grid-scroll stale' : 'grid-scroll'}>
      <table className={dense ? 'grid dense pinned' : 'grid pinned'}>
        <thead>
          <tr>
            {chosen && (
              <th className="tick">
                <input
                  type="checkbox"
                  aria-label={t('selectAll')}
                  checked={rows.every(chosen.has)}
                  onChange={(event) => chosen.all(event.target.checked ? rows : [])}
                />
              </th>
            )}
            {columns.map((column) => (
              <Head key={column.key} column={column} conditions={conditions} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr
              key={rowKey(row)}
              aria-selected={chosen ? chosen.has(row) : undefined}
              className={[chosen?.has(row) && 'chosen', index === cursor && 'cursor', open && 'opens'].filter(Boolean).join(' ')}
              onClick={(event) => {
                if (!open || (event.target as HTMLElement).closest('a, button, input, label')) return
                if (getSelection()?.toString()) return
                open(row)
              }}
            >
              {chosen && (
                <td className="tick">
                  <input type="checkbox" aria-label={t('selectRow')} checked={chosen.has(row)} onChange={() => chosen.toggle(row)} />
                </td>
              )}
              {columns.map((column) => (
                <td key={column.key} className={column.kind}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Head<T>({ column, conditions: { sort, change } }: { column: Column<T>; conditions: Conditions }) {
  const t = useText(uiText)
  if (!column.sort) return <th className={column.kind}>{column.title}</th>
  const up = sort === column.sort
  const down = sort === `-${column.sort}`
  return (
    <th className={column.kind} aria-sort={up ? 'ascending' : down ? 'descending' : undefined}>
      <button
        type="button"
        title={t('sortBy', { name: column.title })}
        onClick={() => change({ sort: up ? `-${column.sort}` : column.sort })}
      >
        {column.title}
        {up && <ArrowUp size={12} aria-label={t('ascending')} />}
        {down && <ArrowDown size={12} aria-label={t('descending')} />}
      </button>
    </th>
  )
}
