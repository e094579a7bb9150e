import { CallType, type HotlineCall } from '@changbai/contract/desk.ts'
import type { Ring } from '@changbai/contract/desk-intake.ts'
import type { Criterion } from '@changbai/contract/incident.shapes.ts'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { pick, useLanguage, useText } from '../../shared/text.ts'
import { listTime, percent, serverNow, today } from '../../shared/time.ts'
import {
  Button,
  type Column,
  DataTable,
  DecisionDialog,
  Facts,
  type ListInput,
  LongField,
  PageTitle,
  ProblemAlert,
  Segments,
  SelectField,
  Sheet,
  Status,
  TextField,
  useAct,
} from '../../shared/ui/index.ts'
import { Criteria } from '../incident/index.ts'
import { Suggestions } from '../knowledge/index.ts'
import { deskText } from './deskText.ts'
import { Mails } from './Mails.tsx'
import { Rings } from './Rings.tsx'

const PHONE_MIN = 5

/** What one fills in while talking: the number first, everything else follows. */
function CallForm() {
  const say = useText(deskText)
  const { busy, error, run } = useAct()
  const [calledAt, setCalledAt] = useState(() => new Date(serverNow()).toISOString())
  const [phone, setPhone] = useState('')
  const [line, setLine] = useState<'DESK' | 'MOBILE'>('DESK')
  const [taken, setTaken] = useState<'yes' | 'no'>('yes')
  const [type, setType] = useState<CallType>('FAULT')
  const [name, setName] = useState('')
  const [org, setOrg] = useState('')
  const [content, setContent] = useState('')
  const [result, setResult] = useState('')
  const [criteria, setCriteria] = useState<Criterion[]>([])
  const [serviceCode, setServiceCode] = useState('')
  const catalogue = useQuery({ ...ask('serviceRequest.catalogue', {}), enabled: type === 'REQUEST', staleTime: 60_000 })
  const [ring, setRing] = useState<Ring | null>(null)
  const [saved, setSaved] = useState<HotlineCall | null>(null)
  const caller = useQuery({ ...ask('desk.caller', { phone }), enabled: phone.replace(/\D/g, '').length >= PHONE_MIN, staleTime: 10_000 })
  const person = caller.data?.people[0]
  const fault = type === 'FAULT' || type === 'FACILITY_REPORT'
  const save = () =>
    run(async () => {
      const made = await call('desk.record', {
        line,
        calledAt,
        answeredAt: ring ? ring.answeredAt : taken === 'yes' ? calledAt : null,
        ...(ring && { ringId: ring.id }),
        callerName: name || person?.name || '',
        callerOrg: org || person?.tenantName || '',
        phone,
        tenantId: person?.tenantId ?? null,
        type,
        content,
        result,
        criteria: fault ? criteria : [],
        ...(type === 'REQUEST' && serviceCode && { serviceCode }),
      })
      setSaved(made)
      setPhone('')
      setName('')
      setOrg('')
      setContent('')
      setResult('')
      setCriteria([])
      setServiceCode('')
      setRing(null)
      setCalledAt(new Date(serverNow()).toISOString())
    })
  const choose = (one: Ring) => {
    setRing(one)
    setPhone(one.phone)
    setLine(one.line)
    setCalledAt(one.rangAt)
    setTaken(one.answeredAt ? 'yes' : 'no')
  }
  return (
    <div className="stack">
      <Rings chosen={ring?.id ?? null} onChoose={choose} />
      <Sheet title={say('newCall')} note={<span className="second">{listTime(calledAt)}</span>}>
        <div className="stack tight">
          <TextField label={say('phone')} type="tel" value={phone} onChange={setPhone} maxLength={30} autoFocus />
          {caller.data &&
            (person ? (
              <p>
                <Status state="kept">
                  {person.name} {person.tenantName && `· ${person.tenantName}`}
                </Status>
              </p>
            ) : (
              <p className="second">{say('unknown')}</p>
            ))}
          <div className="fields">
            <TextField label={say('callerName')} value={name || (person?.name ?? '')} onChange={setName} maxLength={60} />
            <TextField label={say('callerOrg')} value={org || (person?.tenantName ?? '')} onChange={setOrg} maxLength={100} />
          </div>
          <div className="row wrap">
            <Segments
              label={say('type')}
              value={type}
              onChange={setType}
              options={CallType.options.map((one) => [one, say(one)] as const)}
            />
            <Segments
              label={say('line')}
              value={line}
              onChange={setLine}
              options={[
                ['DESK', say('DESK')],
                ['MOBILE', say('MOBILE')],
              ]}
            />
            <Segments
              label={say('answered')}
              value={taken}
              onChange={setTaken}
              options={[
                ['yes', say('answeredNow')],
                ['no', say('missed')],
              ]}
            />
          </div>
          <LongField label={say('content')} value={content} onChange={setContent} maxLength={2000} />
          {fault && <Criteria value={criteria} onChange={setCriteria} />}
          {type === 'REQUEST' && (
            <SelectField
              label={say('serviceItem')}
              help={say('serviceItemHelp')}
              optional
              value={serviceCode}
              onChange={setServiceCode}
              empty={say('answeredHere')}
              options={(catalogue.data?.items ?? []).map((one) => [one.code, pick(one)] as const)}
            />
          )}
          <LongField
            label={say('result')}
            help={fault ? say('resultHelp') : undefined}
            optional={fault || serviceCode !== ''}
            value={result}
            onChange={setResult}
            maxLength={2000}
          />
          <ProblemAlert error={error} />
          <p className="row">
            <Button kind="primary" busy={busy} onClick={() => void save()}>
              {say('save')}
            </Button>
            {saved && (
              <Status state="kept">
                {saved.incidentId ? (
                  <Link to={`/duty/incidents/${saved.incidentId}` as string}>{say('saved', { no: saved.linkedNo ?? '' })}</Link>
                ) : saved.serviceRequestId ? (
                  <Link to={`/work/services/${saved.serviceRequestId}` as string}>{say('savedRequest', { no: saved.linkedNo ?? '' })}</Link>
                ) : (
                  say('savedPlain')
                )}
              </Status>
            )}
          </p>
        </div>
      </Sheet>
      <Suggestions text={content} />
      {caller.data && (
        <Sheet title={say('openMatters')}>
          {caller.data.matters.length === 0 && <p className="second">{say('noMatters')}</p>}
          <ul className="plain-list">
            {caller.data.matters.map((one) => (
              <li key={one.id}>
                <Link to={one.link as string}>{one.number}</Link> {one.title}
              </li>
            ))}
          </ul>
          {caller.data.calls.length > 0 && (
            <>
              <h3>{say('lastCalls')}</h3>
              <ul className="plain-list">
                {caller.data.calls.map((one) => (
                  <li key={one.id}>
                    {listTime(one.calledAt)} {say(one.type)} · {one.content} <span className="second">{one.result}</span>
                  </li>
                ))}
              </ul>
            </>
          )}
        </Sheet>
      )}
    </div>
  )
}

