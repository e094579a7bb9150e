import type { Maintenance, Release } from '@changbai/contract/upkeep.ts'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { fromWall, listTime } from '../../shared/time.ts'
import {
  Button,
  Dialog,
  Facts,
  Loaded,
  MinuteField,
  PageTitle,
  ProblemAlert,
  Sheet,
  type State,
  Status,
  TextField,
  useAct,
} from '../../shared/ui/index.ts'
import { upkeepText } from './upkeepText.ts'

function BeginDialog({ onClose }: { onClose: () => void }) {
  const t = useText(upkeepText)
  const act = useAct()
  const [reason, setReason] = useState('')
  const [until, setUntil] = useState('')
  const begin = async () => {
    const done = await act.run(() =>
      call('upkeep.setMaintenance', { state: 'READ_ONLY', reason: reason.trim(), until: until === '' ? null : fromWall(until) }),
    )
    if (done) onClose()
  }
  return (
    <Dialog
      title={t('begin')}
      onClose={onClose}
      foot={
        <Button kind="primary" busy={act.busy} disabled={reason.trim() === ''} onClick={() => void begin()}>
          {t('begin')}
        </Button>
      }
    >
      <ProblemAlert error={act.error} />
      <p className="note">{t('maintenanceHelp')}</p>
      <TextField label={t('reason')} value={reason} maxLength={200} onChange={setReason} />
      <MinuteField label={t('until')} optional value={until} onChange={setUntil} />
    </Dialog>
  )
}

function Mode({ mode }: { mode: Maintenance }) {
  const t = useText(upkeepText)
  const lang = useLanguage()
  const act = useAct()
  const mayChange = useMay()('upkeep.maintenance:X')
  const [asking, setAsking] = useState(false)
  const isOpen = mode.state === 'OPEN'
  return (
    <Sheet
      title={t('maintenance')}
      acts={
        mayChange &&
        mode.cause !== 'UPGRADE' && (
          <Button
            busy={act.busy}
            onClick={() =>
              isOpen ? setAsking(true) : void act.run(() => call('upkeep.setMaintenance', { state: 'OPEN', reason: '', until: null }))
            }
          >
            {isOpen ? t('begin') : t('end')}
          </Button>
        )
      }
    >
      <ProblemAlert error={act.error} />
      <Status state={isOpen ? 'kept' : 'planned'}>{isOpen ? t('open') : t('readOnly')}</Status>
      {isOpen ? (
        <p className="note">{t('maintenanceHelp')}</p>
      ) : (
        <Facts
          items={[
            [t('reason'), mode.cause === 'UPGRADE' ? t('upgradeRuns') : mode.reason],
            [t('since'), mode.since && listTime(mode.since, lang)],
            [t('until'), mode.until && listTime(mode.until, lang)],
          ]}
        />
      )}
      {asking && <BeginDialog onClose={() => setAsking(false)} />}
    </Sheet>
  )
}

const upgradeStates: Record<'RUNNING' | 'FINISHED' | 'REFUSED', State> = { RUNNING: 'running', FINISHED: 'kept', REFUSED: 'breach' }

function Upgrades() {
  const t = useText(upkeepText)
  const lang = useLanguage()
  const query = useQuery(ask('upkeep.upgrades', { limit: 20 }))
  return (
    <Sheet title={t('upgrades')} flush={(query.data?.items.length ?? 0) > 0}>
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="note">{t('upgradesNone')}</p>
          ) : (
            <div className="grid-scroll">
              <table className="grid fit">
                <thead>
                  <tr>
                    <th>{t('startedAt')}</th>
                    <th>{t('from')}</th>
                    <th>{t('to')}</th>
                    <th className="num">{t('instancesOk')}</th>
                    <th>{t('result')}</th>
                  </tr>
                </thead>
                <tbody>
                  {items.map((one) => (
                    <tr key={one.id}>
                      <td>{listTime(one.startedAt, lang)}</td>
                      <td className="mono">{one.fromLevel.replace('.sql', '')}</td>
                      <td className="mono">{one.toLevel.replace('.sql', '')}</td>
                      <td className="num">{one.instances ?? '—'}</td>
                      <td>
                        <Status state={upgradeStates[one.state]}>{t(one.state)}</Status>
                        {one.findings.length > 0 && <div className="note">{one.findings.join('；')}</div>}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )
        }
      </Loaded>
    </Sheet>
  )
}

function Instances() {
  const t = useText(upkeepText)
  const query = useQuery(ask('upkeep.instances', {}))
  return (
    <Sheet title={t('instances')} note={t('instancesHelp')} flush={(query.data?.items.length ?? 0) > 0}>
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="note">{t('instancesNone')}</p>
          ) : (
            <div className="grid-scroll">
              <table className="grid fit">
                <thead>
                  <tr>
                    <th>{t('process')}</th>
                    <th className="num">{t('version')}</th>
                    <th className="num">{t('newest')}</th>
                    <th className="num">{t('running')}</th>
                    <th>{t('result')}</th>
                  </tr>
                </thead>
                <tbody>
                  {items.map((one) => (
                    <tr key={`${one.key}@${one.version}`}>
                      <td className="name">{one.name}</td>
                      <td className="num">{one.version}</td>
                      <td className="num">{one.newest}</td>
                      <td className="num">{one.instances}</td>
                      <td>
                        {one.missing.length === 0 ? (
                          <Status state="kept">{t('fits')}</Status>
                        ) : (
                          <Status state="breach">{t('lacks', { what: one.missing.join('；') })}</Status>
                        )}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )
        }
      </Loaded>
    </Sheet>
  )
}

const Notes = ({ releases }: { releases: readonly Release[] }) => {
  const t = useText(upkeepText)
  return (
    <Sheet title={t('notes')}>
      {releases.map(({ version, notes }) => (
        <section key={version}>
          <h3>{version}</h3>
          <ul className="plain-list">
            {notes.map(({ title, text }) => (
              <li key={`${title}${text}`}>
                {title && <b>{title} </b>}
                {text}
              </li>
            ))}
          </ul>
        </section>
      ))}
    </Sheet>
  )
}

/** Which version this is, what changed, and whether work is taken in. */
export function UpkeepPage() {
  const t = useText(upkeepText)
  const may = useMay()
  const sees = may('upkeep.maintenance:X', 'upkeep.maintenance:R')
  const about = useQuery(ask('upkeep.about', {}))
  const mode = useQuery({ ...ask('upkeep.maintenance', {}), refetchInterval: 15_000 })
  const level = about.data?.level.replace('.sql', '') ?? ''
  return (
    <div className="page">
      <PageTitle title={t('upkeep')} sentence={about.data && t('upkeepSentence', { version: about.data.version, level })} />
      <div className="split">
        <div className="stack">
          <Loaded query={about}>{({ releases }) => <Notes releases={releases} />}</Loaded>
        </div>
        <div className="stack">
          <Loaded query={mode}>{(data) => <Mode mode={data} />}</Loaded>
          {sees && <Upgrades />}
          {sees && <Instances />}
        </div>
      </div>
    </div>
  )
}
