import type { ItemType } from '@changbai/contract/inventory.ts'
import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { lazy, type ReactNode, Suspense } from 'react'
import { ask } from '../../shared/call.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { count, listTime, shortDay } from '../../shared/time.ts'
import { Facts, Loaded, PageTitle, Sheet } from '../../shared/ui/index.ts'
import { AcceptanceTests } from './AcceptanceTests.tsx'
import { ItemActs } from './edit/acts.tsx'
import { History } from './History.tsx'
import { inventoryText } from './inventoryText.ts'
import { PoolFigures } from './PoolsPage.tsx'
import { Relations } from './Relations.tsx'
import { gib, ItemState } from './words.tsx'

/** Curves come when a page shows them; lists and applications do without. */
const MeasuresSheet = lazy(() => import('../telemetry/index.ts').then((face) => ({ default: face.MeasuresSheet })))

const useId = (): string => (useParams({ strict: false }) as { id: string }).id

/** Left the thing, right how it hangs together and what happened to it. */
function ItemFrame<R extends Readonly<Record<string, unknown>> & { id: string; rev: number; retiredAt: string | null }>({
  query,
  type,
  head,
  children,
}: {
  query: UseQueryResult<R>
  type: ItemType
  head: (item: R) => { title: string; mark?: ReactNode; sentence?: ReactNode }
  children: (item: R) => ReactNode
}) {
  return (
    <div className="page">
      <Loaded query={query} rows={8}>
        {(item) => (
          <>
            <PageTitle {...head(item)} acts={<ItemActs type={type} item={item} name={head(item).title} />} />
            <div className="split">
              <div className="stack">{children(item)}</div>
              <div className="stack">
                <Relations type={type} id={item.id} />
                <History type={type} id={item.id} />
              </div>
            </div>
          </>
        )}
      </Loaded>
    </div>
  )
}

const owner = (item: { applicationId: string | null; applicationName: string | null }): ReactNode =>
  item.applicationId ? <Link to={`/cloud/applications/${item.applicationId}`}>{item.applicationName}</Link> : null

export function ServerPage() {
  const t = useText(inventoryText)
  const lang = useLanguage()
  const query = useQuery(ask('inventory.getServer', { id: useId() }))
  return (
    <ItemFrame
      query={query}
      type="server"
      head={(s) => ({
        title: s.name,
        mark: <ItemState state={s.state} />,
        sentence: [t(s.kind), t(s.env), s.tenantName, s.applicationName].filter(Boolean).join(' · '),
      })}
    >
      {(s) => (
        <>
          <Sheet>
            <Facts
              items={[
                [t('application'), owner(s)],
                [t('tenant'), s.tenantName],
                [t('vcpu'), count(s.vcpu)],
                [t('mem'), gib(s.memGiB)],
                [t('root'), s.rootGiB > 0 && gib(s.rootGiB)],
                [t('os'), s.os],
                [
                  t('address'),
                  s.addresses.length > 0 && (
                    <span className="mono">{s.addresses.map((a) => `${a.address}${a.zone ? ` (${a.zone})` : ''}`).join(' ')}</span>
                  ),
                ],
                [t('zone'), s.zone],
                [t('usageUntil'), s.usageUntil && shortDay(s.usageUntil, lang)],
                [t('delivered'), s.deliveredAt && listTime(s.deliveredAt, lang)],
                s.kind === 'baremetal' && [
                  t('serial'),
                  <span key="s" className="mono">
                    {s.serialNo || '—'}
                  </span>,
                ],
                s.kind === 'baremetal' && [t('bmc'), s.bmcAddress],
                s.kind === 'baremetal' && [t('unit'), s.rackUnit && `${s.rackUnit}U`],
                [t('source'), s.source && `${s.source.type} ${s.source.id}`],
                [t('note'), s.note],
              ]}
            />
          </Sheet>
          <Suspense fallback={<Sheet>{null}</Sheet>}>
            <MeasuresSheet itemId={s.id} />
          </Suspense>
        </>
      )}
    </ItemFrame>
  )
}

export function VolumePage() {
  const t = useText(inventoryText)
  const lang = useLanguage()
  const query = useQuery(ask('inventory.getVolume', { id: useId() }))
  return (
    <ItemFrame
      query={query}
      type="volume"
      head={(v) => ({
        title: v.name,
        mark: <ItemState state={v.state} />,
        sentence: [t(v.kind), gib(v.gib), v.applicationName].filter(Boolean).join(' · '),
      })}
    >
      {(v) => (
        <Sheet>
          <Facts
            items={[
              [t('application'), owner(v)],
              [t('tenant'), v.tenantName],
              [t('size'), gib(v.gib)],
              [t('tier'), v.tier],
              [t('attachedTo'), v.serverId && <Link to={`/cloud/servers/${v.serverId}`}>{v.serverName}</Link>],
              [t('env'), t(v.env)],
              [t('zone'), v.zone],
              [t('usageUntil'), v.usageUntil && shortDay(v.usageUntil, lang)],
              [t('source'), v.source && `${v.source.type} ${v.source.id}`],
              [t('note'), v.note],
            ]}
          />
        </Sheet>
      )}
    </ItemFrame>
  )
}

