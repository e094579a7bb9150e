import type { Input } from '@changbai/contract/endpoint.ts'
import type { Direction, migrationApi } from '@changbai/contract/migration.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { maskPhone } from '../../platform/mask.ts'
import type { Download } from '../../platform/mount.ts'
import { shanghaiDay } from '../../platform/time.ts'
import {
  type Block,
  chineseDay,
  gap,
  gridOf,
  headingOf,
  noteOf,
  packPaper,
  pairsOf,
  signaturesOf,
  subHeadingOf,
  titleOf,
} from '../admission/index.ts'
import { reachMigration } from './migration.service.ts'
import type { MigrationRow } from './migration.store.ts'

const DIRECTION: Readonly<Record<Direction, string>> = { INBOUND: '入云', INTRA: '云内迁移', OUTBOUND: '出云' }
const METHOD: Readonly<Record<string, string>> = {
  IMAGE: '整机镜像',
  REINSTALL: '应用重装',
  DB_REPLICATION: '数据库同步',
  OFFLINE_COPY: '文件离线拷贝',
  MIXED: '组合方式',
}
const ENDED: Readonly<Record<string, string>> = { REJECTED: '不予迁移', WITHDRAWN: '已撤回', CANCELLED: '已撤销', EXPIRED: '补正逾期作废' }
const PARTIES = [
  ['APPLICATION', '应用方'],
  ['OPERATION', '运营管理方'],
  ['CUSTOMER', '省电子政务办'],
] as const
const minute = (at: string | null): string =>
  at
    ? Temporal.Instant.from(at).toZonedDateTimeISO('Asia/Shanghai').toPlainDateTime().toString({ smallestUnit: 'minute' }).replace('T', ' ')
    : '—'
const dayOf = (at: string): string => chineseDay(Temporal.Instant.from(at).toZonedDateTimeISO('Asia/Shanghai').toPlainDate())
const columns = (...pairs: readonly (readonly [string, number])[]) =>
  pairs.map(([title, share]) => ({ title, share, figures: FIGURES.has(title) }))
const FIGURES = new Set(['数量', 'CPU', '内存 GiB', '磁盘 GiB', '分钟'])
/** A table, or a line that says there is nothing to put into one. */
const listed = (table: Block, lines: readonly unknown[]): Block => (lines.length > 0 ? table : noteOf('（无）'))

/** Steps at which people judged, in the words of the process file; what is signed and what is filled in has a place of its own. */
const JUDGED: Readonly<Record<string, string>> = {
  assessFeasibility: '可行性与风险评估',
  reviewPlan: '方案评审会',
  rehearse: '演练',
  rearrange: '改期或撤销',
  cutover: '割接',
  decideRollback: '回退或延窗',
  approveExtension: '甲方同意延窗',
  verifyBusiness: '业务验证',
  rollbackMigration: '回退',
}
const SAID: Readonly<Record<string, string>> = {
  FEASIBLE: '可行',
  INFEASIBLE: '不可行',
  PASSED: '通过',
  PASS_WITH_CHANGES: '修改后通过',
  FAILED: '不通过',
  DONE: '已办',
  RESCHEDULE: '改期',
  CANCEL: '撤销',
  ROLLBACK: '回退',
  EXTEND: '延窗',
  APPROVE: '同意',
  REJECT: '不同意',
}
const RISK: Readonly<Record<string, string>> = { L: '低', M: '中', H: '高' }

function judgementsOf(conclusions: MigrationRow['conclusions']): Block[] {
  const judged = conclusions.filter((one) => one.node in JUDGED)
  if (judged.length === 0) return []
  const wordsOf = ({ comment, facts }: MigrationRow['conclusions'][number]): string => {
    const told = Object.entries(facts).flatMap(([name, value]) =>
      typeof value !== 'string' || name === 'method' ? [] : [name === 'risk' ? `风险${RISK[value] ?? value}` : value],
    )
    return [comment, ...told].filter((part) => part !== '').join('；') || '—'
  }
  return [
    headingOf('五、评审与决定'),
    gridOf(
      columns(['环节', 20], ['结论', 13], ['办理人', 12], ['时间', 22], ['意见', 25]),
      judged.map((one) => [JUDGED[one.node] ?? '', SAID[one.result] ?? one.result, one.byName, minute(one.at), wordsOf(one)]),
    ),
  ]
}

