import type { Application } from '@changbai/contract/inventory.ts'
import { seedDemoAlarms } from '../../modules/alarm/index.ts'
import { type DemoApplication, seedDemoAvailability } from '../../modules/availability/index.ts'
import { seedDemoChanges } from '../../modules/change/index.ts'
import { placeSimulated } from '../../modules/cloud/index.ts'
import { seedDemoDuty } from '../../modules/duty/index.ts'
import { seedDemoEmergency } from '../../modules/emergency/index.ts'
import { seedDemoIncidents } from '../../modules/incident/index.ts'
import { myApplications } from '../../modules/inventory/index.ts'
import { seedDemoKnowledge } from '../../modules/knowledge/index.ts'
import { seedDemoLogs } from '../../modules/log/index.ts'
import { seedDemoMigrations } from '../../modules/migration/index.ts'
import { seedDemoPatches } from '../../modules/patch/index.ts'
import { seedDemoReclaim } from '../../modules/reclaim/index.ts'
import { seedDemoSecurity } from '../../modules/security/index.ts'
import { seedDemoServices } from '../../modules/servicerequest/index.ts'
import { seedDemoTelemetry } from '../../modules/telemetry/index.ts'
import type { Ctx } from '../../platform/ctx.ts'
import type { DemoBureau, DemoPerson } from './cast.ts'
import type { DemoPeople } from './people.ts'

/** Who is there, and how they are called. */
export class Cast {
  readonly people: DemoPeople
  readonly #bureaus: readonly DemoBureau[]
  readonly #persons: readonly DemoPerson[]

  constructor(people: DemoPeople, { bureaus, people: persons }: { bureaus: readonly DemoBureau[]; people: readonly DemoPerson[] }) {
    this.people = people
    this.#bureaus = bureaus
    this.#persons = persons
  }

  person(signIn: string): { id: string; name: string } {
    const id = this.people.people.get(signIn)
    if (!id) throw new Error(`nobody is called ${signIn}`)
    return { id, name: this.#persons.find((one) => one.signIn === signIn)?.name ?? signIn }
  }

  tenant(code: string): string {
    const id = this.people.tenants.get(code)
    if (!id) throw new Error(`there is no bureau ${code}`)
    return id
  }

  /** Who manages the projects of a bureau. */
  managerOf(tenantId: string): { id: string; name: string } {
    const bureau = this.#bureaus.find(({ code }) => this.people.tenants.get(code) === tenantId)
    const manager = this.#persons.find((one) => one.bureau === bureau?.code && one.roles.includes('APP_PROJECT_MANAGER'))
    return this.person(manager?.signIn ?? 'yangfan')
  }

  /** The bureaus as the inventory wants them. */
  get tenants(): { id: string; name: string; projectManagerId: string | null }[] {
    return this.#bureaus.map(({ code, name }) => ({ id: this.tenant(code), name, projectManagerId: this.managerOf(this.tenant(code)).id }))
  }
}

/** Rosters of the three lines from today on. */
export function seedRosters(ctx: Ctx, cast: Cast): Promise<void> {
  const ids = (...signIns: string[]) => signIns.map((signIn) => cast.person(signIn).id)
  return seedDemoDuty(ctx, {
    DESK_5X8: ids('wangyutong', 'liuchang'),
    MOBILE_7X24: ids('wanglei', 'majun', 'zhaoyang'),
    FACILITY_7X24: ids('hanbin', 'dongqiang'),
  })
}

/** What stands ready before anything happens: plans for emergencies, articles. */
export async function seedStanding(ctx: Ctx, cast: Cast): Promise<void> {
  await seedDemoEmergency(ctx, {
    writer: cast.person('zhaolixin'),
    leader: cast.person('fengzhiyuan'),
    contacts: [
      { personId: cast.person('majun').id, duty: '电气与网络' },
      { personId: cast.person('hanbin').id, duty: '机房' },
      { personId: cast.person('hanxuefeng').id, duty: '甲方联络' },
    ],
  })
  await seedDemoKnowledge(ctx, cast.person('zhoumin'))
}

const online = async (ctx: Ctx): Promise<Application[]> =>
  (await myApplications(ctx)).filter(({ env, state }) => env === 'PROD' && state === 'ONLINE')

/** Ten months of probes, up to now. @param how.isKept every promise of availability was kept */
export async function seedMeasured(ctx: Ctx, cast: Cast, how: { isKept?: boolean } = {}): Promise<void> {
  const measured: DemoApplication[] = (await online(ctx)).map((application) => ({
    application,
    projectManager: cast.managerOf(application.tenantId),
  }))
  const parties = { customer: cast.person('hanxuefeng'), thirdParty: cast.person('hejing').name, operator: cast.person('zhoumin').name }
  await seedDemoAvailability(ctx, measured, parties, how)
}

/** What lies on the desks now, so that every page has something that waits for somebody. @param isLived people have had a past: what they hold is known already */
export async function seedPresent(ctx: Ctx, cast: Cast, { isLived = false } = {}): Promise<void> {
  const applications = await online(ctx)
  const reporter = (bureau: string, signIn: string) => {
    const tenantId = cast.tenant(bureau)
    return { ...cast.person(signIn), tenantId, applicationId: applications.find((one) => one.tenantId === tenantId)?.id ?? null }
  }
  // somebody's server nobody asked for: the first comparison of cloud and records finds it
  await placeSimulated(ctx, { kind: 'server', name: 'zhangjie-test', vcpu: 4, memGiB: 8 })
  await ctx.enqueue('cloud.readAll', { cause: 'SCHEDULE' })
  await seedDemoTelemetry(ctx, { creator: cast.person('dengyu'), approver: cast.person('shenlan').name })
  await seedDemoLogs(ctx)
  await seedDemoIncidents(ctx, {
    engineer: cast.person('wanglei'),
    reporters: [reporter('lcj', 'yangfan'), reporter('rst', 'lijiaqi'), reporter('ybj', 'liuwei')],
  })
  const forest = cast.tenant('lcj')
  await seedDemoServices(ctx, {
    asker: cast.person('yangfan'),
    tenantId: forest,
    manager: cast.person('zhoumin'),
    technician: cast.person('xuran'),
  })
  const application = applications.find((one) => one.tenantId === forest)
  if (application) {
    const of = { tenantId: forest, applicationId: application.id, manager: cast.person('zhoumin') }
    await seedDemoReclaim(ctx, { ...of, writer: cast.person('xuran') })
    await seedDemoMigrations(ctx, {
      ...of,
      applicant: cast.person('yangfan'),
      approver: cast.person('tianguohua'),
      operation: cast.person('zhoumin'),
      maintenance: cast.person('zhaolixin'),
    })
    await seedDemoChanges(ctx, { ...of, applicant: cast.person('yangfan') })
  }
  await seedDemoPatches(ctx, cast.person('zhaolixin'))
  if (!isLived) await seedDemoSecurity(ctx, { asker: cast.person('yangfan'), tenantId: forest, owner: cast.person('majun').name })
  await seedDemoAlarms(ctx)
}
