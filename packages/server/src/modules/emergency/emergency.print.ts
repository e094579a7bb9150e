import type { emergencyApi } from '@changbai/contract/emergency.ts'
import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import type { Ctx } from '../../platform/ctx.ts'
import type { Download } from '../../platform/mount.ts'
import { SHANGHAI } from '../../platform/time.ts'
import { headingOf, packPaper, pairsOf, titleOf } from '../admission/index.ts'
import { getEmergency } from './emergency.service.ts'

const second = (at: string | null): string =>
  at ? Temporal.Instant.from(at).toZonedDateTimeISO(SHANGHAI).toPlainDateTime().toString({ smallestUnit: 'second' }).replace('T', ' ') : '—'
const wide = (label: string, value: string) => ({ label, value: value || '—', wide: true })
const ROLES = { commander: '指挥', operator: '处置', liaison: '联络', approver: '审定' } as const
const KINDS: Record<string, string> = {
  ACTIVATED: '启动',
  CALLED: '按名单通知',
  STEP: '完成',
  REPORTED: '通报',
  RESTORED: '恢复',
  NOT_RESTORED: '未恢复',
  STOOD_DOWN: '解除',
  SUMMARISED: '总结',
  APPROVED: '批准',
  RETURNED: '退回',
  CLOSED: '归档',
}

const partsOf = (one: Reply<(typeof emergencyApi)['get']>) => [
  {
    heading: '一、基本情况',
    pairs: [
      { label: '编号', value: one.number },
      { label: '类别', value: one.mode === 'DRILL' ? '演练' : '实战' },
      { label: '启动', value: second(one.activatedAt) },
      { label: '恢复', value: second(one.restoredAt) },
      { label: '恢复目标', value: `${one.rtoMinutes} 分钟，${one.withinRto === null ? '进行中' : one.withinRto ? '达标' : '未达标'}` },
      { label: '启动人', value: one.activatedBy },
      wide('原因', one.reason),
      wide('组织', one.roles.map(({ role, name }) => `${ROLES[role]} ${name}`).join('；')),
    ],
  },
  {
    heading: '二、通知与回执',
    pairs: one.calls.map((call) =>
      wide(`${call.name} ${call.duty}`, `${second(call.sentAt)} 发出；${call.ackAt ? `${second(call.ackAt)} 回执` : '未回执'}`),
    ),
  },
  {
    heading: '三、经过',
    pairs: one.events.map((event) =>
      wide(
        second(event.at),
        [KINDS[event.kind] ?? event.kind, event.byName, event.text, event.checked.map((item) => `√ ${item}`).join('；')]
          .filter(Boolean)
          .join(' '),
      ),
    ),
  },
  ...(one.summary
    ? [
        {
          heading: '四、总结',
          pairs: [wide('结果', one.summary.result), wide('发现的问题', one.summary.findings), wide('改进', one.summary.improvements ?? '')],
        },
      ]
    : []),
]

export async function printEmergency(ctx: Ctx, input: Input<(typeof emergencyApi)['print']>): Promise<Download> {
  const one = await getEmergency(ctx, input)
  const title = one.mode === 'DRILL' ? '应急演练报告' : '应急处置总结'
  const blocks = partsOf(one).flatMap(({ heading, pairs }) => [headingOf(heading), pairsOf(pairs)])
  return {
    name: `${one.number} ${title}.docx`,
    mediaType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    bytes: await packPaper([titleOf(title), ...blocks], { title, number: one.number }),
  }
}
