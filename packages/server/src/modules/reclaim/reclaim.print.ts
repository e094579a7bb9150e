import type { Input } from '@changbai/contract/endpoint.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import type { MeasuredItem, MeasureFigure, ReclaimCase, ReclaimMetric, reclaimApi } from '@changbai/contract/reclaim.ts'
import { sha256Hex } from '../../platform/crypto.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import type { Download } from '../../platform/mount.ts'
import { SHANGHAI } from '../../platform/time.ts'
import {
  type Block,
  chineseDay,
  gap,
  gridOf,
  headingOf,
  noteOf,
  packPaper,
  pairsOf,
  pictureOf,
  signaturesOf,
  subHeadingOf,
  textOf,
  titleOf,
} from '../admission/index.ts'
import type { ReclaimRule } from './assess.domain.ts'
import { detailOf, reachCase } from './case.service.ts'
import { paintChart } from './chart.ts'
import { thin } from './measure.service.ts'
import { readSeries } from './measurement.ts'

const WORD = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'
const POINTS = 480
const NAMES: Record<ReclaimMetric, { name: string; unit: string }> = {
  cpu: { name: 'CPU 使用率', unit: '%' },
  memory: { name: '内存使用率', unit: '%' },
  netIn: { name: '网络流入', unit: 'Mbps' },
  netOut: { name: '网络流出', unit: 'Mbps' },
  diskRead: { name: '存储读', unit: 'IOPS' },
  diskWrite: { name: '存储写', unit: 'IOPS' },
  diskReadBytes: { name: '存储读', unit: 'MB/s' },
  diskWriteBytes: { name: '存储写', unit: 'MB/s' },
  connections: { name: '系统连接数', unit: '个' },
  used: { name: '空间使用率', unit: '%' },
}
const SOURCES = { MONITOR: '监控', AGENT: '客体采集', MANUAL: '人工上传' } as const
const VERDICTS: Record<string, string> = {
  KEEP: '维持现状',
  RELEASE: '释放',
  RELEASE_VOLUME: '释放',
  RIGHT_SIZE: '换小规格',
  CLUSTER_SHRINK: '缩减集群规模',
  SHRINK: '换小卷',
  TIER_DOWN: '降档',
  NO_CONCLUSION: '不得出结论',
}
/** Rules of the plan by their names; one that was added there is told by its key. */
const RULES: Record<string, string> = {
  IDLE_SERVER: '长期闲置',
  LOW_SERVER: '配置过高',
  LOW_CLUSTER: '集群整体过低',
  IDLE_VOLUME: '长期未挂载',
  LOW_VOLUME: '利用率低',
}
const SOURCE_WORDS = { RULE: '规则判定', OWNER: '应用方主动释放', EXPIRY: '租期到期', APP_RETIRED: '应用下线' } as const
const SUBJECTS = { SERVER: '服务器', CLUSTER: '集群', VOLUME: '存储卷' } as const
const DECISIONS = { CONFIRM_RELEASE: '同意释放', AGREE_RESIZE: '同意替换', OBJECT: '有异议', NO_REPLY: '逾期未答复（不视为同意）' } as const

/** Bytes of five minutes as megabits a second, operations of five minutes as those of a second; the others as they are. */
export function shownValue(metric: ReclaimMetric, value: number, intervalSeconds: number): number {
  if (metric === 'netIn' || metric === 'netOut') return (value * 8) / intervalSeconds / 1_000_000
  if (metric === 'diskReadBytes' || metric === 'diskWriteBytes') return value / intervalSeconds / 1_000_000
  if (metric === 'diskRead' || metric === 'diskWrite') return value / intervalSeconds
  return value
}
const number = (value: number | null): string =>
  value === null ? '—' : value > 0 && value < 0.001 ? '<0.001' : String(Number(value.toPrecision(4)))
const inUnit = (figure: MeasureFigure, value: number | null): string =>
  value === null ? '—' : number(shownValue(figure.metric, value, figure.intervalSeconds ?? 300))
const wall = (at: string | null): string =>
  at ? Temporal.Instant.from(at).toZonedDateTimeISO(SHANGHAI).toPlainDateTime().toString({ smallestUnit: 'minute' }).replace('T', ' ') : '—'
const dayOf = (at: string | null): string => (at ? chineseDay(Temporal.Instant.from(at).toZonedDateTimeISO(SHANGHAI).toPlainDate()) : '')
const percent = (share: number): string => `${Math.floor(share * 1000) / 10}%`

