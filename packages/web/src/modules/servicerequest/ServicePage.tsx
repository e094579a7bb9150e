import type { ServiceDetail } from '@changbai/contract/service-request.ts'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { pick, useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import {
  Button,
  Contact,
  DecisionDialog,
  Facts,
  Loaded,
  PageTitle,
  ProblemAlert,
  Segments,
  Sheet,
  Status,
  Timeline,
  useAct,
} from '../../shared/ui/index.ts'
import { serviceText } from './serviceText.ts'
import { serviceState } from './states.ts'

export function ServicePage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useQuery(ask('serviceRequest.get', { requestId: id }))
  return (
    <div className="page">
      <Loaded query={query}>{(request) => <View request={request} />}</Loaded>
    </div>
  )
}

function View({ request }: { request: ServiceDetail }) {
  const say = useText(serviceText)
  const lang = useLanguage()
  return (
    <>
      <PageTitle
        title={request.title}
        mark={<Status state={serviceState[request.state]}>{say(request.state)}</Status>}
        sentence={
          <>
            <code>{request.number}</code> · {pick(request.itemName, lang)}
            {request.tenantName && ` · ${request.tenantName}`}
          </>
        }
        acts={<Acts request={request} />}
      />
      <div className="split">
        <div className="stack">
          <Sheet title={say('answers')}>
            <Facts
              items={[
                ...request.item.fields
                  .filter((field) => request.answers[field.key] !== undefined)
                  .map(
                    (field) =>
                      [
                        pick(field, lang),
                        <span key={field.key} style={{ whiteSpace: 'pre-wrap' }}>
                          {request.answers[field.key]}
                        </span>,
                      ] as const,
                  ),
                [
                  say('contact'),
                  <Contact key="contact" value={request.contact} subject="service-request" id={request.id} field="contact" />,
                ],
              ]}
            />
          </Sheet>
          <Sheet title={say('result')}>
            <Facts
              items={[
                [say('result'), request.result],
                [say('handler'), request.handlerName ?? say('nobody')],
                [
                  say('dueAt'),
                  <Status key="due" state={request.isLate ? 'breach' : request.doneAt ? 'kept' : 'running'}>
                    {listTime(request.dueAt, lang)} {request.isLate && say('late')} {request.provisional && say('provisional')}
                  </Status>,
                ],
                [say('requester'), request.requesterName],
                [say('source'), say(request.source)],
                request.applicationName !== null && [say('application'), request.applicationName],
                [say('rating'), request.rating === null ? say('notRated') : `${request.rating} ${request.ratingComment ?? ''}`],
                request.instanceId !== null && [
                  say('process'),
                  <Link key="process" to={`/processes/instances/${request.instanceId}` as string}>
                    {request.number}
                  </Link>,
                ],
              ]}
            />
          </Sheet>
        </div>
        <History request={request} />
      </div>
    </>
  )
}

const KNOWN = ['REFUSED', 'ACCEPTED', 'NOTE', 'NOT_DONE', 'CONFIRMED', 'RATED', 'WITHDRAWN'] as const
function History({ request }: { request: ServiceDetail }) {
  const say = useText(serviceText)
  const word = (kind: string) => {
    if (kind === 'DONE') return say('DONE_EVENT')
    if (kind === 'SUBMITTED') return say('SUBMITTED_EVENT')
    const known = KNOWN.find((one) => one === kind)
    return known ? say(known) : kind
  }
  return (
    <Sheet title={say('history')}>
      <Timeline
        entries={request.events.map((event) => ({
          key: event.id,
          at: event.at,
          state: event.kind === 'NOT_DONE' || event.kind === 'REFUSED' ? ('breach' as const) : ('kept' as const),
          title: word(event.kind),
          note: [event.byName, event.text].filter(Boolean).join(' · '),
        }))}
      />
    </Sheet>
  )
}

type Asking = ServiceDetail['may'][number] | 'NOT_DONE' | null
function Acts({ request }: { request: ServiceDetail }) {
  const say = useText(serviceText)
  const [asking, setAsking] = useState<Asking>(null)
  const [score, setScore] = useState('')
  const { busy, error, run, runOrThrow } = useAct()
  const requestId = request.id
  const may = (act: ServiceDetail['may'][number]) => request.may.includes(act)
  const close = () => setAsking(null)
  const dialog = (title: string, reason: { label: string; optional?: boolean } | undefined, act: (text: string) => Promise<unknown>) => (
    <DecisionDialog title={title} verb={title} {...(reason && { reason })} act={(text) => runOrThrow(() => act(text))} onClose={close} />
  )
  return (
    <>
      {may('NOTE') && <Button onClick={() => setAsking('NOTE')}>{say('note')}</Button>}
      {may('WITHDRAW') && <Button onClick={() => setAsking('WITHDRAW')}>{say('withdraw')}</Button>}
      {may('DECLINE') && <Button onClick={() => setAsking('DECLINE')}>{say('decline')}</Button>}
      {may('ACCEPT') && (
        <Button kind="primary" busy={busy} onClick={() => void run(() => call('serviceRequest.accept', { requestId }))}>
          {say('accept')}
        </Button>
      )}
      {may('FINISH') && (
        <Button kind="primary" onClick={() => setAsking('FINISH')}>
          {say('finish')}
        </Button>
      )}
      {may('CONFIRM') && (
        <>
          <Button onClick={() => setAsking('NOT_DONE')}>{say('notDone')}</Button>
          <Button kind="primary" busy={busy} onClick={() => void run(() => call('serviceRequest.confirm', { requestId, done: true }))}>
            {say('confirm')}
          </Button>
        </>
      )}
      {may('RATE') && (
        <Button kind="primary" onClick={() => setAsking('RATE')}>
          {say('rate')}
        </Button>
      )}
      <ProblemAlert error={error} />
      {asking === 'NOTE' && dialog(say('note'), { label: say('comment') }, (text) => call('serviceRequest.note', { requestId, text }))}
      {asking === 'WITHDRAW' &&
        dialog(say('withdraw'), { label: say('reason') }, (reason) => call('serviceRequest.withdraw', { requestId, reason }))}
      {asking === 'DECLINE' &&
        dialog(say('decline'), { label: say('reason') }, (reason) => call('serviceRequest.decline', { requestId, reason }))}
      {asking === 'FINISH' &&
        dialog(say('finish'), { label: say('result') }, (result) => call('serviceRequest.finish', { requestId, result }))}
      {asking === 'NOT_DONE' &&
        dialog(say('notDone'), { label: say('reason') }, (comment) => call('serviceRequest.confirm', { requestId, done: false, comment }))}
      {asking === 'RATE' && (
        <DecisionDialog
          title={say('rate')}
          verb={say('send')}
          ready={score !== ''}
          reason={{ label: say('comment'), optional: true }}
          act={(comment) => runOrThrow(() => call('serviceRequest.rate', { requestId, score: Number(score), comment }))}
          onClose={close}
        >
          <Segments
            label={say('rating')}
            value={score}
            onChange={setScore}
            options={['1', '2', '3', '4', '5'].map((one) => [one, one] as const)}
          />
        </DecisionDialog>
      )}
    </>
  )
}
