import type { PracticeRunBrief } from '@changbai/contract/practice.ts'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, call } from '../../../shared/call.ts'
import { roleName } from '../../../shared/roles.ts'
import { useMay } from '../../../shared/session.ts'
import { useLanguage, useText } from '../../../shared/text.ts'
import { listTime } from '../../../shared/time.ts'
import {
  Button,
  Check,
  DecisionDialog,
  EmptyState,
  Loaded,
  PageTitle,
  ProblemAlert,
  Sheet,
  Status,
  useAct,
} from '../../../shared/ui/index.ts'
import { practiceText } from './practiceText.ts'
import { inWords, labelOfRun, stateOfRun } from './words.ts'

const RUNS_SHOWN = 50

/** What can be practised, the run under way, and the record: one's own, or everybody's for whoever manages trainings. */
export function PracticePage() {
  const t = useText(practiceText)
  const lang = useLanguage()
  const may = useMay()
  const navigate = useNavigate()
  const act = useAct()
  const instructs = may('training.manage:C')
  const scenarios = useQuery(ask('practice.scenarios', {}))
  const current = useQuery(ask('practice.current', {}))
  const runs = useQuery({ ...ask('practice.runs', { limit: RUNS_SHOWN }), refetchInterval: instructs ? 5_000 : false })
  const [wanted, setWanted] = useState<string | null>(null)
  const [withInstructor, setWithInstructor] = useState(false)
  const open = current.data?.run
  return (
    <div className="page">
      <PageTitle title={t('title')} sentence={t('sentence')} />
      <ProblemAlert error={act.error} />
      <div className="stack">
        {open && (
          <Sheet>
            <div className="row wrap apart">
              <span className="grow">
                <b>{inWords(open.scenario.title, lang)}</b> <span className="note">{`${open.stepsDone}/${open.steps}`}</span>
              </span>
              <Status state={stateOfRun(open)}>{t(labelOfRun(open))}</Status>
              <Button kind="primary" onClick={() => void navigate({ to: `/records/practice/${open.id}` as never })}>
                {t('goOn')}
              </Button>
            </div>
          </Sheet>
        )}
        <Sheet flush title={t('exercises')}>
          <Loaded query={scenarios} rows={3}>
            {({ items }) =>
              items.length === 0 ? (
                <EmptyState title={t('none')} />
              ) : (
                <ul className="list">
                  {items.map((one) => (
                    <li key={one.key}>
                      <div className="row wrap apart">
                        <b className="grow">{inWords(one.title, lang)}</b>
                        {one.tries > 0 && (
                          <Status state={one.passed ? 'kept' : 'todo'} quiet>
                            {`${t('tries', { n: one.tries })} · ${t('best', { n: one.best ?? 0 })}`}
                          </Status>
                        )}
                        <Button size="small" disabled={Boolean(open)} onClick={() => setWanted(one.key)}>
                          {t(one.tries > 0 ? 'again' : 'begin')}
                        </Button>
                      </div>
                      <p className="second">{inWords(one.summary, lang)}</p>
                      <p className="note">
                        {[
                          t('role', { role: roleName(one.role, lang) }),
                          t('steps', { n: one.steps }),
                          t('minutes', { n: one.minutes }),
                          t('passAt', { n: one.passScore }),
                        ].join(' · ')}
                      </p>
                    </li>
                  ))}
                </ul>
              )
            }
          </Loaded>
        </Sheet>
        <Sheet flush title={t(instructs ? 'all' : 'mine')}>
          <Loaded query={runs} rows={3}>
            {({ items }) => (items.length === 0 ? <EmptyState title={t('noRuns')} /> : <Runs items={items} named={instructs} />)}
          </Loaded>
        </Sheet>
      </div>
      {wanted && (
        <DecisionDialog
          title={t('begin')}
          verb={t('begin')}
          ready
          act={async () => {
            const run = await act.runOrThrow(() =>
              call('practice.begin', { scenario: wanted, reviewer: withInstructor ? 'INSTRUCTOR' : 'AUTO' }),
            )
            await navigate({ to: `/records/practice/${run.id}` as never })
          }}
          onClose={() => setWanted(null)}
        >
          <Check checked={withInstructor} onChange={setWithInstructor}>
            {t('withInstructor')}
          </Check>
          <p className="note">{t('withInstructorNote')}</p>
        </DecisionDialog>
      )}
    </div>
  )
}

function Runs({ items, named }: { items: readonly PracticeRunBrief[]; named: boolean }) {
  const t = useText(practiceText)
  const lang = useLanguage()
  return (
    <ul className="list">
      {items.map((run) => (
        <li key={run.id}>
          <div className="row wrap apart">
            <span className="grow">
              <Link to={`/records/practice/${run.id}` as never}>{inWords(run.scenario.title, lang)}</Link>{' '}
              {named && <span>{[run.name, run.tenantName].filter(Boolean).join(' · ')}</span>}
            </span>
            {run.score !== null && <b>{t('score', { n: run.score })}</b>}
            <Status state={stateOfRun(run)}>{t(labelOfRun(run))}</Status>
          </div>
          <p className="note">
            {[
              listTime(run.begunAt, lang),
              `${t('progress')} ${run.stepsDone}/${run.steps}`,
              run.reviewer === 'AUTO'
                ? t('auto')
                : run.instructorName
                  ? t('instructor', { name: run.instructorName })
                  : t('awaitsInstructor'),
            ].join(' · ')}
          </p>
        </li>
      ))}
    </ul>
  )
}
