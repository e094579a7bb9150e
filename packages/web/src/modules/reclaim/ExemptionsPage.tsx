import type { Cluster, Exemption } from '@changbai/contract/reclaim.ts'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { useText } from '../../shared/text.ts'
import {
  Button,
  Check,
  type Column,
  DataTable,
  DecisionDialog,
  type ListInput,
  PageTitle,
  ProblemAlert,
  Status,
  TextField,
  useAct,
} from '../../shared/ui/index.ts'
import { ReclaimTabs } from './parts.tsx'
import { reclaimText } from './reclaimText.ts'

/** What is left alone and until when, and which servers are judged together. */
export function ExemptionsPage() {
  const say = useText(reclaimText)
  const may = useMay()
  const act = useAct()
  const [editing, setEditing] = useState<Cluster | 'new' | null>(null)
  const exemptions: Column<Exemption>[] = [
    { key: 'item', title: say('item'), kind: 'name', cell: (row) => row.itemName },
    { key: 'kind', title: say('kind'), cell: (row) => say(row.kind) },
    { key: 'why', title: say('why'), cell: (row) => row.reason },
    { key: 'until', title: say('until'), cell: (row) => row.untilOn },
    { key: 'tenant', title: say('tenant'), cell: (row) => row.tenantName ?? '—' },
    { key: 'by', title: say('approvedBy'), cell: (row) => row.approvedByName },
    {
      key: 'state',
      title: say('status'),
      cell: (row) => <Status state={row.state === 'IN_FORCE' ? 'kept' : 'none'}>{say(row.state)}</Status>,
    },
    {
      key: 'act',
      title: say('assess'),
      cell: (row) =>
        row.state === 'IN_FORCE' &&
        may('reclaim.report.write:A') && (
          <Button size="small" onClick={() => void act.run(() => call('reclaim.endExemption', { exemptionId: row.id }))}>
            {say('end')}
          </Button>
        ),
    },
  ]
  const clusters: Column<Cluster>[] = [
    { key: 'name', title: say('clusterName'), kind: 'name', cell: (row) => row.name },
    { key: 'members', title: say('members'), cell: (row) => row.servers.map((one) => one.name).join('、') },
    { key: 'least', title: say('least'), kind: 'num', cell: (row) => row.minNodes ?? say('notSaid') },
    { key: 'tenant', title: say('tenant'), cell: (row) => row.tenantName ?? '—' },
    { key: 'application', title: say('application'), extra: true, cell: (row) => row.applicationName ?? '—' },
    {
      key: 'act',
      title: say('assess'),
      cell: (row) =>
        may('reclaim.initiate:C') && (
          <Button size="small" onClick={() => setEditing(row)}>
            {say('save')}
          </Button>
        ),
    },
  ]
  return (
    <div className="page">
      <PageTitle
        title={say('reclaim')}
        sentence={`${say('exemptionNote')} · ${say('clustersNote')}`}
        acts={may('reclaim.initiate:C') && <Button onClick={() => setEditing('new')}>{say('addCluster')}</Button>}
      />
      <ReclaimTabs />
      <ProblemAlert error={act.error} />
      <div className="stack">
        <DataTable
          name="reclaim-exemptions"
          what={say('exemptionList')}
          ask={(input: ListInput) => ask('reclaim.exemptions', input as never)}
          about={['reclaim-exemption']}
          columns={exemptions}
          rowKey={(row) => row.id}
          views={[
            { key: 'inForce', label: say('IN_FORCE'), filters: {} },
            { key: 'all', label: say('all'), filters: { inForce: 'false' } },
          ]}
          firstUse={{ title: say('noExemptions'), help: say('exemptionNote') }}
          phone={(row) => ({ title: row.itemName, right: row.untilOn, below: row.reason, belowRight: say(row.kind) })}
        />
        <DataTable
          name="reclaim-clusters"
          what={say('clusters')}
          ask={(input: ListInput) => ask('reclaim.clusters', input as never)}
          about={['reclaim-cluster']}
          columns={clusters}
          rowKey={(row) => row.id}
          firstUse={{ title: say('noClusters'), help: say('clustersNote') }}
          phone={(row) => ({
            title: row.name,
            right: String(row.minNodes ?? '—'),
            below: row.servers.map((one) => one.name).join('、'),
            belowRight: row.tenantName ?? '',
          })}
        />
      </div>
      {editing && <ClusterDialog cluster={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />}
    </div>
  )
}

function ClusterDialog({ cluster, onClose }: { cluster: Cluster | null; onClose(): void }) {
  const say = useText(reclaimText)
  const act = useAct()
  const [name, setName] = useState(cluster?.name ?? '')
  const [members, setMembers] = useState<readonly { id: string; name: string }[]>(cluster?.servers ?? [])
  const [least, setLeast] = useState(cluster?.minNodes ? String(cluster.minNodes) : '')
  const [q, setQ] = useState('')
  const query = useQuery(ask('inventory.listServers', { q, limit: 12 }))
  const offered = [...members, ...(query.data?.items ?? []).filter((one) => members.every((member) => member.id !== one.id))]
  return (
    <DecisionDialog
      title={cluster ? say('editCluster', { name: cluster.name }) : say('addCluster')}
      verb={say('save')}
      ready={name.trim() !== '' && members.length >= 2}
      act={() =>
        act.runOrThrow(() =>
          call('reclaim.saveCluster', {
            ...(cluster && { clusterId: cluster.id }),
            name,
            serverIds: members.map((one) => one.id),
            minNodes: least === '' ? null : Number(least),
          }),
        )
      }
      onClose={onClose}
    >
      <TextField label={say('clusterName')} value={name} onChange={setName} maxLength={100} />
      <TextField
        label={say('least')}
        help={say('leastHelp')}
        optional
        inputMode="numeric"
        value={least}
        onChange={setLeast}
        maxLength={3}
      />
      <TextField label={say('findServer')} help={say('membersHelp')} optional value={q} onChange={setQ} maxLength={60} />
      <ul className="plain-list">
        {offered.map((one) => (
          <li key={one.id}>
            <Check
              checked={members.some((member) => member.id === one.id)}
              onChange={(on) =>
                setMembers((before) => (on ? [...before, { id: one.id, name: one.name }] : before.filter((member) => member.id !== one.id)))
              }
            >
              {one.name}
            </Check>
          </li>
        ))}
      </ul>
    </DecisionDialog>
  )
}
