import './incident.css'
import type { IncidentDetail, IncidentEvent } from '@changbai/contract/incident.ts'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { Phone } from 'lucide-react'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { usePhone } from '../../shared/clock.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime, recordTime, span } from '../../shared/time.ts'
import {
  Button,
  ClauseChip,
  Contact,
  Facts,
  Loaded,
  PageTitle,
  ProblemAlert,
  Sheet,
  type State,
  Status,
  TextField,
  Timeline,
  useAct,
} from '../../shared/ui/index.ts'
import { RelatedAlarms } from '../alarm/index.ts'
import { OnDutyNow } from '../duty/index.ts'
import { Suggestions } from '../knowledge/index.ts'
import { ProblemOfIncident } from '../problem/index.ts'
import { Acts } from './Acts.tsx'
import { CareSheets } from './CareSheets.tsx'
import { SeverityMark, ThreeClocks } from './Clocks.tsx'
import { CorrectionsSheet } from './Corrections.tsx'
import { correctionText } from './correctionText.ts'
import { eventWords } from './eventWords.ts'
import { stateOf } from './IncidentsPage.tsx'
import { incidentText } from './incidentText.ts'
import { PapersSheets } from './PapersSheets.tsx'

export function IncidentPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useQuery({ ...ask('incident.get', { incidentId: id }), refetchInterval: 10_000 })
  return (
    <div className="page">
      <Loaded query={query}>{(incident) => <View incident={incident} />}</Loaded>
    </div>
  )
}

function View({ incident }: { incident: IncidentDetail }) {
  const say = useText(incidentText)
  const phone = usePhone()
  const [war, setWar] = useState(false)
  const major = incident.topSeverity === 'I' || incident.topSeverity === 'II'
  return (
    <div className={war ? 'war' : ''}>
      <PageTitle
        title={incident.title}
        mark={
          <>
            <SeverityMark level={incident.severity} />
            <Status state={stateOf(incident)}>{say(incident.status)}</Status>
          </>
        }
        sentence={
          <>
            <code>{incident.number}</code>
            {incident.tenantName && ` · ${incident.tenantName}`}
            {incident.applicationName && ` · ${incident.applicationName}`}
            {incident.severity !== incident.topSeverity && ` · ${say('topOf', { level: incident.topSeverity })}`}
            {incident.held && ` · ${say('heldNow')}`}
          </>
        }
        acts={
          !phone && (
            <>
              {major && incident.status !== 'CLOSED' && <Button onClick={() => setWar(!war)}>{say(war ? 'leaveWar' : 'war')}</Button>}
              <Acts incident={incident} />
            </>
          )
        }
      />
      <LevelAsked incident={incident} />
      {war ? <War incident={incident} /> : <Ordinary incident={incident} />}
      {phone && (
        <div className="phone-acts">
          {incident.reporterPhone && !incident.reporterPhone.includes('*') && (
            <a className="btn block" href={`tel:${incident.reporterPhone.replace(/[^\d+]/g, '')}`}>
              <Phone size={16} strokeWidth={1.6} /> {say('callBack')} {incident.reporterName}
            </a>
          )}
          <Acts incident={incident} />
        </div>
      )}
    </div>
  )
}

const Ordinary = ({ incident }: { incident: IncidentDetail }) => (
  <div className="split">
    <div className="stack">
      <ClocksSheet incident={incident} />
      <About incident={incident} />
      <RelatedAlarms incidentId={incident.id} />
      <CareSheets incident={incident} />
      <PapersSheets incident={incident} />
    </div>
    <div className="stack">
      <Pages incident={incident} />
      <LogBox incident={incident} />
      <History incident={incident} />
      <CorrectionsSheet incident={incident} />
      <ProblemOfIncident incident={incident} />
      <Suggestions text={`${incident.title} ${incident.symptom}`} />
      <Related incident={incident} />
    </div>
  </div>
)

/** For the room where everybody looks at one screen: large clocks, who is there, what happened, one line to write. */
const War = ({ incident }: { incident: IncidentDetail }) => (
  <div className="stack">
    <ClocksSheet incident={incident} />
    <div className="split">
      <div className="stack">
        <LogBox incident={incident} />
        <History incident={incident} newestFirst />
      </div>
      <div className="stack">
        <About incident={incident} />
        <RelatedAlarms incidentId={incident.id} />
        <CareSheets incident={incident} />
        <OnDutyNow />
        <Pages incident={incident} />
        <Related incident={incident} />
      </div>
    </div>
  </div>
)

