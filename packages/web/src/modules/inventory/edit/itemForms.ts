import type { ItemType } from '@changbai/contract/inventory.ts'
import type { EndpointName } from '../../../shared/api.ts'
import type { inventoryText } from '../inventoryText.ts'

export type Word = typeof inventoryText extends { keys?: infer K extends string } ? K : never

/** One field of an item as people fill it in. `key` is the field of the contract's input; a group's is `capacity.vcpu`. */
export interface ItemField {
  key: string
  label: Word
  control: 'text' | 'mono' | 'long' | 'number' | 'day' | 'flag' | 'choice' | 'person' | 'tenant' | 'ref' | 'addresses' | 'rules'
  /** Of a choice: codes with their words; a code without a word stands for itself. */
  codes?: readonly (Word | string)[]
  /** Of a reference: the kind it names. */
  of?: ItemType
  unit?: 'GiB' | 'W' | 'U' | 'Mbps'
  required?: boolean
  /** Only asked when the thing is recorded; it cannot be changed later. */
  once?: boolean
  /** Only asked for with this value of another field. */
  when?: readonly [key: string, value: string]
  start?: unknown
}

export interface ItemForm {
  create: EndpointName
  update: EndpointName
  retire: EndpointName
  get: EndpointName
  /** `capability:verb` to record, to change. */
  may: { create: string; update: string }
  fields: readonly ItemField[]
}

const name: ItemField = { key: 'name', label: 'name', control: 'text', required: true }
const note: ItemField = { key: 'note', label: 'note', control: 'long' }
const env: ItemField = { key: 'env', label: 'env', control: 'choice', codes: ['PROD', 'TEST', 'DEV', 'DR'], start: 'PROD' }
const zone: ItemField = { key: 'zone', label: 'zone', control: 'text' }
const usageUntil: ItemField = { key: 'usageUntil', label: 'usageUntil', control: 'day' }
const state: ItemField = {
  key: 'state',
  label: 'state',
  control: 'choice',
  codes: ['BUILDING', 'ACTIVE', 'STOPPED', 'FAULTY'],
  start: 'ACTIVE',
}
const application: ItemField = { key: 'applicationId', label: 'application', control: 'ref', of: 'application', once: true }
const server: ItemField = { key: 'serverId', label: 'attachedTo', control: 'ref', of: 'server' }
const pool: ItemField = { key: 'poolId', label: 'pool', control: 'ref', of: 'pool' }
const number = (key: string, label: Word, more: Partial<ItemField> = {}): ItemField => ({ key, label, control: 'number', ...more })
const resource = { may: { create: 'cmdb.write:C', update: 'cmdb.write:U' } }
const template = { may: { create: 'iaas.template.manage:C', update: 'iaas.template.manage:U' } }

