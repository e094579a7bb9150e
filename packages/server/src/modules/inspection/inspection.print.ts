import type { Input } from '@changbai/contract/endpoint.ts'
import { type inspectionApi, inspectionProblems, type RoundKind } from '@changbai/contract/inspection.ts'
import { sha256Hex } from '../../platform/crypto.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import type { Download } from '../../platform/mount.ts'
import { findConverter, toPdf } from '../../platform/pdf.ts'
import { SHANGHAI } from '../../platform/time.ts'
import { gap, gridOf, headingOf, noteOf, packPaper, pairsOf, signaturesOf, titleOf } from '../admission/index.ts'
import { reachRound } from './inspection.service.ts'

const TITLES: Record<RoundKind, string> = {
  FACILITY: '政务云机房巡检报告',
  PLATFORM: '政务云平台巡检报告',
  TENANT_SERVICE: '租户业务检测报告',
}
const RESULTS = { OK: '正常', ABNORMAL: '异常', NA: '不适用' } as const
const WORD = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'
const wall = (at: Temporal.Instant | null): string =>
  at ? at.toZonedDateTimeISO(SHANGHAI).toPlainDateTime().toString({ smallestUnit: 'minute' }).replace('T', ' ') : '—'

/** The report of a round as a paper that is signed and filed. */
export async function printRound(ctx: Ctx, { roundId, format }: Input<typeof inspectionApi.print>): Promise<Download> {
  const converter = format === 'pdf' ? (findConverter() ?? fail(inspectionProblems.noConverter, {})) : null
  const row = await reachRound(ctx, roundId)
  const answers = new Map(row.answers.map((answer) => [answer.code, answer]))
  const lines = row.items.map((item) => {
    const answer = answers.get(item.code)
    const value = answer?.value === null || answer?.value === undefined ? '' : `${answer.value}${item.unit ?? ''}`
    return [item.title.zh, answer ? RESULTS[answer.result] : '未检查', value, [answer?.note, answer?.incidentNo].filter(Boolean).join(' ')]
  })
  const bytes = await packPaper(
    [
      titleOf(TITLES[row.kind]),
      pairsOf([
        { label: '编号', value: row.number },
        { label: '巡检人', value: row.inspector_name },
        { label: '开始', value: wall(row.started_at) },
        { label: '完成', value: wall(row.done_at) },
        { label: '签到', value: row.check_in.method === 'NONE' ? '未扫码' : `${row.check_in.method} ${row.check_in.pointCode}` },
        {
          label: '结论',
          value: row.conclusion === 'ABNORMAL' ? `异常 ${row.abnormal} 项` : row.conclusion === 'NORMAL' ? '正常' : '未提交',
        },
      ]),
      gap(),
      headingOf('检查项'),
      gridOf(
        [
          { title: '检查项', share: 38 },
          { title: '结果', share: 13 },
          { title: '读数', share: 14, figures: true },
          { title: '说明与故障单', share: 28 },
        ],
        lines,
      ),
      noteOf(row.received_at && row.done_at && !row.done_at.equals(row.received_at) ? `断网完成，${wall(row.received_at)} 补传。` : ''),
      signaturesOf([
        { title: '巡检人', opinion: '', by: row.inspector_name, on: wall(row.done_at) },
        { title: '抽查人', opinion: row.review_comment ?? '', by: row.reviewed_by_name ?? '', on: wall(row.reviewed_at) },
      ]),
    ],
    { title: TITLES[row.kind], number: row.number },
  )
  await ctx.record({ kind: 'inspection.printed', subject: { type: 'inspection', id: roundId }, data: { digest: sha256Hex(bytes) } })
  const name = `${row.number} ${TITLES[row.kind]}`
  return converter
    ? { name: `${name}.pdf`, mediaType: 'application/pdf', bytes, convert: (word: Uint8Array) => toPdf(converter, word) }
    : { name: `${name}.docx`, mediaType: WORD, bytes }
}
