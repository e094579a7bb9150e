import { DutyLine, RotationTurn, type Shift } from '@changbai/contract/duty.ts'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { roleName } from '../../shared/roles.ts'
import { useMay } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { addDays, listTime, shortDay, today } from '../../shared/time.ts'
import {
  Button,
  Check,
  Contact,
  DayField,
  DecisionDialog,
  EmptyState,
  Loaded,
  PersonField,
  ProblemAlert,
  SelectField,
  Sheet,
  Status,
  useAct,
} from '../../shared/ui/index.ts'
import { DutyFrame } from './DutyFrame.tsx'
import { dutyText } from './dutyText.ts'

const DRAFT_DAYS = 29

export function RostersPage() {
  const say = useText(dutyText)
  const lang = useLanguage()
  const may = useMay()
  const [drafting, setDrafting] = useState(false)
  const [picked, setPicked] = useState<string | null>(null)
  const query = useQuery(ask('duty.rosters', { limit: 50 }))
  return (
    <DutyFrame
      tab="rosters"
      acts={
        may('duty.roster.manage:U') && (
          <Button kind="primary" onClick={() => setDrafting(true)}>
            {say('draft')}
          </Button>
        )
      }
    >
      <div className="split">
        <div className="stack">{picked ? <RosterView rosterId={picked} onGone={() => setPicked(null)} /> : <Posts />}</div>
        <Sheet flush title={say('rosters')}>
          <Loaded query={query}>
            {({ items }) =>
              items.length === 0 ? (
                <EmptyState title={say('noRosters')} />
              ) : (
                <table className="grid">
                  <tbody>
                    {items.map((one) => (
                      <tr key={one.id} aria-current={one.id === picked ? 'true' : undefined}>
                        <td>
                          <Button kind="link" onClick={() => setPicked(one.id)}>
                            {say(one.line)}
                          </Button>
                          <div className="second">
                            {shortDay(one.fromOn, lang)} – {shortDay(one.toOn, lang)} · {say('shifts', { count: one.shifts })}
                          </div>
                        </td>
                        <td>
                          <Status state={one.state === 'PUBLISHED' ? 'kept' : 'planned'}>{say(one.state)}</Status>
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              )
            }
          </Loaded>
        </Sheet>
      </div>
      {drafting && <DraftDialog onClose={() => setDrafting(false)} onMade={setPicked} />}
    </DutyFrame>
  )
}

function Posts() {
  const say = useText(dutyText)
  const lang = useLanguage()
  const query = useQuery(ask('duty.posts', {}))
  return (
    <Sheet title={say('posts')} flush>
      <Loaded query={query} rows={3}>
        {({ items, missing }) => (
          <>
            {missing.length > 0 && (
              <p className="sheet-line risk">
                {say('missing', { roles: missing.map((role) => roleName(role, lang)).join(lang === 'en-US' ? ', ' : '、') })}
              </p>
            )}
            <table className="grid">
              <tbody>
                {items.map((one) => (
                  <tr key={one.id}>
                    <td>{roleName(one.role, lang)}</td>
                    <td>{one.holder.name}</td>
                    <td className="second">
                      {say('deputy')} {one.deputy.name}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </>
        )}
      </Loaded>
    </Sheet>
  )
}

function RosterView({ rosterId, onGone }: { rosterId: string; onGone: () => void }) {
  const say = useText(dutyText)
  const lang = useLanguage()
  const may = useMay()
  const { busy, error, run } = useAct()
  const [change, setChange] = useState<Shift | null>(null)
  const query = useQuery(ask('duty.roster', { rosterId }))
  const discard = async () => {
    if (await run(() => call('duty.discard', { rosterId }))) onGone()
  }
  return (
    <Loaded query={query}>
      {(roster) => {
        const editable = roster.state === 'DRAFT' && may('duty.roster.manage:U')
        return (
          <Sheet
            flush
            title={`${say(roster.line)} ${shortDay(roster.fromOn, lang)} – ${shortDay(roster.toOn, lang)}`}
            acts={
              editable && (
                <span className="row">
                  <Button busy={busy} onClick={() => void discard()}>
                    {say('discard')}
                  </Button>
                  <Button kind="primary" busy={busy} onClick={() => void run(() => call('duty.publish', { rosterId }))}>
                    {say('publish')}
                  </Button>
                </span>
              )
            }
          >
            <ProblemAlert error={error} />
            {roster.state === 'DRAFT' && (
              <div className="sheet-line">
                {roster.flaws.length === 0 ? (
                  <Status state="kept">{say('noFlaws')}</Status>
                ) : (
                  roster.flaws.map((flaw) => (
                    <div key={`${flaw.kind}${flaw.from}`}>
                      <Status state="breach">
                        {say(flaw.kind)} {listTime(flaw.from, lang)} – {listTime(flaw.to, lang)}
                      </Status>
                    </div>
                  ))
                )}
              </div>
            )}
            <table className="grid">
              <tbody>
                {roster.items.map((shift) => (
                  <tr key={shift.id}>
                    <td className="nowrap">{listTime(shift.startsAt, lang)}</td>
                    <td className="nowrap">{listTime(shift.endsAt, lang)}</td>
                    <td>
                      {shift.primary.name} <span className="second">{shift.backup.name}</span>
                    </td>
                    <td>
                      {editable && (
                        <Button size="small" onClick={() => setChange(shift)}>
                          {say('change')}
                        </Button>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
            {change && <ShiftDialog shift={change} onClose={() => setChange(null)} />}
          </Sheet>
        )
      }}
    </Loaded>
  )
}

function ShiftDialog({ shift, onClose }: { shift: Shift; onClose: () => void }) {
  const say = useText(dutyText)
  const { runOrThrow } = useAct()
  const [primaryId, setPrimary] = useState(shift.primary.id)
  const [backupId, setBackup] = useState(shift.backup.id)
  const query = useQuery(ask('duty.officers', {}))
  const options = (query.data?.items ?? [])
    .filter((one) => one.lines.includes(shift.line))
    .map((one) => [one.person.id, one.person.name] as const)
  return (
    <DecisionDialog
      title={say('changeShift')}
      verb={say('save')}
      ready={primaryId !== '' && backupId !== ''}
      act={() =>
        runOrThrow(() => call('duty.saveShift', { shiftId: shift.id, startsAt: shift.startsAt, endsAt: shift.endsAt, primaryId, backupId }))
      }
      onClose={onClose}
    >
      <SelectField label={say('primary')} value={primaryId} onChange={setPrimary} options={options} />
      <SelectField label={say('backup')} value={backupId} onChange={setBackup} options={options} />
    </DecisionDialog>
  )
}

function DraftDialog({ onClose, onMade }: { onClose: () => void; onMade: (id: string) => void }) {
  const say = useText(dutyText)
  const { runOrThrow } = useAct()
  const [line, setLine] = useState<DutyLine>('MOBILE_7X24')
  const [fromOn, setFrom] = useState(addDays(today(), 1))
  const [toOn, setTo] = useState(addDays(today(), 1 + DRAFT_DAYS))
  const [turn, setTurn] = useState<'SHIFT' | 'DAY' | 'WEEK'>('DAY')
  const [personIds, setPeople] = useState<string[]>([])
  const query = useQuery(ask('duty.officers', {}))
  const officers = (query.data?.items ?? []).filter((one) => one.lines.includes(line))
  return (
    <DecisionDialog
      title={say('draft')}
      verb={say('draft')}
      ready={personIds.length >= 2}
      act={() =>
        runOrThrow(async () => {
          const made = await call('duty.draft', { line, fromOn, toOn, turn, personIds })
          onMade(made.id)
        })
      }
      onClose={onClose}
    >
      <SelectField
        label={say('line')}
        value={line}
        onChange={(value) => {
          setLine(value as DutyLine)
          setPeople([])
        }}
        options={DutyLine.options.map((one) => [one, say(one)] as const)}
      />
      <div className="fields">
        <DayField label={say('fromOn')} value={fromOn} onChange={setFrom} />
        <DayField label={say('toOn')} value={toOn} onChange={setTo} />
      </div>
      <SelectField
        label={say('turn')}
        value={turn}
        onChange={(value) => setTurn(value as typeof turn)}
        options={RotationTurn.options.map((one) => [one, say(one)] as const)}
      />
      <p className="second">{say('people')}</p>
      {officers.map((one) => (
        <Check
          key={one.person.id}
          checked={personIds.includes(one.person.id)}
          onChange={(on) => setPeople((all) => (on ? [...all, one.person.id] : all.filter((id) => id !== one.person.id)))}
        >
          {one.person.name}
          {personIds.includes(one.person.id) && <span className="second"> {personIds.indexOf(one.person.id) + 1}</span>}
        </Check>
      ))}
    </DecisionDialog>
  )
}

export function OfficersPage() {
  const say = useText(dutyText)
  const lang = useLanguage()
  const may = useMay()
  const [adding, setAdding] = useState(false)
  const query = useQuery(ask('duty.officers', {}))
  return (
    <DutyFrame tab="officers" acts={may('duty.roster.manage:U') && <Button onClick={() => setAdding(true)}>{say('addOfficer')}</Button>}>
      <Sheet flush>
        <Loaded query={query}>
          {({ items }) =>
            items.length === 0 ? (
              <EmptyState title={say('noOfficers')} />
            ) : (
              <table className="grid">
                <thead>
                  <tr>
                    <th>{say('name')}</th>
                    <th>{say('lines')}</th>
                    <th>{say('passedOn')}</th>
                    <th>{say('drilledOn')}</th>
                    <th>{say('validUntil')}</th>
                  </tr>
                </thead>
                <tbody>
                  {items.map((one) => (
                    <tr key={one.person.id}>
                      <td>
                        {one.person.name} {one.phone && <Contact value={one.phone} subject="person" id={one.person.id} field="phone" />}
                      </td>
                      <td>{one.lines.map((line) => say(line)).join('、')}</td>
                      <td>{one.passedOn ? shortDay(one.passedOn, lang) : '—'}</td>
                      <td>{one.drilledOn ? shortDay(one.drilledOn, lang) : '—'}</td>
                      <td>
                        <Status state={one.validUntil && one.validUntil >= today() ? 'kept' : 'breach'}>
                          {one.validUntil ? shortDay(one.validUntil, lang) : say('invalid')}
                        </Status>
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            )
          }
        </Loaded>
      </Sheet>
      {adding && <OfficerDialog onClose={() => setAdding(false)} />}
    </DutyFrame>
  )
}

function OfficerDialog({ onClose }: { onClose: () => void }) {
  const say = useText(dutyText)
  const { runOrThrow } = useAct()
  const [personId, setPerson] = useState('')
  const [lines, setLines] = useState<DutyLine[]>([])
  const [passedOn, setPassed] = useState('')
  const [drilledOn, setDrilled] = useState('')
  return (
    <DecisionDialog
      title={say('addOfficer')}
      verb={say('save')}
      ready={personId !== '' && lines.length > 0}
      act={() => runOrThrow(() => call('duty.saveOfficer', { personId, lines, passedOn: passedOn || null, drilledOn: drilledOn || null }))}
      onClose={onClose}
    >
      <PersonField label={say('person')} value={personId} onChange={setPerson} />
      {DutyLine.options.map((line) => (
        <Check
          key={line}
          checked={lines.includes(line)}
          onChange={(on) => setLines((all) => (on ? [...all, line] : all.filter((one) => one !== line)))}
        >
          {say(line)}
        </Check>
      ))}
      <div className="fields">
        <DayField label={say('passedOn')} optional value={passedOn} onChange={setPassed} />
        <DayField label={say('drilledOn')} optional value={drilledOn} onChange={setDrilled} />
      </div>
    </DecisionDialog>
  )
}
