import type { Answer, Measured, Round } from '@changbai/contract/inspection.ts'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { Printer } from 'lucide-react'
import { useEffect, useState } from 'react'
import { ask, call, callWithFile, download, newKey } from '../../shared/call.ts'
import { isPassing, ProblemError } from '../../shared/problem.ts'
import { pick, useLanguage, useText } from '../../shared/text.ts'
import { listTime, recordTime, serverNow } from '../../shared/time.ts'
import { Button, DecisionDialog, Evidence, Loaded, PageTitle, ProblemAlert, Sheet, Status, useAct } from '../../shared/ui/index.ts'
import { type Draft, dropDraft, keepDraft, keepRound, mergeDraft, readDraft, readRound, useOnline, withPhotos } from './draft.ts'
import './inspection.css'
import { ItemLine } from './ItemLine.tsx'
import { inspectionText } from './inspectionText.ts'
import { dropPhotos, type KeptPhoto, keepPhoto, photosOf, preparePhoto } from './photo.ts'

/** One round: walked item by item while it is open, read afterwards. */
export function RoundPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const t = useText(inspectionText)
  const query = useQuery(ask('inspection.get', { roundId: id }))
  const kept = query.isError && query.data === undefined && isPassing(query.error) ? readRound(id) : null
  if (kept)
    return (
      <div className="page narrow">
        <p className="notice">{t('keptRound')}</p>
        <Walk round={kept} />
      </div>
    )
  return (
    <div className="page narrow">
      <Loaded query={query} rows={8}>
        {(round) => (round.may.includes('WRITE') ? <Walk round={round} /> : <Report round={round} />)}
      </Loaded>
    </div>
  )
}

/** Items by group, in the order of the plan. */
function groupsOf(round: Round): [string, Round['items']][] {
  const groups = new Map<string, Round['items']>()
  for (const item of round.items) groups.set(item.group, [...(groups.get(item.group) ?? []), item])
  return [...groups]
}
const wordOfGroup = (t: (key: never) => string, group: string): string => t((group === 'RUNNING' ? 'RUNNING_GROUP' : group) as never)

function Head({ round, acts }: { round: Round; acts?: React.ReactNode }) {
  const t = useText(inspectionText)
  const lang = useLanguage()
  const { checkIn } = round
  return (
    <PageTitle
      title={`${t(round.kind)} ${round.number}`}
      sentence={[
        `${round.inspectorName} · ${t('startedAt')} ${listTime(round.startedAt, lang)}`,
        round.doneAt && `${t('doneAt')} ${listTime(round.doneAt, lang)}`,
        round.kind === 'FACILITY' && (checkIn.method === 'NONE' ? t('notCheckedIn') : t('checkedIn', { point: checkIn.pointCode })),
      ]
        .filter(Boolean)
        .join(' · ')}
      acts={acts}
    />
  )
}

