import type { AlarmLevel, AlarmSummary } from '@changbai/contract/alarm.shapes.ts'
import { Link } from '@tanstack/react-router'
import { useLanguage, useText } from '../../shared/text.ts'
import { clock, listTime } from '../../shared/time.ts'
import { type State, Status } from '../../shared/ui/index.ts'
import { alarmText } from './alarmText.ts'

export const glyphOf: Record<AlarmSummary['state'], State> = { SUSPECTED: 'todo', FIRING: 'breach', RECOVERING: 'risk', CLOSED: 'none' }

/** The level as people say it; its weight by shape, as everywhere. */
export const LevelMark = ({ level }: { level: AlarmLevel }) => <span className={`alarm-level level-${level}`}>{level}</span>

export function AlarmState({ alarm }: { alarm: AlarmSummary }) {
  const t = useText(alarmText)
  return (
    <span className="row wrap">
      <Status state={glyphOf[alarm.state]}>{t(alarm.closeReason ?? alarm.state)}</Status>
      <Marks alarm={alarm} />
    </span>
  )
}
function Marks({ alarm }: { alarm: AlarmSummary }) {
  const t = useText(alarmText)
  const lang = useLanguage()
  const words: string[] = []
  if (alarm.muted)
    words.push(t(alarm.muted.kind === 'SILENCE' ? 'mutedBy' : 'maintenanceBy', { by: alarm.muted.label, until: clock(alarm.muted.until) }))
  if (alarm.root) words.push(t('followsFrom', { root: alarm.root.label }))
  if (alarm.missingAt) words.push(t('missingSince', { at: listTime(alarm.missingAt, lang) }))
  if (alarm.flapping) words.push(t('flapping'))
  if (alarm.storm) words.push(t('storm'))
  return words.length === 0 ? null : <span className="second">{words.join(' · ')}</span>
}

/** Three significant digits: what is read off a sensor is no more exact. */
export const valueText = ({ value, unit }: Pick<AlarmSummary, 'value' | 'unit'>): string =>
  value === null ? '—' : `${Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(3))} ${unit}`.trim()

export function AlarmTitle({ alarm }: { alarm: AlarmSummary }) {
  const lang = useLanguage()
  return <>{lang === 'zh-CN' ? alarm.title.zh : alarm.title.en}</>
}

export function AlarmLine({ alarm }: { alarm: AlarmSummary }) {
  const lang = useLanguage()
  return (
    <li className="row wrap apart">
      <span className="row">
        <LevelMark level={alarm.level} />
        <Link to={`/duty/alarms/${alarm.id}` as string}>
          {alarm.objectName}：<AlarmTitle alarm={alarm} />
        </Link>
        <span className="second">{alarm.part}</span>
      </span>
      <span className="row">
        <AlarmState alarm={alarm} />
        <span className="note">{listTime(alarm.sinceAt, lang)}</span>
      </span>
    </li>
  )
}
