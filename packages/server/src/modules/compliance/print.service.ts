import { type ClauseState, type complianceApi, complianceProblems } from '@changbai/contract/compliance.ts'
import type { Input } from '@changbai/contract/endpoint.ts'
import { boardOf, type ClauseFigure, type Obligation, stateOf } from '@changbai/verify/clauses.domain.ts'
import { sha256Hex } from '../../platform/crypto.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import type { Download } from '../../platform/mount.ts'
import { findConverter, toPdf } from '../../platform/pdf.ts'
import { wallTime } from '../../platform/sheets.ts'
import { gap, gridOf, headingOf, noteOf, packPaper, pairsOf, subHeadingOf, titleOf } from '../admission/index.ts'
import { requirePlan } from '../plan/index.ts'
import { freezeOf } from './compliance.store.ts'
import { judge, spanNow } from './judge.ts'

const WORD = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'
/** Of one clause; the rest is in the export. */
const LINES_MAX = 40
const STATES: Record<ClauseState, string> = {
  COMPLIANT: '● 履约',
  AT_RISK: '▲ 有风险',
  BREACHED: '✖ 未履约',
  WAIVED: '□ 豁免',
  NOT_APPLICABLE: '— 不适用',
  NO_DATA: '？ 无数据',
  NOT_TRIGGERED: '— 无触发',
}
const LIGHTS = { RED: '红：红线条款未履约', AMBER: '黄：有未履约、有风险或无数据', GREEN: '绿：全部履约' } as const

/** Cut, never rounded up; of whole numbers, so that 2 of 3 is 66.6. */
export const cutPercent = (met: number, of: number): string => (of === 0 ? '—' : `${Math.floor((met * 1000) / of) / 10}%`)
const rateOf = ({ met, due, waived }: ClauseFigure): string => cutPercent(met, due - waived)
const WORDS_OF: Record<string, string> = { BREACHED: '未履约', MISSING: '缺凭据', AT_RISK: '将到期限' }

function wrongLines(obligations: readonly Obligation[], asOf: string): string[][] {
  return obligations
    .flatMap((one) => {
      const word = WORDS_OF[stateOf(one, asOf)]
      return word ? [[one.subject.label, wallTime(one.dueAt) ?? '', wallTime(one.doneAt) ?? '未办', word]] : []
    })
    .slice(0, LINES_MAX)
}

/** The month for the customer's file: every clause with its figure, and each obligation that was not kept. */
export async function printMonthBoard(ctx: Ctx, input: Input<(typeof complianceApi)['print']>): Promise<Download> {
  const converter = input.format === 'pdf' ? (findConverter() ?? fail(complianceProblems.noConverter, {})) : null
  const plan = await requirePlan(ctx)
  const { month, span } = spanNow(ctx, input.month)
  const judged = await judge(ctx, plan, plan.document.clauses, month, span)
  const board = boardOf(judged.map(({ clause, figure }) => ({ state: figure.state, redLine: clause.redLine })))
  const freeze = await freezeOf(ctx.db, month)
  const [year, number] = month.split('-')
  const title = `政务云运维服务履约报告（${year} 年 ${Number(number)} 月）`
  const counted = judged.filter(({ figure }) => !['NOT_TRIGGERED', 'NOT_APPLICABLE', 'WAIVED'].includes(figure.state)).length
  const kept = judged.filter(({ figure }) => figure.state === 'COMPLIANT' || figure.state === 'AT_RISK').length
  const wrong = judged.filter(({ figure }) => figure.state === 'BREACHED' || figure.state === 'NO_DATA')
  const bytes = await packPaper(
    [
      titleOf(title),
      pairsOf([
        { label: '方案', value: `${plan.document.title.zh} 第 ${plan.version} 版` },
        { label: '数据截至', value: wallTime(ctx.now.toString()) ?? '' },
        { label: '总状态', value: LIGHTS[board.light] },
        { label: '履约条款', value: `${kept} / ${counted}（${cutPercent(kept, counted)}）` },
        {
          label: '各状态',
          value: Object.entries(board.counts)
            .filter(([, n]) => n > 0)
            .map(([state, n]) => `${STATES[state as ClauseState]} ${n}`)
            .join('　'),
          wide: true,
        },
        {
          label: '冻结',
          value: freeze
            ? `${wallTime(freeze.frozen_at.toString())} ${freeze.by_name} ${freeze.digest_algorithm} ${freeze.digest}`
            : '本月尚未冻结，数字可能变化',
          wide: true,
        },
      ]),
      gap(),
      headingOf('一、逐条结果'),
      ...plan.document.chapters.flatMap((chapter) => {
        const own = judged.filter(({ clause }) => clause.chapter === chapter.id)
        if (own.length === 0) return []
        return [
          subHeadingOf(`${chapter.id} ${chapter.zh}`),
          gridOf(
            [
              { title: '条款', share: 16 },
              { title: '承诺', share: 42 },
              { title: '状态', share: 16 },
              { title: '做到 / 应有', share: 13, figures: true },
              { title: '达标率', share: 10, figures: true },
            ],
            own.map(({ clause, figure, withoutSource }) => [
              `${clause.id}${clause.redLine ? ' ◆' : ''}`,
              clause.title.zh,
              `${STATES[figure.state]}${withoutSource ? '（未接入）' : ''}`,
              figure.due > 0 ? `${figure.met} / ${figure.due - figure.waived}` : '—',
              rateOf(figure),
            ]),
          ),
        ]
      }),
      noteOf('◆ 红线条款。无数据按未履约计；豁免与不适用不计入应有；无触发表示本月没有到期的义务。'),
      headingOf('二、未履约与无数据明细'),
      ...(wrong.length === 0 ? [noteOf('无。')] : []),
      ...wrong.flatMap(({ clause, figure, obligations, withoutSource }) => {
        const lines = wrongLines(obligations, ctx.now.toString())
        const missed = figure.breached + figure.missing + figure.atRisk
        return [
          subHeadingOf(`${clause.id} ${clause.title.zh}`),
          ...(lines.length === 0
            ? [noteOf(withoutSource ? '没有记录这一条的来源。' : '没有应有的记录。')]
            : [
                gridOf(
                  [
                    { title: '事项', share: 48 },
                    { title: '期限', share: 18 },
                    { title: '办成', share: 18 },
                    { title: '结果', share: 12 },
                  ],
                  lines,
                ),
              ]),
          ...(missed > lines.length && lines.length > 0 ? [noteOf(`另有 ${missed - lines.length} 项，见证据导出。`)] : []),
        ]
      }),
      noteOf('每个数字都可以复算：在履约看板导出这个月的证据，任何人用 changbai verify 对文件逐条重算，不需要访问本平台。'),
    ],
    { title, number: `LY-${month}` },
  )
  await ctx.record({ kind: 'clause-month.printed', subject: { type: 'clause-month', id: month }, data: { digest: sha256Hex(bytes) } })
  const name = `履约报告 ${month}`
  return converter
    ? { name: `${name}.pdf`, mediaType: 'application/pdf', bytes, convert: (word: Uint8Array) => toPdf(converter, word) }
    : { name: `${name}.docx`, mediaType: WORD, bytes }
}
