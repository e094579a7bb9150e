import type { SavedView } from '@changbai/contract/search.ts'
import { useQuery } from '@tanstack/react-query'
import { Bookmark, Link2, MoreHorizontal, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { ask, call } from '../../call.ts'
import { usePhone } from '../../clock.ts'
import { useText } from '../../text.ts'
import { count } from '../../time.ts'
import { useAct } from '../act.ts'
import { Button } from '../Button.tsx'
import { DecisionDialog } from '../DecisionDialog.tsx'
import { Dialog, Menu } from '../Dialog.tsx'
import { TextField } from '../Field.tsx'
import { uiText } from '../uiText.ts'
import { type Conditions, isShown } from './conditions.ts'
import type { View } from './types.ts'

const listName = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
const addressOf = (query: Record<string, string>): string => {
  const url = new URL(location.pathname, location.origin)
  for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value)
  return url.toString()
}

/** The list's own views and the person's, as pills; what stands in the address can be named and kept, or sent as a link. */
export function SavedViews({
  name,
  views,
  conditions,
  columns,
}: {
  name: string
  views: readonly View[]
  conditions: Conditions
  /** Chosen columns when they are not the usual ones. */
  columns: string | undefined
}) {
  const t = useText(uiText)
  const phone = usePhone()
  const act = useAct()
  const [naming, setNaming] = useState(false)
  const [sending, setSending] = useState<string | null>(null)
  const list = listName(name)
  const kept = useQuery({ ...ask('search.views', { list }), staleTime: 5 * 60_000, retry: false }).data?.items ?? []
  const { held } = conditions
  const query = { ...held, ...(columns && { columns }) }
  const isPlain = Object.keys(held).length === 0
  const known = views.some((view) => isShown(held, view.filters)) || kept.some((view) => isShown(held, view.query))
  if (views.length === 0 && kept.length === 0 && isPlain) return null
  return (
    <div className="views">
      {views.map((view) => (
        <button type="button" key={view.key} aria-pressed={isShown(held, view.filters)} onClick={() => conditions.show(view.filters)}>
          {view.label}
          {view.count !== undefined && <span>{count(view.count)}</span>}
        </button>
      ))}
      {kept.map((view) => {
        const shown = isShown(held, view.query)
        return (
          <span key={view.id} className="kept-view">
            <button type="button" aria-pressed={shown} onClick={() => conditions.show(view.query)}>
              <Bookmark size={13} strokeWidth={1.6} aria-hidden="true" /> {view.name}
            </button>
            {shown && !phone && (
              <Menu
                align="left"
                buttonClass="btn plain icon small"
                label={t('viewActs', { name: view.name })}
                button={<MoreHorizontal size={14} strokeWidth={1.6} />}
              >
                <button type="button" onClick={() => setSending(addressOf(view.query))}>
                  <Link2 size={14} strokeWidth={1.6} aria-hidden="true" /> {t('viewLink')}
                </button>
                <button type="button" onClick={() => void act.run(() => call('search.dropView', { id: view.id }))}>
                  <Trash2 size={14} strokeWidth={1.6} aria-hidden="true" /> {t('deleteView')}
                </button>
              </Menu>
            )}
          </span>
        )
      })}
      {!known && !phone && (
        <>
          <Button kind="plain" size="small" icon={<Bookmark size={14} strokeWidth={1.6} />} onClick={() => setNaming(true)}>
            {t('saveView')}
          </Button>
          <Button kind="plain" size="small" icon={<Link2 size={14} strokeWidth={1.6} />} onClick={() => setSending(addressOf(query))}>
            {t('viewLink')}
          </Button>
        </>
      )}
      {naming && <NameView list={list} query={query} kept={kept} onClose={() => setNaming(false)} />}
      {sending && <SendLink address={sending} onClose={() => setSending(null)} />}
    </div>
  )
}

function NameView({
  list,
  query,
  kept,
  onClose,
}: {
  list: string
  query: Record<string, string>
  kept: readonly SavedView[]
  onClose: () => void
}) {
  const t = useText(uiText)
  const refresh = useAct()
  const [name, setName] = useState('')
  const taken = kept.some((view) => view.name === name.trim())
  return (
    <DecisionDialog
      title={t('saveView')}
      verb={taken ? t('replaceView') : t('saveView')}
      ready={name.trim() !== ''}
      act={async () => {
        await call('search.saveView', { list, name: name.trim(), query })
        await refresh.run(async () => {})
      }}
      onClose={onClose}
    >
      <TextField
        label={t('viewName')}
        help={taken ? t('viewTaken') : t('viewHelp')}
        maxLength={40}
        autoFocus
        value={name}
        onChange={setName}
      />
    </DecisionDialog>
  )
}

/** Copying needs a secure page; the address is there to be taken by hand where that is not so. */
function SendLink({ address, onClose }: { address: string; onClose: () => void }) {
  const t = useText(uiText)
  const [copied, setCopied] = useState(false)
  return (
    <Dialog
      title={t('viewLink')}
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>{t('close')}</Button>
          {navigator.clipboard && (
            <Button kind="primary" onClick={() => void navigator.clipboard.writeText(address).then(() => setCopied(true))}>
              {copied ? t('copied') : t('copy')}
            </Button>
          )}
        </>
      }
    >
      <TextField label={t('viewLinkHelp')} value={address} readOnly full onFocus={(event) => event.currentTarget.select()} />
    </Dialog>
  )
}
