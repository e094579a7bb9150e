import { z } from 'zod'
import { day } from './endpoint.ts'
import { amount, count, type FileField, type FormSection, field, hint, list, longText, shortText } from './forms.ts'
import { zoneNames } from './zones.names.ts'

// 《系统能力目录》 (section 4.1 of the domain; clauses 4.2-1, 4.2-2, 4.2-3). These are the strict shapes of a finished catalogue;
// a draft may hold anything under the same field names. Computed figures (totals, log space) are never part of the content.

export const CatalogKind = z.enum(['NEW', 'EXPANSION'])
export type CatalogKind = z.infer<typeof CatalogKind>
export const Audience = z.enum(['PUBLIC', 'GOV_INTERNAL', 'BOTH'])
export const Zone = z.enum(['GOV_EXTRANET', 'INTERNET', 'DMZ'])
export const StorageKind = z.enum(['block', 'file', 'object', 'backup'])
export const ServerType = z.enum(['vm', 'baremetal'])
const audienceNames = {
  PUBLIC: hint('社会公众', 'The public'),
  GOV_INTERNAL: hint('政务人员', 'Civil servants'),
  BOTH: hint('公众与政务人员', 'Both'),
}
export const serverTypeNames = { vm: hint('虚拟机', 'Virtual machine'), baremetal: hint('物理机', 'Physical server') }
export const storageKindNames = {
  block: hint('块存储', 'Block'),
  file: hint('文件存储', 'File'),
  object: hint('对象存储', 'Object'),
  backup: hint('备份', 'Backup'),
}

export const PeakPeriod = z.object({
  from: field(day, { zh: '起', en: 'From' }),
  to: field(day, { zh: '止', en: 'To' }),
  note: field(shortText(0).optional(), { zh: '说明', en: 'Note' }),
})
const head = {
  title: field(shortText(), { zh: '标题', en: 'Title', hint: hint('形如《系统名》系统能力目录', 'Like “<system> capability catalogue”') }),
  preparedBy: field(shortText(), { zh: '编制人', en: 'Prepared by' }),
  preparedOn: field(day, { zh: '编制日期', en: 'Prepared on' }),
}
const introduction = {
  intro: field(longText(50), { zh: '系统简介', en: 'Introduction', long: true, hint: hint('不少于 50 字', 'At least 50 characters') }),
  architecture: field(longText(), { zh: '系统架构', en: 'Architecture', long: true }),
  audience: field(Audience, { zh: '服务对象', en: 'Served', choices: audienceNames }),
  totalUsers: field(count(1, 2_000_000_000), { zh: '用户总数', en: 'Users in all', unit: '人' }),
  mlpsLevel: field(count(1, 3), {
    zh: '等保级别',
    en: 'MLPS level',
    hint: hint('一至三级；四级及以上不上政务云', 'Level 1 to 3; level 4 and above stays off this cloud'),
  }),
  mlpsFilingNo: field(shortText().optional(), {
    zh: '定级备案号',
    en: 'MLPS filing number',
    hint: hint('二级及以上必填', 'Required from level 2'),
  }),
  classified: field(z.literal(false), {
    zh: '是否涉密',
    en: 'Classified',
    hint: hint('涉密系统不上政务云', 'Classified systems stay off this cloud'),
  }),
  rtoMinutes: field(count(0, 525_600), { zh: '恢复时间目标 RTO', en: 'Recovery time objective', unit: 'min' }),
  rpoMinutes: field(count(0, 525_600), { zh: '恢复点目标 RPO', en: 'Recovery point objective', unit: 'min' }),
  peakPeriods: field(list(PeakPeriod).optional(), { zh: '业务高峰、保障期', en: 'Peak and guarded periods' }),
}

