import type { UseQueryResult } from '@tanstack/react-query'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { ArrowDown, ArrowUp, Bookmark, Download, ListFilter, Search, X } from 'lucide-react'
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import { usePhone } from '../clock.ts'
import { useKeys } from '../keys.ts'
import { useText } from '../text.ts'
import { clockSeconds, count } from '../time.ts'
import { Button } from './Button.tsx'
import { Menu } from './Dialog.tsx'
import { EmptyState } from './EmptyState.tsx'
import { Failed, Skeleton } from './Loaded.tsx'
import { ProblemAlert } from './ProblemAlert.tsx'
import { uiText } from './uiText.ts'

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

export interface DataTableProps<T> {
  /** Under this name columns, density and saved views are remembered. */
  name: string
  /** Plural noun for sentences, e.g. 服务器. */
  what: string
  ask: (input: ListInput) => { queryKey: readonly unknown[]; queryFn: (context: { signal: AbortSignal }) => Promise<Page<T>> }
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
  phone: (row: T) => { title: ReactNode; right?: ReactNode; below?: ReactNode; belowRight?: ReactNode }
  /** Verbs for selected rows, and what they will not touch and why. */
  selection?: (rows: T[], clear: () => void) => ReactNode
  onExport?: (input: ListInput) => Promise<void>
  paged?: boolean
}

interface KeptView {
  label: string
  filters: Record<string, string>
}
const read = <V,>(key: string, otherwise: V): V => {
  try {
    return (JSON.parse(localStorage.getItem(key) ?? '') as V) ?? otherwise
  } catch {
    return otherwise
  }
}

/** Conditions of the list live in the address, so that back, reload and a sent link keep them. */
function useConditions(): [Record<string, string>, (next: Record<string, string>) => void] {
  const search = useSearch({ strict: false }) as Record<string, unknown>
  const navigate = useNavigate()
  const conditions = useMemo(() => Object.fromEntries(Object.entries(search).map(([key, value]) => [key, String(value)])), [search])
  return [conditions, (next) => void navigate({ to: '.', search: next as never, replace: true })]
}

