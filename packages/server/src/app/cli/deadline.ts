import { parseArgs } from 'node:util'
import { explainDeadline, parseLimit, parseMoment, shippedCalendar } from '../../modules/calendar/offline.ts'
import { businessHoursOfPlan } from './business-hours.ts'
import { type Command, languageOf, print, printJson, shippedPlan, UsageError } from './command.ts'

const usage = `usage: changbai deadline --from INSTANT (--workdays N | --limit LIMIT) [--plan DIR] [--lang zh|en] [--json]

  --from      2026-09-18T15:00 (Asia/Shanghai), or with a zone: 2026-09-18T07:00:00Z
  --workdays  working days; ends with the business day of the last
  --limit     2wd working days, 2bh business hours, PT24H natural time
  --plan      folder whose plan says the business hours; the installation's own by default
It reckons with the calendar shipped with this release; days changed in the editor since live in the database.`

const readOrRefuse = <T>(read: () => T): T => {
  try {
    return read()
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message)
    throw error
  }
}

const inShanghai = (instant: string): string =>
  Temporal.Instant.from(instant).toZonedDateTimeISO('Asia/Shanghai').toString({ timeZoneName: 'never', smallestUnit: 'second' })

export const command: Command = {
  usage,
  async run(args) {
    const { values } = parseArgs({
      args,
      options: {
        from: { type: 'string' },
        workdays: { type: 'string' },
        limit: { type: 'string' },
        plan: { type: 'string' },
        lang: { type: 'string', default: 'zh' },
        json: { type: 'boolean', default: false },
      },
    })
    const { from, workdays, limit, plan, json } = values
    const language = languageOf(values.lang)
    if (from === undefined) throw new UsageError('--from is missing')
    if ((workdays === undefined) === (limit === undefined)) throw new UsageError('give --workdays or --limit, one of them')
    if (workdays !== undefined && !/^[1-9]\d{0,3}$/.test(workdays)) {
      throw new UsageError(`--workdays is a whole number from 1 to 9999, not ${JSON.stringify(workdays)}`)
    }
    const text = limit ?? `${workdays}wd`
    const moment = readOrRefuse(() => {
      parseLimit(text)
      return parseMoment(from)
    })
    const hours = await businessHoursOfPlan(plan ?? shippedPlan())
    const told = readOrRefuse(() => explainDeadline(moment, text, shippedCalendar(), hours))

    if (json) {
      printJson({
        from: inShanghai(told.from),
        limit: text,
        receivedOn: told.receivedOn,
        dueOn: told.dueOn,
        dueAt: inShanghai(told.dueAt),
        days: told.days.map((day) => ({ ...day, reason: day.reason[language] })),
        provisional: told.provisional,
        rule: told.rule[language],
        sources: told.sources,
      })
      return 0
    }
    const zh = language === 'zh'
    for (const day of told.days) print(`${day.on}  ${day.reason[language]}`)
    print(
      `${zh ? '截止' : 'due'} ${inShanghai(told.dueAt)}${told.provisional ? (zh ? '（暂定：该年放假安排尚未公布）' : ' (provisional: the year is not announced yet)') : ''}`,
    )
    print(told.rule[language])
    for (const source of told.sources) print(`${zh ? '依据' : 'by'} ${source}`)
    return 0
  },
}
