import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { ask } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { count, shortDay } from '../../shared/time.ts'
import { ButtonLink, Facts, Loaded, PageTitle, Sheet } from '../../shared/ui/index.ts'
import { ItemActs } from './edit/acts.tsx'
import { History } from './History.tsx'
import { inventoryText } from './inventoryText.ts'
import { Measurement } from './Measurement.tsx'
import { Relations } from './Relations.tsx'
import { gib, ItemState } from './words.tsx'

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
              acts={
                <>
                  <ButtonLink to={`/cloud/applications/${application.id}/lifecycle` as string}>{t('lifecycle')}</ButtonLink>
                  <ItemActs type="application" item={application} name={application.name} />
                </>
              }
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
                <Relations type="application" id={application.id} />
                <History type="application" id={application.id} />
              </div>
            </div>
          </>
        )}
      </Loaded>
    </div>
  )
}
