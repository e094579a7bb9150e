import { parseArgs } from 'node:util'
import { FactsError, readFacts } from '@changbai/verify/availability/facts-file.ts'
import { availabilityFraction, budgetLeftMs, figuresOver, isMet, openAccount } from '@changbai/verify/availability/figures.ts'
import { readInstant } from '@changbai/verify/availability/moment.ts'
import { isContractYear, yearSpan } from '@changbai/verify/availability/year.ts'
import { type Command, print, printJson, readInput, UsageError } from './command.ts'

const usage = `usage: changbai availability --year YEAR --facts FILE.json [--as-of INSTANT] [--text]

Availability of one application in one contract year (from 1 January 00:00 Asia/Shanghai, 365 days), from a file alone:
  {"outages":[{"id","from","to","ruling":"provider|not-provider|undecided"}],
   "planned":[{"from","to","noticedAt","approvedAt"}],"unknown":[{"from","to"}]}
Instants are ISO 8601, without a zone Asia/Shanghai; stretches are half-open and clipped to the year, never to now.
  --as-of   where an open outage ("to" null or left out) ends; by default the end of the year
countedMs     provider's or undecided, overlaps once, without valid planned windows
unknownMs     not measured; reported apart, never counted
plannedMs     planned windows noticed and approved before they begin, inside the year, overlaps once
budgetLeftMs  31536000 - countedMs; negative once the year is lost
availability  (year - countedMs)/year in milliseconds, not reduced
met           at least 99.9 %; at the limit counts as met
--text        for reading; JSON otherwise`

export const command: Command = {
  usage,
  async run(args) {
    const { values } = parseArgs({
      args,
      options: {
        year: { type: 'string' },
        facts: { type: 'string' },
        'as-of': { type: 'string' },
        json: { type: 'boolean', default: false },
        text: { type: 'boolean', default: false },
      },
    })
    const year = Number(values.year)
    if (values.year === undefined) throw new UsageError('--year is missing')
    if (!/^\d{4}$/.test(values.year) || !isContractYear(year))
      throw new UsageError(`--year is a year from 1992 to 9998, not ${JSON.stringify(values.year)}`)
    if (values.facts === undefined) throw new UsageError('--facts is missing')
    const span = yearSpan(year)
    const asOf = values['as-of'] === undefined ? span.to : readInstant(values['as-of'])
    if (asOf === undefined) throw new UsageError(`--as-of ${JSON.stringify(values['as-of'])} is not an instant`)

    const { countedMs, unknownMs, plannedMs } = figuresOver(openAccount(factsIn(values.facts, asOf)), span)
    const answer = {
      countedMs,
      unknownMs,
      plannedMs,
      budgetLeftMs: budgetLeftMs(countedMs),
      availability: availabilityFraction(countedMs),
      met: isMet(countedMs),
    }
    if (!values.text) printJson(answer)
    else for (const [name, value] of Object.entries(answer)) print(`${name.padEnd(13)} ${value}`)
    return 0
  },
}

/** @throws UsageError naming the file and, if it is one, the field */
function factsIn(file: string, openEnd: number) {
  const text = readInput(file)
  try {
    return readFacts(JSON.parse(text.replace(/^\ufeff/, '')), openEnd)
  } catch (error) {
    if (error instanceof FactsError) throw new UsageError(`${file}: ${error.message}`)
    if (error instanceof SyntaxError) throw new UsageError(`${file}: not JSON: ${error.message}`)
    throw error
  }
}
