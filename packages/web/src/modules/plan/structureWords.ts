import { isRole, ROLES } from '@changbai/contract/capability.ts'
import type { Language } from '../../shared/text.ts'

type Both = readonly [zh: string, en: string]

/** What the fields of structured parameters are called on the page; a field that is not here shows its own name. */
const fields: Record<string, Both> = {
  all: ['须同时满足', 'All of'],
  atMost: ['不超过', 'At most'],
  audience: ['面向', 'For'],
  averageMinutes: ['平均窗口', 'Averaged over'],
  code: ['编码', 'Code'],
  coveragePercent: ['数据覆盖不低于', 'Coverage at least'],
  days: ['观察天数', 'Days observed'],
  excludeApprovedWindows: ['剔除已批准的窗口', 'Approved windows left out'],
  fields: ['填写项', 'Asked for'],
  group: ['分组', 'Group'],
  help: ['说明', 'Help'],
  kind: ['类别', 'Kind'],
  limit: ['时限', 'Limit'],
  metric: ['指标', 'Measure'],
  name: ['名称', 'Name'],
  okFrom: ['正常下限', 'Normal from'],
  okTo: ['正常上限', 'Normal to'],
  planMinutes: ['报方案', 'Plan told'],
  proposal: ['建议', 'Proposal'],
  resolveMinutes: ['恢复', 'Restored'],
  responseMinutes: ['响应', 'Answered'],
  roles: ['承办', 'Done by'],
  rule: ['规则', 'Rule'],
  severity: ['级别', 'Level'],
  statistic: ['取值', 'Statistic'],
  subject: ['对象', 'Subject'],
  unit: ['单位', 'Unit'],
}

const values: Record<string, Both> = {
  ACCESS: ['门禁', 'Access'],
  ALL: ['所有人', 'Everybody'],
  APPLICATION: ['应用', 'Application'],
  CHOICE: ['选择', 'choice'],
  CLUSTER: ['集群', 'Cluster'],
  CLUSTER_SHRINK: ['缩减集群', 'Shrink the cluster'],
  DAY: ['日期', 'date'],
  IDLE_SERVER: ['闲置服务器', 'Idle server'],
  IDLE_VOLUME: ['闲置云硬盘', 'Idle volume'],
  LOW_CLUSTER: ['低负载集群', 'Cluster with little load'],
  LOW_SERVER: ['低负载服务器', 'Server with little load'],
  LOW_VOLUME: ['低使用率云硬盘', 'Volume little used'],
  FACILITY: ['机房', 'Machine room'],
  FIRE: ['消防', 'Fire'],
  HVAC: ['空调', 'Air'],
  LED: ['告警灯', 'Lights'],
  LONG: ['多行', 'long text'],
  MAX: ['最大值', 'Maximum'],
  NETWORK: ['网络', 'Network'],
  PLATFORM: ['云平台', 'Platform'],
  POWER: ['供配电', 'Power'],
  PROVIDER: ['服务方', 'The provider'],
  RELEASE: ['释放', 'Release'],
  RIGHT_SIZE: ['降配', 'Right-size'],
  RUNNING: ['运行', 'Running'],
  SERVER: ['服务器', 'Server'],
  SHRINK: ['缩容', 'Shrink'],
  SOFTWARE: ['软件', 'Software'],
  SYSTEM: ['系统', 'System'],
  TENANT_SERVICE: ['租户业务', "Bureaus' services"],
  TEXT: ['一行', 'text'],
  VOLUME: ['云硬盘', 'Volume'],
  attachments: ['挂载数', 'attachments'],
  connections: ['连接数', 'connections'],
  cpuPeakPercent: ['CPU 峰值 %', 'CPU peak %'],
  flavorRank: ['规格档位', 'size rank'],
  growthPercent: ['增长 %', 'growth %'],
  memoryPeakPercent: ['内存峰值 %', 'memory peak %'],
  networkMegabytesPerDay: ['网络 MB/日', 'network MB a day'],
  nodesAboveMinimum: ['可减节点', 'nodes above the least'],
  usedPeakPercent: ['使用率峰值 %', 'peak use %'],
}

const say = (both: Both | undefined, lang: Language): string | undefined => both?.[lang === 'en-US' ? 1 : 0]
export const fieldWord = (name: string, lang: Language): string => say(fields[name], lang) ?? name
/** A code in words, where it has some. */
export const codeWord = (code: string, lang: Language): string =>
  say(values[code] ?? (isRole(code) ? [ROLES[code].zh, ROLES[code].en] : undefined), lang) ?? code
