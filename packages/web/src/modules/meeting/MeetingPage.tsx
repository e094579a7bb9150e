import type { Meeting, MeetingGroup } from '@changbai/contract/meeting.ts'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, call, download } from '../../shared/call.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { addDays, fromWall, listTime, serverNow, today, toWall } from '../../shared/time.ts'
import {
  Button,
  DayField,
  DecisionDialog,
  Loaded,
  MinuteField,
  PageTitle,
  PersonField,
  ProblemAlert,
  Segments,
  Sheet,
  Status,
  TextField,
  useAct,
} from '../../shared/ui/index.ts'
import { Editor } from './Editor.tsx'
import { ItemLine } from './ItemLine.tsx'
import { stateOf } from './MeetingsPage.tsx'
import { meetingText } from './meetingText.ts'

const GROUPS: readonly MeetingGroup[] = ['OPERATION', 'MAINTENANCE', 'APPLICATION', 'CONSTRUCTION', 'CUSTOMER']

/** One week's meeting: agenda before, minutes after. */
export function MeetingPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useQuery(ask('meeting.get', { meetingId: id }))
  return (
    <div className="page">
      <Loaded query={query} rows={8}>
        {(meeting) => <Body meeting={meeting} />}
      </Loaded>
    </div>
  )
}

function Body({ meeting }: { meeting: Meeting }) {
  const t = useText(meetingText)
  const lang = useLanguage()
  const act = useAct()
  const [doing, setDoing] = useState<'EDIT' | 'HOLD' | 'ITEM' | 'COMMENT' | null>(null)
  const can = (one: Meeting['may'][number]) => meeting.may.includes(one)
  const close = () => setDoing(null)
  const input = { meetingId: meeting.id }
  const comma = lang === 'zh-CN' ? '、' : ', '
  return (
    <>
      <PageTitle
        title={`${t('meetings')} ${meeting.week}`}
        mark={<Status state={stateOf[meeting.status]}>{t(meeting.status)}</Status>}
        sentence={[meeting.number, t('host', { name: meeting.hostName }), meeting.heldAt && listTime(meeting.heldAt, lang), meeting.place]
          .filter(Boolean)
          .join(' · ')}
        acts={
          <>
            {can('WRITE') && doing !== 'EDIT' && <Button onClick={() => setDoing('EDIT')}>{t('edit')}</Button>}
            {can('HOLD') && (
              <Button kind="primary" onClick={() => setDoing('HOLD')}>
                {t('hold')}
              </Button>
            )}
            {can('ARCHIVE') && (
              <Button
                kind="primary"
                busy={act.busy}
                disabled={meeting.gaps.length > 0}
                onClick={() => void act.run(() => call('meeting.archive', input))}
              >
                {t('archive')}
              </Button>
            )}
            {can('COMMENT') && <Button onClick={() => setDoing('COMMENT')}>{t('comment')}</Button>}
            {can('ACK') && (
              <Button kind="primary" busy={act.busy} onClick={() => void act.run(() => call('meeting.ack', input))}>
                {t('ack')}
              </Button>
            )}
            <Button onClick={() => void act.run(() => download('meeting.print', input))}>{t('print')}</Button>
          </>
        }
      />
      <ProblemAlert error={act.error} />
      {meeting.status === 'HELD' && meeting.gaps.length > 0 && (
        <p className="notice">{t('gaps', { gaps: meeting.gaps.map((one) => t(`gap${one}`)).join(comma) })}</p>
      )}
      {doing === 'EDIT' ? (
        <Editor meeting={meeting} onClose={close} />
      ) : (
        <div className="split">
          <div className="stack">
            <Sheet title={t('events')} flush>
              {meeting.majorEvents.length === 0 ? (
                <p className="second sheet-line">{t(meeting.noneDeclared ? 'none' : 'noEvents')}</p>
              ) : (
                <ul className="list">
                  {meeting.majorEvents.map((one) => (
                    <li key={`${one.number}${one.text}`} className="row wrap apart">
                      <span className="grow">
                        {one.incidentId ? <a href={`/duty/incidents/${one.incidentId}`}>{one.number}</a> : one.number} {one.text}
                      </span>
                      <span className="second">{one.status}</span>
                    </li>
                  ))}
                </ul>
              )}
            </Sheet>
            <Sheet title={t('plans')} flush>
              {meeting.nextPlans.length === 0 ? (
                <p className="second sheet-line">{t('noEvents')}</p>
              ) : (
                <ul className="list">
                  {meeting.nextPlans.map((one) => (
                    <li key={one.text} className="row wrap apart">
                      <span className="grow">{one.text}</span>
                      <span className="second">{`${one.ownerName} · ${one.dueOn}`}</span>
                    </li>
                  ))}
                </ul>
              )}
            </Sheet>
            <Sheet
              title={t('items')}
              flush
              acts={
                can('WRITE') && (
                  <Button size="small" onClick={() => setDoing('ITEM')}>
                    {t('addItem')}
                  </Button>
                )
              }
            >
              <ul className="list">
                {meeting.items.map((item) => (
                  <ItemLine key={item.id} item={item} />
                ))}
              </ul>
              {meeting.items.length === 0 && <p className="second sheet-line">{t('noItems')}</p>}
            </Sheet>
            {meeting.carried.length > 0 && (
              <Sheet title={t('carried')} flush>
                <ul className="list">
                  {meeting.carried.map((item) => (
                    <ItemLine key={item.id} item={item} />
                  ))}
                </ul>
              </Sheet>
            )}
            {meeting.customerComment && (
              <Sheet title={t('comment')}>
                <p>{meeting.customerComment}</p>
              </Sheet>
            )}
          </div>
          <div className="stack">
            <Sheet title={t('attendance')} flush>
              <ul className="list">
                {GROUPS.map((group) => {
                  const own = meeting.attendees.filter((one) => one.group === group)
                  const there = own.filter(({ present }) => present)
                  return (
                    <li key={group}>
                      <div className="row apart">
                        <span>{t(group)}</span>
                        <Status state={there.length > 0 ? 'kept' : meeting.status === 'PREPARED' ? 'planned' : 'breach'} quiet>
                          {(there.length > 0 ? there : own).map(({ name }) => name).join(comma) || '—'}
                        </Status>
                      </div>
                    </li>
                  )
                })}
              </ul>
            </Sheet>
            {meeting.archiveDueAt && (
              <Sheet title={t('archivedAt')}>
                <Status state={meeting.late ? 'breach' : meeting.archivedAt ? 'kept' : 'todo'}>
                  {meeting.archivedAt ? listTime(meeting.archivedAt, lang) : `${t('archiveDue')} ${listTime(meeting.archiveDueAt, lang)}`}
                </Status>
              </Sheet>
            )}
            <Sheet title={t('acks')} flush>
              {meeting.acks.length === 0 ? (
                <p className="second sheet-line">{t('noAcks')}</p>
              ) : (
                <ul className="list">
                  {meeting.acks.map((one) => (
                    <li key={one.personId} className="row apart">
                      <span>
                        {one.name} <span className="note">{t(one.group)}</span>
                      </span>
                      <span className="second">{listTime(one.at, lang)}</span>
                    </li>
                  ))}
                </ul>
              )}
            </Sheet>
          </div>
        </div>
      )}
      {doing === 'HOLD' && <Hold meeting={meeting} onClose={close} />}
      {doing === 'ITEM' && <AddItem meeting={meeting} onClose={close} />}
      {doing === 'COMMENT' && (
        <DecisionDialog
          title={t('comment')}
          verb={t('save')}
          reason={{ label: t('comment'), initial: meeting.customerComment }}
          act={(comment) => act.runOrThrow(() => call('meeting.comment', { ...input, comment }))}
          onClose={close}
        />
      )}
    </>
  )
}

