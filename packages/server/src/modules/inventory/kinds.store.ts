import type { ItemType } from '@changbai/contract/inventory.ts'

/** How one kind of item is kept: which columns, what is computed beside them, how it sorts and filters. Texts here are constants of ours, never input. */
export interface Kind {
  readonly type: ItemType
  readonly table: string
  /** Fields people may set at creation or later; the column is the field in snake case. */
  readonly fields: readonly string[]
  /** Fields kept as JSON. */
  readonly json: readonly string[]
  /** Kept but set by procedures only. */
  readonly fixed: readonly string[]
  /** Computed in SQL; the item is `i`. */
  readonly computed: Readonly<Record<string, string>>
  readonly filters: readonly string[]
  readonly sorts: Readonly<Record<string, Sort>>
  readonly defaultSort: string
  /** Columns by which rows are seen; none: whoever may read the kind sees all. */
  readonly scope?: { readonly tenant: string; readonly application: string }
}
export interface Sort {
  /** Never null, or paging would lose rows. */
  readonly expression: string
  readonly type: 'text' | 'bigint' | 'timestamptz' | 'date'
}

export const columnOf = (field: string) =>
  field
    .replace('GiB', '_gib')
    .replace('Mbps', '_mbps')
    .replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

const byName: Record<string, Sort> = {
  name: { expression: 'i.name collate "zh-x-icu"', type: 'text' },
  updatedAt: { expression: 'i.updated_at', type: 'timestamptz' },
  createdAt: { expression: 'i.created_at', type: 'timestamptz' },
}
const byState = { state: { expression: 'i.state', type: 'text' } } as const
const byUsage = { usageUntil: { expression: "coalesce(i.usage_until, 'infinity'::date)", type: 'date' } } as const
const ownedScope = { tenant: 'i.tenant_id', application: 'i.application_id' }
const owner = ['tenantId', 'applicationId']
const applicationName = '(select a.name from application a where a.id = i.application_id)'
const serverName = '(select s.name from server s where s.id = i.server_id)'
const source = "case when i.source_id is not null then jsonb_build_object('type', i.source_type, 'id', i.source_id) end"
const madeBy = ['connectionId', 'externalId', 'sourceType', 'sourceId']
const proposal = {
  proposedBy: "jsonb_build_object('id', i.proposed_by, 'name', i.proposed_by_name)",
  decidedBy: "case when i.decided_by_name is not null then jsonb_build_object('id', i.decided_by, 'name', i.decided_by_name) end",
}
const proposalFields = ['state', 'decidedAt', 'comment', 'test']

const application: Kind = {
  type: 'application',
  table: 'application',
  fields: ['name', 'code', 'env', 'mlpsLevel', 'projectManagerId', 'ownerIds', 'contact', 'goLiveOn', 'note', 'state'],
  json: ['ownerIds', 'measurement'],
  fixed: ['tenantId', 'admissionNo', 'measurement'],
  computed: {
    serverCount: '(select count(*) from server s where s.application_id = i.id and s.retired_at is null)',
    volumeGiB: '(select coalesce(sum(v.gib), 0)::bigint from volume v where v.application_id = i.id and v.retired_at is null)',
  },
  filters: ['tenantId', 'state', 'env'],
  sorts: { ...byName, ...byState, code: { expression: 'lower(i.code)', type: 'text' } },
  defaultSort: 'name',
  scope: { tenant: 'i.tenant_id', application: 'i.id' },
}

const server: Kind = {
  type: 'server',
  table: 'server',
  fields: [
    'name',
    'env',
    'state',
    'vcpu',
    'memGiB',
    'rootGiB',
    'os',
    'zone',
    'addresses',
    'poolId',
    'flavorId',
    'imageId',
    'hardwareModelId',
    'rackId',
    'rackUnit',
    'serialNo',
    'bmcAddress',
    'usageUntil',
    'note',
  ],
  json: ['addresses'],
  fixed: [...owner, 'kind', ...madeBy, 'deliveredAt'],
  computed: { applicationName, source },
  filters: [...owner, 'state', 'env', 'zone', 'kind', 'poolId', 'rackId'],
  sorts: {
    ...byName,
    ...byState,
    ...byUsage,
    vcpu: { expression: 'i.vcpu', type: 'bigint' },
    memGiB: { expression: 'i.mem_gib', type: 'bigint' },
  },
  defaultSort: 'name',
  scope: ownedScope,
}

