import type { WorkCalendar } from '../../../modules/calendar/index.ts'
import { answerCall, serveProvider, serveRequest } from './acts/calls.ts'
import { advise, drill, fillLibrary, giveGuidance, knowProblems } from './acts/care.ts'
import { enlargeServer } from './acts/changes.ts'
import { readNotices } from './acts/letters.ts'
import { coordinate, meetWeekly, signBoard } from './acts/meetings.ts'
import { finishReleases, giveBack } from './acts/reclaims.ts'
import { approveReport, assessQuarter, freezeMonth, presentReport, trackPlans, writeReport } from './acts/reports.ts'
import { askers, askForResources, endTrials } from './acts/requests.ts'
import { keepRosters } from './acts/rosters.ts'
import { walkRound } from './acts/rounds.ts'
import { keepTrainings, planTrainings } from './acts/trainings.ts'
import { haveTrouble } from './acts/troubles.ts'
import { checkPolicies, planCapacity, readDeviceLogs } from './acts/watch.ts'
import type { Act, Agenda } from './agenda.ts'
import { throwDice } from './dice.ts'
import { instantOf, type Owner, type Scene } from './staff.ts'

/** A roster reaches this far. */
const ROSTER_DAYS = 46

export interface Course {
  /** First day of the history. */
  from: Temporal.PlainDate
  seed: number
  calendar: Pick<WorkCalendar, 'dayAt'>
}

/** One day of the second month leaves a round out: a board that is green throughout teaches nothing. */
export const brokenDay = ({ from, seed }: Pick<Course, 'from' | 'seed'>): Temporal.PlainDate =>
  from.add({ months: 1 }).with({ day: throwDice(seed).number(8, 20) })

/** A day has its own chance, so that it comes out the same whether or not the days before were lived in this process. */
const diceOf = (seed: number, on: Temporal.PlainDate) =>
  throwDice((seed ^ Math.imul(instantOf(on).epochMilliseconds / 3_600_000, 0x9e3779b1)) >>> 0)

