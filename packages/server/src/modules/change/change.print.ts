import type { ChangeCategory, ChangeDetail, ChangeForm, changeApi } from '@changbai/contract/change.ts'
import type { Input } from '@changbai/contract/endpoint.ts'
import type { Ctx } from '../../platform/ctx.ts'
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
  type SignatureBlock,
  signaturesOf,
  textOf,
  titleOf,
} from '../admission/index.ts'
import { tenantNames } from '../identity/index.ts'
import { reachChange } from './change.service.ts'
import { toDetail } from './present.ts'

const CATEGORY: Readonly<Record<ChangeCategory, string>> = {
  STANDARD: '标准变更',
  NORMAL: '常规变更',
  MAJOR: '重大变更',
  EMERGENCY: '紧急变更',
}
const REASON: Readonly<Record<ChangeForm['reason'], string>> = {
  GROWTH: '业务增长',
  PERFORMANCE: '性能',
  SECURITY: '安全',
  INCIDENT: '故障',
  RECLAIM: '回收替换',
  OTHER: '其他',
}
const RISK = { L: '低', M: '中', H: '高' } as const
const ATTR: Readonly<Record<string, string>> = {
  vcpu: 'vCPU（核）',
  memGiB: '内存（GiB）',
  image: '镜像',
  state: '开关机',
  restart: '重启',
  snapshot: '快照',
  gib: '容量（GiB）',
  tier: '性能档',
  rules: '端口规则',
  bandwidthMbps: '带宽（Mbps）',
  quota: '项目配额',
  usageUntil: '使用期限',
  other: '其他',
}
const STEP: Readonly<Record<string, string>> = {
  acceptChange: '受理',
  assessImpact: '影响与风险评估',
  assessCapacity: '容量评估',
  approveNormal: '常规变更审批',
  reviewMeeting: '变更评审会',
  approveMajor: '甲方审批',
  approveEmergency: '紧急变更批准',
  backup: '备份',
  backupByHand: '人工备份',
  beginChange: '开工检查',
  implementChange: '实施',
  handleFailure: '处置',
  implementByHand: '人工实施',
  verifyChange: '业务验证',
  confirmChange: '确认生效',
  rollbackChange: '回退',
  rollbackByHand: '人工回退',
  reviewFailure: '失败分析',
  closeChange: '关闭',
  fillPapers: '补单',
}
const RESULT: Readonly<Record<string, string>> = {
  ACCEPT: '受理',
  SUPPORT: '赞成',
  OPPOSE: '反对',
  PASSED: '通过',
  NOT_DONE: '做不成',
  APPROVE: '批准',
  REJECT: '否决',
  RETURN: '退回',
  DONE: '完成',
  RETRY: '重试',
  MANUAL: '转人工',
  ROLLBACK: '回退',
  CANCEL: '撤销',
  FAILED: '不通过',
  BLOCKED: '不能动手',
  SUBMIT: '提交',
  RESCHEDULE: '改期',
}
const minute = (at: string | null): string =>
  at
    ? Temporal.Instant.from(at).toZonedDateTimeISO('Asia/Shanghai').toPlainDateTime().toString({ smallestUnit: 'minute' }).replace('T', ' ')
    : '—'
const dayOf = (at: string): string => chineseDay(Temporal.Instant.from(at).toZonedDateTimeISO('Asia/Shanghai').toPlainDate())
/** Sentences in a row, each with its full stop. */
const sentences = (...parts: readonly string[]): string =>
  parts
    .map((part) => part.trim().replace(/[。；，]$/, ''))
    .filter(Boolean)
    .map((part) => `${part}。`)
    .join('')

const ENDED: Readonly<Record<string, string>> = {
  REJECTED: '不予变更',
  WITHDRAWN: '已撤回',
  CANCELLED: '已撤销，未实施',
  EXPIRED: '补正逾期作废',
}
const resultOf = ({ outcome, status }: ChangeDetail): string =>
  outcome === 'ROLLED_BACK' ? '失败，已回退' : outcome === 'PARTIAL' ? '部分完成' : outcome ? '成功' : (ENDED[status] ?? '办理中')

/** What was said at a step: the opinion and the words of its own fields; the risk stands above. */
const wordsOf = ({ comment, facts }: ChangeDetail['conclusions'][number]): string =>
  [comment, ...Object.entries(facts).flatMap(([name, value]) => (name !== 'risk' && typeof value === 'string' ? [value] : []))]
    .map((part) => part.trim().replace(/[。；]$/, ''))
    .filter(Boolean)
    .join('；')

