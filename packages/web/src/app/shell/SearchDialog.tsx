import type { Session } from '@changbai/contract/identity.ts'
import type { FoundKind } from '@changbai/contract/search.ts'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useId, useState } from 'react'
import { ask } from '../../shared/call.ts'
import { useText } from '../../shared/text.ts'
import { Dialog } from '../../shared/ui/Dialog.tsx'
import { EmptyState } from '../../shared/ui/EmptyState.tsx'
import { ProblemAlert } from '../../shared/ui/ProblemAlert.tsx'
import { appText } from '../appText.ts'
import { areasFor, settingsArea } from '../areas.ts'
import { searchText } from './searchText.ts'

interface Hit {
  key: string
  group: string
  title: string
  note: string
  to: string
}

/** Where a thing found is opened, and the list that holds more of its kind. */
const places: Record<FoundKind, { one: (id: string, title: string) => string; list: string }> = {
  REQUEST: { one: (id) => `/work/requests/${id}`, list: '/work/requests' },
  ADMISSION: { one: (id) => `/work/admissions/${id}`, list: '/work/admissions' },
  WORK_ORDER: { one: (id) => `/work/orders/${id}`, list: '/work/orders' },
  SERVICE_REQUEST: { one: (id) => `/work/services/${id}`, list: '/work/services' },
  INCIDENT: { one: (id) => `/duty/incidents/${id}`, list: '/duty/incidents' },
  PROBLEM: { one: (id) => `/duty/problems/${id}`, list: '/duty/problems' },
  ARTICLE: { one: (id) => `/duty/knowledge/${id}`, list: '/duty/knowledge' },
  TASK: { one: (id) => `/tasks/${id}`, list: '/tasks' },
  APPLICATION: { one: (id) => `/cloud/applications/${id}`, list: '/cloud/applications' },
  SERVER: { one: (id) => `/cloud/servers/${id}`, list: '/cloud/servers' },
  VOLUME: { one: (id) => `/cloud/volumes/${id}`, list: '/cloud/volumes' },
  NETWORK: { one: (id) => `/cloud/networks/${id}`, list: '/cloud/networks' },
  PERSON: { one: (_, title) => `/settings/people?q=${encodeURIComponent(title)}`, list: '/settings/people' },
  CLAUSE: { one: (id) => `/plan/clauses/${encodeURIComponent(id)}`, list: '/plan/clauses' },
}
const PAUSE = 200
const LEAST = 2

/** One question to the server, which answers within the permissions of each kind; arrows choose, Enter opens. */
export function SearchDialog({ session, onClose }: { session: Session; onClose: () => void }) {
  const t = useText(searchText)
  const app = useText(appText)
  const navigate = useNavigate()
  const listId = useId()
  const [typed, setTyped] = useState('')
  const [q, setQ] = useState('')
  const [at, setAt] = useState(0)
  useEffect(() => {
    const timer = setTimeout(() => {
      setQ(typed.trim())
      setAt(0)
    }, PAUSE)
    return () => clearTimeout(timer)
  }, [typed])
  const enough = q.length >= LEAST
  const query = useQuery({ ...ask('search.everywhere', { q }), enabled: enough, placeholderData: keepPreviousData, staleTime: 30_000 })
  const pages = [...areasFor(session.capabilities), settingsArea]
    .flatMap((area) => area.pages)
    .filter((page) => q && app(page.label).toLowerCase().includes(q.toLowerCase()))
  const hits: Hit[] = [
    ...pages.slice(0, 5).map((page) => ({ key: page.to, group: t('pages'), title: app(page.label), note: '', to: page.to })),
    ...(enough ? (query.data?.groups ?? []) : []).flatMap(({ kind, items, more }) => [
      ...items.map(({ id, title, note }) => ({ key: `${kind} ${id}`, group: t(kind), title, note, to: places[kind].one(id, title) })),
      ...(more
        ? [{ key: `${kind} more`, group: t(kind), title: t('more'), note: '', to: `${places[kind].list}?q=${encodeURIComponent(q)}` }]
        : []),
    ]),
  ]
  const go = (hit: Hit | undefined) => {
    if (!hit) return
    onClose()
    void navigate({ href: hit.to } as never)
  }
  const move = (step: number) => {
    const next = Math.max(0, Math.min(hits.length - 1, at + step))
    setAt(next)
    document.getElementById(`${listId}${next}`)?.scrollIntoView({ block: 'nearest' })
  }
  return (
    <Dialog title={app('searchShort')} wide onClose={onClose}>
      <div className="box large">
        <input
          autoFocus
          type="search"
          role="combobox"
          aria-expanded={hits.length > 0}
          aria-controls={listId}
          aria-activedescendant={hits[at] && `${listId}${at}`}
          aria-label={app('search')}
          placeholder={app('search')}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          onKeyDown={(event) => {
            if (event.nativeEvent.isComposing) return
            if (event.key === 'ArrowDown') move(1)
            else if (event.key === 'ArrowUp') move(-1)
            else if (event.key === 'PageDown') move(5)
            else if (event.key === 'PageUp') move(-5)
            else if (event.key === 'Enter') go(hits[at])
            else return
            event.preventDefault()
          }}
        />
      </div>
      <div className="hits" id={listId} role="listbox" aria-label={t('results')}>
        {hits.map((hit, index) => (
          <div key={hit.key}>
            {(index === 0 || hits[index - 1]?.group !== hit.group) && <h3 className="note hit-group">{hit.group}</h3>}
            <button
              type="button"
              role="option"
              tabIndex={-1}
              id={`${listId}${index}`}
              aria-selected={index === at}
              onClick={() => go(hit)}
              onMouseMove={() => setAt(index)}
            >
              <span className="strong cut">{hit.title}</span>
              <span className="second cut">{hit.note}</span>
            </button>
          </div>
        ))}
      </div>
      <ProblemAlert flat error={query.error} title={t('failed')} retry={() => void query.refetch()} />
      {enough && query.data && !query.isFetching && hits.length === 0 && (
        <EmptyState title={t('nothing', { q })}>{t('nothingHelp')}</EmptyState>
      )}
      {!enough && hits.length === 0 && <p className="note">{t('hint')}</p>}
    </Dialog>
  )
}