function Today() {
  const say = useText(deskText)
  const query = useQuery(ask('desk.statistics', { fromOn: today(), toOn: today() }))
  const data = query.data
  if (!data) return null
  const share = (n: number) => (data.calls === 0 ? '—' : `${n} · ${percent(n / data.calls, 0)}`)
  return (
    <Sheet title={say('statistics')}>
      <Facts
        items={[
          [say('calls'), data.calls],
          [say('answered'), share(data.answered)],
          [say('inTime', { n: data.answerSeconds }), share(data.inTime)],
          [say('withResult'), share(data.withResult)],
          [say('average'), data.averageScore === null ? say('notRated') : data.averageScore.toFixed(1)],
        ]}
      />
    </Sheet>
  )
}

function RateDialog({ made, onClose }: { made: HotlineCall; onClose: () => void }) {
  const say = useText(deskText)
  const { runOrThrow } = useAct()
  const [score, setScore] = useState('')
  return (
    <DecisionDialog
      title={say('rate')}
      verb={say('save')}
      ready={score !== ''}
      act={() => runOrThrow(() => call('desk.rate', { callId: made.id, score: Number(score) }))}
      onClose={onClose}
    >
      <Segments
        label={say('rating')}
        value={score}
        onChange={setScore}
        options={['1', '2', '3', '4', '5'].map((one) => [one, one] as const)}
      />
    </DecisionDialog>
  )
}

export function DeskPage() {
  const say = useText(deskText)
  const lang = useLanguage()
  const may = useMay()
  const [rating, setRating] = useState<HotlineCall | null>(null)
  const [list, setList] = useState<'calls' | 'mails'>('calls')
  const columns: Column<HotlineCall>[] = [
    { key: 'when', title: say('when'), cell: (row) => listTime(row.calledAt, lang) },
    { key: 'caller', title: say('recognised'), kind: 'name', cell: (row) => `${row.callerName} · ${row.callerOrg}` },
    { key: 'type', title: say('type'), cell: (row) => say(row.type) },
    { key: 'content', title: say('content'), cell: (row) => row.content },
    { key: 'result', title: say('result'), cell: (row) => (row.answeredAt ? row.result : <Status state="risk">{say('missed')}</Status>) },
    {
      key: 'linked',
      title: say('linked'),
      cell: (row) =>
        row.linkedNo ? (
          <Link to={(row.incidentId ? `/duty/incidents/${row.incidentId}` : `/work/services/${row.serviceRequestId}`) as string}>
            {row.linkedNo}
          </Link>
        ) : (
          '—'
        ),
    },
    {
      key: 'rating',
      title: say('rating'),
      cell: (row) =>
        row.rating ??
        (may('hotline.record:C') ? (
          <Button kind="link" onClick={() => setRating(row)}>
            {say('rate')}
          </Button>
        ) : (
          '—'
        )),
    },
    { key: 'agent', title: say('agent'), extra: true, cell: (row) => row.agentName },
  ]
  return (
    <div className="page">
      <PageTitle title={say('desk')} />
      <div className="stack">
        {may('hotline.record:C') ? (
          <div className="split">
            <CallForm />
            <Today />
          </div>
        ) : (
          <Today />
        )}
        <Segments
          label={say('desk')}
          value={list}
          onChange={setList}
          options={[
            ['calls', say('calls')],
            ['mails', say('mails')],
          ]}
        />
        {list === 'calls' ? (
          <DataTable
            name="calls"
            what={say('calls')}
            ask={(input: ListInput) => ask('desk.calls', input as never)}
            columns={columns}
            rowKey={(row) => row.id}
            filters={[{ key: 'type', label: say('type'), options: CallType.options.map((one) => [one, say(one)] as const) }]}
            searchHint={say('search')}
            firstUse={{ title: say('none'), help: say('firstUse') }}
            phone={(row) => ({ title: row.callerName, right: say(row.type), below: row.content, belowRight: listTime(row.calledAt, lang) })}
          />
        ) : (
          <Mails />
        )}
      </div>
      {rating && <RateDialog made={rating} onClose={() => setRating(null)} />}
    </div>
  )
}
