import type { ReportTable } from '@changbai/contract/report.shapes.ts'
import { fractionPercent } from '@changbai/verify/availability/figures.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { listAvailability } from '../availability/index.ts'
import {
  actionShare,
  type ByMonth,
  callFigures,
  callsByMonth,
  clockShares,
  estateAt,
  incidentSources,
  incidentsByMonth,
  incidentsIn,
  lineShares,
  pools,
  requestCounts,
  requestsByMonth,
  roundsByMonth,
  securityIncidents,
  turnoverIn,
} from './facts.store.ts'
import { chart, figure, type ReportPart, type ReportSpan, share, table } from './parts.ts'

/** A list in the document; the sheet of figures and the pages hold the rest. */
const LISTED_MAX = 100
const whole = ({ trend, to }: ReportSpan) => ({ from: trend[0]?.from ?? to, to })
const last = <T>(rows: readonly T[]): T | undefined => rows.at(-1)
/** Counts of one key over the months of the trend. */
const seriesOf = (span: ReportSpan, rows: readonly ByMonth[], key: string): number[] =>
  span.trend.map(({ month }) => rows.find((row) => row.month === month && row.key === key)?.n ?? 0)
const labelsOf = (span: ReportSpan): string[] => span.trend.map(({ month }) => month.slice(2))
const wall = (at: Temporal.Instant | null): string =>
  at ? at.toZonedDateTimeISO('Asia/Shanghai').toPlainDateTime().toString({ smallestUnit: 'minute' }).replace('T', ' ') : '—'
const used = (held: number, all: number): string => share(held, all)

const THINGS: Record<string, readonly [string, string]> = {
  vm: ['云主机', 'Virtual servers'],
  baremetal: ['物理机', 'Physical servers'],
  'volume-block': ['块存储', 'Block volumes'],
  'volume-file': ['文件存储', 'File volumes'],
  'volume-object': ['对象存储', 'Object storage'],
  'volume-backup': ['备份存储', 'Backup storage'],
  'network-NETWORK': ['网络', 'Networks'],
  'network-SECURITY_GROUP': ['安全组', 'Security groups'],
  'network-PUBLIC_ADDRESS': ['公网地址', 'Public addresses'],
  'network-LOAD_BALANCER': ['负载均衡', 'Load balancers'],
  'network-DOMAIN': ['域名', 'Domains'],
}
const CALLS = {
  FAULT: ['报障', 'Faults'],
  REQUEST: ['请求', 'Requests'],
  CONSULT: ['咨询', 'Questions'],
  COMPLAINT: ['投诉', 'Complaints'],
  FACILITY_REPORT: ['机房突发', 'Facility'],
} as const
const ROUNDS = {
  FACILITY: ['机房巡检', 'Machine room'],
  PLATFORM: ['平台巡检', 'Platform'],
  TENANT_SERVICE: ['租户业务检测', 'Bureaus’ services'],
} as const
const CLOCKS = { response: ['响应', 'Response'], plan: ['方案', 'Plan'], solution: ['解决', 'Solution'] } as const
const REQUESTS = { NEW: ['新建', 'New'], EXPANSION: ['扩容', 'Expansion'], MIGRATION: ['迁移', 'Migration'] } as const
const LINES: Record<string, readonly [string, string]> = {
  VM: ['云主机', 'Virtual servers'],
  BAREMETAL: ['物理机', 'Physical servers'],
  STORAGE: ['存储', 'Storage'],
  NETWORK: ['网络', 'Network'],
  SECURITY: ['安全', 'Security'],
}
type Pairs = Record<string, readonly [string, string]>
const trendOf = (span: ReportSpan, rows: readonly ByMonth[], words: Pairs) =>
  Object.entries(words).map(([key, [zh, en]]) => [zh, en, seriesOf(span, rows, key)] as const)
const word = (words: Pairs, key: string): string => words[key]?.[0] ?? key