export const ExposedApi = z.object({
  name: field(shortText(), { zh: '接口', en: 'Interface' }),
  protocol: field(shortText(), { zh: '协议', en: 'Protocol' }),
  consumer: field(shortText(), { zh: '使用方', en: 'Consumer' }),
  qps: field(amount(0, 10_000_000), { zh: '每秒请求', en: 'Requests per second', unit: 'QPS' }),
  security: field(shortText(), { zh: '安全措施', en: 'Security' }),
})
export const ExposedPage = z.object({
  url: field(shortText(), { zh: '地址', en: 'Address' }),
  domain: field(shortText(), { zh: '域名', en: 'Domain' }),
  audience: field(Audience, { zh: '面向', en: 'For', choices: audienceNames }),
})
export const ConsumedPlatform = z.object({
  platform: field(shortText(), { zh: '平台', en: 'Platform' }),
  capability: field(shortText(), { zh: '能力', en: 'Capability' }),
  protocol: field(shortText(), { zh: '协议', en: 'Protocol' }),
  frequency: field(shortText(), { zh: '频次', en: 'Frequency' }),
  direction: field(z.enum(['IN', 'OUT', 'BOTH']), {
    zh: '方向',
    en: 'Direction',
    choices: { IN: hint('调入', 'In'), OUT: hint('调出', 'Out'), BOTH: hint('双向', 'Both') },
  }),
})
export const ConsumedThirdParty = z.object({
  vendor: field(shortText(), { zh: '提供方', en: 'Vendor' }),
  capability: field(shortText(), { zh: '能力', en: 'Capability' }),
  internetEgress: field(z.boolean(), { zh: '须访问互联网', en: 'Needs the Internet' }),
  egressWhitelist: field(shortText(0).optional(), {
    zh: '出口白名单',
    en: 'Egress whitelist',
    hint: hint('须访问互联网时写明域名或地址', 'Domains or addresses, when the Internet is needed'),
  }),
  contractNo: field(shortText(0).optional(), { zh: '合同号', en: 'Contract number' }),
})
/** Lists of section 2 that may be empty, if that is said. */
export const noneDeclarable = ['exposedApis', 'exposedPages', 'consumedPlatform', 'consumedThirdParty'] as const
const none = { hint: hint('没有也须勾选“无”', 'If there is none, tick “none”') }
const relations = {
  exposedApis: field(list(ExposedApi).optional(), { zh: '对外接口', en: 'Interfaces offered', ...none }),
  exposedPages: field(list(ExposedPage).optional(), { zh: '对外提供页面', en: 'Pages offered', ...none }),
  consumedPlatform: field(list(ConsumedPlatform).optional(), { zh: '调用其他平台能力', en: 'Platforms used', ...none }),
  consumedThirdParty: field(list(ConsumedThirdParty).optional(), { zh: '调用第三方平台能力', en: 'Third parties used', ...none }),
  noneDeclared: field(z.array(z.enum(noneDeclarable)).max(4).optional(), { zh: '声明为“无”的各项', en: 'Declared as none' }),
}

export const Device = z.object({
  name: field(shortText(), { zh: '名称', en: 'Name' }),
  role: field(shortText(), { zh: '角色', en: 'Role' }),
  type: field(ServerType, { zh: '类型', en: 'Type', choices: serverTypeNames }),
  vcpu: field(count(1, 1024), { zh: 'vCPU', en: 'vCPU', unit: '核' }),
  memGiB: field(count(1, 16_384), { zh: '内存', en: 'Memory', unit: 'GiB' }),
  diskGiB: field(count(1, 1_048_576), { zh: '磁盘', en: 'Disk', unit: 'GiB' }),
  os: field(shortText(), { zh: '操作系统', en: 'Operating system' }),
  count: field(count(1, 500), { zh: '数量', en: 'Count', unit: '台' }),
})
export const Component = z.object({
  name: field(shortText(), { zh: '应用', en: 'Application' }),
  version: field(shortText(), { zh: '版本', en: 'Version' }),
  middleware: field(shortText(), { zh: '中间件', en: 'Middleware' }),
  port: field(count(1, 65_535), { zh: '端口', en: 'Port' }),
})
export const NetworkNeed = z.object({
  zone: field(Zone, { zh: '区域', en: 'Zone', choices: zoneNames }),
  cidrNeed: field(shortText(), { zh: '网段需求', en: 'Address range' }),
  bandwidthMbps: field(amount(0, 100_000), { zh: '带宽', en: 'Bandwidth', unit: 'Mbps' }),
  publicIps: field(count(0, 1000).optional(), { zh: '公网地址', en: 'Public addresses', unit: '个' }),
  ports: field(shortText(), { zh: '端口', en: 'Ports' }),
})
export const DatabaseNeed = z.object({
  engine: field(shortText(), { zh: '数据库', en: 'Engine' }),
  version: field(shortText(), { zh: '版本', en: 'Version' }),
  sizeGiB: field(amount(0, 10_000_000), { zh: '数据量', en: 'Size', unit: 'GiB' }),
  ha: field(z.enum(['NONE', 'PRIMARY_STANDBY', 'CLUSTER']), {
    zh: '高可用',
    en: 'High availability',
    choices: { NONE: hint('单机', 'Single'), PRIMARY_STANDBY: hint('主备', 'Primary and standby'), CLUSTER: hint('集群', 'Cluster') },
  }),
  dataClass: field(z.enum(['PUBLIC', 'INTERNAL', 'SENSITIVE', 'PERSONAL']), {
    zh: '数据类别',
    en: 'Data class',
    choices: {
      PUBLIC: hint('公开', 'Public'),
      INTERNAL: hint('内部', 'Internal'),
      SENSITIVE: hint('敏感', 'Sensitive'),
      PERSONAL: hint('个人信息', 'Personal'),
    },
  }),
})
export const StorageNeed = z.object({
  kind: field(StorageKind, { zh: '类型', en: 'Kind', choices: storageKindNames }),
  capacityGiB: field(amount(1, 100_000_000), { zh: '容量', en: 'Capacity', unit: 'GiB' }),
  iops: field(count(0, 10_000_000).optional(), { zh: 'IOPS', en: 'IOPS' }),
  growthGiBPerMonth: field(amount(0, 1_000_000), { zh: '月增长', en: 'Growth a month', unit: 'GiB' }),
})
const deployment = {
  devices: field(list(Device).min(1), { zh: '设备清单', en: 'Devices' }),
  components: field(list(Component).min(1), { zh: 'APP', en: 'Components' }),
  networks: field(list(NetworkNeed).min(1), { zh: '网络', en: 'Networks' }),
  databases: field(list(DatabaseNeed).min(1), { zh: '数据库', en: 'Databases' }),
  storages: field(list(StorageNeed).min(1), { zh: '存储', en: 'Storage' }),
}

