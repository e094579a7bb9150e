import type { ClauseState } from '@changbai/contract/compliance.ts'
import type { SectionCode } from '@changbai/contract/report.shapes.ts'
import { registerBoard } from '../modules/assessment/index.ts'
import { readBoard } from '../modules/compliance/index.ts'
import { meetingFigures } from '../modules/meeting/index.ts'
import { requirePlan } from '../modules/plan/index.ts'
import { figure, type ReportPart, type ReportSpan, registerReportParts, share, table } from '../modules/report/index.ts'
import { trainingFigures } from '../modules/training/index.ts'
import { systemActor } from '../platform/actor.ts'
import type { Ctx } from '../platform/ctx.ts'

const STATES: Record<ClauseState, string> = {
  COMPLIANT: '合规',
  AT_RISK: '临期',
  BREACHED: '违约',
  WAIVED: '豁免',
  NOT_APPLICABLE: '不适用',
  NO_DATA: '无数据',
  NOT_TRIGGERED: '无触发',
}
/** Which section tells of a clause, by what it is measured with: the plan of another province has other numbers but the same measures. */
const SECTIONS: Partial<Record<SectionCode, RegExp>> = {
  resources:
    /^(reconciled|basics-|capacity|server-reclaim|right-size|cluster-shrink|storage-reclaim|server-report|storage-report|hardware)/,
  availability: /^(application-|availability|normal-service|outage|uptime|planned-downtime)/,
  incidents: /^(incident|severity|leader-notice|emergency|postmortem|duty-qualified)/,
  requests:
    /^(admission|catalogue|catalog|request|approved|vm-|baremetal-|delivery|network-provided|change|migration|share|notice|template-order|support-order)/,
  inspections: /-round$/,
  security: /^(policy-check|ddos|security)/,
  networkStorage: /(monitored|probed|storage-alarm|device-log|thresholds)/,
  hotline: /^(desk-|call-|hotline|facility-report)/,
  training: /^(training|administrators)/,
  meetingFollowUp: /^(weekly-meeting|meeting|minutes|guidance|board-signed|coordination|monthly-report|quarterly|optimisation|planning)/,
}

/** Judged once for all sections of one reading. */
const boards = new WeakMap<ReportSpan, ReturnType<typeof readBoard>>()
/** The board as everybody's: a report shows the same figures to whoever reads it. */
function boardOf(ctx: Ctx, span: ReportSpan): ReturnType<typeof readBoard> {
  const board = boards.get(span) ?? readBoard({ ...ctx, actor: systemActor('report') }, { month: span.month })
  boards.set(span, board)
  return board
}

const overview: ReportPart = {
  section: 'overview',
  async read(ctx, span) {
    const { board, clauses } = await boardOf(ctx, span)
    const broken = clauses.filter(({ figure: { state } }) => state === 'BREACHED')
    return {
      figures: [
        figure('履约总状态', 'Light', { RED: '红', AMBER: '黄', GREEN: '绿' }[board.light]),
        figure('履约率', 'Clauses kept', board.score === null ? '—' : `${(board.score * 100).toFixed(2)}%`),
        ...(['COMPLIANT', 'AT_RISK', 'BREACHED', 'NO_DATA', 'NOT_TRIGGERED'] as const).map((state) =>
          figure(`${STATES[state]}条款`, state, board.counts[state], '条'),
        ),
      ],
      tables: [
        table(
          '违约条款',
          'Breached clauses',
          [
            ['条款', 'Clause'],
            ['内容', 'What', undefined, 4],
            ['红线', 'Red line'],
            ['完成/应完成', 'Met / due', 'figures'],
          ],
          broken.map((one) => [one.id, one.title.zh, one.redLine ? '是' : '否', `${one.figure.met} / ${one.figure.due}`]),
        ),
      ],
    }
  },
}

const meetings: ReportPart = {
  section: 'meetingFollowUp',
  async read(ctx, span) {
    const { held, withFourGroups, open } = await meetingFigures(ctx, span)
    return {
      figures: [figure('例会', 'Meetings', held, '次'), figure('四组齐全', 'With all four groups', share(withFourGroups, held))],
      tables: [
        table(
          '未完成的决议与跟进事项',
          'Open decisions and follow-ups',
          [
            ['周次', 'Week'],
            ['事项', 'Item', undefined, 4],
            ['负责人', 'Owner'],
            ['期限', 'Due'],
          ],
          open.map((one) => [one.week, one.text, one.ownerName, one.dueOn]),
        ),
      ],
    }
  },
}

const trainings: ReportPart = {
  section: 'training',
  async read(ctx, span) {
    const { sessions, passed } = await trainingFigures(ctx, span)
    return {
      figures: [figure('举办培训', 'Sessions held', sessions.length, '期'), figure('考核合格', 'Passed the test', passed, '人')],
      tables: [
        table(
          '本月培训',
          'Sessions',
          [
            ['期次', 'Session'],
            ['课程', 'Course', undefined, 3],
            ['地点', 'Place', undefined, 2],
            ['到场', 'Present', 'figures'],
          ],
          sessions.map((one) => [one.label, one.course, one.venue, one.signedIn]),
        ),
      ],
    }
  },
}

const clausesOf = (section: SectionCode, pattern: RegExp): ReportPart => ({
  section,
  async read(ctx, span) {
    const plan = await requirePlan(ctx)
    const ids = new Set(plan.document.clauses.filter(({ of }) => of !== undefined && pattern.test(of)).map(({ id }) => id))
    const { clauses } = await boardOf(ctx, span)
    const own = clauses.filter(({ id }) => ids.has(id))
    return {
      tables: [
        table(
          '相关条款',
          'Clauses',
          [
            ['条款', 'Clause'],
            ['内容', 'What', undefined, 4],
            ['状态', 'State'],
            ['完成/应完成', 'Met / due', 'figures'],
            ['达标率', 'Rate', 'figures'],
          ],
          own.map(({ id, title, figure: { state, met, due, waived } }) => [
            id,
            title.zh,
            STATES[state],
            `${met} / ${due}`,
            share(met, due - waived),
          ]),
        ),
      ],
    }
  },
})

/** The quarterly assessment asks the board of each of its months. */
export function registerOwnBoard(): void {
  registerBoard({
    async month(ctx, month) {
      const measures = new Map((await requirePlan(ctx)).document.clauses.map(({ id, of }) => [id, of ?? '']))
      const { board, clauses } = await readBoard({ ...ctx, actor: systemActor('assessment') }, { month })
      return {
        score: board.score,
        rateOf(measure) {
          const own = clauses.filter(({ id }) => measure.test(measures.get(id) ?? '')).map((one) => one.figure)
          const met = own.reduce((sum, one) => sum + one.met, 0)
          const due = own.reduce((sum, one) => sum + one.due - one.waived, 0)
          return due === 0 ? null : met / due
        },
      }
    },
  })
}

const ownParts: readonly ReportPart[] = [
  overview,
  meetings,
  trainings,
  ...(Object.entries(SECTIONS) as [SectionCode, RegExp][]).map(([section, pattern]) => clausesOf(section, pattern)),
]

/** What the monthly report holds beside its own reading of the world: the board, and what modules beside it record. */
export const registerOwnReportParts = (): void => registerReportParts(ownParts)