interface Props {
  meeting: Meeting
  onClose: () => void
}
function Hold({ meeting, onClose }: Props) {
  const t = useText(meetingText)
  const act = useAct()
  const [at, setAt] = useState(toWall(new Date(serverNow()).toISOString()))
  const [place, setPlace] = useState(meeting.place)
  return (
    <DecisionDialog
      title={t('hold')}
      verb={t('hold')}
      ready={at !== '' && place.trim() !== ''}
      act={() => act.runOrThrow(() => call('meeting.hold', { meetingId: meeting.id, heldAt: fromWall(at), place }))}
      onClose={onClose}
    >
      <MinuteField label={t('heldAt')} value={at} onChange={setAt} />
      <TextField label={t('place')} value={place} onChange={setPlace} maxLength={200} />
    </DecisionDialog>
  )
}

function AddItem({ meeting, onClose }: Props) {
  const t = useText(meetingText)
  const act = useAct()
  const [kind, setKind] = useState<'DECISION' | 'FOLLOW_UP'>('DECISION')
  const [ownerId, setOwnerId] = useState('')
  const [dueOn, setDueOn] = useState(addDays(today(), 7))
  return (
    <DecisionDialog
      title={t('addItem')}
      verb={t('addItem')}
      ready={ownerId !== '' && dueOn !== ''}
      reason={{ label: t('what') }}
      act={(text) => act.runOrThrow(() => call('meeting.addItem', { meetingId: meeting.id, kind, text, ownerId, dueOn }))}
      onClose={onClose}
    >
      <Segments
        label={t('kind')}
        value={kind}
        onChange={setKind}
        options={[
          ['DECISION', t('DECISION')],
          ['FOLLOW_UP', t('FOLLOW_UP')],
        ]}
      />
      <PersonField label={t('owner')} value={ownerId} onChange={setOwnerId} />
      <DayField label={t('due')} value={dueOn} onChange={setDueOn} />
    </DecisionDialog>
  )
}
