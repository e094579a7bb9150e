import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { beginSimulatedExporters, runSimulatedExporters } from '../../../modules/alarm/index.ts'
import { loadCalendar } from '../../../modules/calendar/index.ts'
import { growDemoInventory, seedDemoInventory } from '../../../modules/inventory/index.ts'
import { drainDueJobs } from '../../../modules/process/index.ts'
import { seedDemoProtection } from '../../../modules/security/index.ts'
import { seedDemoHistory } from '../../../modules/telemetry/index.ts'
import type { JobQueue } from '../../../platform/jobs.ts'
import { loadPromises } from '../../prepare.ts'
import { dueWorks } from '../../schedule.ts'
import type { ServerParts } from '../../server.ts'
import { demoBureaus, demoPeople } from '../cast.ts'
import { giveDemoPasswords, seedDemoPeople } from '../people.ts'
import { Cast, seedMeasured, seedPresent, seedStanding } from '../today.ts'
import { Agenda } from './agenda.ts'
import { type Chronicle, openChronicle, readChronicle, writeChronicle } from './chronicle.store.ts'
import { type Course, planDay } from './days.ts'
import { throwDice } from './dice.ts'
import { furnish, type House } from './house.ts'
import { dayOf, gatherStaff, instantOf, knownPeople, START, type Staff, type Tally } from './staff.ts'
import { openStage, type Stage } from './stage.ts'

export interface WorldOrder {
  /** First day of the history. */
  from: Temporal.PlainDate
  seed: number
  /** 40 unless told; a test makes do with less. */
  bureaus?: number
  planDir: string
}

export interface WorldReport extends Tally {
  bureaus: number
  applications: number
  servers: number
  from: string
  until: string
  /** Of what happened, names and times without identifiers: the same order and seed give the same. */
  digest: string
}

type Parts = Pick<ServerParts, 'databaseUrl' | 'secrets' | 'log'>
/** Somebody has been here: a world is only made where nothing is. */
export class InhabitedError extends Error {}

const BUREAUS = 40
/** Three applications a bureau, every second pair of them on twice as many servers. */
const SIZE = { applications: () => 3, largerBy: 2 }
/** Of the whole work: the other bureaus' resources, what is measured, what lies on the desks in the end; the rest are the days. */
const SHARE = { settled: 0.08, measured: 0.14, present: 0.06 }
/** Simulated exporters are heard this often. */
const REPORT_SECONDS = 100
const isLater = (a: Temporal.Instant, b: Temporal.Instant): boolean => Temporal.Instant.compare(a, b) > 0
const earlier = (a: Temporal.Instant, b: Temporal.Instant): Temporal.Instant => (isLater(a, b) ? b : a)

