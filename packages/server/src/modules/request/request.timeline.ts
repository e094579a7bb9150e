import { isRole, ROLES } from '@changbai/contract/capability.ts'
import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { matterStatusNames } from '@changbai/contract/forms.ts'
import type { requestApi, TimelineEntry } from '@changbai/contract/request.ts'
import { stepNameEn } from '@changbai/contract/step-names.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { ENDED } from '../admission/index.ts'
import { loadBusinessClock } from '../calendar/index.ts'
import { instanceHistory } from '../process/index.ts'
import { leaderReasonsOf, reachRequest } from './request.service.ts'
import type { RequestRow } from './request.store.ts'

/** What modules above add to the course of a request, oldest first. */
export type TimelinePart = (ctx: Ctx, requestId: string) => Promise<TimelineEntry[]>
const parts = new Set<TimelinePart>()
/** Registered once at start: the work orders and their delivery. */
export const registerTimelinePart = (part: TimelinePart): void => void parts.add(part)

const HISTORY_MAX = 200
const WORDS: Readonly<Record<string, { zh: string; en: string }>> = {
  SUBMIT: { zh: '提交', en: 'handed in' },
  APPROVE: { zh: '通过', en: 'approved' },
  REJECT: { zh: '不同意', en: 'refused' },
  RETURN: { zh: '退回', en: 'returned' },
  READY: { zh: '容量已备', en: 'capacity ready' },
  CANNOT: { zh: '容量无法补足', en: 'no capacity' },
}
const KINDS: Readonly<Record<string, { zh: string; en: string }>> = {
  return: { zh: '退回', en: 'returned' },
  recall: { zh: '收回', en: 'taken back' },
  withdraw: { zh: '撤回', en: 'withdrawn' },
  cancel: { zh: '撤销', en: 'cancelled' },
  transfer: { zh: '转办', en: 'passed on' },
  addsign: { zh: '加签', en: 'another signature asked' },
  'cancel-request': { zh: '申请撤销', en: 'cancellation asked' },
}

async function past(ctx: Ctx, row: RequestRow): Promise<TimelineEntry[]> {
  const begun: TimelineEntry = {
    part: 'REQUEST',
    state: 'PAST',
    at: row.created_at.toString(),
    dueAt: null,
    title: { zh: '发起申请', en: 'Request begun' },
    note: `${ctx.locale === 'en-US' ? 'Admission' : '准入号'} ${row.admission_no}`,
    actorName: row.applicant_name,
    by: 'PERSON',
    link: null,
  }
  if (!row.instance_id) return [begun]
  const { items } = await instanceHistory(ctx, { instanceId: row.instance_id, detail: 'people', withChildren: false, limit: HISTORY_MAX })
  const told = items.flatMap((event): TimelineEntry[] => {
    const word = event.kind === 'complete' ? WORDS[event.outcome ?? ''] : KINDS[event.kind]
    if (!word) return []
    const reasons = event.reasons.map((one) => one.text).join('；')
    return [
      {
        part: 'REQUEST',
        state: 'PAST',
        at: event.at,
        dueAt: null,
        title: { zh: `${event.nodeName ?? ''} ${word.zh}`.trim(), en: `${stepNameEn(event.nodeName ?? '')}: ${word.en}` },
        note: [event.comment, reasons].filter(Boolean).join('。') || null,
        actorName: event.actor?.name ?? null,
        by: event.actor?.personId ? 'PERSON' : 'SYSTEM',
        link: event.taskId ? { type: 'task', id: event.taskId } : null,
      },
    ]
  })
  return [begun, ...told]
}

/** The roles any one of which may act, in words. */
const holders = (step: RequestRow['steps'][number], lang: 'zh' | 'en'): string =>
  step.candidateRoles.map((role) => (isRole(role) ? ROLES[role][lang] : role)).join(lang === 'zh' ? '、' : ', ')

const now = (row: RequestRow): TimelineEntry[] =>
  row.steps.map((step) => ({
    part: 'REQUEST',
    state: 'NOW',
    at: step.since,
    dueAt: step.dueAt,
    title: {
      zh: `等待 ${step.assigneeName ?? holders(step, 'zh')}：${step.name}`,
      en: `Waiting for ${step.assigneeName ?? holders(step, 'en')}: ${stepNameEn(step.name)}`,
    },
    note: null,
    actorName: step.assigneeName,
    by: 'PERSON',
    link: { type: 'task', id: step.taskId },
  }))

/** What is still to come, with the days it would end on if it were approved today. */
async function future(ctx: Ctx, row: RequestRow): Promise<TimelineEntry[]> {
  if (ENDED.has(row.status) || row.decided_at !== null) return []
  const clock = await loadBusinessClock(ctx)
  const entry = (part: TimelineEntry['part'], zh: string, en: string, dueAt: Temporal.Instant | null = null): TimelineEntry => ({
    part,
    state: 'FUTURE',
    at: null,
    dueAt: dueAt?.toString() ?? null,
    title: { zh, en },
    note: dueAt ? (ctx.locale === 'en-US' ? 'If approved today' : '若今天批准') : null,
    actorName: null,
    by: 'SYSTEM',
    link: null,
  })
  const vm = ctx.plan.number('provisioning.vmWorkdays')
  const baremetal = ctx.plan.number('provisioning.baremetalWorkdays')
  const rows: TimelineEntry[] = []
  const nodes = new Set(row.steps.map((step) => step.node))
  if (leaderReasonsOf(ctx, row).length > 0 && !nodes.has('leaderApprove'))
    rows.push(entry('REQUEST', '领导加批', 'The leader approves as well'))
  rows.push(entry('WORK_ORDER', '批准当日派工单给运营管理员', 'Work orders go out on the day of approval'))
  rows.push(
    entry('WORK_ORDER', `虚拟机 ${vm} 个工作日内到位`, `Virtual machines within ${vm} working days`, clock.addTime(ctx.now, `${vm}wd`)),
  )
  if ((row.totals.baremetalCount ?? 0) > 0)
    rows.push(
      entry(
        'WORK_ORDER',
        `物理机 ${baremetal} 个工作日内到位`,
        `Physical servers within ${baremetal} working days`,
        clock.addTime(ctx.now, `${baremetal}wd`),
      ),
    )
  rows.push(entry('DELIVERY', '到位后领取账号、验收、试运行', 'Then: collect credentials, accept, trial run'))
  return rows
}

export async function getTimeline(ctx: Ctx, { requestId }: Input<typeof requestApi.timeline>): Promise<Reply<typeof requestApi.timeline>> {
  const row = await reachRequest(ctx, requestId)
  const above: TimelineEntry[] = []
  for (const part of parts) above.push(...(await part(ctx, requestId)))
  const ended: TimelineEntry[] = row.decided_at
    ? [
        {
          part: 'REQUEST',
          state: 'PAST',
          at: row.decided_at.toString(),
          dueAt: null,
          title: row.status === 'REJECTED' ? matterStatusNames.REJECTED : matterStatusNames.APPROVED,
          note: row.rejection?.reason ?? row.conditions,
          actorName: null,
          by: 'SYSTEM',
          link: null,
        },
      ]
    : []
  return { items: [...(await past(ctx, row)), ...ended, ...now(row), ...above, ...(await future(ctx, row))] }
}
