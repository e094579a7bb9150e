import type { AlarmRule } from '@changbai/contract/alarm.shapes.ts'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { span } from '../../shared/time.ts'
import { Button, ClauseChip, EmptyState, Loaded, PageTitle, ProblemAlert, Sheet, Status, useAct } from '../../shared/ui/index.ts'
import './alarm.css'
import { type Say, topicWord } from './AlarmsPage.tsx'
import { alarmText } from './alarmText.ts'
import { LevelMark } from './marks.tsx'
import { RuleDialog } from './RuleDialog.tsx'

type Bounds = AlarmRule['levels'][number]
function boundWord(t: Say, { above, below, equals, differs }: Bounds): string {
  if (above !== undefined) return t('above', { v: above })
  if (below !== undefined) return t('below', { v: below })
  return equals !== undefined ? t('equals', { v: equals }) : t('differs', { v: differs ?? 0 })
}

export function RulesPage() {
  const t = useText(alarmText)
  const query = useQuery({ ...ask('alarm.rules', {}), refetchInterval: 30_000 })
  const wanted = new URLSearchParams(window.location.search).get('rule')
  const [open, setOpen] = useState<string | null>(wanted)
  return (
    <div className="page">
      <PageTitle title={t('rules')} sentence={t('rulesSentence')} />
      <Loaded query={query} rows={8}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title={t('noRules')} />
          ) : (
            <div className="stack">
              {[...new Set(items.map(({ topic }) => topic))].map((topic) => (
                <Sheet
                  key={topic}
                  flush
                  title={topicWord(t, topic)}
                  acts={<ClauseOf rules={items.filter((rule) => rule.topic === topic)} />}
                >
                  <ul className="list">
                    {items
                      .filter((rule) => rule.topic === topic)
                      .map((rule) => (
                        <RuleRow key={rule.id} rule={rule} change={() => setOpen(rule.id)} />
                      ))}
                  </ul>
                </Sheet>
              ))}
              {items
                .filter(({ id }) => id === open)
                .map((rule) => (
                  <RuleDialog key={rule.id} rule={rule} onClose={() => setOpen(null)} />
                ))}
            </div>
          )
        }
      </Loaded>
    </div>
  )
}
const ClauseOf = ({ rules }: { rules: AlarmRule[] }) => {
  const clause = rules.find((rule) => rule.clause)?.clause
  return clause ? <ClauseChip id={clause} /> : null
}

function RuleRow({ rule, change }: { rule: AlarmRule; change: () => void }) {
  const t = useText(alarmText)
  const lang = useLanguage()
  const may = useMay()
  const act = useAct()
  const title = lang === 'zh-CN' ? rule.title.zh : rule.title.en
  const decide = (approve: boolean) => () => void act.run(() => call('alarm.decideRule', { changeId: rule.proposal?.id ?? '', approve }))
  return (
    <li className="row wrap apart">
      <span>
        <b>{title}</b>{' '}
        <span className="row inline">
          {rule.kind === 'METRIC' ? (
            rule.levels.map((bound) => (
              <span key={bound.level} className="row inline">
                <LevelMark level={bound.level} />
                <span className="mono">
                  {boundWord(t, bound)} {rule.metric?.unit}
                </span>
              </span>
            ))
          ) : (
            <>
              <LevelMark level={rule.levels[0]?.level ?? 'IV'} />
              <span className="second">{t('event')}</span>
            </>
          )}
          {rule.forSeconds > 0 && (
            <span className="second">
              {t('lasting')} {span(rule.forSeconds * 1000, lang)}
            </span>
          )}
        </span>
        <div className="note">
          {rule.metric
            ? `${lang === 'zh-CN' ? rule.metric.title.zh : rule.metric.title.en} · ${rule.metric.exporters.join(' / ')}`
            : rule.pack}
          {rule.missing && ` · ${t(rule.missing)}`}
          {rule.lost && ` · ${t('lost')}`}
        </div>
        {rule.proposal && (
          <div className="row wrap">
            <Status state="planned">{t('waiting', { by: rule.proposal.byName, reason: rule.proposal.reason })}</Status>
            {may('rulePack.edit:A') && !rule.proposal.byMe && (
              <Button size="small" busy={act.busy} onClick={decide(true)}>
                {t('approve')}
              </Button>
            )}
            {may('rulePack.edit:A') && (
              <Button size="small" busy={act.busy} onClick={decide(false)}>
                {t('refuse')}
              </Button>
            )}
          </div>
        )}
        <ProblemAlert error={act.error} />
      </span>
      <span className="row wrap">
        {!rule.enabled && <Status state="waived">{t('off')}</Status>}
        {rule.changed && rule.enabled && <span className="second">{t('changed')}</span>}
        {rule.kind === 'METRIC' && <span className="second">{t('reporting', { n: rule.objects })}</span>}
        {rule.firing > 0 && <Link to={`/duty/alarms?ruleId=${rule.id}` as string}>{t('firingNow', { n: rule.firing })}</Link>}
        <Button size="small" onClick={change}>
          {t(may('rulePack.edit:C') ? 'propose' : 'replay')}
        </Button>
      </span>
    </li>
  )
}
