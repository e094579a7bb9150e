import type { Application } from '@changbai/contract/inventory.ts'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { addDays, count, fromWall, listTime, shortDay, today, toWall } from '../../shared/time.ts'
import {
  Button,
  DecisionDialog,
  Facts,
  Loaded,
  LongField,
  MinuteField,
  PageTitle,
  ProblemAlert,
  Sheet,
  Status,
  useAct,
} from '../../shared/ui/index.ts'
import { History } from './History.tsx'
import { inventoryText } from './inventoryText.ts'
import { gib, ItemState } from './words.tsx'

type Probe = NonNullable<Application['measurement']>['probes'][number]
const probeOf = (line: string): Probe => ({
  kind: line.startsWith('tcp://') ? 'TCP' : 'HTTP',
  url: line,
  expect: { status: 200, contains: '' },
})

function SetMeasurement({ application, onClose }: { application: Application; onClose: () => void }) {
  const t = useText(inventoryText)
  const refresh = useAct()
  const [lines, setLines] = useState(application.measurement?.probes.map((probe) => probe.url).join('\n') ?? '')
  const [startsAt, setStartsAt] = useState(
    application.measurement ? toWall(application.measurement.startsAt) : `${addDays(today(), 1)}T00:00`,
  )
  return (
    <DecisionDialog
      title={application.measurement ? t('changeMeasurement') : t('setMeasurement')}
      verb={t('save')}
      act={async () => {
        const urls = lines
          .split('\n')
          .map((line) => line.trim())
          .filter(Boolean)
        await call('inventory.setMeasurement', {
          id: application.id,
          rev: application.rev,
          measurement: { probes: urls.map(probeOf), startsAt: fromWall(startsAt) },
        })
        await refresh.run(async () => {})
      }}
      onClose={onClose}
    >
      <LongField label={t('probeUrl')} help={t('probeUrlHelp')} value={lines} onChange={setLines} className="mono" spellCheck={false} />
      <MinuteField label={t('startsAt')} value={startsAt} onChange={setStartsAt} />
    </DecisionDialog>
  )
}

function Measurement({ application }: { application: Application }) {
  const t = useText(inventoryText)
  const lang = useLanguage()
  const may = useMay()
  const act = useAct()
  const [open, setOpen] = useState(false)
  const measurement = application.measurement
  const open2 = measurement && (!measurement.projectManager || !measurement.customer)
  const side = (label: string, confirmation: NonNullable<Application['measurement']>['customer']) => (
    <li className="row apart">
      <span>{label}</span>
      {confirmation ? (
        <Status state="kept">{t('confirmedBy', { by: confirmation.by, at: listTime(confirmation.at, lang) })}</Status>
      ) : (
        <Status state="todo">{t('notConfirmed')}</Status>
      )}
    </li>
  )
  return (
    <Sheet
      flush
      title={t('measurement')}
      note={measurement && t('measuredFrom', { at: listTime(measurement.startsAt, lang) })}
      acts={
        <>
          {may('application.measurement:C') && (
            <Button size="small" onClick={() => setOpen(true)}>
              {measurement ? t('changeMeasurement') : t('setMeasurement')}
            </Button>
          )}
          {open2 && may('application.measurement:A') && (
            <Button
              size="small"
              kind="primary"
              busy={act.busy}
              onClick={() => void act.run(() => call('inventory.confirmMeasurement', { id: application.id, rev: application.rev }))}
            >
              {t('confirm')}
            </Button>
          )}
        </>
      }
    >
      <ProblemAlert flat error={act.error} />
      {measurement ? (
        <ul className="list">
          {measurement.probes.map((probe) => (
            <li key={probe.url}>
              <span className="chip">{probe.kind}</span> <span className="mono">{probe.url}</span>
            </li>
          ))}
          {side(t('confirmPm'), measurement.projectManager)}
          {side(t('confirmCustomer'), measurement.customer)}
        </ul>
      ) : (
        <p className="second sheet-line">{t('measurementNone')}</p>
      )}
      {open && <SetMeasurement application={application} onClose={() => setOpen(false)} />}
    </Sheet>
  )
}

