import type { Exam, TrainingDetail } from '@changbai/contract/training.ts'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { ask, call, callWithFile, download } from '../../shared/call.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { clock, fromWall, listTime } from '../../shared/time.ts'
import {
  Button,
  DecisionDialog,
  Dialog,
  Facts,
  Loaded,
  MinuteField,
  PageTitle,
  ProblemAlert,
  QrPicture,
  SelectField,
  Sheet,
  Status,
  TextField,
  useAct,
} from '../../shared/ui/index.ts'
import { stateOf } from './TrainingsPage.tsx'
import { trainingText } from './trainingText.ts'

/** One session: what its manager does, and what a participant does. */
export function TrainingPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useQuery(ask('training.get', { trainingId: id }))
  return (
    <div className="page">
      <Loaded query={query} rows={8}>
        {(one) => <Body one={one} />}
      </Loaded>
    </div>
  )
}

type Doing = 'SIGN_IN' | 'CLOSE' | 'SURVEY'
function Body({ one }: { one: TrainingDetail }) {
  const t = useText(trainingText)
  const lang = useLanguage()
  const act = useAct()
  const [doing, setDoing] = useState<Doing | null>(() =>
    new URLSearchParams(location.search).has('code') && one.may.includes('SIGN_IN') ? 'SIGN_IN' : null,
  )
  const [exam, setExam] = useState<Exam | null>(null)
  const [shown, setShown] = useState<Shown | null>(null)
  const picker = useRef<HTMLInputElement>(null)
  const can = (verb: TrainingDetail['may'][number]) => one.may.includes(verb)
  const input = { trainingId: one.id }
  const best = one.own.best
  return (
    <>
      <PageTitle
        title={`${one.year} ${t('seq', { n: one.seq })} ${one.course}`}
        mark={<Status state={stateOf[one.status]}>{t(one.status)}</Status>}
        sentence={`${one.number} · ${one.plannedOn} · ${one.venue}`}
        acts={
          <>
            {can('INVITE') && (
              <Button kind="primary" busy={act.busy} onClick={() => void act.run(() => call('training.invite', input))}>
                {t('invite')}
              </Button>
            )}
            {can('CLOSE') && (
              <Button onClick={() => void act.run(async () => setShown(await call('training.code', input)))}>{t('code')}</Button>
            )}
            {can('CLOSE') && (
              <Button kind="primary" onClick={() => setDoing('CLOSE')}>
                {t('close')}
              </Button>
            )}
            {can('ANSWER') && one.own.coming === null && (
              <>
                <Button onClick={() => void act.run(() => call('training.answer', { ...input, coming: false }))}>{t('stay')}</Button>
                <Button kind="primary" onClick={() => void act.run(() => call('training.answer', { ...input, coming: true }))}>
                  {t('come')}
                </Button>
              </>
            )}
            {can('SIGN_IN') && <Button onClick={() => setDoing('SIGN_IN')}>{t('signIn')}</Button>}
            {can('EXAM') && (
              <Button
                kind="primary"
                busy={act.busy}
                onClick={() => void act.run(async () => setExam(await call('training.startExam', input)))}
              >
                {t('exam')}
              </Button>
            )}
            {can('SURVEY') && <Button onClick={() => setDoing('SURVEY')}>{t('survey')}</Button>}
          </>
        }
      />
      <ProblemAlert error={act.error} />
      <div className="split">
        <div className="stack">
          <Sheet>
            <Facts
              items={[
                [t('topics'), one.topics.map((topic) => t(topic)).join(lang === 'zh-CN' ? '、' : ', ')],
                [t('audience'), one.audience],
                [t('trainers'), one.trainers],
                [t('venue'), `${one.venue} · ${t('days', { n: one.days })}`],
                one.effect !== '' && [t('effect'), one.effect],
              ]}
            />
          </Sheet>
          {one.participants.length > 0 && (
            <Sheet flush title={t('participants')}>
              <ul className="list">
                {one.participants.map((person) => (
                  <li key={person.personId} className="row wrap apart">
                    <span className="grow">
                      {person.name} <span className="note">{person.tenantName}</span>
                    </span>
                    <span className="second">
                      {person.signedInAt
                        ? t('signedIn', { at: listTime(person.signedInAt, lang) })
                        : person.coming === null
                          ? t('unanswered')
                          : t(person.coming ? 'come' : 'stay')}
                    </span>
                    {person.score !== null && (
                      <Status state={person.passed ? 'kept' : 'risk'}>{t('result', { score: person.score })}</Status>
                    )}
                  </li>
                ))}
              </ul>
            </Sheet>
          )}
        </div>
        <div className="stack">
          {(one.own.invited || one.own.signedInAt) && (
            <Sheet title={t('own')}>
              <p>{one.own.signedInAt ? t('signedIn', { at: listTime(one.own.signedInAt, lang) }) : t('absent')}</p>
              {best && (
                <p className="row">
                  <Status
                    state={best.passed ? 'kept' : 'risk'}
                  >{`${t('result', { score: best.score })} ${best.passed ? '' : t('notPassed')}`}</Status>
                  {best.passed && (
                    <Button size="small" onClick={() => void act.run(() => download('training.certificate', { examId: best.id }))}>
                      {t('certificate')}
                    </Button>
                  )}
                </p>
              )}
              {one.own.surveyed && <p className="note">{t('surveyed')}</p>}
            </Sheet>
          )}
          <Sheet
            flush
            title={t('materials')}
            acts={
              can('MANAGE') && (
                <>
                  <Button size="small" onClick={() => picker.current?.click()}>
                    {t('addMaterial')}
                  </Button>
                  <input
                    ref={picker}
                    type="file"
                    hidden
                    onChange={(event) => {
                      const file = event.target.files?.[0]
                      event.target.value = ''
                      if (!file) return
                      void act.run(async () => {
                        const { id } = await callWithFile('file.upload', { purpose: 'training' }, file)
                        await call('training.material', { ...input, fileId: id, name: file.name.replace(/\.[^.]*$/, '') })
                      })
                    }}
                  />
                </>
              )
            }
          >
            <ul className="list">
              {one.materials.map((file) => (
                <li key={file.id} className="row apart">
                  <button
                    type="button"
                    className="link"
                    onClick={() => void act.run(() => download('file.download', { fileId: file.fileId }))}
                  >
                    {file.name}
                  </button>
                  <span className="note">{t('version', { n: file.version })}</span>
                </li>
              ))}
              {one.materials.length === 0 && <li className="second">{t('none')}</li>}
            </ul>
          </Sheet>
        </div>
      </div>
      {shown && <Code shown={shown} onClose={() => setShown(null)} />}
      {doing === 'SIGN_IN' && <SignIn id={one.id} onClose={() => setDoing(null)} />}
      {doing === 'CLOSE' && <Close one={one} onClose={() => setDoing(null)} />}
      {doing === 'SURVEY' && <Survey id={one.id} onClose={() => setDoing(null)} />}
      {exam && <Paper exam={exam} onClose={() => setExam(null)} />}
    </>
  )
}

