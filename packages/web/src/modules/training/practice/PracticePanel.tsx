import './practice.css'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, call } from '../../../shared/call.ts'
import { usePhone } from '../../../shared/clock.ts'
import { practicePage } from '../../../shared/practice.ts'
import { useLanguage, useText } from '../../../shared/text.ts'
import { Button, ProblemAlert, useAct } from '../../../shared/ui/index.ts'
import { practiceText } from './practiceText.ts'
import { inWords } from './words.ts'

const LOOK_MILLISECONDS = 2_500

/** On every page of the practice world: what it is, the step that is next, its hints, and the way out. */
export function PracticePanel() {
  const t = useText(practiceText)
  const lang = useLanguage()
  const phone = usePhone()
  const act = useAct()
  const { data } = useQuery({ ...ask('practice.current', {}), refetchInterval: LOOK_MILLISECONDS })
  const [shown, setShown] = useState(!phone)
  const run = data?.run
  const index = run ? run.items.findIndex((one) => !one.doneAt) : -1
  const step = run?.items[index]
  const leave = (): void => location.assign(run ? `/records/practice/${run.id}` : '/records/practice')
  return (
    <>
      <div className="band practice-band" role="status">
        <b className="grow">{t('band')}</b>
        {run && !shown && (
          <button type="button" className="btn small" onClick={() => setShown(true)}>
            {t('show')}
          </button>
        )}
        <button type="button" className="btn small" onClick={leave}>
          {t('leave')}
        </button>
      </div>
      {run && shown && (
        <aside className="practice-panel" aria-label={t('show')}>
          <div className="row apart">
            <span className="note">{step ? t('step', { n: index + 1, of: run.items.length }) : inWords(run.scenario.title, lang)}</span>
            <button type="button" className="btn small plain" onClick={() => setShown(false)}>
              {t('hide')}
            </button>
          </div>
          {step ? (
            <div aria-live="polite">
              <h2>{inWords(step.title, lang)}</h2>
              <p>{inWords(step.task, lang)}</p>
              {step.hints.map((hint, n) => (
                <p key={hint.zh} className="second">{`${t('hintNo', { n: n + 1 })}: ${inWords(hint, lang)}`}</p>
              ))}
              <ProblemAlert error={act.error} />
              <div className="row wrap">
                {step.path && (
                  <a className="btn small" href={practicePage(step.path)}>
                    {t('goThere')}
                  </a>
                )}
                {step.hintsLeft > 0 && run.may.includes('HINT') && (
                  <Button
                    size="small"
                    busy={act.busy}
                    onClick={() => void act.run(() => call('practice.hint', { runId: run.id, step: step.key }))}
                  >
                    {t('hint', { n: step.hintsLeft })}
                  </Button>
                )}
              </div>
            </div>
          ) : (
            <div>
              <p>{t('allDone')}</p>
              <Button kind="primary" size="small" onClick={leave}>
                {t('result')}
              </Button>
            </div>
          )}
        </aside>
      )}
    </>
  )
}
