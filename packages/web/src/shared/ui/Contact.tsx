import type { RevealSubject } from '@changbai/contract/personal.ts'
import { useState } from 'react'
import { call } from '../call.ts'
import { useMay } from '../session.ts'
import { useText } from '../text.ts'
import { DecisionDialog } from './DecisionDialog.tsx'
import { uiText } from './uiText.ts'

const isMasked = (text: string): boolean => text.includes('****')

/** How somebody is reached: a number to press where it is whole; where it is masked, a way to look it up, with a reason that stays on record. */
export function Contact({ value, subject, id, field }: { value: string | null; subject: RevealSubject; id: string; field: string }) {
  const t = useText(uiText)
  const may = useMay()
  const [shown, setShown] = useState<string | null>(null)
  const [asking, setAsking] = useState(false)
  const text = shown ?? value ?? ''
  if (text === '') return <>—</>
  if (!isMasked(text)) return /^[\d+() -]{5,}$/.test(text) ? <a href={`tel:${text.replace(/[^\d+]/g, '')}`}>{text}</a> : text
  return (
    <>
      {text}
      {may('personal.contact:X') && (
        <>
          {' '}
          <button type="button" className="link" onClick={() => setAsking(true)}>
            {t('lookUp')}
          </button>
        </>
      )}
      {asking && (
        <DecisionDialog
          title={t('lookUpTitle')}
          verb={t('lookUp')}
          reason={{ label: t('lookUpReason'), help: t('lookUpHelp') }}
          act={async (reason) => setShown((await call('personal.reveal', { subject, id, field, reason })).value)}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  )
}
