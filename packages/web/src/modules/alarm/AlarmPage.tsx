import type { Alarm } from '@changbai/contract/alarm.shapes.ts'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { clockSeconds, listTime, recordTime } from '../../shared/time.ts'
import {
  Button,
  ClauseChip,
  DecisionDialog,
  Facts,
  Loaded,
  LongField,
  PageTitle,
  ProblemAlert,
  SelectField,
  Sheet,
  type State,
  TextField,
  Timeline,
  useAct,
} from '../../shared/ui/index.ts'
import './alarm.css'
import { topicWord } from './AlarmsPage.tsx'
import { alarmText } from './alarmText.ts'
import { AlarmLine, AlarmState, LevelMark, valueText } from './marks.tsx'

export function AlarmPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useQuery({ ...ask('alarm.get', { alarmId: id }), refetchInterval: 5_000 })
  return (
    <div className="page">
      <Loaded query={query}>{(alarm) => <View alarm={alarm} />}</Loaded>
    </div>
  )
}

function View({ alarm }: { alarm: Alarm }) {
  const t = useText(alarmText)
  const lang = useLanguage()
  const words = (one: { zh: string; en: string }): string => (lang === 'zh-CN' ? one.zh : one.en)
  return (
    <>
      <PageTitle
        title={words(alarm.title)}
        mark={
          <>
            <LevelMark level={alarm.level} />
            <AlarmState alarm={alarm} />
          </>
        }
        sentence={
          <>
            {alarm.objectName} {alarm.part}
          </>
        }
        acts={<Acts alarm={alarm} />}
      />
      <div className="split">
        <div className="stack">
          <Sheet title={t('about')} acts={alarm.clause ? <ClauseChip id={alarm.clause} /> : null}>
            <Facts
              items={[
                [t('value'), valueText(alarm)],
                [t('since'), recordTime(alarm.sinceAt)],
                [t('firedAt'), alarm.firedAt ? recordTime(alarm.firedAt) : '—'],
                [t('closedAt'), alarm.closedAt ? recordTime(alarm.closedAt) : '—'],
                [t('lastAt'), listTime(alarm.lastAt, lang)],
                [t('nextAt'), alarm.nextAt ? recordTime(alarm.nextAt) : '—'],
                [t('topic'), topicWord(t, alarm.topic)],
                [t('source'), t(alarm.source)],
                [t('rule'), linkTo(alarm.ruleId && `/duty/alarm-rules?rule=${alarm.ruleId}`, alarm.ruleId)],
                [t('incident'), linkTo(alarm.incident && `/duty/incidents/${alarm.incident.id}`, alarm.incident?.number)],
                [
                  t('acknowledgedBy'),
                  alarm.ackedByName ? `${alarm.ackedByName} ${alarm.ackedAt ? listTime(alarm.ackedAt, lang) : ''}` : '—',
                ],
                alarm.reopened > 0 && [t('r_reopened', { count: alarm.reopened }), String(alarm.reopened)],
                alarm.note !== '' && [t('note'), alarm.note],
              ]}
            />
            {alarm.root && (
              <p>
                <Link to={`/duty/alarms/${alarm.root.id}` as string}>{t('followsFrom', { root: alarm.root.label })}</Link>
              </p>
            )}
          </Sheet>
          {alarm.hint && (
            <Sheet title={t('hint')}>
              <p>{words(alarm.hint)}</p>
            </Sheet>
          )}
          {alarm.children.length > 0 && (
            <Sheet flush title={t('children', { n: alarm.children.length })}>
              <ul className="list">
                {alarm.children.map((child) => (
                  <AlarmLine key={child.id} alarm={child} />
                ))}
              </ul>
            </Sheet>
          )}
          {Object.keys(alarm.labels).length > 0 && (
            <Sheet title={t('labels')}>
              <p className="mono alarm-labels">
                {Object.entries(alarm.labels)
                  .map(([name, value]) => `${name}="${value}"`)
                  .join('  ')}
              </p>
            </Sheet>
          )}
        </div>
        <div className="stack">
          <Sheet title={t('trail')}>
            <Trail alarm={alarm} />
          </Sheet>
        </div>
      </div>
    </>
  )
}

const linkTo = (to: string | null, word: string | null | undefined) => (to ? <Link to={to}>{word}</Link> : '—')

