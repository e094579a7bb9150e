import type { assessmentApi } from '@changbai/contract/assessment.ts'
import type { Input } from '@changbai/contract/endpoint.ts'
import { sha256Hex } from '../../platform/crypto.ts'
import type { Ctx } from '../../platform/ctx.ts'
import type { Download } from '../../platform/mount.ts'
import { wallTime } from '../../platform/sheets.ts'
import { gap, gridOf, headingOf, noteOf, packPaper, pairsOf, signaturesOf, textOf, titleOf } from '../admission/index.ts'
import { getAssessment } from './assessment.service.ts'

const WORD = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'
const TREND = { BETTER: '向好', WORSE: '变差' } as const
const SEVERITY = { HIGH: '高', MEDIUM: '中', LOW: '低' } as const
const said = (value: number | null, unit: string): string => (value === null ? '—' : `${value} ${unit}`)

/** The system assessment report of a quarter. */
export async function printAssessment(ctx: Ctx, { assessmentId }: Input<typeof assessmentApi.print>): Promise<Download> {
  const one = await getAssessment(ctx, { assessmentId })
  const figures = (group: 'OPERATION' | 'QUALITY') =>
    gridOf(
      [
        { title: '指标', share: 34 },
        { title: '本季度', share: 20, figures: true },
        { title: '上季度', share: 20, figures: true },
        { title: '趋势', share: 19 },
      ],
      one.figures
        .filter((figure) => figure.group === group)
        .map(({ label, value, previous, unit, trend }) => [label.zh, said(value, unit), said(previous, unit), trend ? TREND[trend] : '—']),
    )
  const bytes = await packPaper(
    [
      titleOf('政务云系统评估报告'),
      pairsOf([
        { label: '编号', value: one.number },
        { label: '季度', value: one.quarter },
        { label: '编制人', value: one.preparedByName },
        { label: '发布', value: wallTime(one.publishedAt) ?? '未发布' },
        ...(one.digest ? [{ label: '摘要', value: `${one.digest.algorithm} ${one.digest.value}`, wide: true }] : []),
      ]),
      gap(),
      headingOf('一、整体运行'),
      figures('OPERATION'),
      headingOf('二、运维质量'),
      figures('QUALITY'),
      headingOf('三、问题'),
      ...(one.issueLines.length === 0
        ? [noteOf('未发现需列出的问题。')]
        : [
            gridOf(
              [
                { title: '问题', share: 40 },
                { title: '程度', share: 10 },
                { title: '依据', share: 30 },
                { title: '需改进', share: 13 },
              ],
              one.issueLines.map((line) => [line.text, SEVERITY[line.severity], line.basis, line.needImprove ? '是' : '否']),
            ),
          ]),
      headingOf('四、结论'),
      ...textOf(one.conclusion || '未填写。'),
      signaturesOf([{ title: '编制人', opinion: '', by: one.preparedByName, on: (wallTime(one.publishedAt) ?? '').slice(0, 10) }]),
    ],
    { title: '政务云系统评估报告', number: one.number },
  )
  await ctx.record({ kind: 'assessment.printed', subject: { type: 'assessment', id: assessmentId }, data: { digest: sha256Hex(bytes) } })
  return { name: `${one.number} 系统评估报告 ${one.quarter}.docx`, mediaType: WORD, bytes }
}
