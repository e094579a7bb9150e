import { Link } from '@tanstack/react-router'
import { Copy } from 'lucide-react'
import { useState } from 'react'
import { useText } from '../text.ts'
import { uiText } from './uiText.ts'

/** A clause's number, a link to what was promised. */
export const ClauseChip = ({ id }: { id: string }) => (
  <Link className="clause" to="/plan/clauses/$clauseId" params={{ clauseId: id }}>
    {id}
  </Link>
)

/** A digest: four and four characters, the whole on hover, copied on click. */
export function Evidence({ digest, algorithm }: { digest: string; algorithm?: string }) {
  const t = useText(uiText)
  const [copied, setCopied] = useState(false)
  const copy = () =>
    void navigator.clipboard?.writeText(digest).then(() => {
      setCopied(true)
      setTimeout(() => setCopied(false), 2000)
    })
  return (
    <button type="button" className="link mono" title={digest} aria-label={t('digest', { value: digest })} onClick={copy}>
      {algorithm ? `${algorithm} ` : ''}
      {digest.length > 10 ? `${digest.slice(0, 4)}…${digest.slice(-4)}` : digest} <Copy size={12} strokeWidth={1.6} aria-hidden="true" />
      {copied && <span className="note" role="status">{` ${t('copied')}`}</span>}
    </button>
  )
}

export const Avatar = ({ name }: { name: string }) => (
  <span className="avatar" aria-hidden="true">
    {/\p{Script=Han}/u.test(name) ? name.slice(-1) : name.slice(0, 1).toUpperCase()}
  </span>
)
