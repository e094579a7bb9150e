import type { PracticeRun } from '@changbai/contract/practice.ts'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, call } from '../../../shared/call.ts'
import { practicePage } from '../../../shared/practice.ts'
import { roleName } from '../../../shared/roles.ts'
import { useLanguage, useText } from '../../../shared/text.ts'
import { listTime } from '../../../shared/time.ts'
import { Button, DecisionDialog, Facts, Loaded, PageTitle, ProblemAlert, Sheet, Status, useAct } from '../../../shared/ui/index.ts'
import { practiceText } from './practiceText.ts'
import { inWords, labelOfRun, stateOfRun } from './words.ts'

const LOOK_MILLISECONDS = 2_000
const isOver = ({ state }: Pick<PracticeRun, 'state'>): boolean => state === 'DONE' || state === 'LOST'

/** One run: the way in while it goes on, the result when it is over. */
export function PracticeRunPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useQuery({
    ...ask('practice.get', { runId: id }),
    refetchInterval: ({ state }) => (state.data && isOver(state.data) ? false : LOOK_MILLISECONDS),
  })
  return (
    <div className="page">
      <Loaded query={query} rows={6}>
        {(run) => <Run run={run} />}
      </Loaded>
    </div>
  )
}

function Run({ run }: { run: PracticeRun }) {
  const t = useText(practiceText)
  const lang = useLanguage()
  const act = useAct()
  const [asking, setAsking] = useState<'reset' | 'end' | null>(null)
  const may = (word: PracticeRun['may'][number]) => run.may.includes(word)
  return (
    <>
      <PageTitle
        title={inWords(run.scenario.title, lang)}
        sentence={inWords(run.scenario.summary, lang)}
        acts={
          <>
            {may('ENTER') && (
              <Button kind="primary" onClick={() => location.assign(practicePage(run.items.find((one) => !one.doneAt)?.path ?? '/'))}>
                {t('enter')}
              </Button>
            )}
            {may('JOIN') && (
              <Button kind="primary" busy={act.busy} onClick={() => void act.run(() => call('practice.join', { runId: run.id }))}>
                {t('join')}
              </Button>
            )}
            {may('RESET') && <Button onClick={() => setAsking('reset')}>{t('reset')}</Button>}
            {may('END') && <Button onClick={() => setAsking('end')}>{t('end')}</Button>}
          </>
        }
      />
      <ProblemAlert error={act.error} />
      {run.state === 'PREPARING' && (
        <p className="second" role="status">
          {t('preparing')}
        </p>
      )}
      {run.lostBecause && <p role="alert">{t('lost', { why: run.lostBecause })}</p>}
      <div className="split">
        <div className="stack">
          <Sheet flush title={t('stepsTitle')}>
            <ul className="list">
              {run.items.map((one, index) => (
                <li key={one.key}>
                  <div className="row wrap apart">
                    <b className="grow">{`${index + 1}. ${inWords(one.title, lang)}`}</b>
                    {one.worth > 0 && <span className="note">{t('points', { n: one.points, of: one.worth })}</span>}
                    <Status state={one.doneAt ? 'kept' : 'planned'} quiet>
                      {one.doneAt ? t('done', { at: listTime(one.doneAt, lang) }) : ''}
                    </Status>
                  </div>
                  <p className="second">{inWords(one.task, lang)}</p>
                  {one.slips.map((slip) => (
                    <p key={slip.zh} className="note">
                      {inWords(slip, lang)}
                    </p>
                  ))}
                </li>
              ))}
            </ul>
          </Sheet>
        </div>
        <div className="stack">
          <Sheet title={t('result')}>
            <Facts
              items={[
                [
                  t('state'),
                  <Status key="state" state={stateOfRun(run)}>
                    {t(labelOfRun(run))}
                  </Status>,
                ],
                ...(run.score === null ? [] : [[t('result2'), <b key="score">{t('score', { n: run.score })}</b>] as const]),
                ...(run.result
                  ? ([
                      [t('correctness'), t('score', { n: run.result.correctness })],
                      [t('timeLost'), t('minus', { n: run.result.timeLost })],
                      [t('used'), t('minutesUsed', { n: run.result.minutes, of: run.scenario.minutes })],
                      [t('hintsUsed'), t('times', { n: run.result.hints })],
                      [t('slips'), t('places', { n: run.result.slips })],
                    ] as const)
                  : ([[t('progress'), `${run.stepsDone}/${run.steps}`]] as const)),
                [t('person'), [run.name, run.tenantName].filter(Boolean).join(' · ')],
                [t('exercise'), t('role', { role: roleName(run.scenario.role, lang) })],
                [
                  t('mode'),
                  run.reviewer === 'AUTO'
                    ? t('auto')
                    : run.instructorName
                      ? t('instructor', { name: run.instructorName })
                      : t('awaitsInstructor'),
                ],
                [
                  t('begun'),
                  [listTime(run.begunAt, lang), run.attempt > 1 && t('attempt', { n: run.attempt })].filter(Boolean).join(' · '),
                ],
              ]}
            />
          </Sheet>
        </div>
      </div>
      {asking && (
        <DecisionDialog
          title={t(asking)}
          verb={t(asking)}
          ready
          act={() => act.runOrThrow(() => call(asking === 'reset' ? 'practice.reset' : 'practice.end', { runId: run.id }))}
          onClose={() => setAsking(null)}
        >
          <p>{t(asking === 'reset' ? 'resetNote' : 'endNote')}</p>
        </DecisionDialog>
      )}
    </>
  )
}