/** Puts what people do on one day into the agenda; what lies before `since` was done by an earlier process. */
export function planDay(
  agenda: Agenda,
  people: Omit<Scene, 'dice'>,
  on: Temporal.PlainDate,
  course: Course,
  since: Temporal.Instant,
): void {
  const { from, seed, calendar } = course
  const dice = diceOf(seed, on)
  const scene: Scene = { ...people, dice }
  const { staff, tally } = people
  const late = () => String(dice.number(10, 40)).padStart(2, '0')
  const at = (time: string, act: Act) => {
    const begins = instantOf(on, time)
    if (Temporal.Instant.compare(begins, since) >= 0) agenda.add(begins, act)
  }
  const isWorkday = (day: Temporal.PlainDate) => calendar.dayAt(day).isWorkday
  const today = on.toString()

  if (from.until(on).days % ROSTER_DAYS === 0) at('00:00', () => keepRosters(scene))
  at(`08:${late()}`, walkRound(scene, 'FACILITY', dice.pick(staff.engineers)))
  const afternoon = `13:${late()}`
  if (on.equals(brokenDay(course))) tally.missed.push(`${today} FACILITY`)
  else at(afternoon, walkRound(scene, 'FACILITY', dice.pick(staff.engineers)))
  at(`19:${late()}`, walkRound(scene, 'FACILITY', dice.pick(staff.engineers)))
  at(`09:${late()}`, walkRound(scene, 'PLATFORM', staff.maintenance))
  at(`09:${late()}`, walkRound(scene, 'TENANT_SERVICE', staff.operation))
  at(`15:${late()}`, walkRound(scene, 'TENANT_SERVICE', staff.operation))
  if (dice.chance(0.45)) at(`${dice.pick(['09', '10', '11', '13'])}:${late()}`, haveTrouble(scene))

  if (on.equals(from)) {
    at('09:00', () => planTrainings(scene))
    at('09:20', () => fillLibrary(scene))
    at('09:40', () => giveGuidance(scene))
    at('14:00', drill(scene))
    at('11:00', () => planCapacity(scene))
    // the week in which everything begins is met and signed as well, also on its last days
    if (!isWorkday(on)) {
      at('09:10', meetWeekly(scene))
      at('16:00', () => signBoard(scene))
    }
  }
  at(`16:${late()}`, readDeviceLogs(scene, dice.pick(staff.engineers)))
  if (on.day === 1 && !on.equals(from)) at('09:00', () => freezeMonth(scene, on.subtract({ days: 1 }).toPlainYearMonth().toString()))
  if (!isWorkday(on)) return

  for (let count = dice.number(1, 4); count > 0; count -= 1) at(`${dice.pick(['09', '10', '11', '14', '15'])}:${late()}`, answerCall(scene))
  if (dice.chance(0.3)) at(`10:${late()}`, serveRequest(scene))
  at('08:40', keepTrainings(scene))
  const within = (start: Temporal.PlainDate, end: Temporal.PlainDate) => {
    for (let day = start; Temporal.PlainDate.compare(day, end) < 0; day = day.add({ days: 1 })) if (isWorkday(day)) return true
    return false
  }
  const monday = on.subtract({ days: on.dayOfWeek - 1 })
  if (!within(monday, on)) at('09:00', meetWeekly(scene))
  if (!within(on.add({ days: 1 }), monday.add({ days: 7 }))) {
    at('16:00', () => signBoard(scene))
    at('17:20', () => readNotices(scene))
  }
  planBusiness(scene, on, { from, at, isFirst: (day) => on.day >= day && !within(on.with({ day }), on) })
  const first = on.with({ day: 1 })
  const month = first.subtract({ days: 1 }).toPlainYearMonth().toString()
  const hasReport = Temporal.PlainDate.compare(first, from) > 0
  if (!within(first, on)) {
    if (hasReport) {
      at('09:10', writeReport(scene, month))
      at('15:00', approveReport(scene, month))
    }
    if (hasReport && on.month % 3 === 1) {
      const over = first.subtract({ days: 1 })
      at('09:30', assessQuarter(scene, `${over.year}-Q${Math.ceil(over.month / 3)}`))
      at('10:30', () => giveGuidance(scene))
      at('11:00', () => planCapacity(scene))
    }
  }
  const tenth = on.with({ day: 10 })
  if (hasReport && on.day >= 10 && !within(tenth, on)) at('10:00', presentReport(scene, month))
  const fifteenth = on.with({ day: 15 })
  if (on.day >= 15 && !within(fifteenth, on)) {
    at('14:00', coordinate(scene))
    at('15:30', () => trackPlans(scene))
    at('16:30', () => knowProblems(scene))
    if (on.month === from.month) at('10:00', advise(scene))
  }
}

interface Workday {
  from: Temporal.PlainDate
  at(time: string, act: Act): void
  /** Is this the first working day of the month from that day on? */
  isFirst(day: number): boolean
}

/** What bureaus ask for and give back in the course of a month. */
function planBusiness(scene: Scene, on: Temporal.PlainDate, { from, at, isFirst }: Workday): void {
  const month = from.with({ day: 1 }).until(on.with({ day: 1 }), { largestUnit: 'months' }).months
  const asking = askers(scene.staff.owners)
  const owner = (turn: number) => asking[turn % asking.length] ?? (scene.staff.owners[0] as Owner)
  if (isFirst(3)) at('09:15', askForResources(scene, { owner: owner(month), isNew: true, serial: 2 * month }))
  if (isFirst(8)) at('10:05', serveProvider(scene, 0))
  if (isFirst(10)) at('09:20', askForResources(scene, { owner: owner(month + 3), isNew: false, serial: 2 * month + 1 }))
  if (isFirst(14)) at('09:25', enlargeServer(scene, owner(month + 3)))
  if (isFirst(16)) at('09:35', giveBack(scene, owner(month + 3), 'SERVER'))
  if (isFirst(18)) at('09:35', giveBack(scene, owner(month + 3), 'VOLUME'))
  if (isFirst(20)) at('11:10', () => checkPolicies(scene))
  if (isFirst(22)) at('10:05', serveProvider(scene, 1))
  if (on.dayOfWeek === 2 || on.dayOfWeek === 4) at('10:45', finishReleases(scene))
  if (on.dayOfWeek === 3) at('10:55', () => endTrials(scene))
}
