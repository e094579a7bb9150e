import type { Session } from '@changbai/contract/identity.ts'
import { useQueries } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { ask } from '../../shared/call.ts'
import { pick, useLanguage, useText } from '../../shared/text.ts'
import { Dialog } from '../../shared/ui/Dialog.tsx'
import { EmptyState } from '../../shared/ui/EmptyState.tsx'
import { StatusGlyph } from '../../shared/ui/StatusGlyph.tsx'
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

/** Asks each list the person may read, at once; every list is searched by the server under that list's own permission. */
export function SearchDialog({ session, onClose }: { session: Session; onClose: () => void }) {
  const t = useText(searchText)
  const app = useText(appText)
  const lang = useLanguage()
  const navigate = useNavigate()
  const [typed, setTyped] = useState('')
  const [q, setQ] = useState('')
  const [at, setAt] = useState(0)
  useEffect(() => {
    const timer = setTimeout(() => {
      setQ(typed.trim())
      setAt(0)
    }, 250)
    return () => clearTimeout(timer)
  }, [typed])
  const holds = (word: string) => session.capabilities.includes(word) || session.capabilities.includes(`${word.slice(0, -1)}R`)
  const on = (word: string) => q.length > 0 && holds(word)
  const results = useQueries({
    queries: [
      { ...ask('process.tasks', { q, limit: 5 }), enabled: on('process.task:X') },
      { ...ask('inventory.listApplications', { q, limit: 5 }), enabled: on('application.read:r') },
      { ...ask('inventory.listServers', { q, limit: 5 }), enabled: on('cmdb.read:r') },
      { ...ask('plan.clauses', { q: q.slice(0, 60) }), enabled: on('plan.read:R') },
      { ...ask('process.waiting', { q, limit: 5 }), enabled: on('process.task:X') },
    ],
  })
  const [tasks, applications, servers, clauses, waiting] = results
  const pages = [...areasFor(session.capabilities), settingsArea]
    .flatMap((area) => area.pages)
    .filter((page) => q && app(page.label).toLowerCase().includes(q.toLowerCase()))
  const hits: Hit[] = q
    ? [
        ...pages.slice(0, 4).map((page) => ({ key: page.to, group: t('pages'), title: app(page.label), note: '', to: page.to })),
        ...(tasks.data?.items ?? []).map((task) => ({
          key: task.id,
          group: app('tasks'),
          title: task.title,
          note: task.name,
          to: `/tasks/${task.id}`,
        })),
        ...(waiting.data?.items ?? []).map((task) => ({
          key: `w${task.id}`,
          group: t('waiting'),
          title: task.title,
          note: task.name,
          to: `/tasks/${task.id}`,
        })),
        ...(applications.data?.items ?? []).map((one) => ({
          key: one.id,
          group: app('applications'),
          title: one.name,
          note: `${one.code} ${one.tenantName ?? ''}`,
          to: `/cloud/applications/${one.id}`,
        })),
        ...(servers.data?.items ?? []).map((one) => ({
          key: one.id,
          group: app('servers'),
          title: one.name,
          note: one.addresses.map((a) => a.address).join(' '),
          to: `/cloud/servers/${one.id}`,
        })),
        ...(clauses.data?.items ?? []).slice(0, 5).map((clause) => ({
          key: clause.id,
          group: app('clauses'),
          title: pick(clause.title, lang),
          note: clause.id,
          to: `/plan/clauses/${clause.id}`,
        })),
      ]
    : []
  const busy = results.some((result) => result.isFetching)
  const failed = results.some((result) => result.isError)
  const go = (hit: Hit | undefined) => {
    if (!hit) return
    onClose()
    void navigate({ to: hit.to })
  }
  return (
    <Dialog title={app('searchShort')} wide onClose={onClose}>
      <div className="box large">
        <input
          autoFocus
          type="search"
          aria-label={app('search')}
          placeholder={app('search')}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'ArrowDown') setAt(Math.min(hits.length - 1, at + 1))
            else if (event.key === 'ArrowUp') setAt(Math.max(0, at - 1))
            else if (event.key === 'Enter' && !event.nativeEvent.isComposing) go(hits[at])
            else return
            event.preventDefault()
          }}
        />
      </div>
      <ul className="hits" aria-label={t('results')}>
        {hits.map((hit, index) => (
          <li key={hit.key}>
            <button type="button" aria-current={index === at || undefined} onClick={() => go(hit)} onMouseEnter={() => setAt(index)}>
              <span className="note hit-group">{index === 0 || hits[index - 1]?.group !== hit.group ? hit.group : ''}</span>
              <span className="strong cut">{hit.title}</span>
              <span className="second cut">{hit.note}</span>
            </button>
          </li>
        ))}
      </ul>
      {failed && (
        <p className="second">
          <StatusGlyph state="breach" /> {t('partly')}
        </p>
      )}
      {q && !busy && hits.length === 0 && <EmptyState title={t('nothing', { q })}>{t('nothingHelp')}</EmptyState>}
      {!q && <p className="note">{t('hint')}</p>}
    </Dialog>
  )
}
