import type { documentApi, PlanningPaper } from '@changbai/contract/document.ts'
import type { Input } from '@changbai/contract/endpoint.ts'
import { sha256Hex } from '../../platform/crypto.ts'
import type { Ctx } from '../../platform/ctx.ts'
import type { Download } from '../../platform/mount.ts'
import { wallTime } from '../../platform/sheets.ts'
import { gap, gridOf, headingOf, noteOf, packPaper, pairsOf, textOf, titleOf } from '../admission/index.ts'
import { getPaper } from './register.service.ts'

const WORD = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'
const FIGURES: readonly (readonly [keyof PlanningPaper['figures'], string, string])[] = [
  ['servers', '在用服务器', '台'],
  ['serversAdded', '其中本年新增', '台'],
  ['vcpu', '处理器', 'vCPU'],
  ['memGib', '内存', 'GiB'],
  ['volumeGib', '存储', 'GiB'],
  ['volumeAddedGib', '其中本年新增', 'GiB'],
  ['incidents', '本年涉及故障', '起'],
]

/** The paper as it is sent to the bureau. */
export async function printPaper(ctx: Ctx, { paperId }: Input<typeof documentApi.printPaper>): Promise<Download> {
  const paper = await getPaper(ctx, { paperId })
  const title = `${paper.tenantName}${paper.year} 年政务云规划建议`
  const bytes = await packPaper(
    [
      titleOf(title),
      pairsOf([
        { label: '编号', value: paper.number },
        { label: '数据截至', value: wallTime(paper.asOf) ?? '' },
        { label: '发送', value: wallTime(paper.sentAt) ?? '未发送' },
        { label: '签收', value: paper.ackAt ? `${paper.ackByName} ${wallTime(paper.ackAt)}` : '未签收' },
      ]),
      gap(),
      headingOf('一、现状'),
      gridOf(
        [
          { title: '指标', share: 50 },
          { title: '数值', share: 25 },
          { title: '单位', share: 18 },
        ],
        FIGURES.map(([key, label, unit]) => [label, paper.figures[key].toLocaleString('en-US'), unit]),
      ),
      headingOf('二、建议'),
      ...textOf(paper.advice || '未填写。'),
      ...(paper.ackComment ? [headingOf('三、单位意见'), ...textOf(paper.ackComment)] : []),
      noteOf('以上数据由平台按台账与故障记录统计，建议由运营管理员编写。'),
    ],
    { title, number: paper.number },
  )
  await ctx.record({
    kind: 'planning-paper.printed',
    subject: { type: 'planning-paper', id: paperId },
    tenantId: paper.tenantId,
    data: { digest: sha256Hex(bytes) },
  })
  return { name: `${paper.number} ${title}.docx`, mediaType: WORD, bytes }
}
