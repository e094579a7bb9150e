import { z } from 'zod'
import { problem } from './problem.ts'

export const Env = z.enum(['PROD', 'TEST', 'DEV', 'DR'])
export const AppState = z.enum(['PREPARING', 'TRIAL', 'ONLINE', 'RETIRED'])
export const ServerKind = z.enum(['vm', 'baremetal'])
export const ResourceState = z.enum(['BUILDING', 'ACTIVE', 'STOPPED', 'FAULTY', 'RETIRED'])
export const VolumeKind = z.enum(['block', 'file', 'object', 'backup'])
export const DiskTier = z.enum(['SSD', 'SAS', 'SATA'])
export const NetworkKind = z.enum(['NETWORK', 'SECURITY_GROUP', 'PUBLIC_ADDRESS', 'LOAD_BALANCER', 'DOMAIN'])
export const TemplateState = z.enum(['PROPOSED', 'ACTIVE', 'REJECTED', 'RETIRED'])
export const ItemType = z.enum([
  'application',
  'server',
  'volume',
  'network',
  'pool',
  'rack',
  'component',
  'flavor',
  'image',
  'hardwareModel',
])
export type ItemType = z.output<typeof ItemType>
/** Kinds that files can bring in and take out. */
export const TableType = z.enum(['application', 'server', 'volume', 'network', 'rack'])
export type TableType = z.output<typeof TableType>

export const inventoryProblems = {
  codeTaken: problem('inventory.code-taken', 409, { zh: '编码或名称“{value}”已被使用', en: '“{value}” is already taken' }),
  retired: problem('inventory.retired', 409, { zh: '已退出使用，不能再改', en: 'It was retired and can no longer be changed' }),
  stillUsed: problem('inventory.still-used', 409, {
    zh: '仍被 {count} 项使用：{names}',
    en: 'Still used by {count} things: {names}',
  }),
  noCapacity: problem('inventory.no-capacity', 409, {
    zh: '容量不足：{shortages}',
    en: 'Not enough capacity: {shortages}',
  }),
  decided: problem('inventory.decided', 409, { zh: '这份提交已经处理过', en: 'This proposal has been decided already' }),
  untested: problem('inventory.untested', 409, {
    zh: '还没有通过测试，不能发布；先登记测试结果',
    en: 'It has not passed a test and cannot be released. Enter the test first',
  }),
  samePerson: problem('inventory.same-person', 403, {
    zh: '提交人与批准人不能是同一人',
    en: 'The person who proposed it cannot approve it',
  }),
  notAccepted: problem('inventory.not-accepted', 409, {
    zh: '机型“{name}”没有通过可用性测试，不能使用',
    en: 'Hardware model “{name}” has not passed its acceptance test',
  }),
  noMeasurement: problem('inventory.no-measurement', 409, { zh: '还没有登记测量方式', en: 'No measurement has been recorded' }),
  placeTaken: problem('inventory.place-taken', 409, {
    zh: '机柜“{rack}”的 {unit}U 已被“{by}”占用',
    en: 'Unit {unit} of rack “{rack}” is taken by “{by}”',
  }),
  overCommitted: problem('inventory.over-committed', 409, {
    zh: '改后的容量放不下已分配的资源：{shortages}',
    en: 'The new capacity does not hold what is allocated: {shortages}',
  }),
  notSheet: problem('inventory.not-sheet', 415, { zh: '“{name}”不是可读的 xlsx 或 csv', en: '“{name}” is no readable xlsx or csv' }),
  bomb: problem('inventory.bomb', 413, {
    zh: '“{name}”展开后超过 {limitMiB} MiB 或压缩比异常，没有读取',
    en: '“{name}” expands beyond {limitMiB} MiB or is compressed suspiciously; it was not read',
  }),
  tooManyRows: problem('inventory.too-many-rows', 413, {
    zh: '超过 {limit} 行，请分批导入',
    en: 'More than {limit} rows; import in parts',
  }),
  wrongColumns: problem('inventory.wrong-columns', 422, {
    zh: '表头不对。缺少：{missing}；不认识：{unknown}',
    en: 'Wrong header. Missing: {missing}; unknown: {unknown}',
  }),
} as const
