import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { seedDemoAvailability } from '../../../modules/availability/index.ts'
import { seedDemoDuty } from '../../../modules/duty/index.ts'
import { myApplications, seedDemoInventory } from '../../../modules/inventory/index.ts'
import { type Actor, systemActor } from '../../../platform/actor.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import { loadPromises } from '../../prepare.ts'
import type { ServerParts } from '../../server.ts'
import { type DemoPeople, giveDemoPasswords, seedDemoPeople } from '../people.ts'
import { openWorld, type World } from './callers.ts'
import { Days, type Staff, type Tally } from './days.ts'
import { type Dice, throwDice } from './dice.ts'
import { furnish, type House } from './house.ts'

export interface WorldOrder {
  /** First day of the history. */
  from: Temporal.PlainDate
  seed: number
  /** 40 unless told; a test makes do with less. */
  bureaus?: number
  /** The day the world ends on; its history lies before. */
  until: Temporal.PlainDate
  planDir: string
  /** Called before each day with the share that is done. */
  onProgress?: (share: number, on: Temporal.PlainDate) => void
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

/** Somebody has been here: a world is only made where nothing is. */
export class InhabitedError extends Error {}

const ZONE = 'Asia/Shanghai'
const START = { actor: systemActor('world') }
const ROSTER_DAYS = 46
const BUREAUS = 40
const TEAMS = {
  DESK_5X8: ['wangyutong', 'liuchang'],
  MOBILE_7X24: ['wanglei', 'majun', 'zhaoyang'],
  FACILITY_7X24: ['hanbin', 'dongqiang'],
} as const
const midnight = (on: Temporal.PlainDate): Temporal.Instant => on.toZonedDateTime(ZONE).toInstant()

/**
 * A quarter of a living cloud: forty bureaus, a hundred and twenty applications, six hundred servers, and every day's rounds, calls and incidents,
 * made by the product's own endpoints under a clock of its own. One month leaves a promise unkept, so that the board has something to show.
 * @throws InhabitedError when the installation holds people already
 */
export async function buildWorld(parts: Pick<ServerParts, 'databaseUrl' | 'secrets' | 'log'>, order: WorldOrder): Promise<WorldReport> {
  const { from, seed, until, planDir, onProgress } = order
  const dice = throwDice(seed)
  const world = await openWorld(parts, midnight(from))
  try {
    const { door } = world.server.runtime
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from person`.execute(door.db)
    if ((rows[0]?.n ?? 0) > 0) throw new InhabitedError('this installation holds people already; a world is made in an empty one')
    await loadPromises(door, planDir)
    const house = furnish(dice, order.bureaus ?? BUREAUS)
    const known = await door.enter(START, (ctx) => settle(ctx, house))
    const days = new Days(world, await staffOf(world, house, known), dice)
    await liveThrough(world, days, { from, until, dice, known, ...(onProgress ? { onProgress } : {}) })
    world.setNow(midnight(until).add({ hours: 9 }))
    await door.enter(START, async (ctx) => {
      await giveDemoPasswords(ctx, known)
      await measure(ctx, house, known)
    })
    return { ...(await counts(world)), ...days.tally, from: from.toString(), until: until.toString() }
  } finally {
    await world.server.close()
  }
}

async function settle(ctx: Ctx, house: House): Promise<DemoPeople> {
  const known = await seedDemoPeople(ctx, house)
  const managers = new Map(house.people.filter(({ roles }) => roles.includes('APP_PROJECT_MANAGER')).map((one) => [one.bureau, one.signIn]))
  await seedDemoInventory(
    ctx,
    house.bureaus.map(({ code, name }) => ({
      id: known.tenants.get(code) as string,
      name,
      projectManagerId: known.people.get(managers.get(code) ?? '') ?? null,
    })),
    { applications: () => 3, largerBy: 2 },
  )
  return known
}

async function liveThrough(
  world: World,
  days: Days,
  {
    from,
    until,
    dice,
    known,
    onProgress,
  }: { from: Temporal.PlainDate; until: Temporal.PlainDate; dice: Dice; known: DemoPeople } & Pick<WorldOrder, 'onProgress'>,
): Promise<void> {
  const { door } = world.server.runtime
  const total = from.until(until).total({ unit: 'days' })
  // one day of the second month leaves a round out
  const broken = from.add({ months: 1 }).with({ day: dice.number(8, 20) })
  const teams = Object.fromEntries(
    Object.entries(TEAMS).map(([line, names]) => [line, names.map((name) => known.people.get(name) as string)]),
  )
  for (let on = from, index = 0; Temporal.PlainDate.compare(on, until) < 0; on = on.add({ days: 1 }), index += 1) {
    onProgress?.(index / total, on)
    world.setNow(midnight(on))
    if (index % ROSTER_DAYS === 0)
      await door.enter(START, (ctx) => seedDemoDuty(ctx, teams as unknown as Parameters<typeof seedDemoDuty>[1]))
    if (on.day === 1 && index > 0) await days.freeze(on.subtract({ days: 1 }).toPlainYearMonth().toString())
    await days.live(on, on.equals(broken))
    await world.server.runtime.jobs.drain()
  }
}

async function staffOf(world: World, house: House, known: DemoPeople): Promise<Staff> {
  const callerOf = (signIn: string) => {
    const person = house.people.find((one) => one.signIn === signIn)
    if (!person) throw new Error(`nobody is called ${signIn}`)
    const tenantId = person.bureau ? (known.tenants.get(person.bureau) ?? null) : null
    const actor: Actor = {
      kind: 'person',
      personId: known.people.get(signIn) ?? null,
      name: person.name,
      grants: person.roles.map((role) => ({ role, tenantId, applicationId: null })),
      address: '127.0.0.1',
      sessionId: null,
    }
    return world.caller(actor)
  }
  const applications = await world.server.runtime.door.enter(START, (ctx) => myApplications(ctx))
  const owners = applications.map(({ id, tenantId, name }) => {
    const bureau = house.bureaus.find(({ code }) => known.tenants.get(code) === tenantId)
    const manager = house.people.find((one) => one.bureau === bureau?.code && one.roles.includes('APP_PROJECT_MANAGER'))
    if (!bureau || !manager) throw new Error(`${name} belongs to nobody`)
    return {
      applicationId: id,
      tenantId,
      name,
      manager: callerOf(manager.signIn),
      managerName: manager.name,
      unit: bureau.shortName,
      engineerId: known.people.get('majun') as string,
    }
  })
  return {
    engineers: ['majun', 'wanglei', 'zhaoyang'].map(callerOf),
    maintenance: callerOf('zhaolixin'),
    operation: callerOf('zhoumin'),
    desk: callerOf('wangyutong'),
    leader: callerOf('fengzhiyuan'),
    customer: callerOf('hanxuefeng'),
    owners: owners.sort((a, b) => (a.name < b.name ? -1 : 1)),
  }
}

/** Ten months of probes for every application; observations are intervals, so they are written as such. */
async function measure(ctx: Ctx, house: House, { people, tenants }: DemoPeople): Promise<void> {
  const person = (signIn: string) => ({
    id: people.get(signIn) as string,
    name: house.people.find((one) => one.signIn === signIn)?.name ?? signIn,
  })
  const applications = (await myApplications(ctx)).filter(({ env, state }) => env === 'PROD' && state === 'ONLINE')
  await seedDemoAvailability(
    ctx,
    applications.map((application) => {
      const bureau = house.bureaus.find(({ code }) => tenants.get(code) === application.tenantId)
      const manager = house.people.find((one) => one.bureau === bureau?.code && one.roles.includes('APP_PROJECT_MANAGER'))
      return { application, projectManager: person(manager?.signIn ?? 'yangfan') }
    }),
    { customer: person('hanxuefeng'), thirdParty: person('hejing').name, operator: person('zhoumin').name },
  )
}

async function counts(world: World): Promise<Pick<WorldReport, 'bureaus' | 'applications' | 'servers' | 'digest'>> {
  const { db } = world.server.runtime.door
  const { rows } = await sql<{ bureaus: number; applications: number; servers: number; story: string }>`
    select (select count(*)::int from tenant) as bureaus, (select count(*)::int from application) as applications, (select count(*)::int from server) as servers,
      (select string_agg(line, E'\n' order by line) from (
        select number || ' ' || title || ' ' || clock_start_at::text as line from incident
        union all select number || ' ' || kind || ' ' || done_at::text from inspection_round
        union all select content || ' ' || called_at::text from hotline_call
        union all select name || ' ' || vcpu || ' ' || mem_gib from server) as lines) as story`.execute(db)
  const { story = '', bureaus = 0, applications = 0, servers = 0 } = rows[0] ?? {}
  return {
    bureaus,
    applications,
    servers,
    digest: createHash('sha256')
      .update(story ?? '')
      .digest('hex'),
  }
}