async function resources(ctx: Ctx, span: ReportSpan) {
  const estate = await estateAt(ctx.db, span.trend)
  const now = last(estate)
  const turnover = await turnoverIn(ctx.db, span)
  const held = await pools(ctx.db)
  const first = estate[0]
  // a straight line through the last twelve months says when the smallest pool is full; fewer than three months say nothing
  const growth = first && now && first.vcpu > 0 ? (now.vcpu - first.vcpu) / (estate.length - 1) : 0
  const free = held.reduce((sum, pool) => sum + Math.max(0, pool.vcpu - pool.held_vcpu), 0)
  return {
    figures: [
      figure('云主机', 'Virtual servers', now?.vms ?? 0, '台'),
      figure('物理机', 'Physical servers', now?.metals ?? 0, '台'),
      figure('vCPU', 'vCPU', now?.vcpu ?? 0, '核'),
      figure('内存', 'Memory', now?.mem_gib ?? 0, 'GiB'),
      figure('存储', 'Storage', now?.volume_gib ?? 0, 'GiB'),
      figure('按近十二个月增长，vCPU 可用', 'At this growth, vCPU lasts', growth > 0 && free > 0 ? Math.floor(free / growth) : '—', '月'),
    ],
    tables: [
      table(
        '资源池',
        'Pools',
        [
          ['资源池', 'Pool', undefined, 3],
          ['vCPU 已用', 'vCPU held', 'figures', 2],
          ['内存已用', 'Memory held', 'figures', 2],
          ['存储已用', 'Storage held', 'figures', 2],
        ],
        held.map((pool) => [
          pool.name,
          `${pool.held_vcpu} / ${pool.vcpu}（${used(pool.held_vcpu, pool.vcpu)}）`,
          `${pool.held_mem_gib} / ${pool.mem_gib}（${used(pool.held_mem_gib, pool.mem_gib)}）`,
          `${pool.held_storage_gib} / ${pool.storage_gib}（${used(pool.held_storage_gib, pool.storage_gib)}）`,
        ]),
      ),
      table(
        '本月增减',
        'Added and removed',
        [
          ['资源', 'Resource', undefined, 3],
          ['新增', 'Added', 'figures'],
          ['撤除', 'Removed', 'figures'],
        ],
        turnover
          .filter(({ added, removed }) => added + removed > 0)
          .map(({ kind, added, removed }) => [word(THINGS, kind), added, removed]),
      ),
    ],
    charts: [
      chart('line', '近十二个月的服务器数', 'Servers over twelve months', '台', labelsOf(span), [
        ['云主机', 'Virtual servers', estate.map(({ vms }) => vms)],
        ['物理机', 'Physical servers', estate.map(({ metals }) => metals)],
      ]),
    ],
  }
}

const SECOND = 1000
async function availability(ctx: Ctx, span: ReportSpan) {
  const year = Number(span.month.slice(0, 4))
  const { items } = await listAvailability(ctx, { year }, { all: true })
  const inMonth = (item: (typeof items)[number], month: string) => item.statement.months.find((one) => one.month === month)
  const rows = items
    .map((item) => ({ item, month: inMonth(item, span.month) }))
    .sort((a, b) => b.item.statement.figures.countedMs - a.item.statement.figures.countedMs)
  const table12 = span.trend.map(({ month }) =>
    month.startsWith(`${year}-`) ? items.reduce((sum, item) => sum + (inMonth(item, month)?.countedMs ?? 0), 0) / SECOND / 60 : null,
  )
  return {
    figures: [
      figure('计量应用', 'Applications measured', items.length, '个'),
      figure(
        '年内达标应用',
        'Meet the target this year',
        share(items.filter(({ statement }) => statement.figures.met).length, items.length),
      ),
      figure(
        '本月计入的中断',
        'Counted this month',
        Math.round(rows.reduce((sum, { month }) => sum + (month?.countedMs ?? 0), 0) / SECOND),
        '秒',
      ),
    ],
    tables: [
      table(
        '各应用的可用性（年内累计中断长的在前）',
        'Applications, longest counted time first',
        [
          ['应用', 'Application', undefined, 4],
          ['本月中断（秒）', 'This month (s)', 'figures', 2],
          ['年累计（秒）', 'This year (s)', 'figures', 2],
          ['预算余额（秒）', 'Budget left (s)', 'figures', 2],
          ['可用性', 'Availability', 'figures', 2],
        ],
        rows
          .slice(0, LISTED_MAX)
          .map(({ item, month }) => [
            item.name,
            Math.round((month?.countedMs ?? 0) / SECOND),
            Math.round(item.statement.figures.countedMs / SECOND),
            Math.round(item.statement.figures.budgetLeftMs / SECOND),
            fractionPercent(item.statement.figures.availability),
          ]),
        rows.length,
      ),
    ],
    charts: [
      chart('bar', '各月计入的中断合计', 'Counted time by month', '分钟', labelsOf(span), [['全部应用', 'All applications', table12]]),
    ],
  }
}

