import type { IncidentDetail } from '@changbai/contract/incident.ts'
import type { SuggestedCause } from '@changbai/contract/incident-care.ts'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { fromWall, listTime, recordTime, toWall } from '../../shared/time.ts'
import { Button, DecisionDialog, SelectField, Sheet, Status, TextField, useAct } from '../../shared/ui/index.ts'
import { careText } from './careText.ts'
import { SecuritySheet } from './SecuritySheet.tsx'

/** What helps whoever handles it: possible causes with their figures, the outages it left, and what the statute asks of a security event. */
export const CareSheets = ({ incident }: { incident: IncidentDetail }) => (
  <>
    <Causes incident={incident} />
    <SecuritySheet incident={incident} />
    <Outages incident={incident} />
  </>
)

function Causes({ incident }: { incident: IncidentDetail }) {
  const say = useText(careText)
  const lang = useLanguage()
  const may = useMay()
  const enabled = incident.applicationId !== null && may('incident.handle:X', 'incident.handle:U')
  const query = useQuery({ ...ask('incidentCare.causes', { incidentId: incident.id }), enabled, retry: false, staleTime: 30_000 })
  const items = query.data?.items ?? []
  if (items.length === 0) return null
  const reason = (one: SuggestedCause) =>
    [
      one.minutesBefore === 0 ? say('sameTime') : say('before', { count: one.minutesBefore }),
      one.through ? say('through', { name: one.through.name, hop: one.through.hop }) : say('itself'),
    ].join(' · ')
  return (
    <Sheet title={say('causes')} note={<span className="second">{say('causesNote')}</span>}>
      <ol className="plain-list">
        {items.map((one) => (
          <li key={one.id}>
            {say(one.kind)} <Link to={one.link as string}>{one.label}</Link>{' '}
            <span className="second">
              {listTime(one.at, lang)} · {reason(one)}
            </span>
          </li>
        ))}
      </ol>
    </Sheet>
  )
}

const DOMAINS = ['FACILITY', 'NETWORK', 'SECURITY', 'VM', 'BAREMETAL', 'STORAGE', 'OPERATION'] as const
const RULINGS = ['PENDING', 'PROVIDER', 'NON_PROVIDER', 'PLANNED', 'NOT_DOWN', 'MIXED'] as const

function Outages({ incident }: { incident: IncidentDetail }) {
  const say = useText(careText)
  const may = useMay()
  const [adding, setAdding] = useState(false)
  const enabled = incident.applicationId !== null
  const query = useQuery({ ...ask('incidentCare.outages', { incidentId: incident.id }), enabled, retry: false })
  if (!enabled || !query.data) return null
  const ruling = (word: string) => {
    const known = RULINGS.find((one) => one === word)
    return known ? say(known) : word
  }
  return (
    <Sheet
      title={say('outages')}
      acts={
        <>
          <Link to={`/proof/availability/${incident.applicationId}` as string}>{say('toAvailability')}</Link>
          {may('outage.attribute:C') && (
            <Button size="small" onClick={() => setAdding(true)}>
              {say('addOutage')}
            </Button>
          )}
        </>
      }
    >
      {query.data.items.length === 0 && <p className="second">{say('noOutages')}</p>}
      <ul className="plain-list">
        {query.data.items.map((one) => (
          <li key={one.id}>
            {recordTime(one.from)} – {one.to ? recordTime(one.to) : say('ongoing')}{' '}
            <Status state={one.ruling === 'PENDING' ? 'risk' : 'none'}>{ruling(one.ruling)}</Status>
          </li>
        ))}
      </ul>
      {adding && <OutageDialog incident={incident} onClose={() => setAdding(false)} />}
    </Sheet>
  )
}

function OutageDialog({ incident, onClose }: { incident: IncidentDetail; onClose: () => void }) {
  const say = useText(careText)
  const { runOrThrow } = useAct()
  const solved = incident.clocks.find((one) => one.clock === 'solution')?.doneAt
  const [from, setFrom] = useState(toWall(incident.clockStartAt))
  const [to, setTo] = useState(solved ? toWall(solved) : '')
  const [domain, setDomain] = useState<string>('OPERATION')
  const [note, setNote] = useState('')
  const send = () =>
    runOrThrow(() =>
      call('incidentCare.addOutage', {
        incidentId: incident.id,
        from: fromWall(from),
        to: fromWall(to),
        domain: domain as (typeof DOMAINS)[number],
        note,
      }),
    )
  return (
    <DecisionDialog
      title={say('addOutage')}
      verb={say('addOutage')}
      ready={Boolean(from && to && domain && note)}
      act={send}
      onClose={onClose}
    >
      <p className="second">{say('addOutageHelp')}</p>
      <div className="fields">
        <TextField label={say('from')} type="datetime-local" step={1} value={from} onChange={setFrom} />
        <TextField label={say('to')} type="datetime-local" step={1} value={to} onChange={setTo} />
        <SelectField label={say('domain')} value={domain} onChange={setDomain} options={DOMAINS.map((one) => [one, say(one)] as const)} />
      </div>
      <TextField label={say('note')} value={note} onChange={setNote} maxLength={500} />
    </DecisionDialog>
  )
}
