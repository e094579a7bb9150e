import { Copy } from 'lucide-react'
import { useState } from 'react'
import { useText } from '../../shared/text.ts'
import { accessText } from './accessText.ts'

/** Text to take elsewhere: shown whole, copied by a button where the browser lets pages copy (HTTPS or this machine). */
export function CopyText({ text }: { text: string }) {
  const t = useText(accessText)
  const [done, setDone] = useState(false)
  return (
    <span className="copy-text">
      <code className="mono break">{text}</code>
      {navigator.clipboard && (
        <button
          type="button"
          className="link nowrap"
          onClick={() =>
            void navigator.clipboard.writeText(text).then(
              () => setDone(true),
              () => {},
            )
          }
        >
          <Copy size={14} strokeWidth={1.6} aria-hidden="true" /> {done ? t('copied') : t('copy')}
        </button>
      )}
    </span>
  )
}