function ClocksSheet({ incident }: { incident: IncidentDetail }) {
  const say = useText(incidentText)
  const sayCorrection = useText(correctionText)
  const lang = useLanguage()
  return (
    <Sheet
      title={say('clocks')}
      note={<span className="second">{say('clocksNote')}</span>}
      acts={<ClauseChip id={`5.10.1-(3)-${incident.topSeverity}`} />}
    >
      <ThreeClocks clocks={incident.clocks} />
      <p className="second">
        {say('started')} {listTime(incident.clockStartAt, lang)}
        {incident.broadcastDueAt && ` · ${sayCorrection('broadcastDue')} ${listTime(incident.broadcastDueAt, lang)}`}
        {incident.heldMilliseconds > 0 && ` · ${say('heldFor', { span: span(incident.heldMilliseconds) })}`}
      </p>
    </Sheet>
  )
}

function LevelAsked({ incident }: { incident: IncidentDetail }) {
  const say = useText(incidentText)
  const { busy, error, run } = useAct()
  const asked = incident.levelAsked
  if (!asked) return null
  const answer = (agree: boolean) => void run(() => call('incident.answerLevel', { incidentId: incident.id, agree }))
  return (
    <Sheet>
      <p>{say('levelAsked', { by: asked.byName, level: asked.to, reason: asked.reason })}</p>
      {incident.may.includes('ANSWER_LEVEL') && (
        <p className="row">
          <Button kind="primary" busy={busy} onClick={() => answer(true)}>
            {say('agree')}
          </Button>
          <Button busy={busy} onClick={() => answer(false)}>
            {say('refuse')}
          </Button>
        </p>
      )}
      <ProblemAlert error={error} />
    </Sheet>
  )
}

