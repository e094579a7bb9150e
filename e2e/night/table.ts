/**
 * The table made by hand: whole milliseconds, no code of the product, the limits as the contract words them (5.10.1-(3)). Written so that somebody with
 * paper and pencil could check each line.
 */
export type Level = 'I' | 'II' | 'III' | 'IV'
export type ClockName = 'response' | 'plan' | 'solution'

const MINUTE = 60_000
/** Response, plan, solution in minutes. */
const PROMISED: Record<Level, Record<ClockName, number>> = {
  I: { response: 10, plan: 30, solution: 3 * 60 },
  II: { response: 10, plan: 30, solution: 6 * 60 },
  III: { response: 10, plan: 30, solution: 12 * 60 },
  IV: { response: 10, plan: 2 * 60, solution: 24 * 60 },
}

/** What the player of the night wrote down, each instant as a span: somewhere between the sending of the act and its answer. */
export interface Noted {
  title: string
  /** As it was graded first. */
  first: Level
  /** The gravest level it ever had. */
  level: Level
  start: Span
  /** An appointment under IV. */
  bookedMs?: number
  done: Partial<Record<ClockName, Span>>
}
export interface Span {
  fromMs: number
  toMs: number
}
export interface Expected {
  clock: ClockName
  start: Span
  due: Span
  done: Span | null
  state: 'met' | 'breached' | 'running'
}

export function byHand(noted: Noted, asOfMs: number): Expected[] {
  return (['response', 'plan', 'solution'] as const).map((clock) => {
    const from = clock === 'solution' && noted.level === 'IV' && noted.bookedMs !== undefined ? noted.bookedMs : undefined
    const start = from === undefined ? noted.start : { fromMs: from, toMs: from }
    const minutes = PROMISED[noted.level][clock]
    const due = { fromMs: start.fromMs + minutes * MINUTE, toMs: start.toMs + minutes * MINUTE }
    const done = noted.done[clock] ?? null
    // nothing of this night happens within a second of a limit, so a span decides as an instant would
    const state = done ? (done.toMs <= due.fromMs ? 'met' : 'breached') : asOfMs <= due.fromMs ? 'running' : 'breached'
    return { clock, start, due, done, state }
  })
}

export interface Told {
  clock: ClockName
  startAt: string
  dueAt: string
  doneAt: string | null
  state: string
}
/** What the product, or the command line, says otherwise than the table; empty when they agree. */
export function disagreements(who: string, expected: readonly Expected[], told: readonly Told[]): string[] {
  const flaws: string[] = []
  const within = (what: string, span: Span | null, text: string | null) => {
    const at = text === null ? null : Temporal.Instant.from(text).epochMilliseconds
    if ((span === null) !== (at === null) || (span !== null && at !== null && (at < span.fromMs || at > span.toMs)))
      flaws.push(`${who}: ${what} is ${text ?? '—'}, by hand ${span ? `${clockTime(span.fromMs)} to ${clockTime(span.toMs)}` : '—'}`)
  }
  for (const row of expected) {
    const own = told.find((one) => one.clock === row.clock)
    if (!own) {
      flaws.push(`${who}: no clock ${row.clock}`)
      continue
    }
    within(`${row.clock} start`, row.start, own.startAt)
    within(`${row.clock} due`, row.due, own.dueAt)
    within(`${row.clock} done`, row.done, own.doneAt)
    if (own.state !== row.state) flaws.push(`${who}: ${row.clock} is ${own.state}, by hand ${row.state}`)
  }
  return flaws
}

/** 02:03:04.567 in Shanghai. */
export const clockTime = (ms: number): string =>
  Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO('Asia/Shanghai').toPlainTime().toString({ smallestUnit: 'millisecond' })