async function settle(stage: Stage, house: House, { from, seed, planDir }: WorldOrder, end: Temporal.Instant): Promise<void> {
  const { door } = stage.server.runtime
  await door.enter(START, async ({ db }) => {
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from person`.execute(db)
    if ((rows[0]?.n ?? 0) > 0) throw new InhabitedError('this installation holds people already; a world is made in an empty one')
  })
  await loadPromises(door, planDir)
  const known = await door.enter(START, async (ctx) => {
    const made = await seedDemoPeople(ctx, house)
    const cast = new Cast(made, house)
    await seedDemoInventory(ctx, cast.tenants.slice(0, demoBureaus.length), SIZE)
    await seedStanding(ctx, cast)
    await openChronicle(ctx.db, { seed, bureaus: house.bureaus.length, from_on: from, state: 'FOUNDED', lived_until: instantOf(from) })
    return made
  })
  stage.setNow(end)
  const mine = new Set(demoPeople.map(({ signIn }) => signIn))
  const people = new Map([...known.people].filter(([signIn]) => mine.has(signIn)))
  await door.enter(START, (ctx) => giveDemoPasswords(ctx, { ...known, people }))
}

const houseOf = ({ seed, bureaus = BUREAUS }: Pick<WorldOrder, 'seed' | 'bureaus'>): House => furnish(throwDice(seed), bureaus)

/** A world that has been founded, with its people at work. */
export class World {
  readonly tally: Tally = { incidents: 0, rounds: 0, calls: 0, missed: [] }
  readonly #stage: Stage
  readonly #house: House
  #staff: Staff
  readonly #course: Course
  readonly #agenda = new Agenda()
  /** Days before this one have been put into the agenda. */
  #planned: Temporal.PlainDate
  #livedUntil: Temporal.Instant
  #state: Chronicle['state']

  private constructor(
    stage: Stage,
    house: House,
    staff: Staff,
    course: Course,
    row: { state: Chronicle['state']; lived_until: Temporal.Instant },
  ) {
    this.#stage = stage
    this.#house = house
    this.#staff = staff
    this.#course = course
    this.#state = row.state
    this.#livedUntil = row.lived_until
    this.#planned = dayOf(row.lived_until)
  }

  /**
   * Makes the beginning of a world in one transaction: plan, people, resources; what pages need to be served.
   * @param end the present of the world: passwords count from there
   * @throws InhabitedError when the installation holds people already
   */
  static async found(parts: Parts, order: WorldOrder, end: Temporal.Instant): Promise<World> {
    const stage = await openStage(parts, instantOf(order.from))
    try {
      const house = houseOf(order)
      await stage.asOne(() => settle(stage, house, order, end))
      return await World.#enter(stage, house)
    } catch (error) {
      await stage.close()
      throw error
    }
  }

  /** @returns null where no world was founded */
  static async open(parts: Parts): Promise<World | null> {
    const stage = await openStage(parts, Temporal.Instant.fromEpochMilliseconds(0))
    try {
      const row = await stage.server.runtime.door.enter(START, ({ db }) => readChronicle(db))
      if (row) return await World.#enter(stage, houseOf(row))
    } catch (error) {
      await stage.close()
      throw error
    }
    await stage.close()
    return null
  }

  static async #enter(stage: Stage, house: House): Promise<World> {
    const { door } = stage.server.runtime
    const row = await door.enter(START, ({ db }) => readChronicle(db))
    if (!row) throw new Error('the world that was founded is not there')
    stage.setNow(row.lived_until)
    const calendar = await door.enter(START, loadCalendar)
    return new World(stage, house, await gatherStaff(stage, house), { from: row.from_on, seed: row.seed, calendar }, row)
  }

  /** Everything that people do before this is done. */
  get livedUntil(): Temporal.Instant {
    return this.#livedUntil
  }

  /**
   * Lives up to `end`, a day in one transaction: after a kill the next run goes on with the day that was not finished.
   * @param onProgress told the share that is done
   */
  async fill(
    end: Temporal.Instant,
    onProgress: (share: number, on: Temporal.PlainDate) => void = () => {},
    isStopping: () => boolean = () => false,
  ): Promise<void> {
    const stage = this.#stage
    const { from } = this.#course
    const isFirst = this.#state !== 'LIVED'
    // a world that was lived before and has missed no day has no bar to show
    if (isFirst) onProgress(0, from)
    if (this.#state === 'FOUNDED') await this.#settleOthers()
    if (isFirst) onProgress(SHARE.settled, from)
    if (this.#state === 'SETTLED') await this.#measure(end)
    const begun = isFirst ? instantOf(from) : this.#livedUntil
    const before = isFirst ? SHARE.settled + SHARE.measured : 0
    const days = isFirst ? 1 - before - SHARE.present : 1
    while (isLater(end, this.#livedUntil)) {
      if (isStopping()) return
      const share = begun.until(this.#livedUntil).total('hours') / begun.until(end).total('hours')
      onProgress(before + days * share, dayOf(this.#livedUntil))
      await stage.asOne(() => this.#liveOn(end))
    }
    if (!isFirst) {
      if (isLater(this.#livedUntil, begun)) onProgress(1, dayOf(end))
      return
    }
    onProgress(1 - SHARE.present, dayOf(end))
    stage.setNow(end)
    await stage.asOne(() =>
      stage.server.runtime.door.enter(START, async (ctx) => {
        await seedPresent(ctx, await this.#cast(ctx), { isLived: true })
        await beginSimulatedExporters(ctx, { from: instantOf(this.#course.from), until: end })
        await writeChronicle(ctx.db, { state: 'LIVED' })
      }),
    )
    this.#state = 'LIVED'
    onProgress(1, dayOf(end))
  }

  /** From now on by the real clock: what is due now is done now. @param onRefused told what the product refused, because somebody was faster */
  async goLive(queue: Pick<JobQueue, 'enqueue'>, onRefused: (error: unknown) => void): Promise<void> {
    this.#onRefused = onRefused
    await this.#stage.goLive(queue)
    await this.#report()
  }
  #reportedAt: Temporal.Instant | undefined

  /** The exporters say that everything is there, before anybody could miss them. */
  async #report(): Promise<void> {
    const now = this.#stage.now()
    if (this.#reportedAt && !isLater(now, this.#reportedAt.add({ seconds: REPORT_SECONDS }))) return
    this.#reportedAt = now
    await this.#stage.server.runtime.door.enter(START, runSimulatedExporters)
  }
  #onRefused: ((error: unknown) => void) | undefined

  /** What has come due since. */
  async liveNow(): Promise<void> {
    const now = this.#stage.now()
    await this.#report()
    this.#planUntil(now)
    await this.#agenda.runUntil(now, () => {}, this.#onRefused)
    await this.#stage.server.runtime.door.enter(START, ({ db }) => writeChronicle(db, { lived_until: now }))
    this.#livedUntil = now
  }

  async report(until: Temporal.PlainDate): Promise<WorldReport> {
    return { ...(await counts(this.#stage)), ...this.tally, from: this.#course.from.toString(), until: until.toString() }
  }

  close(): Promise<void> {
    return this.#stage.close()
  }

  readonly #cast = async (ctx: Parameters<typeof knownPeople>[0]): Promise<Cast> => new Cast(await knownPeople(ctx), this.#house)

  async #settleOthers(): Promise<void> {
    const stage = this.#stage
    await stage.asOne(() =>
      stage.server.runtime.door.enter(START, async (ctx) => {
        const cast = await this.#cast(ctx)
        const { tenants } = cast
        await growDemoInventory(ctx, tenants.slice(demoBureaus.length), SIZE)
        await seedDemoProtection(ctx, cast.person('majun').name)
        await writeChronicle(ctx.db, { state: 'SETTLED' })
      }),
    )
    this.#state = 'SETTLED'
    this.#staff = await gatherStaff(stage, this.#house)
  }

  async #measure(end: Temporal.Instant): Promise<void> {
    const stage = this.#stage
    stage.setNow(end)
    await stage.asOne(() =>
      stage.server.runtime.door.enter(START, async (ctx) => {
        const cast = await this.#cast(ctx)
        await seedMeasured(ctx, cast, { isKept: true })
        await seedDemoHistory(ctx, instantOf(this.#course.from))
        await beginSimulatedExporters(ctx, { from: instantOf(this.#course.from), until: end })
        const others = new Map([...cast.people.people].filter(([signIn]) => !demoPeople.some((one) => one.signIn === signIn)))
        await giveDemoPasswords(ctx, { ...cast.people, people: others })
        await writeChronicle(ctx.db, { state: 'MEASURED' })
      }),
    )
    this.#state = 'MEASURED'
  }

  /** A day, or more where something begun is not finished by midnight. */
  async #liveOn(end: Temporal.Instant): Promise<void> {
    const stage = this.#stage
    let until = this.#livedUntil
    do {
      until = earlier(instantOf(dayOf(until).add({ days: 1 })), end)
      this.#planUntil(until)
      await this.#agenda.runUntil(until, stage.setNow, this.#state === 'LIVED' ? this.#onRefused : undefined)
      stage.setNow(until)
      await this.#upkeep()
      // what came in the course of a month is watched from its first hour, also when the month is judged
      if (dayOf(until).day === 1 || !isLater(end, until)) await this.#watch(end)
    } while (isLater(end, until) && !this.#agenda.isQuiet)
    await stage.server.runtime.door.enter(START, ({ db }) => writeChronicle(db, { lived_until: until }))
    this.#livedUntil = until
  }

  #planUntil(until: Temporal.Instant): void {
    for (; isLater(until, instantOf(this.#planned)); this.#planned = this.#planned.add({ days: 1 }))
      planDay(this.#agenda, { stage: this.#stage, staff: this.#staff, tally: this.tally }, this.#planned, this.#course, this.#livedUntil)
  }

  async #watch(end: Temporal.Instant): Promise<void> {
    const from = instantOf(this.#course.from)
    await this.#stage.server.runtime.door.enter(START, (ctx) => beginSimulatedExporters(ctx, { from, until: end }))
  }

  /** What the product does by itself, once a day of the past: timers, jobs, the seal. */
  async #upkeep(): Promise<void> {
    const { runtime } = this.#stage.server
    for (const work of dueWorks) if (work.name !== 'telemetry.fold') while ((await work.run(runtime)) > 0);
    await drainDueJobs(runtime)
    await runtime.door.enter(START, (ctx) => ctx.enqueue('ledger.seal', {}))
    await runtime.jobs.drain()
  }
}

async function counts(stage: Stage): Promise<Pick<WorldReport, 'bureaus' | 'applications' | 'servers' | 'digest'>> {
  const { db } = stage.server.runtime.door
  const { rows } = await sql<{ bureaus: number; applications: number; servers: number; story: string | null }>`
    select (select count(*)::int from tenant) as bureaus, (select count(*)::int from application) as applications, (select count(*)::int from server) as servers,
      (select string_agg(line, E'\n' order by line) from (
        select number || ' ' || title || ' ' || clock_start_at::text as line from incident
        union all select number || ' ' || kind || ' ' || done_at::text from inspection_round
        union all select content || ' ' || called_at::text from hotline_call
        union all select number || ' ' || held_at::text from meeting
        union all select name || ' ' || vcpu || ' ' || mem_gib from server) as lines) as story`.execute(db)
  const { story, bureaus = 0, applications = 0, servers = 0 } = rows[0] ?? {}
  const digest = createHash('sha256')
    .update(story ?? '')
    .digest('hex')
  return { bureaus, applications, servers, digest }
}

/** A whole world at once: founded, lived until the morning of `until`, and closed. */
export async function buildWorld(
  parts: Parts,
  order: WorldOrder & { until: Temporal.PlainDate; onProgress?: (share: number, on: Temporal.PlainDate) => void },
): Promise<WorldReport> {
  const end = instantOf(order.until, '09:00')
  const world = await World.found(parts, order, end)
  try {
    await world.fill(end, order.onProgress)
    return await world.report(order.until)
  } finally {
    await world.close()
  }
}