function Walk({ round }: { round: Round }) {
  const t = useText(inspectionText)
  const lang = useLanguage()
  const act = useAct()
  const online = useOnline()
  const [draft, setDraft] = useState<Draft>(() => mergeDraft(readDraft(round.id), round.answers))
  const [photos, setPhotos] = useState<KeptPhoto[]>([])
  const [measured, setMeasured] = useState<Map<string, Measured>>(new Map())
  const [unread, setUnread] = useState(false)
  const answered = round.items.filter((item) => draft.answers[item.code]).length
  const left = round.items.length - answered
  const answers = Object.values(draft.answers)
  const keep = (next: Draft) => {
    setDraft(next)
    keepDraft(round.id, next)
  }
  useEffect(() => {
    keepRound(round)
    void photosOf(round.id).then(setPhotos)
  }, [round])
  const take = async (code: string, file: File) => {
    setUnread(false)
    const takenAt = new Date(serverNow()).toISOString()
    const where = [round.checkIn.pointCode, round.number].filter(Boolean).join(' ')
    const blob = await preparePhoto(file, [`${recordTime(takenAt)} ${where}`, round.inspectorName]).catch(() => null)
    if (!blob) return setUnread(true)
    const photo = { id: newKey(), roundId: round.id, code, blob, takenAt, fileId: null }
    await keepPhoto(photo)
    setPhotos((before) => [...before, photo])
  }
  /** Photos that are only on this device go first; each is taken once, however often it is sent. */
  const sendPhotos = async (held: Draft): Promise<Draft> => {
    const sent: KeptPhoto[] = []
    for (const photo of await photosOf(round.id)) {
      if (photo.fileId) {
        sent.push(photo)
        continue
      }
      const file = new File([photo.blob], `${round.number}-${photo.code.replace(/[^\w.-]/g, '_')}-${photo.id.slice(0, 6)}.jpg`, {
        type: 'image/jpeg',
      })
      const { id: fileId } = await callWithFile('file.upload', { purpose: 'inspection' }, file, { idempotencyKey: photo.id })
      const done = { ...photo, fileId }
      await keepPhoto(done)
      sent.push(done)
    }
    setPhotos(sent)
    return withPhotos(held, sent)
  }
  const answer = (one: Answer) => keep({ ...draft, answers: { ...draft.answers, [one.code]: one } })
  // what is on this device goes to the server whenever it can be reached
  const text = JSON.stringify(answers)
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is sent follows from the text and the photos alone
  useEffect(() => {
    if (!online || text === '[]' || draft.doneAt !== null) return
    const timer = setTimeout(() => {
      const save = async () => {
        const held = await sendPhotos({
          answers: Object.fromEntries((JSON.parse(text) as Answer[]).map((one) => [one.code, one])),
          doneAt: null,
        })
        await call('inspection.save', { roundId: round.id, answers: Object.values(held.answers) })
      }
      // without the network it stays on this device and goes with the next change
      save().catch(() => {})
    }, 1500)
    return () => clearTimeout(timer)
  }, [online, text, photos.length, draft.doneAt, round.id])

  const send = async (doneAt: string | null) => {
    await act.run(async () => {
      try {
        const held = await sendPhotos(draft)
        await call('inspection.submit', { roundId: round.id, answers: Object.values(held.answers), ...(doneAt && { doneAt }) })
        dropDraft(round.id)
        await dropPhotos(round.id)
      } catch (failure) {
        // without the network it is finished all the same: it keeps its own instant and waits
        if (!(failure instanceof ProblemError) || failure.status !== 0) throw failure
        keep({ ...draft, doneAt: doneAt ?? new Date(serverNow()).toISOString() })
      }
    })
  }
  const waits = draft.doneAt !== null
  // biome-ignore lint/correctness/useExhaustiveDependencies: sent once when the network comes back, not whenever an answer changes
  useEffect(() => {
    if (online && draft.doneAt !== null) void send(draft.doneAt)
  }, [online])

  return (
    <>
      <Head round={round} />
      {!online && <p className="notice">{t('offline')}</p>}
      <div className="round-progress row apart">
        <b>{t('progress', { done: answered, total: round.items.length })}</b>
        <span className="note">{online ? t('saved') : t('savedHere')}</span>
        <progress
          className="grow"
          max={round.items.length}
          value={answered}
          aria-label={t('progress', { done: answered, total: round.items.length })}
        />
      </div>
      {round.kind !== 'FACILITY' && (
        <Prefill
          round={round}
          onTake={(items) => {
            setMeasured(new Map(items.map((one) => [one.code, one])))
            const fresh = items.filter(({ code }) => !draft.answers[code])
            keep({
              ...draft,
              answers: {
                ...draft.answers,
                ...Object.fromEntries(fresh.map(({ code, result, value }) => [code, { ...blank(code), result, value }])),
              },
            })
          }}
        />
      )}
      {unread && <p className="notice">{t('photoFailed')}</p>}
      <div className="stack">
        {groupsOf(round).map(([group, items]) => (
          <Sheet
            key={group}
            flush
            title={wordOfGroup(t as never, group)}
            acts={
              items.some((item) => !draft.answers[item.code] && item.okFrom === null && item.okTo === null) && (
                <Button
                  size="small"
                  onClick={() => {
                    const rest = items.filter((item) => !draft.answers[item.code] && item.okFrom === null && item.okTo === null)
                    const fresh = rest.map((item) => [item.code, blank(item.code)] as const)
                    keep({ ...draft, answers: { ...draft.answers, ...Object.fromEntries(fresh) } })
                  }}
                >
                  {t('allNormal')}
                </Button>
              )
            }
          >
            <ul className="list">
              {items.map((item) => (
                <ItemLine
                  key={item.code}
                  item={item}
                  answer={draft.answers[item.code] ?? null}
                  onAnswer={answer}
                  lang={lang}
                  photos={photos.filter(({ code }) => code === item.code)}
                  onTake={(file) => void take(item.code, file)}
                  measured={measured.get(item.code)}
                />
              ))}
            </ul>
          </Sheet>
        ))}
      </div>
      <ProblemAlert error={act.error} />
      <div className="round-foot">
        {waits && <p className="notice">{t('waiting')}</p>}
        <Button kind="primary" busy={act.busy} disabled={left > 0} onClick={() => void send(null)}>
          {left > 0 ? t('submitLeft', { n: left }) : t('submit')}
        </Button>
      </div>
    </>
  )
}