export function NetworkPage() {
  const t = useText(inventoryText)
  const lang = useLanguage()
  const query = useQuery(ask('inventory.getNetwork', { id: useId() }))
  return (
    <ItemFrame
      query={query}
      type="network"
      head={(n) => ({
        title: n.name,
        mark: <ItemState state={n.state} />,
        sentence: [t(n.kind), n.applicationName, n.tenantName].filter(Boolean).join(' · '),
      })}
    >
      {(n) => (
        <>
          <Sheet>
            <Facts
              items={[
                [t('application'), owner(n)],
                [t('cidr'), n.cidr && <span className="mono">{n.cidr}</span>],
                [t('address'), n.address && <span className="mono">{n.address}</span>],
                [t('domain'), n.domain],
                [t('bandwidth'), n.bandwidthMbps !== null && `${count(n.bandwidthMbps)} Mbps`],
                [t('zone'), n.zone],
                [t('attachedTo'), n.serverId && <Link to={`/cloud/servers/${n.serverId}`}>{n.serverName}</Link>],
                [t('usageUntil'), n.usageUntil && shortDay(n.usageUntil, lang)],
                [t('note'), n.note],
              ]}
            />
          </Sheet>
          {n.rules.length > 0 && (
            <Sheet flush title={t('rules')} note={t('rulesCount', { count: n.rules.length })}>
              <div className="grid-scroll">
                <table className="grid">
                  <thead>
                    <tr>
                      <th>{t('src')}</th>
                      <th>{t('dst')}</th>
                      <th>{t('proto')}</th>
                      <th>{t('port')}</th>
                      <th>{t('purpose')}</th>
                      <th>{t('until')}</th>
                    </tr>
                  </thead>
                  <tbody>
                    {n.rules.map((rule) => (
                      <tr key={`${rule.src}${rule.dst}${rule.proto}${rule.port}`}>
                        <td className="mono">{rule.src}</td>
                        <td className="mono">{rule.dst}</td>
                        <td>{rule.proto}</td>
                        <td className="mono">{rule.port}</td>
                        <td>{rule.purpose}</td>
                        <td>{rule.until ? shortDay(rule.until, lang) : '—'}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
            </Sheet>
          )}
        </>
      )}
    </ItemFrame>
  )
}

export function PoolPage() {
  const t = useText(inventoryText)
  const lang = useLanguage()
  const id = useId()
  const query = useQuery(ask('inventory.getPool', { id }))
  const allocations = useQuery(ask('inventory.poolAllocations', { id, limit: 100 }))
  return (
    <ItemFrame
      query={query}
      type="pool"
      head={(p) => ({
        title: p.name,
        mark: <span className="clause">{p.code}</span>,
        sentence: [p.zone, p.env && t(p.env)].filter(Boolean).join(' · '),
      })}
    >
      {(p) => (
        <>
          <Sheet title={t('capacity')}>
            <PoolFigures pool={p} />
          </Sheet>
          <Sheet flush title={t('allocations')}>
            <Loaded query={allocations} rows={3}>
              {(page) => (
                <ul className="list">
                  {page.items.map((one) => (
                    <li key={one.id} className="row apart">
                      <span className="grow">
                        <b>{one.label}</b>
                        <div className="note">
                          {t(one.state)} · {listTime(one.reservedAt, lang)}
                        </div>
                      </span>
                      <span className="second right">
                        {count(one.amounts.vcpu)} vCPU / {gib(one.amounts.memGiB)} / {gib(one.amounts.storageGiB)}
                      </span>
                    </li>
                  ))}
                  {page.items.length === 0 && <li className="second">—</li>}
                </ul>
              )}
            </Loaded>
          </Sheet>
        </>
      )}
    </ItemFrame>
  )
}

export function ComponentPage() {
  const t = useText(inventoryText)
  const query = useQuery(ask('inventory.getComponent', { id: useId() }))
  return (
    <ItemFrame query={query} type="component" head={(c) => ({ title: c.name, mark: <ItemState state={c.state} />, sentence: t(c.kind) })}>
      {(c) => (
        <>
          <Sheet>
            <Facts
              items={[
                [t('kind'), t(c.kind)],
                [t('rack'), c.rackName],
                [t('address'), c.address && <span className="mono">{c.address}</span>],
                [t('serial'), c.serialNo && <span className="mono">{c.serialNo}</span>],
                [t('note'), c.note],
              ]}
            />
          </Sheet>
          <Suspense fallback={<Sheet>{null}</Sheet>}>
            <MeasuresSheet itemId={c.id} />
          </Suspense>
        </>
      )}
    </ItemFrame>
  )
}

export function HardwareModelPage() {
  const t = useText(inventoryText)
  const query = useQuery(ask('inventory.getHardwareModel', { id: useId() }))
  return (
    <ItemFrame
      query={query}
      type="hardwareModel"
      head={(m) => ({ title: `${m.vendor} ${m.model}`, mark: <ItemState state={m.acceptance} />, sentence: t('hardwareSentence') })}
    >
      {(m) => (
        <>
          <Sheet>
            <Facts
              items={[
                [t('cpu'), m.cpu],
                [t('vcpu'), count(m.vcpu)],
                [t('mem'), gib(m.memGiB)],
                [t('disks'), m.disks],
                [t('nics'), m.nics],
                [t('gpu'), m.gpu],
                [t('unit'), `${m.rackUnits}U`],
                [t('inUse'), count(m.inUse)],
                [t('note'), m.note],
              ]}
            />
          </Sheet>
          <AcceptanceTests model={m} />
        </>
      )}
    </ItemFrame>
  )
}