/** A picture for each measure that was taken. Clusters of many nodes show the processor of each only. */
async function picturesOf(
  ctx: Ctx,
  item: MeasuredItem,
  from: string,
  to: string,
  bounds: ReadonlyMap<string, number>,
  all: boolean,
): Promise<Block[]> {
  const blocks: Block[] = []
  const span = { from: Temporal.PlainDate.from(from), to: Temporal.PlainDate.from(to).add({ days: 1 }) }
  const [fromMs, toMs] = [span.from, span.to].map((day) => Date.parse(`${day.toString()}T00:00:00+08:00`)) as [number, number]
  for (const figure of item.figures) {
    if (figure.peak === null || (!all && figure.metric !== 'cpu')) continue
    const seconds = figure.intervalSeconds ?? 300
    const { points } = thin(await readSeries(ctx, item.itemId, figure.metric, span), POINTS)
    const of = (pick: 'max' | 'mean') =>
      points.map((point) => ({ atMs: point.atMs, value: shownValue(figure.metric, point[pick], seconds) }))
    const { png, width, height } = paintChart({
      curves: [
        { tone: 'mean', points: of('mean') },
        { tone: 'peak', points: of('max') },
      ],
      fromMs,
      toMs,
      bound: bounds.get(figure.metric) ?? null,
    })
    const { name, unit } = NAMES[figure.metric]
    blocks.push(
      pictureOf(
        png,
        width,
        height,
        `${item.name} ${name}（${unit}）：深色为时段最大值，浅色为均值${bounds.has(figure.metric) ? '，横线为判定阈值' : ''}`,
      ),
    )
  }
  return blocks
}

function boundsOf(rules: readonly ReclaimRule[], reclaim: ReclaimCase): Map<string, number> {
  const rule = rules.find((one) => one.rule === reclaim.rule)
  const names: Record<string, string> = {
    cpuPeakPercent: 'cpu',
    memoryPeakPercent: 'memory',
    usedPeakPercent: 'used',
    connections: 'connections',
  }
  return new Map(
    (rule?.all ?? []).flatMap(({ metric, atMost, below }) => {
      const [key, bound] = [names[metric], atMost ?? below]
      return key && bound !== undefined ? [[key, bound] as const] : []
    }),
  )
}

const serverGrid = (items: readonly MeasuredItem[]): Block =>
  gridOf(
    [
      { title: '对象', share: 20 },
      { title: '指标', share: 16 },
      { title: '峰值', share: 12, figures: true },
      { title: '峰值时刻', share: 19 },
      { title: 'P95', share: 10, figures: true },
      { title: '均值', share: 10, figures: true },
      { title: '覆盖率', share: 10, figures: true },
      { title: '来源', share: 10 },
    ],
    items.flatMap((item) =>
      item.figures.map((figure) => [
        item.name,
        `${NAMES[figure.metric].name}（${NAMES[figure.metric].unit}）`,
        inUnit(figure, figure.peak),
        wall(figure.peakAt).slice(5),
        inUnit(figure, figure.p95),
        inUnit(figure, figure.mean),
        percent(figure.coverage),
        figure.source ? SOURCES[figure.source] : '未采集',
      ]),
    ),
  )

