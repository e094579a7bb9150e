import { sql } from 'kysely'
import { seedDemoAlarms } from '../../modules/alarm/index.ts'
import { seedDemoAvailability } from '../../modules/availability/index.ts'
import { seedDemoChanges } from '../../modules/change/index.ts'
import { placeSimulated } from '../../modules/cloud/index.ts'
import { seedDemoDuty } from '../../modules/duty/index.ts'
import { seedDemoEmergency } from '../../modules/emergency/index.ts'
import { seedDemoIncidents } from '../../modules/incident/index.ts'
import { myApplications, seedDemoInventory } from '../../modules/inventory/index.ts'
import { seedDemoKnowledge } from '../../modules/knowledge/index.ts'
import { seedDemoLogs } from '../../modules/log/index.ts'
import { seedDemoReclaim } from '../../modules/reclaim/index.ts'
import { seedDemoSecurity } from '../../modules/security/index.ts'
import { seedDemoServices } from '../../modules/servicerequest/index.ts'
import { seedDemoTelemetry } from '../../modules/telemetry/index.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { demoBureaus, demoPeople } from './cast.ts'
import { giveDemoPasswords, seedDemoPeople } from './people.ts'

export { type DemoSignIn, demoSignIns } from './people.ts'

/**
 * Fills an installation nobody has used yet: bureaus, people, pools, applications.
 * @returns whether this installation holds the demo data, now or since an earlier start
 */
export async function seedDemo(ctx: Ctx): Promise<boolean> {
  const { rows } = await sql<{ people: number; demo: number }>`
    select count(*) as people, count(*) filter (where sign_in = 'zhoumin') as demo from person`.execute(ctx.db)
  if ((rows[0]?.people ?? 0) > 0) return (rows[0]?.demo ?? 0) > 0
  const seeded = await seedDemoPeople(ctx)
  await giveDemoPasswords(ctx, seeded)
  const { tenants, people } = seeded
  const manager = projectManagers(people)
  await seedDemoInventory(
    ctx,
    demoBureaus.map(({ code, name }) => ({ id: tenants.get(code) as string, name, projectManagerId: manager(code) })),
  )
  // somebody's server nobody asked for: the first comparison of cloud and records finds it
  await placeSimulated(ctx, { kind: 'server', name: 'zhangjie-test', vcpu: 4, memGiB: 8 })
  await ctx.enqueue('cloud.readAll', { cause: 'SCHEDULE' })
  const ids = (...signIns: string[]) => signIns.map((signIn) => people.get(signIn) as string)
  await seedDemoDuty(ctx, {
    DESK_5X8: ids('wangyutong', 'liuchang'),
    MOBILE_7X24: ids('wanglei', 'majun', 'zhaoyang'),
    FACILITY_7X24: ids('hanbin', 'dongqiang'),
  })
  const known = (signIn: string) => ({
    id: people.get(signIn) as string,
    name: demoPeople.find((one) => one.signIn === signIn)?.name ?? signIn,
  })
  const managerOf = (tenantId: string) => {
    const bureau = demoBureaus.find(({ code }) => tenants.get(code) === tenantId)
    const person = demoPeople.find((one) => one.bureau === bureau?.code && one.roles.includes('APP_PROJECT_MANAGER'))
    return person ? known(person.signIn) : known('yangfan')
  }
  const applications = (await myApplications(ctx)).filter(({ env, state }) => env === 'PROD' && state === 'ONLINE')
  await seedDemoAvailability(
    ctx,
    applications.map((application) => ({ application, projectManager: managerOf(application.tenantId) })),
    { customer: known('hanxuefeng'), thirdParty: known('hejing').name, operator: known('zhoumin').name },
  )
  const reporter = (bureau: string, signIn: string) => {
    const tenantId = tenants.get(bureau) as string
    return { ...known(signIn), tenantId, applicationId: applications.find((one) => one.tenantId === tenantId)?.id ?? null }
  }
  await seedDemoTelemetry(ctx, { creator: known('dengyu'), approver: known('shenlan').name })
  await seedDemoLogs(ctx)
  await seedDemoIncidents(ctx, {
    engineer: known('wanglei'),
    reporters: [reporter('lcj', 'yangfan'), reporter('rst', 'lijiaqi'), reporter('ybj', 'liuwei')],
  })
  await seedDemoServices(ctx, {
    asker: known('yangfan'),
    tenantId: tenants.get('lcj') as string,
    manager: known('zhoumin'),
    technician: known('xuran'),
  })
  await seedDemoSecurity(ctx, { asker: known('yangfan'), tenantId: tenants.get('lcj') as string, owner: known('majun').name })
  await seedDemoEmergency(ctx, {
    writer: known('zhaolixin'),
    leader: known('fengzhiyuan'),
    contacts: [
      { personId: known('majun').id, duty: '电气与网络' },
      { personId: known('hanbin').id, duty: '机房' },
      { personId: known('hanxuefeng').id, duty: '甲方联络' },
    ],
  })
  await seedDemoKnowledge(ctx, known('zhoumin'))
  const forest = applications.find((one) => one.tenantId === tenants.get('lcj'))
  if (forest)
    await seedDemoReclaim(ctx, {
      tenantId: forest.tenantId,
      applicationId: forest.id,
      writer: known('xuran'),
      manager: known('zhoumin'),
    })
  if (forest)
    await seedDemoChanges(ctx, {
      tenantId: forest.tenantId,
      applicationId: forest.id,
      applicant: known('yangfan'),
      manager: known('zhoumin'),
    })
  await seedDemoAlarms(ctx)
  return true
}

const projectManagers = (people: ReadonlyMap<string, string>) => (bureau: string) => {
  const person = demoPeople.find((one) => one.bureau === bureau && one.roles.includes('APP_PROJECT_MANAGER'))
  return person ? (people.get(person.signIn) ?? null) : null
}
