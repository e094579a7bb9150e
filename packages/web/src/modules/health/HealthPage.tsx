import type { HealthFinding, HealthState, ServerProcess } from '@changbai/contract/health.ts'
import { useQuery } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import { ask, download } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime, percent } from '../../shared/time.ts'
import { Button, EmptyState, Facts, Loaded, PageTitle, ProblemAlert, Sheet, type State, Status, useAct } from '../../shared/ui/index.ts'
import { bytes } from '../../shared/units.ts'
import './health.css'
import { healthText } from './healthText.ts'
import { Queues } from './Queues.tsx'
import { SlowStatements } from './SlowStatements.tsx'

const glyphs: Record<HealthState, State> = { OK: 'kept', WARNING: 'risk', FAILED: 'breach', UNKNOWN: 'unknown' }

/** How the platform itself is, for its administrators. */
export function HealthPage() {
  const t = useText(healthText)
  const lang = useLanguage()
  const may = useMay()
  const act = useAct()
  const query = useQuery({ ...ask('health.get', {}), refetchInterval: 30_000 })
  const { data } = query
  return (
    <div className="page">
      <PageTitle
        title={t('health')}
        mark={data && <Status state={glyphs[data.state]}>{t(data.state)}</Status>}
        sentence={t('sentence')}
        acts={
          may('ops.health:X') && (
            <Button
              busy={act.busy}
              title={t('supportHelp')}
              icon={<Download size={16} strokeWidth={1.6} />}
              onClick={() => void act.run(() => download('health.support', {}))}
            >
              {t('support')}
            </Button>
          )
        }
      />
      <div className="stack">
        {act.error ? <ProblemAlert error={act.error} /> : null}
        <Loaded query={query} rows={8}>
          {({ version, checkedAt, findings, processes, database }) => (
            <>
              <Sheet
                flush
                title={t('checks')}
                acts={checkedAt && <span className="note">{t('checkedAt', { at: listTime(checkedAt, lang) })}</span>}
              >
                {findings.length === 0 ? <EmptyState title={t('never')} /> : <Findings items={findings} />}
              </Sheet>
              <Sheet flush title={t('processes')} acts={<span className="note">{t('version', { version })}</span>}>
                {processes.length === 0 ? <EmptyState title={t('noProcesses')} /> : <Processes items={processes} />}
              </Sheet>
              <Sheet title={t('databaseFacts')}>
                <Facts
                  items={[
                    [t('databaseVersion'), database.version],
                    [t('size'), bytes(database.bytes)],
                    [t('used'), `${database.connections} / ${database.connectionsMax}`],
                  ]}
                />
              </Sheet>
            </>
          )}
        </Loaded>
        <Queues />
        <SlowStatements />
      </div>
    </div>
  )
}

function Findings({ items }: { items: readonly HealthFinding[] }) {
  const t = useText(healthText)
  const lang = useLanguage()
  const word = lang === 'zh-CN' ? 'zh' : 'en'
  return (
    <div className="grid-scroll">
      <table className="grid">
        <thead>
          <tr>
            <th>{t('check')}</th>
            <th>{t('state')}</th>
            <th>{t('found')}</th>
            <th>{t('since')}</th>
          </tr>
        </thead>
        <tbody>
          {items.map(({ check, state, says, todo, sinceAt }) => (
            <tr key={check}>
              <td>{t(check)}</td>
              <td>
                <Status state={glyphs[state]}>{t(state)}</Status>
              </td>
              <td className="health-found">
                {says[word]}
                {todo && <div className="note">{todo[word]}</div>}
              </td>
              <td>{listTime(sinceAt, lang)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Processes({ items }: { items: readonly ServerProcess[] }) {
  const t = useText(healthText)
  const lang = useLanguage()
  return (
    <div className="grid-scroll">
      <table className="grid">
        <thead>
          <tr>
            <th>{t('host')}</th>
            <th className="num">{t('pid')}</th>
            <th>{t('state')}</th>
            <th>{t('processVersion')}</th>
            <th className="num">{t('memory')}</th>
            <th className="num">{t('lag')}</th>
            <th className="num">{t('diskFree')}</th>
            <th>{t('started')}</th>
            <th>{t('seen')}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((one) => (
            <tr key={one.id}>
              <td>{one.host}</td>
              <td className="num">{one.pid}</td>
              <td>
                <Status state={one.isAlive ? 'kept' : 'none'} quiet>
                  {t(one.isAlive ? 'alive' : 'gone')}
                </Status>
              </td>
              <td>{one.version}</td>
              <td className="num">{bytes(one.memoryBytes)}</td>
              <td className="num">{one.loopLagMs} ms</td>
              <td className="num">{one.diskFree === null ? '—' : percent(one.diskFree, 0)}</td>
              <td>{listTime(one.startedAt, lang)}</td>
              <td>{listTime(one.seenAt, lang)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