export const Capacity = z.object({
  registeredUsers: field(count(1, 2_000_000_000), { zh: '注册用户', en: 'Registered users', unit: '人' }),
  onlineUsers: field(count(1, 2_000_000_000), { zh: '同时在线', en: 'Online at once', unit: '人' }),
  concurrentUsers: field(count(1, 2_000_000_000), {
    zh: '峰值并发',
    en: 'Concurrent at peak',
    unit: '人',
    hint: hint('不超过同时在线', 'Not more than online at once'),
  }),
  tps: field(amount(0.001, 10_000_000), { zh: '峰值每秒事务', en: 'Transactions per second at peak', unit: 'TPS' }),
  peakFactor: field(amount(1, 1000), {
    zh: '峰值系数',
    en: 'Peak factor',
    unit: '倍',
    hint: hint('高峰与平时之比，不小于 1', 'Peak over ordinary, at least 1'),
  }),
})
export const AppServerEstimate = z.object({
  method: field(shortText(), {
    zh: '估算依据',
    en: 'Basis',
    hint: hint('压测报告或同类应用实测', 'Load test or a comparable application'),
  }),
  perNodeTps: field(amount(0.001, 10_000_000), { zh: '单台每秒事务', en: 'Transactions per second, one node', unit: 'TPS' }),
  targetCpuPct: field(count(1, 70), { zh: '目标 CPU', en: 'Target CPU', unit: '%', hint: hint('不高于 70%', 'At most 70 %') }),
  spareNodes: field(count(0, 100), { zh: '冗余', en: 'Spare nodes', unit: '台' }),
  nodes: field(count(1, 500), { zh: '采用台数', en: 'Nodes taken', unit: '台' }),
})
export const StorageYear = z.object({
  year: field(count(2000, 2100), { zh: '年份', en: 'Year' }),
  addGiB: field(amount(0, 100_000_000), { zh: '新增', en: 'Added', unit: 'GiB' }),
  basis: field(shortText(), { zh: '依据', en: 'Reason', hint: hint('说明增长从何而来', 'Say where the growth comes from') }),
})
export const DatabaseEstimate = z.object({
  tpmc: field(amount(0, 1_000_000_000).optional(), { zh: 'tpmC', en: 'tpmC' }),
  qps: field(amount(0.001, 10_000_000), { zh: '每秒查询', en: 'Queries per second', unit: 'QPS' }),
  connections: field(count(1, 1_000_000), { zh: '连接数', en: 'Connections' }),
  dataGrowthGiBPerYear: field(amount(0, 10_000_000), { zh: '年数据增长', en: 'Data growth a year', unit: 'GiB' }),
})
export const LogEstimate = z.object({
  dailyGiB: field(amount(0.001, 1_000_000), { zh: '每日日志', en: 'Logs a day', unit: 'GiB' }),
  retentionDays: field(count(180, 36_500), {
    zh: '保留',
    en: 'Kept for',
    unit: '天',
    hint: hint('不少于 180 天（网络安全法）', 'At least 180 days (Cybersecurity Law)'),
  }),
  redundancyPct: field(amount(0, 300), { zh: '冗余', en: 'Reserve', unit: '%' }),
})
const load = {
  capacity: field(Capacity.optional(), { zh: '系统容量', en: 'System capacity' }),
  appServerEstimate: field(AppServerEstimate.optional(), { zh: '应用服务器估算', en: 'Application servers' }),
  storageExpansionPlan: field(list(StorageYear).optional(), {
    zh: '存储扩容计划',
    en: 'Storage plan',
    hint: hint('不少于 3 年', 'At least 3 years'),
  }),
  dbEstimate: field(DatabaseEstimate.optional(), { zh: '数据库能力', en: 'Database capability' }),
  logEstimate: field(LogEstimate.optional(), { zh: '日志空间', en: 'Log space' }),
}

