import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { month as Month } from '@changbai/contract/compliance.ts'
import { printMonth } from '../../modules/report/index.ts'
import { systemActor } from '../../platform/actor.ts'
import { ProblemError } from '../../platform/fail.ts'
import { problemBody } from '../../platform/problem.ts'
import { type Command, LANGUAGES, languageOf, print, printJson, UsageError } from './command.ts'
import { withServer } from './data.ts'

export const command: Command = {
  usage: `usage: changbai report month YYYY-MM --out FILE.docx [--json] [--lang zh|en]

Writes the monthly report as a Word document on the template in force: what was handed in as it was handed in, anything else from the recorded
facts of now. Nothing is opened by it and nobody is told.
Needs the database: DATABASE_URL, or the embedded one.`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { out: { type: 'string' }, json: { type: 'boolean', default: false }, lang: { type: 'string', default: 'zh' } },
    })
    const language = languageOf(values.lang)
    const [what, month] = positionals
    if (what !== 'month' || month === undefined || positionals.length > 2) throw new UsageError('say: report month YYYY-MM --out FILE.docx')
    if (!Month.safeParse(month).success) throw new UsageError(`a month is written 2026-05, not ${JSON.stringify(month)}`)
    const { out } = values
    if (!out?.endsWith('.docx')) throw new UsageError('--out names a file that ends in .docx')
    const { name, bytes } = await withServer(async ({ runtime }) => {
      try {
        return await runtime.door.enter({ actor: systemActor('report') }, (ctx) => printMonth(ctx, month))
      } catch (error) {
        if (error instanceof ProblemError)
          throw new UsageError(problemBody(error.kind, LANGUAGES[language], error.params, error.errors).title)
        throw error
      }
    })
    writeFileSync(out, bytes)
    if (values.json) printJson({ month, name, file: out, bytes: bytes.length })
    else print(`${out}  ${bytes.length} bytes  ${name}`)
    return 0
  },
}
