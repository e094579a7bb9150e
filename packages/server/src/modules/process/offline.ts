/**
 * What needs files only: check a definition, play it in memory. Loads no database and no server code, so that a command starts in a
 * fraction of a second.
 */
import { compile } from './bpmn/model/compile.ts'
import { addNatural, readSpan } from './bpmn/model/span.ts'
import { Player, type PlayResult, type PlayStep } from './bpmn/play.ts'
import type { Flaw, Program } from './bpmn/program.ts'

export type { PlayResult, PlayStep } from './bpmn/play.ts'

export interface Finding {
  /** Id in the file; null when the file as a whole cannot be read. */
  element: string | null
  reason: string
  level: 'error' | 'warning'
}
export type Language = 'zh-CN' | 'en-US'

export interface FolderLookups {
  /** File name without `.bpmn`. */
  key: string
  /** Text of the definition with this key beside it; null when there is none. Absent: called processes are not checked. */
  called?(key: string): string | null
  /** Text of a parameter of the plan; absent: parameters are not checked. */
  parameter?(key: string): string | undefined
  language?: Language
}

const toFinding = ({ element, zh, en, level }: Flaw, language: Language): Finding => ({
  element,
  reason: language === 'en-US' ? en : zh,
  level,
})

/** As deployment checks it: whitelist, FEEL, references, soundness, layout. `ok` when no finding is an error. */
export async function checkDefinition(xml: string, folder: FolderLookups): Promise<{ ok: boolean; findings: Finding[] }> {
  const { called, parameter } = folder
  const { program, flaws } = await compile(
    folder.key,
    xml,
    {
      ...(called ? { calledProcess: (key: string) => key === folder.key || called(key) !== null } : {}),
      ...(parameter ? { parameter } : {}),
    },
    { layout: true },
  )
  return { ok: program !== null, findings: flaws.map((flaw) => toFinding(flaw, folder.language ?? 'zh-CN')) }
}

export class PlayScriptError extends Error {}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
const isText = (value: unknown): value is string | undefined => value === undefined || typeof value === 'string'

/** @throws PlayScriptError naming the step that is not one */
export function readPlayScript(json: unknown): PlayStep[] {
  if (!Array.isArray(json)) throw new PlayScriptError('the script is a list of steps')
  return json.map((step: unknown, index): PlayStep => {
    const wrong = (why: string): PlayScriptError => new PlayScriptError(`step ${index + 1}: ${why}`)
    if (!isObject(step)) throw wrong('not an object')
    if (index === 0 && isObject(step.start) && Object.keys(step).length === 1) return { start: step.start }
    const kinds = ['complete', 'advance', 'message', 'fail'].filter((kind) => kind in step)
    const [kind = ''] = kinds
    const subject = step[kind]
    if (kinds.length !== 1) throw wrong('exactly one of complete, advance, message, fail')
    if (typeof subject !== 'string' || subject === '') throw wrong(`"${kind}" is a text`)
    if (kind === 'complete') {
      const { outcome, data } = step
      if (outcome !== null && !isText(outcome)) throw wrong('"outcome" is a text')
      if (data !== undefined && !isObject(data)) throw wrong('"data" is an object')
      return { complete: subject, outcome: outcome ?? undefined, data }
    }
    if (kind === 'advance') {
      if (readSpan(subject)?.unit !== 'iso') throw wrong('"advance" is an ISO 8601 duration such as PT2H')
      return { advance: subject }
    }
    if (kind === 'message') {
      if (!isText(step.key)) throw wrong('"key" is a text')
      return { message: subject, key: step.key }
    }
    if (!isText(step.error)) throw wrong('"error" is a text')
    return { fail: subject, error: step.error }
  })
}

export interface PlayOptions extends FolderLookups {
  now?: Temporal.Instant
  /** End of `2wd` and `2bh`; absent: a working day is any day but Saturday and Sunday, an hour is an hour. */
  addTime?(from: Temporal.Instant, span: string): Temporal.Instant
}

/** Weekdays only: enough to play with when no calendar is at hand. */
function addPlainTime(from: Temporal.Instant, text: string): Temporal.Instant {
  const span = readSpan(text)
  if (!span) throw new RangeError(`not a duration: ${text}`)
  if (span.unit === 'iso') return addNatural(from, span.duration)
  if (span.unit === 'bh') return from.add({ hours: span.amount })
  let day = from.toZonedDateTimeISO('Asia/Shanghai')
  for (let left = span.amount; left > 0; ) {
    day = day.add({ days: 1 })
    if (day.dayOfWeek <= 5) left -= 1
  }
  return day.toInstant()
}

/** Compiles the definition and all that it calls. */
async function compileAll(xml: string, options: PlayOptions): Promise<{ programs: Map<string, Program>; flaws: Flaw[] }> {
  const programs = new Map<string, Program>()
  const todo: [string, string][] = [[options.key, xml]]
  for (let next = todo.pop(); next; next = todo.pop()) {
    const [key, text] = next
    if (programs.has(key)) continue
    const { program, flaws } = await compile(key, text)
    if (!program) return { programs, flaws }
    programs.set(key, program)
    for (const node of program.nodes.values()) {
      if (node.kind !== 'call') continue
      const called = node.called === options.key ? xml : (options.called?.(node.called) ?? null)
      if (called === null) {
        const zh = `找不到被调用的流程：${node.called}`
        return { programs, flaws: [{ element: node.id, zh, en: `the called process is not found: ${node.called}`, level: 'error' }] }
      }
      todo.push([node.called, called])
    }
  }
  return { programs, flaws: [] }
}

export type Played = { findings: Finding[] } | (Omit<PlayResult, 'problem'> & { problem?: { element: string | null; reason: string } })

/** Plays a definition; a layout is not needed. `findings` instead of a trace when the definition itself is refused. */
export async function playDefinition(xml: string, script: readonly PlayStep[], options: PlayOptions): Promise<Played> {
  const language = options.language ?? 'zh-CN'
  const { programs, flaws } = await compileAll(xml, options)
  if (flaws.length > 0) {
    const worstFirst = flaws.toSorted((one, other) => Number(one.level === 'warning') - Number(other.level === 'warning'))
    return { findings: worstFirst.map((flaw) => toFinding(flaw, language)) }
  }
  const player = new Player({
    programs,
    now: options.now ?? Temporal.Instant.from('2026-01-05T01:00:00Z'),
    addTime: options.addTime ?? addPlainTime,
    parameter: (key) => options.parameter?.(key) ?? 'PT24H',
  })
  const { problem, ...result } = player.play(options.key, script)
  if (!problem) return result
  return { ...result, problem: { element: problem.element, reason: language === 'en-US' ? problem.en : problem.zh } }
}