interface Props {
  id: string
  onClose: () => void
}
interface Shown {
  code: string
  until: string
  path: string
}
function Code({ shown, onClose }: { shown: Shown; onClose: () => void }) {
  const t = useText(trainingText)
  return (
    <Dialog title={t('code')} onClose={onClose}>
      <QrPicture text={`${location.origin}${shown.path}`} />
      <p className="mono">{shown.code}</p>
      <p className="note">{t('codeNote', { at: clock(shown.until) })}</p>
    </Dialog>
  )
}
function SignIn({ id, onClose }: Props) {
  const t = useText(trainingText)
  const act = useAct()
  const [code, setCode] = useState(() => new URLSearchParams(location.search).get('code') ?? '')
  return (
    <DecisionDialog
      title={t('signIn')}
      verb={t('signIn')}
      ready={code.length > 3}
      act={() => act.runOrThrow(() => call('training.signIn', { trainingId: id, code }))}
      onClose={onClose}
    >
      <TextField label={t('codeLabel')} value={code} maxLength={40} onChange={(value) => setCode(value.toUpperCase())} />
    </DecisionDialog>
  )
}
function Close({ one, onClose }: { one: TrainingDetail; onClose: () => void }) {
  const t = useText(trainingText)
  const act = useAct()
  const [from, setFrom] = useState(`${one.plannedOn}T09:00`)
  const [to, setTo] = useState(`${one.plannedOn}T17:00`)
  return (
    <DecisionDialog
      title={t('close')}
      verb={t('close')}
      reason={{ label: t('effect') }}
      act={(effect) =>
        act.runOrThrow(() => call('training.close', { trainingId: one.id, heldFrom: fromWall(from), heldTo: fromWall(to), effect }))
      }
      onClose={onClose}
    >
      <MinuteField label={t('from')} value={from} onChange={setFrom} />
      <MinuteField label={t('to')} value={to} onChange={setTo} />
    </DecisionDialog>
  )
}
const MARKS = ['content', 'trainer', 'organization', 'usefulness'] as const
function Survey({ id, onClose }: Props) {
  const t = useText(trainingText)
  const act = useAct()
  const [marks, setMarks] = useState({ content: 5, trainer: 5, organization: 5, usefulness: 5 })
  return (
    <DecisionDialog
      title={t('survey')}
      verb={t('survey')}
      reason={{ label: t('comment'), optional: true }}
      act={(comment) => act.runOrThrow(() => call('training.survey', { trainingId: id, ...marks, comment }))}
      onClose={onClose}
    >
      {MARKS.map((key) => (
        <SelectField
          key={key}
          label={t(key)}
          value={String(marks[key])}
          onChange={(value) => setMarks((before) => ({ ...before, [key]: Number(value) }))}
          options={['5', '4', '3', '2', '1'].map((n) => [n, n] as const)}
        />
      ))}
    </DecisionDialog>
  )
}

function Paper({ exam, onClose }: { exam: Exam; onClose: () => void }) {
  const t = useText(trainingText)
  const act = useAct()
  const [given, setGiven] = useState<Record<string, number>>({})
  const hand = () =>
    void act.run(async () => {
      await call('training.submitExam', {
        examId: exam.id,
        answers: Object.entries(given).map(([questionId, option]) => ({ questionId, option })),
      })
      onClose()
    })
  return (
    <Dialog
      wide
      title={`${t('exam')} ${Object.keys(given).length}/${exam.questions.length}`}
      onClose={onClose}
      foot={
        <Button kind="primary" busy={act.busy} onClick={hand}>
          {t('hand')}
        </Button>
      }
    >
      <ProblemAlert error={act.error} />
      <ol className="stack">
        {exam.questions.map((question, index) => (
          <li key={question.id}>
            <fieldset className="stack tight">
              <legend>{`${index + 1}. ${question.text}`}</legend>
              {question.options.map((option, at) => (
                <label key={option} className="check">
                  <input
                    type="radio"
                    name={question.id}
                    checked={given[question.id] === at}
                    onChange={() => setGiven((before) => ({ ...before, [question.id]: at }))}
                  />
                  <span>{option}</span>
                </label>
              ))}
            </fieldset>
          </li>
        ))}
      </ol>
    </Dialog>
  )
}