/** Every kind the inventory keeps, as it is recorded and changed by hand. */
export const itemForms: Record<ItemType, ItemForm> = {
  application: {
    create: 'inventory.createApplication',
    update: 'inventory.updateApplication',
    retire: 'inventory.retireApplication',
    get: 'inventory.getApplication',
    may: { create: 'application.write:C', update: 'application.write:U' },
    fields: [
      name,
      { key: 'code', label: 'code', control: 'mono', required: true },
      { key: 'tenantId', label: 'tenant', control: 'tenant', required: true, once: true },
      env,
      { key: 'mlpsLevel', label: 'mlps', control: 'choice', codes: ['1', '2', '3'], start: 2, required: true },
      { key: 'projectManagerId', label: 'pm', control: 'person' },
      { key: 'contact', label: 'contact', control: 'text' },
      { key: 'goLiveOn', label: 'goLive', control: 'day' },
      note,
    ],
  },
  server: {
    create: 'inventory.createServer',
    update: 'inventory.updateServer',
    retire: 'inventory.retireServer',
    get: 'inventory.getServer',
    ...resource,
    fields: [
      { key: 'kind', label: 'kind', control: 'choice', codes: ['vm', 'baremetal'], start: 'vm', once: true },
      name,
      application,
      env,
      state,
      number('vcpu', 'vcpu', { required: true }),
      number('memGiB', 'mem', { unit: 'GiB', required: true }),
      number('rootGiB', 'root', { unit: 'GiB', start: 0 }),
      { key: 'os', label: 'os', control: 'text' },
      { key: 'addresses', label: 'address', control: 'addresses', start: [] },
      zone,
      pool,
      { key: 'flavorId', label: 'flavor', control: 'ref', of: 'flavor', when: ['kind', 'vm'] },
      { key: 'imageId', label: 'image', control: 'ref', of: 'image', when: ['kind', 'vm'] },
      { key: 'hardwareModelId', label: 'hardwareModel', control: 'ref', of: 'hardwareModel', when: ['kind', 'baremetal'] },
      { key: 'rackId', label: 'rack', control: 'ref', of: 'rack', when: ['kind', 'baremetal'] },
      number('rackUnit', 'unit', { unit: 'U', when: ['kind', 'baremetal'] }),
      { key: 'serialNo', label: 'serial', control: 'mono', when: ['kind', 'baremetal'] },
      { key: 'bmcAddress', label: 'bmc', control: 'mono', when: ['kind', 'baremetal'] },
      usageUntil,
      note,
    ],
  },
  volume: {
    create: 'inventory.createVolume',
    update: 'inventory.updateVolume',
    retire: 'inventory.retireVolume',
    get: 'inventory.getVolume',
    ...resource,
    fields: [
      { key: 'kind', label: 'kind', control: 'choice', codes: ['block', 'file', 'object', 'backup'], start: 'block', once: true },
      name,
      application,
      env,
      state,
      number('gib', 'size', { unit: 'GiB', required: true }),
      { key: 'tier', label: 'tier', control: 'choice', codes: ['SSD', 'SAS', 'SATA'] },
      server,
      pool,
      zone,
      usageUntil,
      note,
    ],
  },
  network: {
    create: 'inventory.createNetwork',
    update: 'inventory.updateNetwork',
    retire: 'inventory.retireNetwork',
    get: 'inventory.getNetwork',
    ...resource,
    fields: [
      {
        key: 'kind',
        label: 'kind',
        control: 'choice',
        codes: ['NETWORK', 'SECURITY_GROUP', 'PUBLIC_ADDRESS', 'LOAD_BALANCER', 'DOMAIN'],
        start: 'NETWORK',
        once: true,
      },
      name,
      application,
      env,
      state,
      zone,
      { key: 'cidr', label: 'cidr', control: 'mono' },
      { key: 'address', label: 'address', control: 'mono' },
      { key: 'domain', label: 'domain', control: 'mono' },
      number('bandwidthMbps', 'bandwidth', { unit: 'Mbps' }),
      { key: 'rules', label: 'rules', control: 'rules', when: ['kind', 'SECURITY_GROUP'], start: [] },
      server,
      usageUntil,
      note,
    ],
  },
  pool: {
    create: 'inventory.createPool',
    update: 'inventory.updatePool',
    retire: 'inventory.retirePool',
    get: 'inventory.getPool',
    may: { create: 'pool.manage:C', update: 'pool.manage:U' },
    fields: [
      name,
      { key: 'code', label: 'code', control: 'mono', required: true },
      { ...zone, required: true },
      { key: 'env', label: 'env', control: 'choice', codes: ['PROD', 'TEST', 'DEV', 'DR'] },
      number('capacity.vcpu', 'vcpu', { start: 0 }),
      number('capacity.memGiB', 'mem', { unit: 'GiB', start: 0 }),
      number('capacity.storageGiB', 'storage', { unit: 'GiB', start: 0 }),
      number('capacity.publicAddresses', 'publicAddresses', { start: 0 }),
      number('capacity.baremetal', 'baremetal', { start: 0 }),
      note,
    ],
  },
  rack: {
    create: 'inventory.createRack',
    update: 'inventory.updateRack',
    retire: 'inventory.retireRack',
    get: 'inventory.getRack',
    ...resource,
    fields: [
      name,
      { key: 'room', label: 'room', control: 'text', required: true },
      { key: 'row', label: 'rowNo', control: 'text' },
      number('units', 'units', { unit: 'U', start: 42 }),
      number('powerWatts', 'power', { unit: 'W', start: 0 }),
      note,
    ],
  },
  component: {
    create: 'inventory.createComponent',
    update: 'inventory.updateComponent',
    retire: 'inventory.retireComponent',
    get: 'inventory.getComponent',
    ...resource,
    fields: [
      {
        key: 'kind',
        label: 'kind',
        control: 'choice',
        codes: ['SWITCH', 'ROUTER', 'FIREWALL', 'BALANCER', 'STORAGE', 'CLUSTER', 'ROOM', 'POWER', 'COOLING', 'LINE', 'PROVIDER', 'OTHER'],
        start: 'SWITCH',
        once: true,
      },
      name,
      state,
      { key: 'rackId', label: 'rack', control: 'ref', of: 'rack' },
      { key: 'address', label: 'address', control: 'mono' },
      { key: 'serialNo', label: 'serial', control: 'mono' },
      note,
    ],
  },
  flavor: {
    create: 'inventory.createFlavor',
    update: 'inventory.updateFlavor',
    retire: 'inventory.retireFlavor',
    get: 'inventory.getFlavor',
    ...template,
    fields: [
      name,
      { key: 'family', label: 'family', control: 'text' },
      number('vcpu', 'vcpu', { required: true }),
      number('memGiB', 'mem', { unit: 'GiB', required: true }),
      number('rootGiB', 'minRoot', { unit: 'GiB', start: 40 }),
      { key: 'externalId', label: 'externalId', control: 'mono' },
      note,
    ],
  },
  image: {
    create: 'inventory.createImage',
    update: 'inventory.updateImage',
    retire: 'inventory.retireImage',
    get: 'inventory.getImage',
    ...template,
    fields: [
      name,
      { key: 'os', label: 'os', control: 'text', required: true },
      { key: 'version', label: 'version', control: 'text' },
      { key: 'arch', label: 'arch', control: 'choice', codes: ['x86_64', 'aarch64', 'loongarch64', 'sw_64'], start: 'x86_64' },
      { key: 'domestic', label: 'domestic', control: 'flag', start: false },
      number('minRootGiB', 'minRoot', { unit: 'GiB', start: 40 }),
      number('minMemGiB', 'minMem', { unit: 'GiB', start: 1 }),
      { key: 'digest', label: 'digest', control: 'mono' },
      { key: 'externalId', label: 'externalId', control: 'mono' },
      note,
    ],
  },
  hardwareModel: {
    create: 'inventory.createHardwareModel',
    update: 'inventory.updateHardwareModel',
    retire: 'inventory.retireHardwareModel',
    get: 'inventory.getHardwareModel',
    may: { create: 'iaas.hardwareTest:C', update: 'iaas.hardwareTest:C' },
    fields: [
      { key: 'vendor', label: 'vendor', control: 'text', required: true },
      { key: 'model', label: 'model', control: 'text', required: true },
      { key: 'cpu', label: 'cpu', control: 'text', required: true },
      number('vcpu', 'vcpu', { required: true }),
      number('memGiB', 'mem', { unit: 'GiB', required: true }),
      { key: 'disks', label: 'disks', control: 'text' },
      { key: 'nics', label: 'nics', control: 'text' },
      { key: 'gpu', label: 'gpu', control: 'text' },
      number('rackUnits', 'unit', { unit: 'U', start: 2 }),
      note,
    ],
  },
}

/** Lists from which a reference is chosen. */
export const lists: Record<ItemType, EndpointName> = {
  application: 'inventory.listApplications',
  server: 'inventory.listServers',
  volume: 'inventory.listVolumes',
  network: 'inventory.listNetworks',
  pool: 'inventory.listPools',
  rack: 'inventory.listRacks',
  component: 'inventory.listComponents',
  flavor: 'inventory.listFlavors',
  image: 'inventory.listImages',
  hardwareModel: 'inventory.listHardwareModels',
}
