import type { Input } from '@changbai/contract/endpoint.ts'
import type { ProblemDetail, problemApi } from '@changbai/contract/known-problem.ts'
import type { Ctx } from '../../platform/ctx.ts'
import type { Download } from '../../platform/mount.ts'
import { SHANGHAI } from '../../platform/time.ts'
import { headingOf, packPaper, pairsOf, titleOf } from '../admission/index.ts'
import { getProblem } from './problem.service.ts'

const STATES = { OPEN: '分析中', KNOWN_ERROR: '已知错误', RESOLVED: '已解决', CLOSED: '已关闭' } as const
const ACTIONS = { OPEN: '进行中', DONE: '已完成，待验证', VERIFIED: '已验证' } as const
const minute = (at: string | null): string =>
  at ? Temporal.Instant.from(at).toZonedDateTimeISO(SHANGHAI).toPlainDateTime().toString({ smallestUnit: 'minute' }).replace('T', ' ') : '—'
const wide = (label: string, value: string) => ({ label, value: value || '—', wide: true })

const partsOf = (one: ProblemDetail) => [
  {
    heading: '一、问题',
    pairs: [
      { label: '编号', value: one.number },
      { label: '状态', value: STATES[one.state] },
      { label: '负责人', value: one.ownerName ?? '—' },
      { label: '登记时间', value: minute(one.openedAt) },
      wide('描述', one.description),
    ],
  },
  {
    heading: '二、原因与处置',
    pairs: [wide('根本原因', one.rootCause), wide('临时规避', one.workaround), wide('解决办法', one.solution)],
  },
  {
    heading: '三、相关故障',
    pairs: one.linkedIncidents.map((incident) =>
      wide(
        incident.number,
        `${minute(incident.beganAt)} ${incident.title}${incident.recurred ? `（${incident.afterDays} 天内复发）` : ''}`,
      ),
    ),
  },
  {
    heading: '四、防范措施',
    pairs: one.actions.map((action) =>
      wide(`${action.dueOn} 前`, `${action.desc}（${action.ownerName}，${ACTIONS[action.state]}；验证：${action.verifyMethod}）`),
    ),
  },
  { heading: '五、经过', pairs: one.events.map((event) => wide(minute(event.at), `${event.byName} ${event.text}`.trim())) },
]

export async function printProblem(ctx: Ctx, input: Input<(typeof problemApi)['print']>): Promise<Download> {
  const one = await getProblem(ctx, input)
  const blocks = partsOf(one)
    .filter((part) => part.pairs.length > 0)
    .flatMap(({ heading, pairs }) => [headingOf(heading), pairsOf(pairs)])
  return {
    name: `${one.number} 问题报告.docx`,
    mediaType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    bytes: await packPaper([titleOf('问题报告'), ...blocks], { title: '问题报告', number: one.number }),
  }
}