/** How the cut-over went by its run sheet; before it, the steps and checks that are planned. */
function courseOf({ run, checks, plan }: Pick<MigrationRow, 'run' | 'checks' | 'plan'>): Block[] {
  const steps =
    run.length > 0
      ? gridOf(
          columns(['步骤', 30], ['办理人', 14], ['开始', 24], ['完成', 24]),
          run.map((one) => [one.action, one.byName ?? one.owner, minute(one.startedAt), minute(one.endedAt)]),
        )
      : gridOf(
          columns(['步骤', 54], ['负责人', 22], ['分钟', 16]),
          plan.steps.map((one) => [one.action, one.owner, String(one.minutes)]),
        )
  const compared =
    checks.length > 0
      ? gridOf(
          columns(['校验对象', 30], ['应为', 24], ['所见', 24], ['结论', 14]),
          checks.map((one) => [one.object, one.expected, one.found || '—', one.ok === null ? '—' : one.ok ? '相符' : '不符']),
        )
      : gridOf(
          columns(['校验对象', 46], ['应为', 46]),
          plan.checks.map((one) => [one.object, one.expected]),
        )
  return [
    headingOf(run.length > 0 ? '四、割接经过' : '四、割接安排'),
    subHeadingOf('步骤'),
    listed(steps, [...run, ...plan.steps]),
    subHeadingOf('数据校验'),
    listed(compared, [...checks, ...plan.checks]),
  ]
}

/** 《业务迁移工作确认报告》 */
export async function printMigration(ctx: Ctx, { migrationId }: Input<(typeof migrationApi)['print']>): Promise<Download> {
  const row = await reachMigration(ctx, migrationId)
  const title = '吉林省政务云业务迁移工作确认报告'
  const { plan } = row
  const judgements = judgementsOf(row.conclusions)
  const blocks = [
    titleOf(title),
    pairsOf([
      { label: '单号', value: row.number },
      { label: '方向', value: DIRECTION[row.direction] },
      { label: '应用系统', value: row.application_name, wide: true },
      { label: '项目经理', value: row.applicant_name },
      { label: '申请日期', value: chineseDay(shanghaiDay(row.submitted_at ?? row.created_at)) },
      { label: '源环境', value: `${row.form.sourceLocation} ${row.form.sourcePlatform}（${row.form.sourceOwner}）`, wide: true },
      { label: '数据量', value: `${row.form.dataGiB} GiB` },
      { label: '可容忍停机', value: `${row.form.maxDowntimeMin} 分钟` },
    ]),
    headingOf('一、应用系统详细信息'),
    listed(
      gridOf(
        columns(['主机', 19], ['操作系统', 18], ['CPU', 9], ['内存 GiB', 13], ['磁盘 GiB', 13], ['中间件与数据库', 20]),
        row.survey.map((one) => [
          one.host,
          one.os,
          String(one.vcpu),
          String(one.memGiB),
          String(one.diskGiB),
          `${one.middleware} ${one.database}`.trim() || '—',
        ]),
      ),
      row.survey,
    ),
    headingOf('二、云资源测算'),
    listed(
      gridOf(
        columns(['名称', 24], ['用途', 23], ['数量', 10], ['CPU', 10], ['内存 GiB', 13], ['磁盘 GiB', 13]),
        row.sizing.map((one) => [
          one.name,
          one.purpose || '—',
          String(one.count),
          String(one.vcpu),
          String(one.memGiB),
          String(one.diskGiB),
        ]),
      ),
      row.sizing,
    ),
    headingOf('三、迁移方案'),
    pairsOf([
      { label: '方式', value: METHOD[plan.method] ?? '—' },
      { label: '停机', value: `${plan.downtimeMinutes} 分钟` },
      { label: '窗口', value: plan.windowFrom ? `${minute(plan.windowFrom)} 至 ${minute(plan.windowTo)}` : '—', wide: true },
      { label: '回退决策点', value: minute(plan.rollbackDecisionAt), wide: true },
      { label: '回退条件', value: plan.rollbackTrigger || '—', wide: true },
      { label: '安全措施', value: plan.securityMeasures || '—', wide: true },
      {
        label: '联系人',
        value: plan.contacts.map((one) => `${one.name} ${maskPhone(one.phone)} ${one.role}`).join('\n') || '—',
        wide: true,
      },
    ]),
    ...courseOf(row),
    ...judgements,
    headingOf(`${judgements.length > 0 ? '六' : '五'}、确认`),
    pairsOf([
      { label: '结果', value: row.outcome === 'ROLLED_BACK' ? '已回退' : row.outcome ? '成功' : (ENDED[row.status] ?? '办理中') },
      { label: '观察至', value: minute(row.observe_until?.toString() ?? null) },
      ...(row.erasure_proof ? [{ label: '清除证明', value: row.erasure_proof, wide: true }] : []),
    ]),
    gap(),
    ...(row.status in ENDED || row.outcome === 'ROLLED_BACK'
      ? []
      : [
          signaturesOf(
            PARTIES.map(([party, title]) => {
              const signature = row.signatures.find((one) => one.party === party)
              const opinion = signature ? '迁移已完成，观察期内运行正常，予以确认。' : ''
              return { title, opinion, by: signature?.byName ?? '', on: signature ? dayOf(signature.at) : '', stamp: true }
            }),
          ),
        ]),
    noteOf('注：割接时刻取自运行表，由办理人逐步打点。'),
  ]
  const bytes = await packPaper(blocks, { title, number: row.number })
  await ctx.record({ kind: 'migration.printed', subject: { type: 'migration', id: row.id }, tenantId: row.tenant_id })
  return {
    name: `${row.number}迁移确认报告.docx`,
    mediaType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    bytes,
  }
}