/** One application: what it is, what it runs on, how it is measured, what happened to it. */
export function ApplicationPage() {
  const t = useText(inventoryText)
  const lang = useLanguage()
  const may = useMay()
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useQuery(ask('inventory.getApplication', { id }))
  const servers = useQuery({ ...ask('inventory.listServers', { applicationId: id, limit: 100 }), enabled: may('cmdb.read:r') })
  const volumes = useQuery({ ...ask('inventory.listVolumes', { applicationId: id, limit: 100 }), enabled: may('cmdb.read:r') })
  const networks = useQuery({ ...ask('inventory.listNetworks', { applicationId: id, limit: 100 }), enabled: may('cmdb.read:r') })
  return (
    <div className="page">
      <Loaded query={query} rows={8}>
        {(application) => (
          <>
            <PageTitle
              title={application.name}
              mark={<ItemState state={application.state} />}
              sentence={[application.tenantName, t(application.env), t('mlpsLevel', { n: application.mlpsLevel }), application.admissionNo]
                .filter(Boolean)
                .join(' · ')}
            />
            <div className="split">
              <div className="stack">
                <Sheet>
                  <Facts
                    items={[
                      [
                        t('code'),
                        <span key="code" className="mono">
                          {application.code}
                        </span>,
                      ],
                      [t('tenant'), application.tenantName],
                      [t('pm'), application.projectManagerName],
                      [t('contact'), application.contact],
                      [t('admissionNo'), application.admissionNo],
                      [t('goLive'), application.goLiveOn && shortDay(application.goLiveOn, lang)],
                      [t('serverCount'), count(application.serverCount)],
                      [t('volumeGiB'), gib(application.volumeGiB)],
                      [t('note'), application.note],
                    ]}
                  />
                </Sheet>
                {servers.data && servers.data.items.length > 0 && (
                  <Sheet flush title={t('servers')} note={count(servers.data.items.length)}>
                    <ul className="list">
                      {servers.data.items.map((server) => (
                        <li key={server.id} className="row apart">
                          <Link to={`/cloud/servers/${server.id}`} className="mono">
                            {server.name}
                          </Link>
                          <span className="second grow">
                            {count(server.vcpu)} vCPU / {gib(server.memGiB)}　
                            <span className="mono">{server.addresses.map((a) => a.address).join(' ')}</span>
                          </span>
                          <ItemState state={server.state} />
                        </li>
                      ))}
                    </ul>
                  </Sheet>
                )}
                {volumes.data && volumes.data.items.length > 0 && (
                  <Sheet flush title={t('volumes')} note={count(volumes.data.items.length)}>
                    <ul className="list">
                      {volumes.data.items.map((volume) => (
                        <li key={volume.id} className="row apart">
                          <Link to={`/cloud/volumes/${volume.id}`} className="mono">
                            {volume.name}
                          </Link>
                          <span className="second grow">
                            {t(volume.kind)}　{gib(volume.gib)}
                          </span>
                          <ItemState state={volume.state} />
                        </li>
                      ))}
                    </ul>
                  </Sheet>
                )}
                {networks.data && networks.data.items.length > 0 && (
                  <Sheet flush title={t('networks')} note={count(networks.data.items.length)}>
                    <ul className="list">
                      {networks.data.items.map((network) => (
                        <li key={network.id} className="row apart">
                          <Link to={`/cloud/networks/${network.id}`} className="mono">
                            {network.name}
                          </Link>
                          <span className="second grow">
                            {t(network.kind)}　<span className="mono">{network.cidr ?? network.address ?? network.domain}</span>
                          </span>
                          <ItemState state={network.state} />
                        </li>
                      ))}
                    </ul>
                  </Sheet>
                )}
              </div>
              <div className="stack">
                <Measurement application={application} />
                <History type="application" id={application.id} />
              </div>
            </div>
          </>
        )}
      </Loaded>
    </div>
  )
}
