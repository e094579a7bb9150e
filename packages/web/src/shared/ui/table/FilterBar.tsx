import type { SheetFormat } from '@changbai/contract/sheet.ts'
import { Download, ListFilter, Search, X } from 'lucide-react'
import { useState } from 'react'
import { usePhone } from '../../clock.ts'
import { useText } from '../../text.ts'
import { Button } from '../Button.tsx'
import { Menu } from '../Dialog.tsx'
import { ProblemAlert } from '../ProblemAlert.tsx'
import { uiText } from '../uiText.ts'
import type { Conditions } from './conditions.ts'
import type { Column, DataTableProps, FilterChoice } from './types.ts'

/** Search, conditions as tokens, and how the rows are shown. */
export function FilterBar<T>({
  props,
  conditions,
  dense,
  setDense,
  visible,
  setVisible,
  enterRows,
}: {
  props: DataTableProps<T>
  conditions: Conditions
  dense: boolean
  setDense: (dense: boolean) => void
  visible: readonly string[]
  setVisible: (keys: string[]) => void
  /** From the search box into the rows. */
  enterRows: () => void
}) {
  const t = useText(uiText)
  const phone = usePhone()
  const { filters = [], columns, searchHint, onExport } = props
  const { held, change } = conditions
  const active = filters.filter((filter) => held[filter.key])
  return (
    <div className="grid-bar">
      {searchHint && (
        <div className="box search">
          <Search size={16} strokeWidth={1.6} aria-hidden="true" />
          <input
            type="search"
            data-list-search=""
            aria-label={t('searchHere')}
            placeholder={searchHint}
            value={conditions.typed}
            onChange={(event) => conditions.type(event.target.value)}
            onKeyDown={(event) => {
              if (event.nativeEvent.isComposing) return
              if (event.key === 'ArrowDown') enterRows()
              else if (event.key === 'Escape' && conditions.typed === '') event.currentTarget.blur()
              else return
              event.preventDefault()
            }}
          />
          {!phone && <kbd>/</kbd>}
        </div>
      )}
      {active.map((filter) => (
        <span key={filter.key} className="token">
          {filter.label} <b>{wordOf(filter, held[filter.key] ?? '')}</b>
          <button
            type="button"
            aria-label={t('removeCondition', { name: filter.label })}
            onClick={() => change({ [filter.key]: undefined })}
          >
            <X size={14} strokeWidth={1.6} />
          </button>
        </span>
      ))}
      {filters
        .filter((filter) => !active.includes(filter))
        .map((filter) => (
          <AddCondition key={filter.key} filter={filter} add={(value) => change({ [filter.key]: value })} />
        ))}
      <span className="grow" />
      {!phone && (
        <>
          <Button size="small" aria-label={t('density')} aria-pressed={dense} onClick={() => setDense(!dense)}>
            {dense ? t('dense') : t('standard')}
          </Button>
          <ColumnChoice columns={columns} visible={visible} change={setVisible} />
          {onExport && <ExportMenu run={(format) => onExport(conditions.input, format)} />}
        </>
      )}
    </div>
  )
}

/** A condition may hold several values; the first two are named, the rest counted. */
export function wordOf(filter: FilterChoice, held: string): string {
  const words = held.split(',').map((one) => filter.options.find(([value]) => value === one)?.[1] ?? one)
  return words.length > 3 ? `${words.slice(0, 2).join(' ')} +${words.length - 2}` : words.join(' ')
}

function AddCondition({ filter, add }: { filter: FilterChoice; add: (value: string) => void }) {
  const t = useText(uiText)
  return (
    <Menu
      align="left"
      buttonClass="btn plain small"
      button={
        <>
          <ListFilter size={14} strokeWidth={1.6} aria-hidden="true" />
          {filter.label}
        </>
      }
      label={`${t('addCondition')}：${filter.label}`}
    >
      <div className="menu-scroll">
        {filter.options.map(([value, word]) => (
          <button type="button" key={value} onClick={() => add(value)}>
            {word}
          </button>
        ))}
      </div>
    </Menu>
  )
}

/** The first column names the row and stays. */
function ColumnChoice<T>({
  columns,
  visible,
  change,
}: {
  columns: readonly Column<T>[]
  visible: readonly string[]
  change: (next: string[]) => void
}) {
  const t = useText(uiText)
  const toggle = (key: string) =>
    change(columns.map((one) => one.key).filter((one) => (one === key ? !visible.includes(one) : visible.includes(one))))
  return (
    <Menu button={t('columns')} buttonClass="btn small">
      <div className="menu-scroll">
        {columns.slice(1).map((column) => (
          <button
            type="button"
            role="menuitemcheckbox"
            key={column.key}
            aria-checked={visible.includes(column.key)}
            onClick={(event) => {
              event.stopPropagation()
              toggle(column.key)
            }}
          >
            {visible.includes(column.key) ? '✓ ' : '　'}
            {column.title}
          </button>
        ))}
      </div>
    </Menu>
  )
}

function ExportMenu({ run }: { run: (format: SheetFormat) => Promise<void> }) {
  const t = useText(uiText)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const go = (format: SheetFormat) => {
    setBusy(true)
    setError(null)
    run(format)
      .catch(setError)
      .finally(() => setBusy(false))
  }
  return (
    <>
      <Menu
        buttonClass="btn small"
        button={
          <>
            <Download size={14} strokeWidth={1.6} aria-hidden="true" />
            {busy ? t('exporting') : t('export')}
          </>
        }
      >
        <button type="button" disabled={busy} onClick={() => go('xlsx')}>
          {t('exportXlsx')}
        </button>
        <button type="button" disabled={busy} onClick={() => go('csv')}>
          {t('exportCsv')}
        </button>
      </Menu>
      <ProblemAlert error={error} />
    </>
  )
}
