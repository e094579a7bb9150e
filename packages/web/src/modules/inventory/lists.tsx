import type { SheetFormat } from '@changbai/contract/sheet.ts'
import { Link, useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { ask, download } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { type Say, useLanguage, useText } from '../../shared/text.ts'
import { count, listTime, shortDay, today } from '../../shared/time.ts'
import { DataTable, type DataTableProps, type FilterChoice, type ListInput, PageTitle } from '../../shared/ui/index.ts'
import { AddItem, ItemActs } from './edit/acts.tsx'
import { inventoryText } from './inventoryText.ts'
import { gib, ItemState } from './words.tsx'

type T = typeof inventoryText extends { keys?: infer K extends string } ? Say<K> : never
const choice = <K extends string>(t: (key: K) => string, keys: readonly K[]): FilterChoice['options'] =>
  keys.map((key) => [key, t(key)] as const)
const envFilter = (t: T): FilterChoice => ({ key: 'env', label: t('env'), options: choice(t, ['PROD', 'TEST', 'DEV', 'DR']) })
const stateFilter = (t: T): FilterChoice => ({
  key: 'state',
  label: t('state'),
  options: choice(t, ['BUILDING', 'ACTIVE', 'STOPPED', 'FAULTY', 'RETIRED']),
})
const to = (base: string, id: string, name: string): ReactNode => (
  <Link to={`${base}/${id}`} className="strong">
    {name}
  </Link>
)

/** An inventory list: the title, the sentence and the table. */
export function ItemList<R extends { id: string; name?: string }>({
  title,
  sentence,
  base,
  acts,
  ...table
}: { title: string; sentence: string; base?: string; acts?: ReactNode } & Omit<
  DataTableProps<R>,
  'rowKey' | 'open' | 'what' | 'searchHint' | 'firstUse'
>) {
  const t = useText(inventoryText)
  const navigate = useNavigate()
  return (
    <div className="page">
      <PageTitle title={title} sentence={sentence} acts={acts} />
      <DataTable
        {...table}
        what={title}
        rowKey={(row) => row.id}
        {...(base && { open: (row: R) => void navigate({ to: `${base}/${row.id}` }) })}
        searchHint={t('searchName')}
        firstUse={{ title: t('firstUse', { what: title }), help: t('firstUseHelp') }}
      />
    </div>
  )
}

/** Exports what the list shows, with its conditions. */
function useExport(type: 'application' | 'server' | 'volume' | 'network' | 'rack') {
  const may = useMay()
  if (!may('cmdb.export:X')) return {}
  return {
    onExport: (input: ListInput, format: SheetFormat) => {
      const { q, state, env, zone, kind } = input
      return download('inventory.exportItems', {
        type,
        format,
        filter: {
          ...(q && { q: String(q) }),
          ...(state && { state: String(state) }),
          ...(env && { env: env as 'PROD' }),
          ...(zone && { zone: String(zone) }),
          ...(kind && { kind: String(kind) }),
        },
      })
    },
  }
}

export function ApplicationsPage() {
  const t = useText(inventoryText)
  const lang = useLanguage()
  const base = '/cloud/applications'
  return (
    <ItemList
      name="applications"
      acts={<AddItem type="application" />}
      about={['application', 'inventory']}
      title={t('applications')}
      sentence={t('applicationsSentence')}
      base={base}
      {...useExport('application')}
      ask={(input) => ask('inventory.listApplications', input as never)}
      columns={[
        { key: 'code', title: t('code'), kind: 'id', sort: 'code', cell: (a) => <Link to={`${base}/${a.id}`}>{a.code}</Link> },
        { key: 'name', title: t('name'), kind: 'name', sort: 'name', cell: (a) => a.name },
        { key: 'tenant', title: t('tenant'), cell: (a) => a.tenantName ?? '—' },
        { key: 'env', title: t('env'), cell: (a) => t(a.env) },
        { key: 'mlps', title: t('mlps'), cell: (a) => t('mlpsLevel', { n: a.mlpsLevel }) },
        { key: 'state', title: t('state'), sort: 'state', cell: (a) => <ItemState state={a.state} /> },
        { key: 'pm', title: t('pm'), cell: (a) => a.projectManagerName ?? '—' },
        { key: 'servers', title: t('serverCount'), kind: 'num', cell: (a) => count(a.serverCount) },
        { key: 'volume', title: t('volumeGiB'), kind: 'num', cell: (a) => gib(a.volumeGiB) },
        { key: 'admission', title: t('admissionNo'), extra: true, cell: (a) => a.admissionNo ?? '—' },
        { key: 'live', title: t('goLive'), extra: true, cell: (a) => (a.goLiveOn ? shortDay(a.goLiveOn, lang) : '—') },
      ]}
      filters={[{ key: 'state', label: t('state'), options: choice(t, ['PREPARING', 'TRIAL', 'ONLINE', 'RETIRED']) }, envFilter(t)]}
      phone={(a) => ({
        title: a.name,
        right: <ItemState state={a.state} />,
        below: a.tenantName,
        belowRight: `${count(a.serverCount)} · ${t(a.env)}`,
      })}
    />
  )
}

export function ServersPage() {
  const t = useText(inventoryText)
  const lang = useLanguage()
  const base = '/cloud/servers'
  return (
    <ItemList
      name="servers"
      acts={<AddItem type="server" />}
      about={['server', 'inventory']}
      title={t('servers')}
      sentence={t('serversSentence')}
      base={base}
      {...useExport('server')}
      ask={(input) => ask('inventory.listServers', input as never)}
      columns={[
        { key: 'name', title: t('name'), kind: 'id', sort: 'name', cell: (s) => <Link to={`${base}/${s.id}`}>{s.name}</Link> },
        { key: 'application', title: t('application'), kind: 'name', cell: (s) => s.applicationName ?? '—' },
        { key: 'tenant', title: t('tenant'), cell: (s) => s.tenantName ?? '—' },
        { key: 'kind', title: t('kind'), cell: (s) => t(s.kind) },
        { key: 'vcpu', title: t('vcpu'), kind: 'num', cell: (s) => count(s.vcpu) },
        { key: 'mem', title: t('mem'), kind: 'num', cell: (s) => gib(s.memGiB) },
        {
          key: 'address',
          title: t('address'),
          cell: (s) => <span className="mono">{s.addresses.map((a) => a.address).join(' ') || '—'}</span>,
        },
        { key: 'state', title: t('state'), sort: 'state', cell: (s) => <ItemState state={s.state} /> },
        {
          key: 'until',
          title: t('usageUntil'),
          sort: 'usageUntil',
          cell: (s) =>
            s.usageUntil ? <span className={s.usageUntil < today() ? 'breach' : ''}>{shortDay(s.usageUntil, lang)}</span> : '—',
        },
        { key: 'env', title: t('env'), extra: true, cell: (s) => t(s.env) },
        { key: 'os', title: t('os'), extra: true, cell: (s) => s.os || '—' },
        { key: 'zone', title: t('zone'), extra: true, cell: (s) => s.zone || '—' },
        { key: 'delivered', title: t('delivered'), extra: true, cell: (s) => (s.deliveredAt ? listTime(s.deliveredAt, lang) : '—') },
      ]}
      filters={[{ key: 'kind', label: t('kind'), options: choice(t, ['vm', 'baremetal']) }, stateFilter(t), envFilter(t)]}
      phone={(s) => ({
        title: s.name,
        right: <ItemState state={s.state} />,
        below: s.applicationName ?? t(s.kind),
        belowRight: `${count(s.vcpu)} vCPU / ${gib(s.memGiB)}`,
      })}
    />
  )
}

export function VolumesPage() {
  const t = useText(inventoryText)
  const lang = useLanguage()
  const base = '/cloud/volumes'
  return (
    <ItemList
      name="volumes"
      acts={<AddItem type="volume" />}
      about={['volume', 'inventory']}
      title={t('volumes')}
      sentence={t('volumesSentence')}
      base={base}
      {...useExport('volume')}
      ask={(input) => ask('inventory.listVolumes', input as never)}
      columns={[
        { key: 'name', title: t('name'), kind: 'id', sort: 'name', cell: (v) => <Link to={`${base}/${v.id}`}>{v.name}</Link> },
        { key: 'application', title: t('application'), kind: 'name', cell: (v) => v.applicationName ?? '—' },
        { key: 'tenant', title: t('tenant'), cell: (v) => v.tenantName ?? '—' },
        { key: 'kind', title: t('kind'), cell: (v) => t(v.kind) },
        { key: 'tier', title: t('tier'), cell: (v) => v.tier ?? '—' },
        { key: 'gib', title: t('size'), kind: 'num', sort: 'gib', cell: (v) => gib(v.gib) },
        { key: 'server', title: t('attachedTo'), cell: (v) => (v.serverId ? to('/cloud/servers', v.serverId, v.serverName ?? '') : '—') },
        { key: 'state', title: t('state'), sort: 'state', cell: (v) => <ItemState state={v.state} /> },
        { key: 'until', title: t('usageUntil'), sort: 'usageUntil', cell: (v) => (v.usageUntil ? shortDay(v.usageUntil, lang) : '—') },
      ]}
      filters={[{ key: 'kind', label: t('kind'), options: choice(t, ['block', 'file', 'object', 'backup']) }, stateFilter(t), envFilter(t)]}
      phone={(v) => ({
        title: v.name,
        right: gib(v.gib),
        below: v.applicationName ?? t(v.kind),
        belowRight: <ItemState state={v.state} />,
      })}
    />
  )
}

export function NetworksPage() {
  const t = useText(inventoryText)
  const base = '/cloud/networks'
  return (
    <ItemList
      name="networks"
      acts={<AddItem type="network" />}
      about={['network', 'inventory']}
      title={t('networks')}
      sentence={t('networksSentence')}
      base={base}
      {...useExport('network')}
      ask={(input) => ask('inventory.listNetworks', input as never)}
      columns={[
        { key: 'name', title: t('name'), kind: 'id', sort: 'name', cell: (n) => <Link to={`${base}/${n.id}`}>{n.name}</Link> },
        { key: 'application', title: t('application'), kind: 'name', cell: (n) => n.applicationName ?? '—' },
        { key: 'tenant', title: t('tenant'), cell: (n) => n.tenantName ?? '—' },
        { key: 'kind', title: t('kind'), cell: (n) => t(n.kind) },
        {
          key: 'address',
          title: t('address'),
          cell: (n) => (
            <span className="mono">
              {n.cidr ?? n.address ?? (n.domain || (n.rules.length > 0 ? t('rulesCount', { count: n.rules.length }) : '—'))}
            </span>
          ),
        },
        {
          key: 'bandwidth',
          title: t('bandwidth'),
          kind: 'num',
          cell: (n) => (n.bandwidthMbps === null ? '—' : `${count(n.bandwidthMbps)} Mbps`),
        },
        { key: 'zone', title: t('zone'), cell: (n) => n.zone || '—' },
        { key: 'state', title: t('state'), sort: 'state', cell: (n) => <ItemState state={n.state} /> },
      ]}
      filters={[
        { key: 'kind', label: t('kind'), options: choice(t, ['NETWORK', 'SECURITY_GROUP', 'PUBLIC_ADDRESS', 'LOAD_BALANCER', 'DOMAIN']) },
        stateFilter(t),
        envFilter(t),
      ]}
      phone={(n) => ({
        title: n.name,
        right: <ItemState state={n.state} />,
        below: n.applicationName ?? t(n.kind),
        belowRight: <span className="mono">{n.cidr ?? n.address ?? n.domain}</span>,
      })}
    />
  )
}

export function RacksPage() {
  const t = useText(inventoryText)
  return (
    <ItemList
      name="racks"
      acts={<AddItem type="rack" />}
      about={['rack', 'inventory']}
      title={t('racks')}
      sentence={t('racksSentence')}
      {...useExport('rack')}
      ask={(input) => ask('inventory.listRacks', input as never)}
      columns={[
        { key: 'name', title: t('name'), kind: 'name', sort: 'name', cell: (r) => r.name },
        { key: 'room', title: t('room'), sort: 'room', cell: (r) => r.room },
        { key: 'row', title: t('rowNo'), cell: (r) => r.row || '—' },
        { key: 'used', title: t('used'), kind: 'num', cell: (r) => `${r.usedUnits} / ${r.units}` },
        { key: 'servers', title: t('serverCount'), kind: 'num', cell: (r) => count(r.serverCount) },
        { key: 'power', title: t('power'), kind: 'num', cell: (r) => (r.powerWatts > 0 ? `${count(r.powerWatts)} W` : '—') },
        { key: 'act', title: t('act'), cell: (r) => <ItemActs line type="rack" item={r} name={r.name} /> },
      ]}
      phone={(r) => ({ title: r.name, right: `${r.usedUnits} / ${r.units} U`, below: r.room, belowRight: `${count(r.serverCount)}` })}
    />
  )
}

const componentKinds = [
  'SWITCH',
  'ROUTER',
  'FIREWALL',
  'BALANCER',
  'STORAGE',
  'CLUSTER',
  'ROOM',
  'POWER',
  'COOLING',
  'LINE',
  'PROVIDER',
  'OTHER',
] as const

export function ComponentsPage() {
  const t = useText(inventoryText)
  const base = '/cloud/components'
  return (
    <ItemList
      name="components"
      acts={<AddItem type="component" />}
      about={['component', 'inventory']}
      title={t('components')}
      sentence={t('componentsSentence')}
      base={base}
      ask={(input) => ask('inventory.listComponents', input as never)}
      columns={[
        { key: 'name', title: t('name'), kind: 'name', sort: 'name', cell: (c) => <Link to={`${base}/${c.id}`}>{c.name}</Link> },
        { key: 'kind', title: t('kind'), sort: 'kind', cell: (c) => t(c.kind) },
        { key: 'rack', title: t('rack'), cell: (c) => c.rackName ?? '—' },
        { key: 'address', title: t('address'), cell: (c) => <span className="mono">{c.address ?? '—'}</span> },
        { key: 'serial', title: t('serial'), extra: true, cell: (c) => <span className="mono">{c.serialNo || '—'}</span> },
        { key: 'state', title: t('state'), sort: 'state', cell: (c) => <ItemState state={c.state} /> },
      ]}
      filters={[{ key: 'kind', label: t('kind'), options: choice(t, componentKinds) }, stateFilter(t)]}
      phone={(c) => ({ title: c.name, right: <ItemState state={c.state} />, below: t(c.kind), belowRight: c.rackName ?? '' })}
    />
  )
}

export function HardwarePage() {
  const t = useText(inventoryText)
  const base = '/cloud/hardware'
  return (
    <ItemList
      name="hardware"
      acts={<AddItem type="hardwareModel" />}
      about={['hardwareModel', 'inventory']}
      title={t('hardware')}
      sentence={t('hardwareSentence')}
      base={base}
      ask={(input) => ask('inventory.listHardwareModels', input as never)}
      columns={[
        { key: 'model', title: t('model'), kind: 'name', cell: (m) => <Link to={`${base}/${m.id}`}>{m.model}</Link> },
        { key: 'vendor', title: t('vendor'), cell: (m) => m.vendor },
        { key: 'cpu', title: t('cpu'), cell: (m) => m.cpu },
        { key: 'vcpu', title: t('vcpu'), kind: 'num', cell: (m) => count(m.vcpu) },
        { key: 'mem', title: t('mem'), kind: 'num', cell: (m) => gib(m.memGiB) },
        { key: 'acceptance', title: t('acceptance'), cell: (m) => <ItemState state={m.acceptance} /> },
        { key: 'inUse', title: t('inUse'), kind: 'num', cell: (m) => count(m.inUse) },
      ]}
      filters={[{ key: 'acceptance', label: t('acceptance'), options: choice(t, ['UNTESTED', 'PASS', 'FAIL']) }]}
      phone={(m) => ({
        title: m.model,
        right: <ItemState state={m.acceptance} />,
        below: m.vendor,
        belowRight: `${count(m.vcpu)} vCPU / ${gib(m.memGiB)}`,
      })}
    />
  )
}
