import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { dueAt, parseMoment, shippedCalendar } from '../../modules/calendar/offline.ts'
import {
  checkDefinition,
  type FolderLookups,
  PlayScriptError,
  type PlayStep,
  playDefinition,
  readPlayScript,
} from '../../modules/process/offline.ts'
import { businessHoursOfPlan } from './business-hours.ts'
import { type Command, LANGUAGES, languageOf, print, printJson, readInput, shippedPlan, UsageError } from './command.ts'
import { spansOfPlan } from './plan-parameters.ts'

const usage = `usage: changbai process check FILE... [--lang zh|en] [--json]
       changbai process play FILE [--script FILE.json] [--now INSTANT] [--lang zh|en] [--json]

check  a line a file: ok, or the element's id and the reason. The file name is the process key; called processes are
       found in the same folder, parameters in ../plan.yaml where there is one.
play   plays a definition in memory and prints {"trace":[...],"state":"...","waiting":[...]}; a layout is not needed.
       The script is a list of {"complete":"taskId","outcome":"...","data":{}}, {"advance":"PT2H"},
       {"message":"name","key":"..."}, {"fail":"serviceTaskId","error":"CODE"}; the first step may be
       {"start":{"name":value}}, the facts the process begins with. A condition sees the outcome as outcome and
       taskId.outcome, and every member of data and start by its name.`

/** A file without any picture would fill the screen; --json lists everything. */
const ERRORS_SHOWN = 5

const keyOf = (file: string): string => basename(file).replace(/\.bpmn$/, '')

/** What lies beside a definition: the processes it calls, and the plan whose parameters it names. */
async function lookupsOf(file: string, language: 'zh' | 'en'): Promise<FolderLookups> {
  const folder = dirname(file)
  const parameter = await spansOfPlan(join(folder, '..'))
  return {
    key: keyOf(file),
    language: LANGUAGES[language],
    called(key) {
      const other = join(folder, `${basename(key)}.bpmn`)
      return existsSync(other) ? readFileSync(other, 'utf8') : null
    },
    ...(parameter ? { parameter } : {}),
  }
}

async function check(files: readonly string[], language: 'zh' | 'en', json: boolean): Promise<number> {
  if (files.length === 0) throw new UsageError('process check needs a file')
  const texts = files.map((file) => [file, readInput(file)] as const)
  const results: { file: string; ok: boolean; findings: { element: string | null; reason: string; level: string }[] }[] = []
  for (const [file, text] of texts) results.push({ file, ...(await checkDefinition(text, await lookupsOf(file, language))) })

  if (json) printJson({ ok: results.every((one) => one.ok), files: results })
  else {
    for (const { file, ok, findings } of results) {
      const errors = findings
        .filter((one) => one.level === 'error')
        .map(({ element, reason }) => [element, reason].filter(Boolean).join(' '))
      // one file needs no name before its line, as with grep
      const more = errors.length - ERRORS_SHOWN
      const shown = errors.slice(0, ERRORS_SHOWN).join('; ') + (more > 0 ? `; +${more}` : '')
      print(`${files.length > 1 ? `${file}: ` : ''}${ok ? 'ok' : shown}`)
    }
  }
  return results.every((one) => one.ok) ? 0 : 1
}

function readScript(file: string | undefined): PlayStep[] {
  if (file === undefined) return []
  const text = readInput(file)
  try {
    return readPlayScript(JSON.parse(text))
  } catch (error) {
    if (error instanceof PlayScriptError || error instanceof SyntaxError) throw new UsageError(`${file}: ${error.message}`)
    throw error
  }
}

function readNow(text: string): Temporal.Instant {
  try {
    return parseMoment(text)
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}

async function play(files: readonly string[], script: string | undefined, now: string | undefined, language: 'zh' | 'en'): Promise<number> {
  const [file, ...rest] = files
  if (file === undefined || rest.length > 0) throw new UsageError('process play needs one file')
  const xml = readInput(file)
  const steps = readScript(script)
  const calendar = shippedCalendar()
  const hours = await businessHoursOfPlan(shippedPlan())
  const played = await playDefinition(xml, steps, {
    ...(await lookupsOf(file, language)),
    addTime: (from, span) => dueAt(from, span, calendar, hours),
    ...(now === undefined ? {} : { now: readNow(now) }),
  })
  printJson(played)
  return 'findings' in played || played.problem ? 1 : 0
}

export const command: Command = {
  usage,
  async run(args) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        script: { type: 'string' },
        now: { type: 'string' },
        lang: { type: 'string', default: 'zh' },
        json: { type: 'boolean', default: false },
      },
    })
    const [verb, ...files] = positionals
    const language = languageOf(values.lang)
    if (verb === 'check') return check(files, language, values.json)
    if (verb === 'play') return play(files, values.script, values.now, language)
    throw new UsageError('process knows two things: check FILE..., play FILE')
  },
}
