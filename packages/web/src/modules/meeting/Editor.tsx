import type { Meeting } from '@changbai/contract/meeting.ts'
import { useState } from 'react'
import { call, newKey } from '../../shared/call.ts'
import { useText } from '../../shared/text.ts'
import { addDays, today } from '../../shared/time.ts'
import { Button, Check, DayField, PersonField, ProblemAlert, Sheet, TextField, useAct } from '../../shared/ui/index.ts'
import { meetingText } from './meetingText.ts'

const keyed = <T extends object>(rows: readonly T[]): (T & { key: string })[] => rows.map((row) => ({ ...row, key: newKey() }))
const bare = <T extends { key: string }>({ key: _, ...row }: T): Omit<T, 'key'> => row

/** Agenda and minutes while they are written. */
export function Editor({ meeting, onClose }: { meeting: Meeting; onClose: () => void }) {
  const t = useText(meetingText)
  const act = useAct()
  const [place, setPlace] = useState(meeting.place)
  const [none, setNone] = useState(meeting.noneDeclared)
  const [events, setEvents] = useState(() => keyed(meeting.majorEvents))
  const [plans, setPlans] = useState(() => keyed(meeting.nextPlans))
  const [people, setPeople] = useState(meeting.attendees)
  const change = <T extends { key: string }>(rows: T[], key: string, part: Partial<T>): T[] =>
    rows.map((row) => (row.key === key ? { ...row, ...part } : row))
  const save = () =>
    void act.run(async () => {
      await call('meeting.save', {
        meetingId: meeting.id,
        rev: meeting.rev,
        place,
        noneDeclared: none && events.length === 0,
        majorEvents: events.filter((one) => one.text.trim() !== '').map(bare),
        nextPlans: plans.filter((one) => one.text.trim() !== '' && one.ownerId !== '').map(bare),
        attendees: people,
      })
      onClose()
    })
  return (
    <div className="stack">
      <Sheet title={t('attendance')} flush>
        <ul className="list">
          {people.map((one) => (
            <li key={one.personId} className="row wrap apart">
              <span className="grow">
                {one.name} <span className="note">{t(one.group)}</span>
              </span>
              <Check
                checked={one.present}
                onChange={(present) => setPeople((rows) => rows.map((row) => (row.personId === one.personId ? { ...row, present } : row)))}
              >
                {t('present')}
              </Check>
              {!one.present && (
                <TextField
                  label={t('leave')}
                  optional
                  value={one.leaveReason}
                  maxLength={200}
                  onChange={(leaveReason) =>
                    setPeople((rows) => rows.map((row) => (row.personId === one.personId ? { ...row, leaveReason } : row)))
                  }
                />
              )}
            </li>
          ))}
        </ul>
      </Sheet>
      <Sheet
        title={t('events')}
        acts={
          <Button
            size="small"
            onClick={() => setEvents((rows) => [...rows, { key: newKey(), incidentId: null, number: '', text: '', status: '' }])}
          >
            {t('add')}
          </Button>
        }
      >
        {events.length === 0 && (
          <Check checked={none} onChange={setNone}>
            {t('none')}
          </Check>
        )}
        {events.map((one) => (
          <div key={one.key} className="fields">
            <TextField
              label={t('what')}
              full
              value={one.text}
              maxLength={500}
              onChange={(text) => setEvents((rows) => change(rows, one.key, { text }))}
            />
            <TextField
              label={t('state')}
              value={one.status}
              maxLength={200}
              onChange={(status) => setEvents((rows) => change(rows, one.key, { status }))}
            />
            <div className="beside-fields">
              <Button size="small" onClick={() => setEvents((rows) => rows.filter(({ key }) => key !== one.key))}>
                {t('remove')}
              </Button>
            </div>
          </div>
        ))}
      </Sheet>
      <Sheet
        title={t('plans')}
        acts={
          <Button
            size="small"
            onClick={() =>
              setPlans((rows) => [...rows, { key: newKey(), text: '', ownerId: '', ownerName: '', dueOn: addDays(today(), 7) }])
            }
          >
            {t('add')}
          </Button>
        }
      >
        {plans.map((one) => (
          <div key={one.key} className="fields">
            <TextField
              label={t('what')}
              full
              value={one.text}
              maxLength={500}
              onChange={(text) => setPlans((rows) => change(rows, one.key, { text }))}
            />
            <PersonField
              label={t('owner')}
              value={one.ownerId}
              onChange={(ownerId, ownerName) => setPlans((rows) => change(rows, one.key, { ownerId, ownerName }))}
            />
            <DayField label={t('due')} value={one.dueOn} onChange={(dueOn) => setPlans((rows) => change(rows, one.key, { dueOn }))} />
            <div className="beside-fields">
              <Button size="small" onClick={() => setPlans((rows) => rows.filter(({ key }) => key !== one.key))}>
                {t('remove')}
              </Button>
            </div>
          </div>
        ))}
      </Sheet>
      <Sheet>
        <TextField label={t('place')} value={place} maxLength={200} onChange={setPlace} />
        <ProblemAlert error={act.error} />
        <div className="row">
          <Button kind="primary" busy={act.busy} onClick={save}>
            {t('save')}
          </Button>
          <Button onClick={onClose}>{t('cancel')}</Button>
        </div>
      </Sheet>
    </div>
  )
}
