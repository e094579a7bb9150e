import type { TableType } from '@changbai/contract/inventory.ts'

export type CellKind = 'text' | 'number' | 'list'
export interface Column {
  /** Field of the item's input, or one of the references below. */
  readonly field: string
  readonly zh: string
  readonly en: string
  readonly kind?: CellKind
  readonly required?: boolean
  /** Words people write for the stored values. */
  readonly words?: Readonly<Record<string, string>>
}

const env: Column = { field: 'env', zh: '环境', en: 'Environment', words: { PROD: '生产', TEST: '测试', DEV: '开发', DR: '灾备' } }
const state: Column = {
  field: 'state',
  zh: '状态',
  en: 'State',
  words: { BUILDING: '建设中', ACTIVE: '在用', STOPPED: '停用', FAULTY: '故障', RETIRED: '已退出' },
}
const note: Column = { field: 'note', zh: '备注', en: 'Note' }
const name: Column = { field: 'name', zh: '名称', en: 'Name', required: true }
const zone: Column = { field: 'zone', zh: '区域', en: 'Zone' }
const usageUntil: Column = { field: 'usageUntil', zh: '使用期限', en: 'Used until' }
/** References are written by code or name and looked up. */
const application: Column = { field: 'applicationCode', zh: '应用编码', en: 'Application code' }
const server: Column = { field: 'serverName', zh: '所属服务器', en: 'Server' }

export const columns: Readonly<Record<TableType, readonly Column[]>> = {
  application: [
    { field: 'code', zh: '应用编码', en: 'Code', required: true },
    name,
    { field: 'tenant', zh: '使用单位', en: 'Bureau', required: true },
    env,
    { field: 'mlpsLevel', zh: '等保级别', en: 'MLPS level', kind: 'number', required: true },
    { field: 'state', zh: '状态', en: 'State', words: { PREPARING: '筹备', TRIAL: '试运行', ONLINE: '运行', RETIRED: '已退出' } },
    { field: 'contact', zh: '联系方式', en: 'Contact' },
    { field: 'goLiveOn', zh: '上线日期', en: 'Online since' },
    note,
  ],
  server: [
    name,
    { field: 'kind', zh: '类型', en: 'Kind', required: true, words: { vm: '云主机', baremetal: '物理机' } },
    application,
    env,
    state,
    { field: 'vcpu', zh: 'vCPU', en: 'vCPU', kind: 'number', required: true },
    { field: 'memGiB', zh: '内存GiB', en: 'Memory GiB', kind: 'number', required: true },
    { field: 'rootGiB', zh: '系统盘GiB', en: 'System disk GiB', kind: 'number' },
    { field: 'os', zh: '操作系统', en: 'Operating system' },
    zone,
    { field: 'addresses', zh: 'IP地址', en: 'Addresses', kind: 'list' },
    { field: 'poolCode', zh: '资源池编码', en: 'Pool code' },
    { field: 'rackName', zh: '机柜', en: 'Rack' },
    { field: 'rackUnit', zh: '起始U位', en: 'Lowest unit', kind: 'number' },
    { field: 'serialNo', zh: '序列号', en: 'Serial number' },
    { field: 'bmcAddress', zh: 'BMC地址', en: 'BMC address' },
    usageUntil,
    note,
  ],
  volume: [
    name,
    {
      field: 'kind',
      zh: '类型',
      en: 'Kind',
      required: true,
      words: { block: '块存储', file: '文件存储', object: '对象存储', backup: '备份' },
    },
    application,
    env,
    state,
    { field: 'gib', zh: '容量GiB', en: 'Capacity GiB', kind: 'number', required: true },
    { field: 'tier', zh: '性能档', en: 'Tier' },
    server,
    { field: 'poolCode', zh: '资源池编码', en: 'Pool code' },
    zone,
    usageUntil,
    note,
  ],
  network: [
    name,
    {
      field: 'kind',
      zh: '类型',
      en: 'Kind',
      required: true,
      words: { NETWORK: '网络', SECURITY_GROUP: '安全组', PUBLIC_ADDRESS: '公网地址', LOAD_BALANCER: '负载均衡', DOMAIN: '域名' },
    },
    application,
    env,
    state,
    zone,
    { field: 'cidr', zh: '网段', en: 'Range' },
    { field: 'address', zh: '地址', en: 'Address' },
    { field: 'domain', zh: '域名', en: 'Domain' },
    { field: 'bandwidthMbps', zh: '带宽Mbps', en: 'Bandwidth Mbps', kind: 'number' },
    server,
    usageUntil,
    note,
  ],
  rack: [
    name,
    { field: 'room', zh: '机房', en: 'Room', required: true },
    { field: 'row', zh: '列', en: 'Row' },
    { field: 'units', zh: '高度U', en: 'Units', kind: 'number' },
    { field: 'powerWatts', zh: '额定功率W', en: 'Power W', kind: 'number' },
    note,
  ],
}

/** Which column of the sheet holds which field; headers in either language or the field's own name. */
export function matchHeader(type: TableType, header: readonly string[]): { at: Map<Column, number>; missing: Column[]; unknown: string[] } {
  const at = new Map<Column, number>()
  const unknown: string[] = []
  for (const [index, title] of header.entries()) {
    if (title === '') continue
    const key = title.replace(/[*＊\s]/g, '').toLowerCase()
    const column = columns[type].find((one) => [one.zh, one.en, one.field].some((word) => word.replace(/\s/g, '').toLowerCase() === key))
    if (column) at.set(column, index)
    else unknown.push(title)
  }
  return { at, missing: columns[type].filter((column) => column.required && !at.has(column)), unknown }
}

/** The cell's value for the input schema; an empty cell is undefined (not said), so that it never erases what is there. */
export function cellValue(column: Column, text: string): unknown {
  if (text === '') return undefined
  if (column.kind === 'number') return /^-?[\d,]+(\.\d+)?$/.test(text) ? Number(text.replaceAll(',', '')) : text
  if (column.kind === 'list') return text.split(/[;,；，、\s]+/).filter(Boolean)
  const word = Object.entries(column.words ?? {}).find(([stored, zh]) => zh === text || stored.toLowerCase() === text.toLowerCase())
  return word ? word[0] : text
}
