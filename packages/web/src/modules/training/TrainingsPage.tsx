import type { TrainingSession, TrainingTopic } from '@changbai/contract/training.ts'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { useText } from '../../shared/text.ts'
import { today } from '../../shared/time.ts'
import {
  Button,
  DecisionDialog,
  EmptyState,
  Loaded,
  LongField,
  PageTitle,
  ProblemAlert,
  SelectField,
  Sheet,
  type State,
  Status,
  TextField,
  useAct,
} from '../../shared/ui/index.ts'
import { trainingText } from './trainingText.ts'

export const stateOf: Record<TrainingSession['status'], State> = {
  PLANNED: 'planned',
  INVITED: 'running',
  CLOSED: 'kept',
  CANCELLED: 'none',
}
export const TOPICS: readonly TrainingTopic[] = ['VM_USE', 'NETWORK_USE', 'REQUEST_CHANGE', 'FAULT_REPORT']

/** A year's sessions, and how far each bureau is trained. */
export function TrainingsPage() {
  const t = useText(trainingText)
  const may = useMay()
  const act = useAct()
  const query = useQuery(ask('training.list', {}))
  const [planning, setPlanning] = useState(false)
  const [venue, setVenue] = useState('')
  const [trainers, setTrainers] = useState('')
  return (
    <div className="page">
      <PageTitle
        title={t('trainings')}
        sentence={query.data && t('sentence', { n: query.data.perYear })}
        acts={
          may('training.manage:C') &&
          query.data?.items.length === 0 && (
            <Button kind="primary" onClick={() => setPlanning(true)}>
              {t('plan')}
            </Button>
          )
        }
      />
      <ProblemAlert error={act.error} />
      <div className="stack">
        <Sheet flush>
          <Loaded query={query} rows={4}>
            {({ items }) =>
              items.length === 0 ? (
                <EmptyState title={t('firstUse')} />
              ) : (
                <ul className="list">
                  {items.map((one) => (
                    <li key={one.id}>
                      <div className="row wrap apart">
                        <span className="grow">
                          <Link to={`/records/trainings/${one.id}` as never}>{`${one.year} ${t('seq', { n: one.seq })}`}</Link>{' '}
                          <b>{one.course}</b>
                        </span>
                        <span className="second">{`${t('people')} ${one.invited}/${one.coming}/${one.signedIn} · ${t('passed')} ${one.passed} · ${t('satisfaction')} ${one.satisfaction ?? '—'}`}</span>
                        <Status state={stateOf[one.status]}>{t(one.status)}</Status>
                      </div>
                      <p className="note">{`${one.plannedOn} · ${one.venue} · ${one.trainers}`}</p>
                    </li>
                  ))}
                </ul>
              )
            }
          </Loaded>
        </Sheet>
        {(query.data?.coverage.length ?? 0) > 0 && (
          <Sheet flush title={t('coverage')}>
            <ul className="list">
              {query.data?.coverage.map((one) => (
                <li key={one.tenantId} className="row wrap apart">
                  <span>{one.tenantName}</span>
                  <Status state={one.admins > 0 && one.passed === one.admins ? 'kept' : 'todo'} quiet>
                    {t('coverageLine', { admins: one.admins, trained: one.trained, passed: one.passed })}
                  </Status>
                </li>
              ))}
            </ul>
          </Sheet>
        )}
        {may('training.manage:C') && <Bank />}
      </div>
      {planning && (
        <DecisionDialog
          title={t('plan')}
          verb={t('plan')}
          ready={venue.trim() !== '' && trainers.trim() !== ''}
          act={() => act.runOrThrow(() => call('training.planYear', { year: Number(today().slice(0, 4)), venue, trainers }))}
          onClose={() => setPlanning(false)}
        >
          <TextField label={t('venue')} value={venue} onChange={setVenue} maxLength={200} />
          <TextField label={t('trainers')} value={trainers} onChange={setTrainers} maxLength={200} />
        </DecisionDialog>
      )}
    </div>
  )
}

function Bank() {
  const t = useText(trainingText)
  const act = useAct()
  const query = useQuery(ask('training.questions', { limit: 200 }))
  const [adding, setAdding] = useState(false)
  const [topic, setTopic] = useState<TrainingTopic>('VM_USE')
  const [text, setText] = useState('')
  const [lines, setLines] = useState('')
  const options = lines
    .split('\n')
    .map((one) => one.trim())
    .filter(Boolean)
  return (
    <Sheet
      flush
      title={t('bank')}
      acts={
        <Button size="small" onClick={() => setAdding(true)}>
          {t('addQuestion')}
        </Button>
      }
    >
      <ProblemAlert error={act.error} />
      <Loaded query={query} rows={2}>
        {({ items }) => (
          <ul className="list">
            {items.map((one) => (
              <li key={one.id} className="row wrap apart">
                <span className="grow">
                  {one.text} <span className="note">{`${t(one.topic)} · ${one.options[one.correct] ?? ''}`}</span>
                </span>
                {one.retired ? (
                  <span className="note">{t('retired')}</span>
                ) : (
                  <Button size="small" onClick={() => void act.run(() => call('training.retireQuestion', { questionId: one.id }))}>
                    {t('retire')}
                  </Button>
                )}
              </li>
            ))}
            {items.length === 0 && <li className="second">{t('none')}</li>}
          </ul>
        )}
      </Loaded>
      {adding && (
        <DecisionDialog
          title={t('addQuestion')}
          verb={t('addQuestion')}
          ready={text.trim().length > 1 && options.length > 1}
          act={async () => {
            await act.runOrThrow(() => call('training.addQuestion', { topic, text, options, correct: 0 }))
          }}
          onClose={() => setAdding(false)}
        >
          <SelectField
            label={t('topic')}
            value={topic}
            onChange={(value) => setTopic(value as TrainingTopic)}
            options={TOPICS.map((one) => [one, t(one)] as const)}
          />
          <LongField label={t('question')} value={text} onChange={setText} maxLength={500} />
          <LongField label={t('options')} value={lines} onChange={setLines} />
        </DecisionDialog>
      )}
    </Sheet>
  )
}
