import type { Input } from '@changbai/contract/endpoint.ts'
import type { IncidentDetail, incidentApi } from '@changbai/contract/incident.ts'
import type { Ctx } from '../../platform/ctx.ts'
import type { Download } from '../../platform/mount.ts'
import { detailOf } from './incident.service.ts'
import { inShanghai } from './papers.service.ts'

/** A paper as headings with pairs of label and value below each. */
export interface PaperPart {
  heading: string
  pairs: { label: string; value: string; wide?: boolean }[]
}
export interface IncidentPorts {
  /** Makes a Word file in the layout of government offices. */
  makePaper(about: { title: string; number: string }, parts: readonly PaperPart[]): Promise<Uint8Array>
}
let ports: IncidentPorts | undefined
export const registerIncidentPorts = (given: IncidentPorts): void => {
  ports = given
}

const CLOCKS = { response: '响应', plan: '处理方案', solution: '解决' } as const
const STATES = { met: '达标', breached: '超时', running: '计时中' } as const
const SLIPS = { ASKED: '待对方确认', AGREED: '已确认', REFUSED: '未获同意' } as const
const RESULTS = { RESTORED: '已恢复', WORKAROUND: '临时规避', PARTIAL: '部分恢复' } as const
const CERTAINTY = { CONFIRMED: '已确认', PROBABLE: '基本确定', INVESTIGATING: '调查中' } as const
const NATURES = {
  HARDWARE: '硬件',
  SOFTWARE: '软件',
  CONFIG: '配置',
  HUMAN: '人为',
  NETWORK: '网络',
  POWER_ENV: '电力与环境',
  SECURITY: '安全',
  THIRD_PARTY: '第三方',
  CAPACITY: '容量',
} as const
const PARTIES = { PROVIDER: '乙方', TENANT: '使用单位', THIRD_PARTY: '第三方', FORCE_MAJEURE: '不可抗力' } as const
const said = (at: string | null): string => (at ? inShanghai(at) : '—')
const wide = (label: string, value: string) => ({ label, value: value || '—', wide: true })

/** Time, cause and result, then the post-mortem with the history it rests on. @clause 5.8-4 5.8-5 */
export function paperOf(incident: IncidentDetail): PaperPart[] {
  const { report, postmortem } = incident
  const done = (clock: keyof typeof CLOCKS) => incident.clocks.find((one) => one.clock === clock)?.doneAt ?? null
  const parts: PaperPart[] = [
    {
      heading: '一、基本情况',
      pairs: [
        { label: '编号', value: incident.number },
        { label: '级别', value: `${incident.severity} 级（最高 ${incident.topSeverity} 级）` },
        { label: '报障人', value: incident.reporterName },
        { label: '单位', value: incident.tenantName ?? '—' },
        { label: '应用', value: incident.applicationName ?? '—' },
        { label: '处理人', value: incident.handlerName ?? '—' },
        wide('现象', incident.symptom),
      ],
    },
    {
      heading: '二、时间',
      pairs: [
        { label: '发生', value: said(report?.occurredAt ?? null) },
        { label: '发现', value: said(report?.detectedAt ?? incident.detectedAt) },
        { label: '计时起点', value: said(incident.clockStartAt) },
        { label: '响应', value: said(done('response')) },
        { label: '恢复', value: said(done('solution')) },
        ...incident.clocks.map((one) => ({
          label: `${CLOCKS[one.clock]}时限`,
          value: `${said(one.dueAt)} ${STATES[one.state]}`,
        })),
      ],
    },
  ]
  if (report)
    parts.push({
      heading: '三、原因与结果',
      pairs: [
        wide('直接原因', report.directCause),
        { label: '根因', value: CERTAINTY[report.rootCauseStatus] },
        { label: '结果', value: RESULTS[report.result] },
        wide('影响', report.impactSummary),
        { label: '数据丢失', value: report.dataLoss ? '有' : '无' },
        wide('遗留风险', report.residualRisk),
      ],
    })
  if (postmortem)
    parts.push({
      heading: '四、故障分析',
      pairs: [
        wide('概要', postmortem.summary),
        wide('发现方式', postmortem.detection),
        wide('直接原因', postmortem.direct),
        wide('根本原因', postmortem.root),
        wide('五问', postmortem.whys.map(({ q, a }, index) => `${index + 1}. ${q} ${a}`).join('\n')),
        { label: '性质', value: NATURES[postmortem.nature] },
        { label: '责任方', value: `${PARTIES[postmortem.responsibility.party]} ${postmortem.responsibility.unit}` },
        wide(
          '防范措施',
          incident.actions.map((one) => `${one.desc}（${one.ownerName}，${one.dueOn} 前；验证：${one.verifyMethod}）`).join('\n'),
        ),
        wide('评审结论', postmortem.conclusion),
      ],
    })
  parts.push({
    heading: `${['三', '四', '五'][parts.length - 2]}、经过`,
    pairs: (incident.timeline?.items ?? incident.events.map((one) => ({ ...one, actor: one.byName }))).map((one) =>
      wide(said(one.at), `${one.actor} ${one.text}${one.wasAt ? `（更正前 ${said(one.wasAt)}）` : ''}`.trim()),
    ),
  })
  if (incident.corrections.length > 0)
    parts.push({
      heading: `${['三', '四', '五', '六'][parts.length - 2]}、更正单`,
      pairs: incident.corrections.map((one) =>
        wide(
          one.number,
          `${said(one.wasAt)} → ${said(one.toAt)}；${one.askedBy} 提出：${one.reason}；${SLIPS[one.state]}${one.decidedBy ? ` ${one.decidedBy}` : ''}`,
        ),
      ),
    })
  return parts
}

export async function printIncident(ctx: Ctx, { incidentId }: Input<(typeof incidentApi)['print']>): Promise<Download> {
  if (!ports) throw new Error('nobody registered how papers are made')
  const incident = await detailOf(ctx, incidentId)
  const bytes = await ports.makePaper({ title: '故障报告', number: incident.number }, paperOf(incident))
  return {
    name: `${incident.number} 故障报告.docx`,
    mediaType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    bytes,
  }
}
