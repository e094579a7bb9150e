import type { EntryLink } from '@changbai/contract/registration.ts'
import { useState } from 'react'
import { call } from '../../shared/call.ts'
import { roleName } from '../../shared/roles.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import { Button, Dialog, ProblemAlert } from '../../shared/ui/index.ts'
import { CopyText } from './CopyText.tsx'
import { registrationText } from './registrationText.ts'

/** Links that are shown once, each with whom it is for. */
export function EntryLinks({ links, title, onClose }: { links: readonly EntryLink[]; title: string; onClose: () => void }) {
  const t = useText(registrationText)
  const lang = useLanguage()
  const [first] = links
  return (
    <Dialog
      title={title}
      onClose={onClose}
      foot={
        <Button kind="primary" onClick={onClose}>
          {t('close')}
        </Button>
      }
    >
      <div className="stack">
        {first && <p>{t('linksNote', { at: listTime(first.expiresAt, lang) })}</p>}
        {links.map((link) => (
          <div key={link.path}>
            <div className="strong">
              {link.name}　<span className="mono">{link.signIn}</span>
              {link.role && <span className="ink2">　{roleName(link.role, lang)}</span>}
            </div>
            <CopyText text={`${location.origin}${link.path}`} />
          </div>
        ))}
      </div>
    </Dialog>
  )
}

/** Makes a new link for somebody who has no password yet. */
export function NewLink({ person, onClose }: { person: { id: string; name: string }; onClose: () => void }) {
  const t = useText(registrationText)
  const [link, setLink] = useState<EntryLink | null>(null)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const title = t('newLinkTitle', { name: person.name })
  if (link) return <EntryLinks links={[link]} title={title} onClose={onClose} />
  const make = async () => {
    setBusy(true)
    setError(null)
    try {
      setLink(await call('registration.renewLink', { personId: person.id }))
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Dialog
      title={title}
      onClose={onClose}
      foot={
        <Button kind="primary" busy={busy} onClick={() => void make()}>
          {t('makeLink')}
        </Button>
      }
    >
      <p>{t('newLinkNote')}</p>
      <ProblemAlert error={error} />
    </Dialog>
  )
}
