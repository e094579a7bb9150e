import type { AlarmRule, RuleChange } from '@changbai/contract/alarm.shapes.ts'
import { useState } from 'react'
import type { Received } from '../../shared/api.ts'
import { call } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import { Button, Dialog, ProblemAlert, SelectField, TextField, useAct } from '../../shared/ui/index.ts'
import { alarmText } from './alarmText.ts'
import { LevelMark } from './marks.tsx'

type Bounds = AlarmRule['levels'][number]
const bounds = ['above', 'below', 'equals', 'differs'] as const
const numberIn = (bound: Bounds): number => bounds.map((name) => bound[name]).find((one) => one !== undefined) ?? 0

/** Tries other bounds on what was measured, then asks a second person for them. */
export function RuleDialog({ rule, onClose }: { rule: AlarmRule; onClose: () => void }) {
  const t = useText(alarmText)
  const lang = useLanguage()
  const may = useMay()
  const replaying = useAct()
  const proposing = useAct()
  const [values, setValues] = useState<Record<string, string>>(
    Object.fromEntries(rule.levels.map((bound) => [bound.level, String(numberIn(bound))])),
  )
  const [lasting, setLasting] = useState(String(rule.forSeconds))
  const [enabled, setEnabled] = useState(rule.enabled ? 'ON' : 'OFF')
  const [reason, setReason] = useState('')
  const [tried, setTried] = useState<Received<'alarm.replay'> | null>(null)
  const isMetric = rule.kind === 'METRIC'
  const change = (): RuleChange => ({
    ...((enabled === 'ON') === rule.enabled ? {} : { enabled: enabled === 'ON' }),
    ...(isMetric
      ? {
          levels: rule.levels.map((bound) => {
            const name = bounds.find((one) => bound[one] !== undefined) ?? 'above'
            return { level: bound.level, [name]: Number(values[bound.level]) }
          }),
          forSeconds: Number(lasting),
        }
      : {}),
  })
  const isSound = Object.values(values).every((value) => value.trim() !== '' && Number.isFinite(Number(value))) && /^\d+$/.test(lasting)
  return (
    <Dialog
      title={lang === 'zh-CN' ? rule.title.zh : rule.title.en}
      onClose={onClose}
      foot={
        <>
          {isMetric && (
            <Button
              busy={replaying.busy}
              disabled={!isSound}
              onClick={() => void replaying.run(async () => setTried(await call('alarm.replay', { ruleId: rule.id, change: change() })))}
            >
              {t('replay')}
            </Button>
          )}
          {may('rulePack.edit:C') && (
            <Button
              kind="primary"
              busy={proposing.busy}
              disabled={!isSound || reason.trim().length < 2}
              onClick={() =>
                void proposing
                  .run(() => call('alarm.proposeRule', { ruleId: rule.id, change: change(), reason }))
                  .then((made) => {
                    if (made) onClose()
                  })
              }
            >
              {t('propose')}
            </Button>
          )}
        </>
      }
    >
      <div className="stack">
        <p className="second">{isMetric ? t('replayHelp') : t('proposeHelp')}</p>
        {isMetric &&
          rule.levels.map(({ level }) => (
            <TextField
              key={level}
              label={t('threshold', { level })}
              value={values[level] ?? ''}
              onChange={(value) => setValues({ ...values, [level]: value })}
            />
          ))}
        {isMetric && <TextField label={t('forSeconds')} value={lasting} onChange={setLasting} />}
        {may('rulePack.edit:C') && (
          <>
            <SelectField
              label={t('state')}
              value={enabled}
              onChange={setEnabled}
              options={[
                ['ON', t('enabled')],
                ['OFF', t('disable')],
              ]}
            />
            <TextField label={t('reason')} help={t('proposeHelp')} value={reason} onChange={setReason} maxLength={500} />
          </>
        )}
        <ProblemAlert error={replaying.error ?? proposing.error} />
        {tried && (
          <div>
            <b>{t('replayed', { series: tried.series, samples: tried.samples, n: tried.alarms.length })}</b>
            <ul className="list replayed">
              {tried.alarms.slice(0, 50).map((alarm) => (
                <li key={`${alarm.objectName}${alarm.part}${alarm.firedAt}`} className="row wrap apart">
                  <span className="row">
                    <LevelMark level={alarm.level} /> {alarm.objectName} <span className="second">{alarm.part}</span>
                  </span>
                  <span className="note">
                    {listTime(alarm.firedAt, lang)} – {alarm.closedAt ? listTime(alarm.closedAt, lang) : ''} ·{' '}
                    {t('peak', { v: Number(alarm.peak.toPrecision(4)) })}
                  </span>
                </li>
              ))}
            </ul>
          </div>
        )}
        {rule.expression && (
          <details>
            <summary>{t('expression')}</summary>
            <p className="mono alarm-labels">{rule.expression}</p>
          </details>
        )}
      </div>
    </Dialog>
  )
}
