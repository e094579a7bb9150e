import { parseArgs } from 'node:util'
import { month as Month } from '@changbai/contract/compliance.ts'
import { readBoard } from '../../modules/compliance/index.ts'
import { systemActor } from '../../platform/actor.ts'
import { ProblemError } from '../../platform/fail.ts'
import { problemBody } from '../../platform/problem.ts'
import { writeWorkbook } from '../workbook/workbook.ts'
import { type Command, LANGUAGES, languageOf, print, printJson, UsageError } from './command.ts'
import { withServer } from './data.ts'

export const command: Command = {
  usage: `usage: changbai clauses [--month YYYY-MM] [--text] [--lang zh|en] [--workbook FILE.xlsx]

What each clause of the plan came to in a month (this month by default), computed from the recorded facts.
  state  COMPLIANT AT_RISK BREACHED WAIVED NOT_APPLICABLE NO_DATA (counts as not kept) NOT_TRIGGERED (nothing fell due)
  rate   met / (due − waived), or null
  --workbook  writes the bare records of the month and formulas that judge it anew, for a spreadsheet program to work out
  --text a line a clause, for reading; JSON otherwise
Needs the database: DATABASE_URL, or the embedded one.`,
  async run(args) {
    const { values } = parseArgs({
      args,
      options: {
        month: { type: 'string' },
        lang: { type: 'string', default: 'zh' },
        json: { type: 'boolean', default: false },
        text: { type: 'boolean', default: false },
        workbook: { type: 'string' },
      },
    })
    const language = languageOf(values.lang)
    if (values.month !== undefined && !Month.safeParse(values.month).success)
      throw new UsageError(`--month is written 2026-05, not ${JSON.stringify(values.month)}`)
    const board = await withServer(async (server) => {
      try {
        return await server.runtime.door.enter({ actor: systemActor('clauses') }, async (ctx) => {
          const read = await readBoard(ctx, { month: values.month })
          const judged = read.clauses.map(({ id, figure: { due, met } }) => ({ id, due, met }))
          if (values.workbook) await writeWorkbook(ctx, read.month, judged, values.workbook)
          return read
        })
      } catch (error) {
        if (error instanceof ProblemError)
          throw new UsageError(problemBody(error.kind, LANGUAGES[language], error.params, error.errors).title)
        throw error
      }
    })
    const lines = board.clauses.map(({ id, figure: { state, due, met, breached, waived, rate } }) => ({
      clause: id,
      state,
      due,
      met,
      breached,
      waived,
      rate,
    }))
    if (!values.text) {
      printJson(lines)
      return 0
    }
    for (const { clause, state, met, due, rate } of lines) print(`${clause.padEnd(16)} ${state.padEnd(14)} ${met}/${due} ${rate ?? ''}`)
    print(`${board.month} ${board.board.light}`)
    return 0
  },
}