const STATES: Record<string, string> = {
  NEW: '新建',
  ACKNOWLEDGED: '已响应',
  PLAN_SUBMITTED: '已提方案',
  IN_PROGRESS: '处理中',
  RESOLVED: '已解决',
  VERIFIED: '已确认',
  POSTMORTEM_PENDING: '待分析',
  CLOSED: '已关闭',
}
async function incidents(ctx: Ctx, span: ReportSpan) {
  const byMonth = await incidentsByMonth(ctx.db, whole(span))
  const clocks = await clockShares(ctx.db, span)
  const { rows, total } = await incidentsIn(ctx.db, span, LISTED_MAX)
  const sources = await incidentSources(ctx.db, span)
  const actions = await actionShare(ctx.db, shanghaiDay(span.from), shanghaiDay(span.to))
  const of = (severity: string) => byMonth.find((row) => row.month === span.month && row.key === severity)?.n ?? 0
  const cell = (severity: string, clock: string) => {
    const found = clocks.find((row) => row.severity === severity && row.clock === clock)
    return found ? `${found.met} / ${found.due}（${share(found.met, found.due)}）` : '—'
  }
  return {
    figures: [
      figure('故障', 'Incidents', total, '起'),
      figure('其中 I、II 级', 'Of them I and II', of('I') + of('II'), '起'),
      figure('到期防范措施完成', 'Preventive actions done', share(actions.done, actions.due)),
    ],
    tables: [
      table(
        '各级数量与达标',
        'By severity',
        [['级别', 'Severity'], ['数量', 'Number', 'figures'], ...Object.values(CLOCKS).map(([zh, en]) => [zh, en, 'figures', 2] as const)],
        ['I', 'II', 'III', 'IV'].map((severity) => [severity, of(severity), ...Object.keys(CLOCKS).map((clock) => cell(severity, clock))]),
      ),
      table(
        '来源',
        'Where they came from',
        [
          ['来源', 'Source', undefined, 3],
          ['数量', 'Number', 'figures'],
        ],
        sources.map(({ key, n }) => [key, n]),
      ),
      incidentList(
        'I、II 级故障',
        'Incidents I and II',
        rows.filter(({ severity }) => severity === 'I' || severity === 'II'),
        of('I') + of('II'),
      ),
    ],
    charts: [
      chart(
        'bar',
        '近十二个月的故障',
        'Incidents over twelve months',
        '起',
        labelsOf(span),
        (['I', 'II', 'III', 'IV'] as const).map((key) => [`${key} 级`, key, seriesOf(span, byMonth, key)] as const),
      ),
    ],
  }
}
const incidentList = (zh: string, en: string, rows: Awaited<ReturnType<typeof incidentsIn>>['rows'], total: number): ReportTable =>
  table(
    zh,
    en,
    [
      ['编号', 'Number', undefined, 2],
      ['标题', 'Title', undefined, 4],
      ['级别', 'Severity'],
      ['状态', 'State'],
      ['起算', 'Began', undefined, 2],
      ['关闭', 'Closed', undefined, 2],
    ],
    rows.map((row) => [
      row.number,
      row.title,
      row.severity,
      STATES[row.status] ?? row.status,
      wall(row.clock_start_at),
      wall(row.closed_at),
    ]),
    total,
  )