/** The server-side list of interface.md section 6: saved views, tokens, search, sort, keyset pages, selection, columns, density, keys, phone lines. */
export function DataTable<T>(props: DataTableProps<T>) {
  const { name, columns, rowKey, open, filters = [], views = [], pageSize = 50 } = props
  const t = useText(uiText)
  const phone = usePhone()
  const [conditions, setConditions] = useConditions()
  const [kept, setKept] = useState<KeptView[]>(() => read(`changbai.views.${name}`, []))
  const [dense, setDense] = useState(() => read(`changbai.dense.${name}`, false))
  const [extras, setExtras] = useState<string[]>(() => read(`changbai.columns.${name}`, []))
  const [cursor, setCursor] = useState(-1)
  const [chosen, setChosen] = useState<Map<string, T>>(new Map())
  const [trail, setTrail] = useState<string[]>([])
  const [typed, setTyped] = useState(conditions['q'] ?? '')
  const searchBox = useRef<HTMLInputElement>(null)

  const sort = conditions['sort'] ?? props.defaultSort
  const active = filters.filter((filter) => conditions[filter.key])
  const input: ListInput = { q: conditions['q'], sort, ...Object.fromEntries(active.map((filter) => [filter.key, conditions[filter.key]])) }
  const paged = props.paged ?? true
  const asked = props.ask(paged ? { ...input, limit: pageSize, after: trail.at(-1) } : input)
  const query: UseQueryResult<Page<T>> = useQuery({ queryKey: asked.queryKey, queryFn: asked.queryFn, placeholderData: keepPreviousData })
  const rows = query.data?.items ?? []

  const change = (next: Record<string, string | undefined>) => {
    setTrail([])
    setCursor(-1)
    setChosen(new Map())
    setConditions(
      Object.fromEntries(Object.entries({ ...conditions, ...next }).filter((pair): pair is [string, string] => Boolean(pair[1]))),
    )
  }
  const changeRef = useRef(change)
  changeRef.current = change
  const applied = conditions['q'] ?? ''
  useEffect(() => {
    if (typed === applied) return
    const timer = setTimeout(() => changeRef.current({ q: typed.trim() }), 300)
    return () => clearTimeout(timer)
  }, [typed, applied])
  const clear = () => {
    setTyped('')
    setTrail([])
    setConditions({})
  }
  const toggle = (row: T) =>
    setChosen((before) => {
      const after = new Map(before)
      if (!after.delete(rowKey(row))) after.set(rowKey(row), row)
      return after
    })
  const at = rows[cursor]
  useKeys({
    j: () => setCursor((i) => Math.min(rows.length - 1, i + 1)),
    k: () => setCursor((i) => Math.max(0, i - 1)),
    Enter: at && open ? () => open(at) : undefined,
    x: at && props.selection ? () => toggle(at) : undefined,
    Escape: chosen.size > 0 ? () => setChosen(new Map()) : undefined,
  })
  useEffect(() => {
    document.querySelector('tr.cursor')?.scrollIntoView({ block: 'nearest' })
  }, [])

  const shown = columns.filter((column) => !column.extra || extras.includes(column.key))
  const isFiltered = active.length > 0 || Boolean(conditions['q'])
  const isView = (view: { filters: Record<string, string> }) =>
    filters.every((filter) => (view.filters[filter.key] ?? '') === (conditions[filter.key] ?? '')) && !conditions['q']
  const first = trail.length * pageSize + 1
  const saveView = () => {
    const label = prompt(t('viewName'))?.trim()
    if (!label) return
    const next = [
      ...kept.filter((view) => view.label !== label),
      { label, filters: Object.fromEntries(active.map((f) => [f.key, conditions[f.key] ?? ''])) },
    ]
    localStorage.setItem(`changbai.views.${name}`, JSON.stringify(next))
    setKept(next)
  }
  const dropView = (label: string) => {
    const next = kept.filter((view) => view.label !== label)
    localStorage.setItem(`changbai.views.${name}`, JSON.stringify(next))
    setKept(next)
  }
  const showView = (wanted: Record<string, string>) =>
    change({ ...Object.fromEntries(filters.map((f) => [f.key, undefined])), q: undefined, ...wanted })

  const bar = (
    <div className="grid-bar">
      {props.searchHint && (
        <div className="box search">
          <Search size={16} strokeWidth={1.6} aria-hidden="true" />
          <input
            ref={searchBox}
            type="search"
            aria-label={t('searchHere')}
            placeholder={props.searchHint}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
        </div>
      )}
      {active.map((filter) => (
        <span key={filter.key} className="token">
          {filter.label} <b>{filter.options.find(([value]) => value === conditions[filter.key])?.[1] ?? conditions[filter.key]}</b>
          <button
            type="button"
            aria-label={t('removeCondition', { name: filter.label })}
            onClick={() => change({ [filter.key]: undefined })}
          >
            <X size={14} strokeWidth={1.6} />
          </button>
        </span>
      ))}
      {filters.length > active.length && (
        <AddCondition filters={filters.filter((f) => !active.includes(f))} add={(key, value) => change({ [key]: value })} />
      )}
      <span className="grow" />
      {!phone && (
        <>
          {isFiltered && active.length > 0 && (
            <Button kind="plain" size="small" icon={<Bookmark size={14} strokeWidth={1.6} />} onClick={saveView}>
              {t('saveView')}
            </Button>
          )}
          <Button
            size="small"
            aria-label={t('density')}
            onClick={() => {
              localStorage.setItem(`changbai.dense.${name}`, JSON.stringify(!dense))
              setDense(!dense)
            }}
          >
            {dense ? t('dense') : t('standard')}
          </Button>
          {columns.some((column) => column.extra) && (
            <ColumnChoice
              columns={columns.filter((column) => column.extra)}
              chosen={extras}
              change={(next) => {
                localStorage.setItem(`changbai.columns.${name}`, JSON.stringify(next))
                setExtras(next)
              }}
            />
          )}
          {props.onExport && <ExportButton run={() => props.onExport?.(input) ?? Promise.resolve()} />}
        </>
      )}
    </div>
  )

  return (
    <>
      {(views.length > 0 || kept.length > 0) && (
        <div className="views">
          {views.map((view) => (
            <button type="button" key={view.key} aria-pressed={isView(view)} onClick={() => showView(view.filters)}>
              {view.label}
              {view.count !== undefined && <span>{count(view.count)}</span>}
            </button>
          ))}
          {kept.map((view) => (
            <button
              type="button"
              key={view.label}
              aria-pressed={isView(view)}
              title={t('deleteView', { name: view.label }) + ' (Del)'}
              onClick={() => showView(view.filters)}
              onKeyDown={(event) => {
                if (event.key === 'Delete') dropView(view.label)
              }}
            >
              {view.label}
            </button>
          ))}
        </div>
      )}
      <section className="sheet">
        {bar}
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
          isFiltered ? (
            <EmptyState
              title={t('emptyFiltered', { what: props.what })}
              act={
                <>
                  {active[0] && (
                    <Button onClick={() => change({ [active[0]?.key ?? '']: undefined })}>
                      {t('removeCondition', { name: active[0].label })}
                    </Button>
                  )}
                  <button type="button" className="link" onClick={clear}>
                    {t('clearConditions')}
                  </button>
                </>
              }
            >
              {t('emptyFilteredHelp')}
            </EmptyState>
          ) : (
            <EmptyState title={props.firstUse.title} act={props.firstUse.act}>
              {props.firstUse.help}
            </EmptyState>
          )
        ) : phone ? (
          <ul className="lines">
            {rows.map((row) => {
              const line = props.phone(row)
              const content = (
                <>
                  <span className="strong">{line.title}</span>
                  <span className="right">{line.right}</span>
                  <small>{line.below}</small>
                  <small className="right">{line.belowRight}</small>
                </>
              )
              return (
                <li key={rowKey(row)}>
                  {open ? (
                    // biome-ignore lint/a11y/useValidAnchor: one target of a whole line; it navigates
                    <a
                      href="#open"
                      onClick={(event) => {
                        event.preventDefault()
                        open(row)
                      }}
                    >
                      {content}
                    </a>
                  ) : (
                    <div>{content}</div>
                  )}
                </li>
              )
            })}
          </ul>
        ) : (
          <div className={query.isError ? 'grid-scroll stale' : 'grid-scroll'}>
            <table className={dense ? 'grid dense' : 'grid'}>
              <thead>
                <tr>
                  {props.selection && (
                    <th style={{ width: 40 }}>
                      <input
                        type="checkbox"
                        aria-label={t('selectAll')}
                        checked={rows.every((row) => chosen.has(rowKey(row)))}
                        onChange={(event) => setChosen(event.target.checked ? new Map(rows.map((row) => [rowKey(row), row])) : new Map())}
                      />
                    </th>
                  )}
                  {shown.map((column) => {
                    const up = sort === column.sort
                    const down = sort === `-${column.sort}`
                    return (
                      <th
                        key={column.key}
                        className={column.kind}
                        aria-sort={column.sort && (up || down) ? (up ? 'ascending' : 'descending') : undefined}
                      >
                        {column.sort ? (
                          <button
                            type="button"
                            title={t('sortBy', { name: column.title })}
                            onClick={() => change({ sort: up ? `-${column.sort}` : column.sort })}
                          >
                            {column.title}
                            {up && <ArrowUp size={12} aria-label={t('ascending')} />}
                            {down && <ArrowDown size={12} aria-label={t('descending')} />}
                          </button>
                        ) : (
                          column.title
                        )}
                      </th>
                    )
                  })}
                </tr>
              </thead>
              <tbody>
                {rows.map((row, index) => (
                  <tr
                    key={rowKey(row)}
                    className={[chosen.has(rowKey(row)) && 'chosen', index === cursor && 'cursor', open && 'opens']
                      .filter(Boolean)
                      .join(' ')}
                    onClick={(event) => {
                      if (!open || (event.target as HTMLElement).closest('a, button, input, label')) return
                      if (getSelection()?.toString()) return
                      open(row)
                    }}
                  >
                    {props.selection && (
                      <td>
                        <input type="checkbox" aria-label={t('selectRow')} checked={chosen.has(rowKey(row))} onChange={() => toggle(row)} />
                      </td>
                    )}
                    {shown.map((column) => (
                      <td key={column.key} className={column.kind}>
                        {column.cell(row)}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
        {rows.length > 0 && (
          <div className="grid-foot">
            <span>
              {query.data?.total === undefined
                ? t('countShown', { from: first, to: first + rows.length - 1 })
                : t('countOf', { from: first, to: first + rows.length - 1, total: count(query.data.total) })}
              <span className="ink3">　{t('updatedAt', { at: clockSeconds(query.dataUpdatedAt) })}</span>
            </span>
            <span className="row">
              {!phone && (
                <span className="row note no-print">
                  <kbd>J</kbd>
                  <kbd>K</kbd>
                  {t('keysMove')}
                  {open && (
                    <>
                      <kbd>Enter</kbd>
                      {t('keysOpen')}
                    </>
                  )}
                  {props.selection && (
                    <>
                      <kbd>X</kbd>
                      {t('keysSelect')}
                    </>
                  )}
                </span>
              )}
              {trail.length > 0 && (
                <Button size="small" onClick={() => setTrail(trail.slice(0, -1))}>
                  {t('previousPage')}
                </Button>
              )}
              {query.data?.next && (
                <Button
                  size="small"
                  onClick={() => {
                    setTrail([...trail, query.data?.next ?? ''])
                    setCursor(0)
                  }}
                >
                  {t('nextPage')}
                </Button>
              )}
            </span>
          </div>
        )}
      </section>
    </>
  )
}

function AddCondition({ filters, add }: { filters: readonly FilterChoice[]; add: (key: string, value: string) => void }) {
  const t = useText(uiText)
  return (
    <>
      {filters.map((filter) => (
        <Menu
          key={filter.key}
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
          <div style={{ maxHeight: 320, overflow: 'auto' }}>
            {filter.options.map(([value, word]) => (
              <button type="button" key={value} onClick={() => add(filter.key, value)}>
                {word}
              </button>
            ))}
          </div>
        </Menu>
      ))}
    </>
  )
}

function ColumnChoice<T>({
  columns,
  chosen,
  change,
}: {
  columns: readonly Column<T>[]
  chosen: string[]
  change: (next: string[]) => void
}) {
  const t = useText(uiText)
  return (
    <Menu button={t('columns')} buttonClass="btn small">
      {columns.map((column) => (
        <button
          type="button"
          key={column.key}
          aria-pressed={chosen.includes(column.key)}
          onClick={() => change(chosen.includes(column.key) ? chosen.filter((key) => key !== column.key) : [...chosen, column.key])}
        >
          {chosen.includes(column.key) ? '✓ ' : '　'}
          {column.title}
        </button>
      ))}
    </Menu>
  )
}

function ExportButton({ run }: { run: () => Promise<void> }) {
  const t = useText(uiText)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  return (
    <>
      <Button
        size="small"
        busy={busy}
        icon={<Download size={14} strokeWidth={1.6} />}
        onClick={() => {
          setBusy(true)
          setError(null)
          run()
            .catch(setError)
            .finally(() => setBusy(false))
        }}
      >
        {t('exportXlsx')}
      </Button>
      <ProblemAlert error={error} />
    </>
  )
}
