import { parseArgs } from 'node:util'
import { parseMoment } from '../../modules/calendar/offline.ts'
import {
  ClockFactsError,
  type Clocks,
  type Judgment,
  judgeClocks,
  readClockFacts,
  type SeverityLimits,
} from '../../modules/incident/offline.ts'
import { readPlanFolder } from '../../modules/plan/offline.ts'
import { systemClock } from '../../platform/time.ts'
import { type Command, languageOf, print, printJson, readInput, shippedPlan, UsageError } from './command.ts'

const usage = `usage: changbai clocks --facts FILE.json [--as-of INSTANT] [--explain] [--plan DIR] [--text [--lang zh|en]]

Judges the three clocks of an incident (response, plan, solution) from facts in any order:
  {"level":"II","facts":[{"at":"2026-09-18T02:00","kind":"alarm"},{"at":"2026-09-18T02:05","kind":"responded"}]}
  kinds      alarm reported responded planned resolved reopened held released; level (with "level"); scheduled (with "for")
  --as-of    decides between running and breached; now by default
  --explain  also how every severity reached judges, and the holds the customer approved
  --plan     folder whose plan says the limits; the installation's own by default
  --text     for reading; JSON otherwise
An instant without a zone is Asia/Shanghai.`

/** @throws UsageError when the plan cannot be read or says no limits */
function limitsOfPlan(folder: string): SeverityLimits[] {
  const { plan, problems } = readPlanFolder(folder)
  const value = plan?.parameters.find((one) => one.key === 'incident.severityClocks')?.value
  if (value === undefined) {
    const [first] = problems
    const where = first ? ` (${first.file}:${first.line} ${first.field} ${first.reason})` : ''
    throw new UsageError(`the limits of incidents cannot be read from the plan in ${folder}${where}; see: changbai plan check ${folder}`)
  }
  return value as unknown as SeverityLimits[]
}

const inShanghai = (at: Temporal.Instant): string => at.toZonedDateTimeISO('Asia/Shanghai').toString({ timeZoneName: 'never' })

/** @throws UsageError naming the file and each field that is wrong */
function judge(file: string, asOf: Temporal.Instant, limits: readonly SeverityLimits[]): Clocks {
  let document: unknown
  try {
    document = JSON.parse(readInput(file).replace(/^\uFEFF/, ''))
  } catch (error) {
    if (error instanceof SyntaxError) throw new UsageError(`${file}: is not JSON: ${error.message}`)
    throw error
  }
  try {
    const { level, facts } = readClockFacts(document, parseMoment)
    return judgeClocks(level, facts, limits, asOf)
  } catch (error) {
    if (error instanceof ClockFactsError) throw new UsageError(error.flaws.map((flaw) => `${file}: ${flaw}`).join('\n'))
    throw error
  }
}

const NAMES = { response: ['响应', 'response'], plan: ['方案', 'plan'], solution: ['解决', 'solution'] } as const
const STATES = { met: ['达标', 'met'], breached: ['超时', 'breached'], running: ['计时中', 'running'] } as const

const told = ({ level, startAt, dueAt, state }: Judgment) => ({ level, startAt: inShanghai(startAt), dueAt: inShanghai(dueAt), state })

export const command: Command = {
  usage,
  async run(args) {
    const { values } = parseArgs({
      args,
      options: {
        facts: { type: 'string' },
        'as-of': { type: 'string' },
        explain: { type: 'boolean', default: false },
        plan: { type: 'string' },
        lang: { type: 'string', default: 'zh' },
        json: { type: 'boolean', default: false },
        text: { type: 'boolean', default: false },
      },
    })
    const language = languageOf(values.lang)
    if (values.facts === undefined) throw new UsageError('--facts is missing')
    let asOf: Temporal.Instant
    try {
      asOf = values['as-of'] === undefined ? systemClock() : parseMoment(values['as-of'])
    } catch (error) {
      if (error instanceof RangeError) throw new UsageError(`--as-of: ${error.message}`)
      throw error
    }
    const judged = judge(values.facts, asOf, limitsOfPlan(values.plan ?? shippedPlan()))

    const clocks = judged.clocks.map(({ clock, startAt, dueAt, doneAt, state }) => ({
      clock,
      startAt: inShanghai(startAt),
      dueAt: inShanghai(dueAt),
      doneAt: doneAt && inShanghai(doneAt),
      state,
    }))
    const holds = judged.holds.map(({ from, to }) => ({ from: inShanghai(from), to: to && inShanghai(to) }))
    if (!values.text) {
      printJson(
        values.explain
          ? {
              level: judged.level,
              clocks: clocks.map((clock, index) => ({ ...clock, judgments: judged.clocks[index]?.judgments.map(told) })),
              holds,
              heldMilliseconds: judged.heldMilliseconds,
            }
          : clocks,
      )
      return 0
    }
    const word = language === 'zh' ? 0 : 1
    for (const { clock, startAt, dueAt, doneAt, state } of clocks) {
      print(`${NAMES[clock][word]}  ${startAt} → ${dueAt}  ${doneAt ?? '-'}  ${STATES[state][word]}`)
      if (!values.explain) continue
      for (const { level, dueAt: due, state: was } of judged.clocks.find((one) => one.clock === clock)?.judgments ?? []) {
        print(`  ${level}  → ${inShanghai(due)}  ${STATES[was][word]}`)
      }
    }
    if (values.explain)
      for (const { from, to } of holds) print(`${word === 0 ? '挂起（不停表）' : 'held (no clock stops)'}  ${from} – ${to ?? ''}`)
    return 0
  },
}