function About({ incident }: { incident: IncidentDetail }) {
  const say = useText(incidentText)
  const lang = useLanguage()
  return (
    <Sheet title={say('symptom')}>
      <div className="stack tight">
        <p style={{ whiteSpace: 'pre-wrap' }}>{incident.symptom}</p>
        <Facts
          items={[
            [say('criteria'), incident.criteria.map((one) => say(one)).join('、')],
            [say('source'), say(incident.source)],
            [say('handler'), incident.handlerName ?? say('nobody')],
            [
              say('reporter'),
              <>
                {incident.reporterName}{' '}
                {incident.reporterPhone && (
                  <Contact value={incident.reporterPhone} subject="incident" id={incident.id} field="reporterPhone" />
                )}
              </>,
            ],
            incident.scheduledFor ? [say('scheduleFor'), listTime(incident.scheduledFor, lang)] : null,
            incident.rating ? [say('rate'), say('rated', { score: incident.rating.score })] : null,
            incident.instanceId
              ? [
                  say('process'),
                  <Link key="process" to={`/processes/instances/${incident.instanceId}` as string}>
                    {incident.number}
                  </Link>,
                ]
              : null,
          ]}
        />
        {incident.leaderNotices.length > 0 && (
          <>
            <h3>{say('leaders')}</h3>
            <ul className="plain-list">
              {incident.leaderNotices.map((one) => (
                <li key={one.name}>
                  <Status state={one.ackAt ? 'kept' : 'risk'}>
                    {one.name} · {say('told', { at: listTime(one.at, lang) })} ·{' '}
                    {one.ackAt ? say('acked', { at: listTime(one.ackAt, lang) }) : say('notAcked')}
                  </Status>
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
    </Sheet>
  )
}

function Pages({ incident }: { incident: IncidentDetail }) {
  const say = useText(incidentText)
  const lang = useLanguage()
  const { busy, error, run } = useAct()
  const query = useQuery({ ...ask('duty.pages', { subjectId: incident.id }), retry: false, refetchInterval: 10_000 })
  const [page] = query.data?.items ?? []
  if (!page) return null
  const state = {
    RUNNING: say('pageRunning', { at: page.nextAt ? listTime(page.nextAt, lang) : '' }),
    ACKNOWLEDGED: say('pageAnswered', { by: page.acknowledgedBy ?? '' }),
    EXHAUSTED: say('pageExhausted'),
    ENDED: say('pageEnded'),
  }[page.state]
  return (
    <Sheet title={say('pages')} note={<span className="second">{state}</span>}>
      <ul className="plain-list">
        {page.tries.map((one) => (
          <li key={one.seq}>
            {one.seq}. {one.name} <span className="second">{listTime(one.at, lang)}</span>
          </li>
        ))}
      </ul>
      {(page.state === 'RUNNING' || page.state === 'EXHAUSTED') && page.tries.some((one) => one.mine) && (
        <p>
          <Button kind="primary" block busy={busy} onClick={() => void run(() => call('duty.acknowledgePage', { pageId: page.id }))}>
            {say('answerPage')}
          </Button>
        </p>
      )}
      <ProblemAlert error={error} />
    </Sheet>
  )
}

function LogBox({ incident }: { incident: IncidentDetail }) {
  const say = useText(incidentText)
  const { busy, error, run } = useAct()
  const [text, setText] = useState('')
  if (!incident.may.includes('LOG')) return null
  const write = async () => {
    const done = await run(() => call('incident.log', { incidentId: incident.id, text }))
    if (done) setText('')
  }
  return (
    <Sheet title={say('log')}>
      <div className="stack tight">
        <TextField
          label={say('logPlaceholder')}
          value={text}
          onChange={setText}
          maxLength={2000}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && !event.nativeEvent.isComposing && text.trim()) void write()
          }}
        />
        <p>
          <Button busy={busy} onClick={() => void (text.trim() && write())}>
            {say('write')}
          </Button>
        </p>
        <ProblemAlert error={error} />
      </div>
    </Sheet>
  )
}

const eventState = (kind: IncidentEvent['kind']): State =>
  kind === 'REOPENED' || kind === 'LEVEL_REFUSED'
    ? 'breach'
    : kind === 'WARNED' || kind === 'HELD'
      ? 'risk'
      : kind === 'ALARM' || kind === 'REPORTED'
        ? 'planned'
        : kind === 'LOG' || kind === 'BROADCAST' || kind === 'PAGED'
          ? 'none'
          : 'kept'
/** Words that mean something else as a status. */
const EVENT_WORDS = { RESOLVED: 'RESOLVED_EVENT', VERIFIED: 'VERIFIED_EVENT', CLOSED: 'CLOSED_EVENT' } as const
const wordOf = (kind: IncidentEvent['kind']) => (kind === 'RESOLVED' || kind === 'VERIFIED' || kind === 'CLOSED' ? EVENT_WORDS[kind] : kind)

function History({ incident, newestFirst }: { incident: IncidentDetail; newestFirst?: boolean }) {
  const say = useText(incidentText)
  const sayCorrection = useText(correctionText)
  const lang = useLanguage()
  const events = newestFirst ? [...incident.events].reverse() : incident.events
  return (
    <Sheet title={say('timeline')}>
      <Timeline
        entries={events.map((event) => ({
          key: event.id,
          at: event.at,
          state: eventState(event.kind),
          system: event.byName === '',
          title: (
            <>
              {say(wordOf(event.kind))} {event.level && <SeverityMark level={event.level} />}
            </>
          ),
          note: [
            event.byName,
            event.wasAt ? sayCorrection('wasAt', { at: recordTime(event.wasAt) }) : '',
            eventWords(event.text, lang),
            Date.parse(event.recordedAt) - Date.parse(event.at) > 60_000 ? say('recordedAt', { at: listTime(event.recordedAt, lang) }) : '',
          ]
            .filter(Boolean)
            .join(' · '),
        }))}
      />
    </Sheet>
  )
}

function Related({ incident }: { incident: IncidentDetail }) {
  const say = useText(incidentText)
  const { parent, mergedInto, children, duplicates } = incident.related
  const groups: [string, typeof children][] = [
    [say('mergedInto'), mergedInto ? [mergedInto] : []],
    [say('parent'), parent ? [parent] : []],
    [say('children'), children],
    [say('duplicates'), duplicates],
  ]
  if (groups.every(([, list]) => list.length === 0)) return null
  return (
    <Sheet title={say('related')}>
      {groups
        .filter(([, list]) => list.length > 0)
        .map(([word, list]) => (
          <div key={word}>
            <h3>{word}</h3>
            <ul className="plain-list">
              {list.map((one) => (
                <li key={one.id}>
                  <Link to={`/duty/incidents/${one.id}` as string}>{one.number}</Link> {one.title}{' '}
                  <span className="second">{say(one.status)}</span>
                </li>
              ))}
            </ul>
          </div>
        ))}
    </Sheet>
  )
}
