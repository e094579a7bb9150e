import type { Session } from '@changbai/contract/identity.ts'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { call } from '../../shared/call.ts'
import { sessionQuery } from '../../shared/session.ts'
import { useText } from '../../shared/text.ts'
import { tourFor } from './stops.ts'
import './tour.css'
import { tourText } from './tourText.ts'

/**
 * A short walk over the pages of a role: offered once, put aside and resumed at any time, remembered on the server. It covers nothing and asks for
 * nothing, so that the page under it can be tried meanwhile.
 * @param asked opened from the menu, also when it was ended before
 */
export function Tour({
  session,
  asked,
  mayVisit,
  onClose,
}: {
  session: Session
  asked: boolean
  mayVisit: (to: string) => boolean
  onClose: () => void
}) {
  const t = useText(tourText)
  const client = useQueryClient()
  const navigate = useNavigate()
  const card = useRef<HTMLElement>(null)
  const stops = tourFor(
    session.grants.map(({ role }) => role),
    mayVisit,
  )
  const n = stops.length
  const kept = Math.min(session.tour.done ? 0 : session.tour.step, Math.max(0, n - 1))
  const [step, setStep] = useState<number | null>(asked ? kept : null)
  const stop = step === null ? undefined : stops[step]

  const keep = (tour: Session['tour']) => {
    client.setQueryData(sessionQuery.queryKey, { ...session, tour })
    void call('identity.keepTour', tour).catch(() => {})
  }
  const go = (to: number) => {
    const next = stops[to]
    if (!next) return
    setStep(to)
    keep({ step: to, done: false })
    void navigate({ to: next.to })
  }
  const end = () => {
    keep({ step: 0, done: true })
    onClose()
  }
  const opensAt = asked ? stops[kept]?.to : undefined
  const opened = useRef(false)
  useEffect(() => {
    if (!opensAt || opened.current) return
    opened.current = true
    void navigate({ to: opensAt })
  }, [opensAt, navigate])
  useEffect(() => {
    if (step !== null) card.current?.focus()
  }, [step])

  if (n === 0) return null
  if (!stop || step === null) {
    const begun = kept > 0
    return (
      <section className="tour-offer" aria-label={t('label')}>
        <span>{begun ? t('goOnOffer', { step: kept + 1, n }) : t('offer', { n })}</span>
        <span className="tour-acts">
          <button type="button" className="btn small" onClick={() => go(kept)}>
            {t(begun ? 'goOn' : 'look')}
          </button>
          <button type="button" className="btn small plain" onClick={end}>
            {t('notWanted')}
          </button>
        </span>
      </section>
    )
  }
  const isLast = step === n - 1
  return (
    <section
      ref={card}
      className="tour-card"
      aria-label={t('label')}
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose()
        else if (event.key === 'ArrowRight' && !isLast) go(step + 1)
        else if (event.key === 'ArrowLeft') go(step - 1)
        else return
        event.stopPropagation()
      }}
    >
      <p className="ink3">{t('stepOf', { step: step + 1, n })}</p>
      <p aria-live="polite">{t(stop.key)}</p>
      <div className="tour-acts">
        {isLast ? (
          <button type="button" className="btn small primary" onClick={end}>
            {t('end')}
          </button>
        ) : (
          <button type="button" className="btn small primary" onClick={() => go(step + 1)}>
            {t('next')}
          </button>
        )}
        {step > 0 && (
          <button type="button" className="btn small" onClick={() => go(step - 1)}>
            {t('back')}
          </button>
        )}
        <span className="grow" />
        {!isLast && (
          <button type="button" className="btn small plain" onClick={onClose}>
            {t('aside')}
          </button>
        )}
      </div>
    </section>
  )
}