/** What monitoring saw in the last quarter of an hour; taken over by a person, never by itself. */
function Prefill({ round, onTake }: { round: Round; onTake: (items: Measured[]) => void }) {
  const t = useText(inspectionText)
  const query = useQuery(ask('inspection.measured', { roundId: round.id }))
  const items = query.data?.items ?? []
  if (items.length === 0) return null
  return (
    <p className="notice row wrap apart">
      <span>{t('measuredN', { count: items.length })}</span>
      <Button size="small" onClick={() => onTake(items)}>
        {t('measured')}
      </Button>
    </p>
  )
}

const blank = (code: string): Answer => ({ code, result: 'OK', value: null, note: '', follow: 'NONE', photoIds: [] })

function Report({ round }: { round: Round }) {
  const t = useText(inspectionText)
  const lang = useLanguage()
  const act = useAct()
  const [reviewing, setReviewing] = useState(false)
  const [leftHere, setLeftHere] = useState(() => readDraft(round.id) !== null)
  const answers = new Map(round.answers.map((one) => [one.code, one]))
  return (
    <>
      <Head
        round={round}
        acts={
          <>
            {round.may.includes('REVIEW') && <Button onClick={() => setReviewing(true)}>{t('review')}</Button>}
            <Button onClick={() => void act.run(() => download('inspection.print', { roundId: round.id }))}>
              <Printer size={16} strokeWidth={1.6} /> {t('print')}
            </Button>
            <Button onClick={() => void act.run(() => download('inspection.print', { roundId: round.id, format: 'pdf' }))}>
              {t('printPdf')}
            </Button>
          </>
        }
      />
      <ProblemAlert error={act.error} />
      <p className="row wrap round-state">
        {round.conclusion === null ? (
          <Status state="running">{t('writing')}</Status>
        ) : (
          <Status state={round.abnormal > 0 ? 'risk' : 'kept'}>
            {round.abnormal > 0 ? t('abnormalN', { count: round.abnormal }) : t('NORMAL')}
          </Status>
        )}
        {round.valid !== null && <Status state={round.valid ? 'kept' : 'breach'}>{round.valid ? t('valid') : t('invalid')}</Status>}
        {round.isLate && round.receivedAt && <span className="second">{t('late', { at: listTime(round.receivedAt, lang) })}</span>}
      </p>
      {round.invalid.length > 0 && (
        <p className="notice">{t('why', { reasons: round.invalid.map((one) => t(one)).join(lang === 'zh-CN' ? '、' : ', ') })}</p>
      )}
      {leftHere && (
        <p className="notice row wrap apart">
          <span>{t('notCounted2')}</span>
          <Button
            size="small"
            onClick={() => {
              dropDraft(round.id)
              void dropPhotos(round.id)
              setLeftHere(false)
            }}
          >
            {t('dropHere')}
          </Button>
        </p>
      )}
      {round.review && <p className="notice">{t('reviewed', { by: round.review.byName, comment: round.review.comment })}</p>}
      <div className="stack">
        {groupsOf(round).map(([group, items]) => (
          <Sheet key={group} flush title={wordOfGroup(t as never, group)}>
            <ul className="list">
              {items.map((item) => {
                const answer = answers.get(item.code)
                return (
                  <li key={item.code} className="row wrap apart round-report">
                    <span className="grow">
                      {pick(item.title, lang)}
                      {answer?.note && <span className="note block">{answer.note}</span>}
                    </span>
                    {answer?.value !== null && answer?.value !== undefined && (
                      <b>
                        {answer.value} {item.unit}
                      </b>
                    )}
                    {answer && (
                      <Status
                        state={answer.result === 'OK' ? 'kept' : answer.result === 'NA' ? 'none' : 'risk'}
                        quiet={answer.result === 'OK'}
                      >
                        {t(answer.result)}
                      </Status>
                    )}
                    {answer?.photoIds.map((photoId) => {
                      const photo = round.photos.find(({ id }) => id === photoId)
                      return (
                        <figure key={photoId} className="round-photo">
                          <a href={`/api/files/${photoId}/content`} target="_blank" rel="noreferrer">
                            <img src={`/api/files/${photoId}/content`} alt={pick(item.title, lang)} loading="lazy" />
                          </a>
                          {photo && <Evidence digest={photo.digest} />}
                        </figure>
                      )
                    })}
                    {answer?.incidentId && (
                      <a href={`/duty/incidents/${answer.incidentId}`}>{t('incident', { no: answer.incidentNo ?? '' })}</a>
                    )}
                  </li>
                )
              })}
            </ul>
          </Sheet>
        ))}
      </div>
      {reviewing && (
        <DecisionDialog
          title={t('reviewTitle', { number: round.number })}
          verb={t('review')}
          reason={{ label: t('reviewComment') }}
          act={async (comment) => {
            await act.runOrThrow(() => call('inspection.review', { roundId: round.id, comment }))
          }}
          onClose={() => setReviewing(false)}
        />
      )}
    </>
  )
}