/** Form 4.4: figures nobody typed, the reason and proposal people gave, the answers of all parties, what was done and what proves it. @clause 4.5.2-1 4.5.3-1 */
async function blocksOf(ctx: Ctx, reclaim: ReclaimCase, title: string): Promise<Block[]> {
  const { figures, report, assessment, reply, ruling, parts } = reclaim
  if (!figures) return fail(commonProblems.notFound)
  const storage = reclaim.subject === 'VOLUME'
  const size = storage
    ? `${reclaim.allocated.gib} GiB`
    : `${reclaim.allocated.vcpu} vCPU、内存 ${reclaim.allocated.memGiB} GiB、系统盘 ${reclaim.allocated.gib} GiB`
  const blocks: Block[] = [
    titleOf(title),
    pairsOf([
      { label: '编号', value: reclaim.number },
      { label: '类型', value: SUBJECTS[reclaim.subject] },
      { label: '对象', value: reclaim.itemName },
      { label: '触发', value: reclaim.rule ? (RULES[reclaim.rule] ?? reclaim.rule) : SOURCE_WORDS[reclaim.source] },
      { label: '单位', value: reclaim.tenantName ?? '—' },
      { label: '应用', value: reclaim.applicationName ?? '—', wide: true },
      { label: '观察期', value: `${figures.from} 至 ${figures.to}，数据覆盖率 ${percent(figures.coverage)}`, wide: true },
      { label: '当前配置', value: size, wide: true },
      { label: '系统判定', value: figures.reason.zh, wide: true },
    ]),
    headingOf('一、性能数据'),
    noteOf('以峰值为准：峰值为五分钟均值的最大值，已剔除经批准的维护时段；P95 与均值仅供参考，不作判据。'),
    serverGrid(figures.items),
  ]
  if (figures.clusterPeaks)
    blocks.push(
      noteOf(`集群合计峰值（按规格加权）：CPU ${number(figures.clusterPeaks.cpu)}%，内存 ${number(figures.clusterPeaks.memory)}%。`),
    )
  for (const item of storage ? figures.items : [])
    blocks.push(
      noteOf(
        (item.usedSeries.length > 0
          ? `空间利用率历史 ${item.usedSeries.length} 日，观察期增长 ${number(item.growthPercent)} 个百分点；`
          : '观察期内没有采到空间利用率；') + (item.attachedTo ? `挂载于 ${item.attachedTo}。` : `${dayOf(item.detachedSince)}起未挂载。`),
      ),
    )
  const bounds = boundsOf(ctx.plan.value<ReclaimRule[]>('reclaim.rules'), reclaim)
  for (const item of figures.items)
    blocks.push(...(await picturesOf(ctx, item, figures.from, figures.to, bounds, figures.items.length <= 2)))

  blocks.push(headingOf('二、分析与建议'))
  blocks.push(subHeadingOf('配置与负载差异原因'), ...textOf(report?.gapReason ?? '（未填写）'))
  blocks.push(
    subHeadingOf('处理建议'),
    ...textOf(
      report
        ? `${VERDICTS[report.recommendation]}。${report.recommendationText}${report.target ? `\n目标配置：${report.target}` : ''}`
        : '（未填写）',
    ),
  )
  const saving = reclaim.saving
  if (saving) blocks.push(noteOf(`收回资源：${saving.vcpu} vCPU，内存 ${saving.memGiB} GiB，存储 ${saving.gib} GiB。`))

  if (parts.length > 0) {
    blocks.push(headingOf('三、处置'))
    for (const part of parts)
      blocks.push(
        subHeadingOf(part.name),
        pairsOf([
          { label: '备份', value: part.backup ? `${part.backup.ref}（${wall(part.backup.at)}，${part.backup.by}）` : '—', wide: true },
          {
            label: '数据处置单',
            value: part.declaration
              ? `${part.declaration.statement === 'BACKED_UP' ? '数据已备份' : '数据不需保留'}，${part.declaration.by} ${wall(part.declaration.at)}`
              : '—',
            wide: true,
          },
          { label: '停用', value: wall(part.stoppedAt) },
          { label: '冷静期至', value: wall(part.coolUntil) },
          { label: '释放', value: wall(part.releasedAt) },
          { label: '备份保留至', value: wall(part.backupUntil) },
          { label: '清除证明', value: part.proof ? `${part.proof.method}；${part.proof.by}；${part.proof.witness}` : '—', wide: true },
          { label: '证明摘要', value: part.proof ? part.proof.digest : '—', wide: true },
        ]),
        gap(),
      )
  }
  blocks.push(
    headingOf(parts.length > 0 ? '四、各方意见' : '三、各方意见'),
    signaturesOf([
      {
        title: '撰写人',
        opinion: report ? `建议：${VERDICTS[report.recommendation]}` : '',
        by: report?.preparedBy.name ?? '',
        on: dayOf(report?.preparedAt ?? null),
      },
      {
        title: '运营方评估人',
        opinion: assessment
          ? `评估结论：${VERDICTS[assessment.outcome] ?? assessment.outcome}${assessment.confirmedAgain ? '（二次评估仍确认）' : ''}。${assessment.comment}`
          : '',
        by: assessment?.assessedBy.name ?? '',
        on: dayOf(assessment?.assessedAt ?? null),
      },
      {
        title: '应用方',
        opinion: reply ? `${DECISIONS[reply.decision]}${reply.minNodes ? `，最少节点数 ${reply.minNodes}` : ''}。${reply.reason}` : '',
        by: reply?.by.name ?? '',
        on: reply?.decision === 'NO_REPLY' ? '' : dayOf(reply?.at ?? null),
        stamp: true,
      },
      ...(ruling
        ? [
            {
              title: '甲方裁定',
              opinion: `${VERDICTS[ruling.outcome] ?? '换小或降档'}。${ruling.reason}`,
              by: ruling.by.name,
              on: dayOf(ruling.at),
              stamp: true,
            },
          ]
        : []),
    ]),
  )
  return blocks
}

export async function printCase(ctx: Ctx, { caseId }: Input<typeof reclaimApi.print>): Promise<Download> {
  const reclaim = await detailOf(ctx, await reachCase(ctx, caseId))
  const title = reclaim.subject === 'VOLUME' ? '存储性能分析报告' : '服务器性能分析报告'
  const bytes = await packPaper(await blocksOf(ctx, reclaim, title), { title, number: reclaim.number })
  await ctx.record({ kind: 'reclaim.printed', subject: { type: 'reclaim', id: caseId }, data: { digest: sha256Hex(bytes) } })
  return { name: `${reclaim.number} ${title}.docx`, mediaType: WORD, bytes }
}