/** The blocks to sign: who asked, who judged, who approved, who verified; an empty frame for the pen where nobody has yet. */
function signed(change: ChangeDetail, submittedOn: string): SignatureBlock[] {
  const saidAt = (title: string, nodes: readonly string[], stamp = false): SignatureBlock => {
    const said = change.conclusions.findLast((one) => nodes.includes(one.node))
    const opinion = said ? sentences(RESULT[said.result] ?? said.result, wordsOf(said)) : ''
    return { title, opinion, by: said?.byName ?? '', on: said ? dayOf(said.at) : '', ...(stamp && { stamp }) }
  }
  const asked = {
    title: '申请人',
    opinion: submittedOn ? '申请上述变更。' : '',
    by: submittedOn ? change.applicantName : '',
    on: submittedOn,
  }
  const approval = saidAt('审批人', ['approveNormal', 'approveMajor', 'approveEmergency', 'reviewMeeting'], true)
  const preapproved = { title: '审批人', opinion: '标准变更，已按目录预先授权。', by: '', on: '' }
  return [
    asked,
    ...(change.category === 'STANDARD' || change.category === 'EMERGENCY' ? [] : [saidAt('运维评估人', ['assessImpact'])]),
    change.category === 'STANDARD' ? preapproved : approval,
    // what was never done is neither verified nor closed
    ...(change.status in ENDED
      ? []
      : [
          saidAt('应用方\n验证人', ['verifyChange']),
          change.outcome === 'ROLLED_BACK' ? saidAt('失败分析人', ['reviewFailure']) : saidAt('运营方\n关闭人', ['closeChange']),
        ]),
  ]
}
const brief = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text || '—')

/** 《吉林省政务云资源配置变更单》, as one signs it. */
export async function printChange(ctx: Ctx, { changeId }: Input<(typeof changeApi)['print']>): Promise<Download> {
  const row = await reachChange(ctx, changeId)
  const change = await toDetail(ctx, row)
  const tenants = await tenantNames(ctx, row.tenant_id ? [row.tenant_id] : [])
  const { form } = change
  const title = '吉林省政务云资源配置变更单'
  const blocks: Block[] = [
    titleOf(title),
    pairsOf([
      { label: '单号', value: change.number },
      { label: '类别', value: CATEGORY[change.category] },
      { label: '标题', value: change.title, wide: true },
      { label: '申请单位', value: row.tenant_id ? (tenants.get(row.tenant_id) ?? '') : '平台' },
      { label: '申请人', value: change.applicantName },
      { label: '应用系统', value: change.applicationName || '—' },
      { label: '提交日期', value: chineseDay(shanghaiDay(row.submitted_at ?? row.created_at)) },
      { label: '计划窗口', value: `${minute(change.windowFrom)} 至 ${minute(change.windowTo)}`, wide: true },
      { label: '是否停机', value: change.downtime ? '是' : '否' },
      { label: '风险', value: RISK[form.risk] },
      ...(change.incident ? [{ label: '关联故障', value: `${change.incident.number}（${change.incident.severity} 级）`, wide: true }] : []),
    ]),
    headingOf('一、变更内容'),
    gridOf(
      ['配置项', '变更项', '现值', '目标值', '版本'].map((title, index) => ({ title, share: [24, 18, 22, 24, 12][index] ?? 10 })),
      change.items.map((item) => [
        item.ciName,
        ATTR[item.attr] ?? item.attr,
        brief(item.from),
        brief(item.to),
        item.toRev === null ? '—' : `${item.fromRev} → ${item.toRev}`,
      ]),
    ),
    headingOf('二、原因与依据'),
    ...textOf(sentences(REASON[form.reason], form.reasonText, form.forecastRef && `业务量依据：${form.forecastRef}`)),
    headingOf('三、影响'),
    ...textOf(
      sentences(
        `涉及应用：${change.affected.map((one) => one.name).join('、') || '无'}${change.hidden > 0 ? `，另有 ${change.hidden} 个应用` : ''}`,
        change.majorReasons.map((one) => one.zh).join('；'),
      ),
    ),
    headingOf('四、实施步骤'),
    gridOf(
      [
        { title: '步骤', share: 56 },
        { title: '负责人', share: 22 },
        { title: '分钟', share: 14, figures: true },
      ],
      form.steps.map((step) => [step.action, step.owner, String(step.minutes)]),
    ),
    headingOf('五、备份、验证与回退'),
    pairsOf([
      { label: '备份', value: change.backupRef || '—', wide: true },
      { label: '验证', value: form.verifyPlan || '—', wide: true },
      { label: '回退', value: form.rollbackPlan || '—', wide: true },
    ]),
    headingOf('六、办理经过'),
    ...(change.conclusions.length === 0 ? [noteOf('尚未办理。')] : []),
    gridOf(
      [
        { title: '步骤', share: 19 },
        { title: '结论', share: 10 },
        { title: '意见', share: 28 },
        { title: '办理人', share: 12 },
        { title: '时间', share: 25 },
      ],
      change.conclusions.map((one) => [
        STEP[one.node] ?? one.node,
        RESULT[one.result] ?? one.result,
        wordsOf(one) || '—',
        one.byName,
        minute(one.at),
      ]),
    ),
    gap(),
    pairsOf([
      { label: '实际开始', value: minute(change.actualFrom) },
      { label: '实际结束', value: minute(change.actualTo) },
      { label: '结果', value: resultOf(change) },
      { label: '补单', value: change.violation ? '未按时' : minute(change.retroDoneAt) },
    ]),
    headingOf('七、签署'),
    signaturesOf(signed(change, row.submitted_at ? chineseDay(shanghaiDay(row.submitted_at)) : '')),
    noteOf('注：现值取自台账；版本为台账中该配置项变更前后的版本号。'),
  ]
  const bytes = await packPaper(blocks, { title, number: change.number })
  await ctx.record({ kind: 'change.printed', subject: { type: 'change', id: row.id }, tenantId: row.tenant_id })
  return {
    name: `${change.number}变更单.docx`,
    mediaType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    bytes,
  }
}
