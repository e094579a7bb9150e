import './table.css'
import { RefreshCw } from 'lucide-react'
import { useEffect, useState } from 'react'
import { usePhone } from '../../clock.ts'
import { useKeys } from '../../keys.ts'
import { useText } from '../../text.ts'
import { clockSeconds } from '../../time.ts'
import { Button } from '../Button.tsx'
import { EmptyState } from '../EmptyState.tsx'
import { Failed, Skeleton } from '../Loaded.tsx'
import { ProblemAlert } from '../ProblemAlert.tsx'
import { uiText } from '../uiText.ts'
import { Cards } from './Cards.tsx'
import { type Conditions, useConditions, useHabit } from './conditions.ts'
import { FilterBar, wordOf } from './FilterBar.tsx'
import { Foot } from './Foot.tsx'
import { Grid } from './Grid.tsx'
import { SavedViews } from './SavedViews.tsx'
import type { DataTableProps } from './types.ts'
import { useRows } from './useRows.ts'

/** The server-side list of interface.md section 6: saved views, tokens, search, sort, keyset pages, selection, columns, density, keys, cards. */
export function DataTable<T>(props: DataTableProps<T>) {
  const { name, columns, rowKey, open, views = [], pageSize = 50, paged = true } = props
  const t = useText(uiText)
  const phone = usePhone()
  const [dense, setDense] = useHabit(`dense.${name}`, false)
  const usual = columns.filter((column) => !column.extra).map((column) => column.key)
  const [habit, setHabit] = useHabit<string[] | null>(`shown.${name}`, null)
  const [cursor, setCursor] = useState(-1)
  const [chosen, setChosen] = useState<Map<string, T>>(new Map())
  const [trail, setTrail] = useState<string[]>([])
  const conditions = useConditions(props, () => {
    setTrail([])
    setCursor(-1)
    setChosen(new Map())
  })
  const { held, input, change } = conditions
  const visible = held['columns']?.split(',') ?? habit ?? usual
  const shown = columns.filter((column, index) => index === 0 || visible.includes(column.key))
  const setVisible = (keys: string[]) => {
    setHabit(keys)
    if (held['columns']) change({ columns: keys.join(',') })
  }

  const { query, changed, merge } = useRows(props, props.ask(paged ? { ...input, limit: pageSize, after: trail.at(-1) } : input))
  const rows = query.data?.items ?? []
  const toggle = (row: T) =>
    setChosen((before) => {
      const after = new Map(before)
      if (!after.delete(rowKey(row))) after.set(rowKey(row), row)
      return after
    })
  const at = rows[cursor]
  const down = () => setCursor((index) => Math.min(rows.length - 1, index + 1))
  const up = () => setCursor((index) => Math.max(0, index - 1))
  useKeys({
    j: down,
    k: up,
    ArrowDown: down,
    ArrowUp: up,
    Enter: at && open ? () => open(at) : undefined,
    x: at && props.selection ? () => toggle(at) : undefined,
    r: changed > 0 ? merge : undefined,
    Escape: chosen.size > 0 ? () => setChosen(new Map()) : undefined,
  })
  useEffect(() => {
    if (cursor >= 0) document.querySelector('tr.cursor')?.scrollIntoView({ block: 'nearest' })
  }, [cursor])

  return (
    <>
      <SavedViews
        name={name}
        views={views}
        conditions={conditions}
        columns={visible.join() === usual.join() ? undefined : visible.join()}
      />
      <section className="sheet">
        <PrintHead props={props} conditions={conditions} />
        <FilterBar
          props={props}
          conditions={conditions}
          dense={dense}
          setDense={setDense}
          visible={visible}
          setVisible={setVisible}
          enterRows={() => {
            if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
            setCursor(0)
          }}
        />
        {chosen.size > 0 && (
          <div className="grid-select">
            <span className="strong">{t('selected', { count: chosen.size })}</span>
            {props.selection?.([...chosen.values()], () => setChosen(new Map()))}
            <span className="grow" />
            <button type="button" className="link" onClick={() => setChosen(new Map())}>
              {t('clearSelection')} <kbd>Esc</kbd>
            </button>
          </div>
        )}
        <div aria-live="polite" className="no-print">
          {changed > 0 && (
            <button type="button" className="grid-changed" onClick={merge}>
              <RefreshCw size={14} strokeWidth={1.6} aria-hidden="true" />
              {t('changed', { count: changed })}
              {!phone && <kbd>R</kbd>}
            </button>
          )}
        </div>
        {query.isError && query.data && (
          <ProblemAlert
            flat
            error={query.error}
            title={t('stale')}
            help={t('staleHelp', { at: clockSeconds(query.dataUpdatedAt) })}
            retry={() => void query.refetch()}
          />
        )}
        {query.data === undefined ? (
          query.isError ? (
            <Failed error={query.error} retry={() => void query.refetch()} />
          ) : (
            <Skeleton rows={8} height={dense ? 34 : 40} />
          )
        ) : rows.length === 0 ? (
          <Empty props={props} conditions={conditions} />
        ) : phone ? (
          <Cards rows={rows} rowKey={rowKey} phone={props.phone} open={open} />
        ) : (
          <Grid<T>
            rows={rows}
            columns={shown}
            rowKey={rowKey}
            open={open}
            conditions={conditions}
            cursor={cursor}
            dense={dense}
            stale={query.isError}
            chosen={
              props.selection && {
                has: (row) => chosen.has(rowKey(row)),
                toggle,
                all: (wanted) => setChosen(new Map(wanted.map((row) => [rowKey(row), row]))),
              }
            }
          />
        )}
        {rows.length > 0 && (
          <Foot
            first={trail.length * pageSize + 1}
            shown={rows.length}
            total={query.data?.total}
            updatedAt={query.dataUpdatedAt}
            opens={open !== undefined}
            selects={props.selection !== undefined}
            previous={trail.length > 0 ? () => setTrail(trail.slice(0, -1)) : undefined}
            next={
              query.data?.next
                ? () => {
                    setTrail([...trail, query.data?.next ?? ''])
                    setCursor(0)
                  }
                : undefined
            }
          />
        )}
      </section>
    </>
  )
}

/** On paper: under which conditions. Title, person and instant stand at the head of every printed page. */
function PrintHead<T>({ props, conditions: { held } }: { props: DataTableProps<T>; conditions: Conditions }) {
  const told = (props.filters ?? [])
    .filter((filter) => held[filter.key])
    .map((filter) => `${filter.label} ${wordOf(filter, held[filter.key] ?? '')}`)
  const words = [held['q'] && `“${held['q']}”`, ...told].filter(Boolean)
  return words.length > 0 ? <p className="print-only">{words.join(' · ')}</p> : null
}

function Empty<T>({ props, conditions }: { props: DataTableProps<T>; conditions: Conditions }) {
  const t = useText(uiText)
  const { held, change, clear } = conditions
  const active = (props.filters ?? []).find((filter) => held[filter.key])
  const isFiltered = Object.entries(conditions.input).some(([key, value]) => key !== 'sort' && value !== undefined)
  if (!isFiltered)
    return (
      <EmptyState title={props.firstUse.title} act={props.firstUse.act}>
        {props.firstUse.help}
      </EmptyState>
    )
  return (
    <EmptyState
      title={t('emptyFiltered', { what: props.what })}
      act={
        <>
          {active && <Button onClick={() => change({ [active.key]: undefined })}>{t('removeCondition', { name: active.label })}</Button>}
          <button type="button" className="link" onClick={clear}>
            {t('clearConditions')}
          </button>
        </>
      }
    >
      {t('emptyFilteredHelp')}
    </EmptyState>
  )
}