/** Each stage's decision with its reason, the newest first. */
function Trail({ alarm }: { alarm: Alarm }) {
  const t = useText(alarmText)
  const paramsOf = (params: Record<string, string | number>): Record<string, string | number> =>
    typeof params.until === 'number' ? { ...params, until: clockSeconds(params.until) } : params
  const states: Record<string, State> = {
    incident: 'breach',
    notice: 'breach',
    escalated: 'breach',
    recovered: 'kept',
    acknowledged: 'kept',
    held: 'unknown',
  }
  return (
    <Timeline
      entries={[...alarm.trail].reverse().map((line) => ({
        key: line.id,
        at: line.at,
        state: states[line.reason] ?? 'none',
        title: t(`r_${line.reason}` as 'r_fired', paramsOf(line.params)),
        ...(line.byName ? { note: line.byName } : { system: true }),
      }))}
    />
  )
}

function Acts({ alarm }: { alarm: Alarm }) {
  const t = useText(alarmText)
  const act = useAct()
  const [doing, setDoing] = useState<'NOTE' | 'SILENCE' | 'CLOSE' | null>(null)
  const [text, setText] = useState('')
  const can = (one: Alarm['may'][number]): boolean => alarm.may.includes(one)
  const close = (): void => {
    setDoing(null)
    setText('')
  }
  return (
    <>
      {can('CLOSE') && <Button onClick={() => setDoing('CLOSE')}>{t('closeByHand')}</Button>}
      {can('SILENCE') && <Button onClick={() => setDoing('SILENCE')}>{t('silence')}</Button>}
      {can('NOTE') && <Button onClick={() => setDoing('NOTE')}>{t('writeNote')}</Button>}
      {can('ACK') && (
        <Button kind="primary" busy={act.busy} onClick={() => void act.run(() => call('alarm.acknowledge', { alarmIds: [alarm.id] }))}>
          {t('acknowledge')}
        </Button>
      )}
      <ProblemAlert error={act.error} />
      {doing === 'SILENCE' && <SilenceDialog alarm={alarm} onClose={close} />}
      {(doing === 'NOTE' || doing === 'CLOSE') && (
        <DecisionDialog
          title={t(doing === 'NOTE' ? 'writeNote' : 'closeByHand')}
          verb={t(doing === 'NOTE' ? 'save' : 'closeByHand')}
          ready={text.trim().length > 1}
          act={() =>
            act.runOrThrow(() =>
              doing === 'NOTE'
                ? call('alarm.note', { alarmId: alarm.id, note: text })
                : call('alarm.close', { alarmId: alarm.id, reason: text }),
            )
          }
          onClose={close}
        >
          {doing === 'CLOSE' && <p className="second">{t('closeHelp')}</p>}
          <LongField label={t(doing === 'NOTE' ? 'note' : 'reason')} value={text} onChange={setText} />
        </DecisionDialog>
      )}
    </>
  )
}

const HOUR = 3_600_000
function SilenceDialog({ alarm, onClose }: { alarm: Alarm; onClose: () => void }) {
  const t = useText(alarmText)
  const act = useAct()
  const [reason, setReason] = useState('')
  const [hours, setHours] = useState('2')
  const [scope, setScope] = useState(alarm.objectId ? 'OBJECT' : 'RULE')
  return (
    <DecisionDialog
      title={t('silence')}
      verb={t('silence')}
      ready={reason.trim().length > 1}
      act={() =>
        act.runOrThrow(() =>
          call('alarm.silence', {
            reason,
            endsAt: new Date(Date.now() + Number(hours) * HOUR).toISOString(),
            ...(alarm.objectId ? { objectId: alarm.objectId } : {}),
            ...(alarm.ruleId && (scope === 'RULE' || !alarm.objectId) ? { ruleId: alarm.ruleId } : {}),
          }),
        )
      }
      onClose={onClose}
    >
      <p className="second">{t('silenceHelp')}</p>
      {alarm.objectId && alarm.ruleId && (
        <SelectField
          label={t('scope')}
          value={scope}
          onChange={setScope}
          options={[
            ['OBJECT', t('wholeObject')],
            ['RULE', t('onlyRule')],
          ]}
        />
      )}
      <SelectField
        label={t('silenceFor')}
        value={hours}
        onChange={setHours}
        options={['1', '2', '4', '8', '24', '72'].map((n) => [n, t('hours', { n })] as const)}
      />
      <TextField label={t('reason')} value={reason} onChange={setReason} maxLength={300} />
    </DecisionDialog>
  )
}