async function requests(ctx: Ctx, span: ReportSpan) {
  const counts = await requestCounts(ctx.db, span)
  const lines = await lineShares(ctx.db, span)
  const byMonth = await requestsByMonth(ctx.db, whole(span))
  const [due, met] = [lines.reduce((sum, one) => sum + one.due, 0), lines.reduce((sum, one) => sum + one.met, 0)]
  return {
    figures: [
      figure(
        '收到申请',
        'Requests received',
        counts.reduce((sum, one) => sum + one.submitted, 0),
        '件',
      ),
      figure('到期资源行', 'Lines due', due, '项'),
      figure('按期交付', 'Delivered in time', share(met, due)),
    ],
    tables: [
      table(
        '申请',
        'Requests',
        [
          ['类型', 'Kind', undefined, 2],
          ['收到', 'Received', 'figures'],
          ['办结审批', 'Decided', 'figures'],
        ],
        counts.map(({ kind, submitted, decided }) => [word(REQUESTS, kind), submitted, decided]),
      ),
      table(
        '分配',
        'Provisioning',
        [
          ['资源', 'Resource', undefined, 2],
          ['到期', 'Due', 'figures'],
          ['已交付', 'Delivered', 'figures'],
          ['按期', 'In time', 'figures'],
        ],
        lines.map((one) => [word(LINES, one.kind), one.due, one.delivered, `${one.met}（${share(one.met, one.due)}）`]),
      ),
    ],
    charts: [chart('bar', '近十二个月的申请', 'Requests over twelve months', '件', labelsOf(span), trendOf(span, byMonth, REQUESTS))],
  }
}

async function inspections(ctx: Ctx, span: ReportSpan) {
  const rounds = await roundsByMonth(ctx.db, whole(span))
  const mine = rounds.filter(({ month }) => month === span.month)
  const valid: ByMonth[] = rounds.map((row) => ({ month: row.month, key: row.kind, n: row.valid }))
  return {
    figures: Object.entries(ROUNDS).map(([kind, [zh, en]]) =>
      figure(`${zh}（计入）`, `${en} (counted)`, mine.find((row) => row.kind === kind)?.valid ?? 0, '次'),
    ),
    tables: [
      table(
        '巡检',
        'Rounds',
        [
          ['类型', 'Kind', undefined, 2],
          ['完成', 'Walked', 'figures'],
          ['计入', 'Counted', 'figures'],
          ['异常项', 'Abnormal', 'figures'],
        ],
        mine.map((row) => [word(ROUNDS, row.kind), row.walked, row.valid, row.abnormal]),
      ),
    ],
    charts: [chart('bar', '近十二个月的巡检', 'Rounds over twelve months', '次', labelsOf(span), trendOf(span, valid, ROUNDS))],
  }
}

async function hotline(ctx: Ctx, span: ReportSpan) {
  const seconds = ctx.plan.number('hotline.answerSeconds')
  const figures = await callFigures(ctx.db, span, seconds)
  const byMonth = await callsByMonth(ctx.db, whole(span))
  return {
    figures: [
      figure('来电', 'Calls', figures.calls, '次'),
      figure(`${seconds} 秒内接通`, `Answered within ${seconds} s`, share(figures.in_time, figures.calls)),
      figure('满意度', 'Satisfaction', figures.rating === null ? '—' : figures.rating.toFixed(2), '分'),
    ],
    tables: [
      table(
        '来电分类',
        'Calls by kind',
        [
          ['类型', 'Kind', undefined, 2],
          ['次数', 'Number', 'figures'],
        ],
        Object.entries(CALLS).map(([key, [zh]]) => [zh, byMonth.find((row) => row.month === span.month && row.key === key)?.n ?? 0]),
      ),
    ],
    charts: [chart('bar', '近十二个月的来电', 'Calls over twelve months', '次', labelsOf(span), trendOf(span, byMonth, CALLS))],
  }
}

export const ownParts: readonly ReportPart[] = [
  { section: 'resources', read: resources },
  { section: 'availability', read: availability },
  { section: 'incidents', read: incidents },
  { section: 'requests', read: requests },
  { section: 'inspections', read: inspections },
  {
    section: 'security',
    async read(ctx, span) {
      const { opened, open } = await securityIncidents(ctx.db, span)
      return { figures: [figure('本月安全事件', 'Security incidents', opened, '起'), figure('月末未结', 'Open at the end', open, '起')] }
    },
  },
  { section: 'hotline', read: hotline },
  {
    section: 'appendices',
    async read(ctx, span) {
      const { rows, total } = await incidentsIn(ctx.db, span, LISTED_MAX)
      return { tables: [incidentList('故障清单', 'All incidents', rows, total)] }
    },
  },
]