const volume = {
  tps: field(amount(0, 10_000_000), { zh: '每秒事务', en: 'Transactions per second', unit: 'TPS' }),
  onlineUsers: field(count(0, 2_000_000_000), { zh: '同时在线', en: 'Online at once', unit: '人' }),
  dataGiB: field(amount(0, 100_000_000), { zh: '数据量', en: 'Data', unit: 'GiB' }),
  cpuPeakPct: field(amount(0, 100), { zh: 'CPU 峰值', en: 'CPU peak', unit: '%' }),
  memPeakPct: field(amount(0, 100), { zh: '内存峰值', en: 'Memory peak', unit: '%' }),
  storageUsedPct: field(amount(0, 100), { zh: '存储使用率', en: 'Storage used', unit: '%' }),
}
export const Volume = z.object(volume)
export const ForecastVolume = z.object({
  ...volume,
  growthRatePct: field(amount(-100, 100_000), { zh: '增长率', en: 'Growth', unit: '%' }),
})
export const ExpansionLine = z.object({
  resourceType: field(
    z.enum(['VCPU', 'MEMORY_GIB', 'BLOCK_GIB', 'FILE_GIB', 'OBJECT_GIB', 'BACKUP_GIB', 'BANDWIDTH_MBPS', 'VM', 'BAREMETAL']),
    {
      zh: '资源',
      en: 'Resource',
      choices: {
        VCPU: hint('vCPU（核）', 'vCPU'),
        MEMORY_GIB: hint('内存（GiB）', 'Memory (GiB)'),
        BLOCK_GIB: hint('块存储（GiB）', 'Block storage (GiB)'),
        FILE_GIB: hint('文件存储（GiB）', 'File storage (GiB)'),
        OBJECT_GIB: hint('对象存储（GiB）', 'Object storage (GiB)'),
        BACKUP_GIB: hint('备份（GiB）', 'Backup (GiB)'),
        BANDWIDTH_MBPS: hint('带宽（Mbps）', 'Bandwidth (Mbps)'),
        VM: hint('虚拟机（台）', 'Virtual machines'),
        BAREMETAL: hint('物理机（台）', 'Physical servers'),
      },
    },
  ),
  current: field(amount(0, 100_000_000), { zh: '现有', en: 'Now' }),
  delta: field(amount(0, 100_000_000), { zh: '扩容量', en: 'Added' }),
  target: field(amount(0, 100_000_000), { zh: '扩容后', en: 'After', hint: hint('等于现有加扩容量', 'Now plus added') }),
  basis: field(shortText(), { zh: '依据', en: 'Reason' }),
})
const growth = {
  year: field(count(2000, 2100).optional(), { zh: '评估年份', en: 'Year assessed' }),
  currentVolume: field(Volume.optional(), { zh: '当前业务量', en: 'Volume now' }),
  forecastVolume: field(ForecastVolume.optional(), { zh: '业务量评估', en: 'Volume forecast' }),
  expansionEstimate: field(list(ExpansionLine).optional(), { zh: '扩容量估算', en: 'Expansion' }),
}
const conclusion = {
  summary: field(longText(), {
    zh: '总结',
    en: 'Summary',
    long: true,
    hint: hint('概括所需设备与空间容量', 'Sum up the devices and space needed'),
  }),
}

export const CatalogContent = z.object({ ...head, ...introduction, ...relations, ...deployment, ...load, ...growth, ...conclusion })
export type CatalogContent = z.infer<typeof CatalogContent>

export const catalogFiles: Record<string, FileField> = {
  architectureDiagram: { section: '1', zh: '系统架构图', en: 'Architecture diagram', required: 'always' },
  cryptoPlan: { section: '1', zh: '密码应用方案', en: 'Cryptography plan', required: 'sometimes' },
  topology: { section: '3', zh: '网络拓扑图', en: 'Network topology', required: 'always' },
}

export const catalogSections: readonly FormSection[] = [
  { id: '0', zh: '封面', en: 'Cover', fields: Object.keys(head) },
  { id: '1', zh: '系统介绍', en: 'Introduction', fields: [...Object.keys(introduction), 'architectureDiagram', 'cryptoPlan'] },
  { id: '2', zh: '与其他平台关系', en: 'Relations to other platforms', fields: Object.keys(relations) },
  { id: '3', zh: '部署全景', en: 'Deployment', fields: [...Object.keys(deployment), 'topology'] },
  { id: '4', zh: '业务承载量评估', en: 'Load assessment (new)', fields: Object.keys(load), numbered: true },
  { id: '5', zh: '业务量评估', en: 'Volume assessment (expansion)', fields: Object.keys(growth), numbered: true },
  { id: '6', zh: '总结', en: 'Summary', fields: Object.keys(conclusion) },
]
