import type { Input } from '@changbai/contract/endpoint.ts'
import type { Direction, migrationApi } from '@changbai/contract/migration.ts'
import type { Ctx } from '../../platform/ctx.ts'
import type { Download } from '../../platform/mount.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { chineseDay, gridOf, headingOf, noteOf, packPaper, pairsOf, textOf, titleOf } from '../admission/index.ts'
import { reachMigration } from './migration.service.ts'

const DIRECTION: Readonly<Record<Direction, string>> = { INBOUND: '入云', INTRA: '云内迁移', OUTBOUND: '出云' }
const METHOD: Readonly<Record<string, string>> = {
  IMAGE: '整机镜像',
  REINSTALL: '应用重装',
  DB_REPLICATION: '数据库同步',
  OFFLINE_COPY: '文件离线拷贝',
  MIXED: '组合方式',
}
const PARTY = { APPLICATION: '应用方', OPERATION: '运营管理方', CUSTOMER: '省电子政务办' } as const
const minute = (at: string | null): string =>
  at
    ? Temporal.Instant.from(at).toZonedDateTimeISO('Asia/Shanghai').toPlainDateTime().toString({ smallestUnit: 'minute' }).replace('T', ' ')
    : '—'
const columns = (...pairs: readonly (readonly [string, number])[]) => pairs.map(([title, share]) => ({ title, share }))

/** 《业务迁移工作确认报告》 */
export async function printMigration(ctx: Ctx, { migrationId }: Input<(typeof migrationApi)['print']>): Promise<Download> {
  const row = await reachMigration(ctx, migrationId)
  const title = '吉林省政务云业务迁移工作确认报告'
  const { plan } = row
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
    gridOf(
      columns(['主机', 20], ['操作系统', 20], ['CPU', 10], ['内存 GiB', 12], ['磁盘 GiB', 12], ['中间件与数据库', 26]),
      row.survey.map((one) => [
        one.host,
        one.os,
        String(one.vcpu),
        String(one.memGiB),
        String(one.diskGiB),
        `${one.middleware} ${one.database}`.trim() || '—',
      ]),
    ),
    headingOf('二、云资源测算'),
    gridOf(
      columns(['名称', 26], ['用途', 26], ['数量', 12], ['CPU', 12], ['内存 GiB', 12], ['磁盘 GiB', 12]),
      row.sizing.map((one) => [one.name, one.purpose || '—', String(one.count), String(one.vcpu), String(one.memGiB), String(one.diskGiB)]),
    ),
    headingOf('三、迁移方案'),
    ...textOf(
      `方式：${METHOD[plan.method]}。窗口：${minute(plan.windowFrom)} 至 ${minute(plan.windowTo)}，停机 ${plan.downtimeMinutes} 分钟。回退条件：${plan.rollbackTrigger || '—'}；决策点：${minute(plan.rollbackDecisionAt)}。安全措施：${plan.securityMeasures || '—'}。`,
    ),
    headingOf('四、割接经过'),
    gridOf(
      columns(['步骤', 40], ['负责人', 16], ['开始', 18], ['完成', 18]),
      row.run.map((one) => [one.action, one.byName ?? one.owner, minute(one.startedAt), minute(one.endedAt)]),
    ),
    gridOf(
      columns(['校验对象', 30], ['应为', 24], ['所见', 24], ['结论', 14]),
      row.checks.map((one) => [one.object, one.expected, one.found || '—', one.ok === null ? '—' : one.ok ? '相符' : '不符']),
    ),
    headingOf('五、确认'),
    pairsOf([
      { label: '结果', value: row.outcome === 'ROLLED_BACK' ? '已回退' : row.outcome ? '成功' : '办理中' },
      { label: '观察至', value: minute(row.observe_until?.toString() ?? null) },
      ...row.signatures.map((one) => ({ label: PARTY[one.party], value: `${one.byName} ${minute(one.at)}`, wide: true })),
      ...(row.erasure_proof ? [{ label: '清除证明', value: row.erasure_proof, wide: true }] : []),
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