const volume: Kind = {
  type: 'volume',
  table: 'volume',
  fields: ['name', 'env', 'state', 'gib', 'tier', 'serverId', 'poolId', 'zone', 'usageUntil', 'note'],
  json: [],
  fixed: [...owner, 'kind', ...madeBy],
  computed: { applicationName, serverName, source },
  filters: [...owner, 'state', 'env', 'zone', 'kind', 'serverId', 'poolId'],
  sorts: { ...byName, ...byState, ...byUsage, gib: { expression: 'i.gib', type: 'bigint' } },
  defaultSort: 'name',
  scope: ownedScope,
}

const network: Kind = {
  type: 'network',
  table: 'network',
  fields: ['name', 'env', 'state', 'zone', 'cidr', 'address', 'domain', 'bandwidthMbps', 'rules', 'serverId', 'usageUntil', 'note'],
  json: ['rules'],
  fixed: [...owner, 'kind', ...madeBy],
  computed: { applicationName, serverName, source },
  filters: [...owner, 'state', 'env', 'zone', 'kind', 'serverId'],
  sorts: { ...byName, ...byState, ...byUsage },
  defaultSort: 'name',
  scope: ownedScope,
}

const pool: Kind = {
  type: 'pool',
  table: 'pool',
  fields: ['name', 'code', 'zone', 'env', 'vcpu', 'memGiB', 'storageGiB', 'publicAddresses', 'baremetal', 'note'],
  json: [],
  fixed: [],
  computed: {},
  filters: ['zone'],
  sorts: byName,
  defaultSort: 'name',
}

const rack: Kind = {
  type: 'rack',
  table: 'rack',
  fields: ['name', 'room', 'row', 'units', 'powerWatts', 'note'],
  json: [],
  fixed: [],
  computed: {
    usedUnits:
      '(select coalesce(sum(coalesce(m.rack_units, 1)), 0)::bigint from server s left join hardware_model m on m.id = s.hardware_model_id where s.rack_id = i.id and s.retired_at is null)',
    serverCount: '(select count(*) from server s where s.rack_id = i.id and s.retired_at is null)',
  },
  filters: ['room'],
  sorts: { ...byName, room: { expression: 'i.room collate "zh-x-icu"', type: 'text' } },
  defaultSort: 'name',
}

const component: Kind = {
  type: 'component',
  table: 'component',
  fields: ['name', 'state', 'rackId', 'serialNo', 'address', 'note'],
  json: [],
  fixed: ['kind'],
  computed: { rackName: '(select r.name from rack r where r.id = i.rack_id)' },
  filters: ['kind', 'state', 'rackId'],
  sorts: { ...byName, ...byState, kind: { expression: 'i.kind', type: 'text' } },
  defaultSort: 'name',
}

const flavor: Kind = {
  type: 'flavor',
  table: 'flavor',
  fields: ['name', 'vcpu', 'memGiB', 'rootGiB', 'family', 'externalId', 'note'],
  json: ['test'],
  fixed: proposalFields,
  computed: proposal,
  filters: ['state'],
  sorts: { ...byName, ...byState, size: { expression: 'i.vcpu::bigint * 100000 + i.mem_gib', type: 'bigint' } },
  defaultSort: 'size',
}

const image: Kind = {
  type: 'image',
  table: 'image',
  fields: ['name', 'os', 'version', 'arch', 'domestic', 'minRootGiB', 'minMemGiB', 'digest', 'externalId', 'note'],
  json: ['test'],
  fixed: proposalFields,
  computed: proposal,
  filters: ['state', 'arch'],
  sorts: { ...byName, ...byState },
  defaultSort: 'name',
}

const hardwareModel: Kind = {
  type: 'hardwareModel',
  table: 'hardware_model',
  fields: ['vendor', 'model', 'cpu', 'vcpu', 'memGiB', 'disks', 'nics', 'gpu', 'rackUnits', 'note'],
  json: [],
  fixed: ['acceptance'],
  computed: {
    inUse: '(select count(*) from server s where s.hardware_model_id = i.id and s.retired_at is null)',
    tests: `(select coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'result', t.result, 'checks', t.checks, 'comment', t.comment, 'fileIds', t.file_ids,
      'by', jsonb_build_object('id', t.by_person_id, 'name', t.by_name),
      'at', to_char(t.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) order by t.at desc), '[]')
      from hardware_acceptance_test t where t.hardware_model_id = i.id)`,
  },
  filters: ['acceptance'],
  sorts: {
    name: { expression: '(i.vendor || \' \' || i.model) collate "zh-x-icu"', type: 'text' },
    updatedAt: { expression: 'i.updated_at', type: 'timestamptz' },
  },
  defaultSort: 'name',
}

export const kinds: Readonly<Record<ItemType, Kind>> = {
  application,
  server,
  volume,
  network,
  pool,
  rack,
  component,
  flavor,
  image,
  hardwareModel,
}
