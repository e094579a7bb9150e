import type { Role } from '@changbai/contract/capability.ts'
import { sql } from 'kysely'
import { myApplications } from '../../../modules/inventory/index.ts'
import { type Actor, systemActor } from '../../../platform/actor.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import type { DemoPerson } from '../cast.ts'
import type { DemoPeople } from '../people.ts'
import { Cast } from '../today.ts'
import type { Dice } from './dice.ts'
import type { House } from './house.ts'
import type { Caller, Stage } from './stage.ts'

/** One application: who reports its troubles and who confirms that they are over. */
export interface Owner {
  applicationId: string
  tenantId: string
  name: string
  unit: string
  manager: Caller
  approver: Caller
}

/** Who acts in the world, by what they do. */
export interface Staff {
  engineers: readonly Caller[]
  maintenance: Caller
  operation: Caller
  /** Approves what the first one asked for. */
  secondManager: Caller
  technician: Caller
  construction: Caller
  desk: Caller
  leader: Caller
  customer: Caller
  customerLeader: Caller
  /** Administrators of bureaus, who are trained. */
  tenantAdmins: readonly Caller[]
  cast: Cast
  /** By name of the application. */
  owners: readonly Owner[]
}

/** What an act needs: the stage, the people, chance, and what was done so far. */
export interface Scene {
  stage: Stage
  staff: Staff
  dice: Dice
  tally: Tally
}

export interface Tally {
  incidents: number
  rounds: number
  calls: number
  /** What was left out on purpose, for the one month that breaks a promise. */
  missed: string[]
}

export const START = { actor: systemActor('world') }
export const ZONE = 'Asia/Shanghai'
export const dayOf = (at: Temporal.Instant): Temporal.PlainDate => at.toZonedDateTimeISO(ZONE).toPlainDate()
export const instantOf = (on: Temporal.PlainDate, time = '00:00'): Temporal.Instant =>
  on.toZonedDateTime({ timeZone: ZONE, plainTime: Temporal.PlainTime.from(time) }).toInstant()

/** Whom the world knows, from the rows: the same after a restart. */
export async function knownPeople(ctx: Ctx): Promise<DemoPeople> {
  const people = await sql<{ id: string; sign_in: string }>`select id, sign_in from person`.execute(ctx.db)
  const tenants = await sql<{ id: string; code: string }>`select id, code from tenant`.execute(ctx.db)
  return {
    people: new Map(people.rows.map((row) => [row.sign_in, row.id])),
    tenants: new Map(tenants.rows.map((row) => [row.code, row.id])),
  }
}

export async function gatherStaff(stage: Stage, house: House): Promise<Staff> {
  const { known, applications } = await stage.server.runtime.door.enter(START, async (ctx) => ({
    known: await knownPeople(ctx),
    applications: await myApplications(ctx),
  }))
  const callers = new Map<string, Caller>()
  const caller = (person: DemoPerson | undefined): Caller => {
    if (!person) throw new Error('nobody plays this part')
    const made = callers.get(person.signIn) ?? stage.caller(actorOf(person, known))
    callers.set(person.signIn, made)
    return made
  }
  const named = (signIn: string) => caller(house.people.find((one) => one.signIn === signIn))
  const ofBureau = (code: string, role: Role) => house.people.find((one) => one.bureau === code && one.roles.includes(role))
  const owners = applications
    .map(({ id, tenantId, name }): Owner => {
      const bureau = house.bureaus.find(({ code }) => known.tenants.get(code) === tenantId)
      if (!bureau) throw new Error(`${name} belongs to nobody`)
      const manager = caller(ofBureau(bureau.code, 'APP_PROJECT_MANAGER'))
      const approver = caller(ofBureau(bureau.code, 'TENANT_APPROVER'))
      return { applicationId: id, tenantId, name, unit: bureau.shortName, manager, approver }
    })
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
  return {
    cast: new Cast(known, house),
    engineers: ['majun', 'wanglei', 'zhaoyang'].map(named),
    maintenance: named('zhaolixin'),
    operation: named('zhoumin'),
    secondManager: named('linxiaodong'),
    technician: named('xuran'),
    construction: named('sunhao'),
    desk: named('wangyutong'),
    leader: named('fengzhiyuan'),
    customer: named('hanxuefeng'),
    customerLeader: named('guojianguo'),
    tenantAdmins: house.people.filter(({ roles }) => roles.includes('TENANT_ADMIN')).map(caller),
    owners,
  }
}

function actorOf(person: DemoPerson, known: DemoPeople): Actor {
  const tenantId = person.bureau ? (known.tenants.get(person.bureau) ?? null) : null
  return {
    kind: 'person',
    personId: known.people.get(person.signIn) ?? null,
    name: person.name,
    grants: person.roles.map((role) => ({ role, tenantId, applicationId: null })),
    address: '127.0.0.1',
    sessionId: null,
  }
}
