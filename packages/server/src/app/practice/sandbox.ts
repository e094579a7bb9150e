import { admissionApi } from '@changbai/contract/admission.ts'
import { ROLES, type Role } from '@changbai/contract/capability.ts'
import { type SampleFacts, sampleOf } from '@changbai/contract/form-samples.ts'
import { formApi } from '@changbai/contract/forms.ts'
import { processApi } from '@changbai/contract/process.ts'
import { createTenant, grantDirect, insertPerson } from '../../modules/identity/index.ts'
import { growDemoInventory, myApplications, seedDemoInventory } from '../../modules/inventory/index.ts'
import { cancelInstance } from '../../modules/process/index.ts'
import type { PracticeRunRow, Sandbox } from '../../modules/training/index.ts'
import { systemActor } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { newId } from '../../platform/ids.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { closeTenant, endGrantsOf, forgetThings, hasGrant, hasGrantedRole, runningInstances, skipTour } from './practice.store.ts'
import { type Player, type PracticeServer, playerOf } from './world.ts'

const SYSTEM = { actor: systemActor('practice') }

/** Who plays the roles outside the bureau, one person a role, so that four eyes stay four. */
const STANDING: readonly Role[] = [
  'OPERATION_MANAGER',
  'OPERATION_TECHNICIAN',
  'MAINTENANCE_MANAGER',
  'MAINTENANCE_ENGINEER',
  'BUILD_PROJECT_MANAGER',
  'SERVICE_DESK',
  'PROVIDER_LEADER',
  'CUSTOMER_OM_MANAGER',
  'CUSTOMER_LEADER',
]
/** Changes are taken in by one operation manager and approved by another. */
const SECOND = 'second'

/** Ids that everybody can work out again: `robot.<role>`, and `robot.<role>.<bureau>` within a sandbox. */
export const robotSignIn = (role: string, tenantId?: string | null): string =>
  `robot.${role.toLowerCase().replaceAll('_', '-')}${tenantId ? `.${tenantId}` : ''}`

async function addRobot(ctx: Ctx, role: Role, more: { suffix?: string; tenantId?: string } = {}): Promise<string> {
  const id = newId()
  const row = await insertPerson(ctx.db, {
    id,
    sign_in: `${robotSignIn(role, more.tenantId)}${more.suffix ? `.${more.suffix}` : ''}`,
    name: `${ROLES[role].zh}（自动）`,
    unit: '练习',
    phone: null,
    email: null,
    created_at: ctx.now,
  })
  if (row) await grantDirect(ctx, { personId: id, role, tenantId: more.tenantId ?? null, applicationId: null, reason: '练习' })
  return id
}

/** People of the other side, once in the life of a practice world. */
export async function seatRobots(ctx: Ctx): Promise<void> {
  if (await hasGrantedRole(ctx.db, 'CUSTOMER_LEADER')) return
  // its ledger says of itself what it is
  await ctx.record({ kind: 'practice.world-founded', subject: { type: 'practice', id: 'world' } })
  for (const role of STANDING) await addRobot(ctx, role)
  await addRobot(ctx, 'OPERATION_MANAGER', { suffix: SECOND })
}

/** The person of the house gets a seat in the practice world, under the same id, with these roles alone. */
async function seat(
  ctx: Ctx,
  person: { id: string; name: string },
  roles: readonly { role: Role; tenantId: string | null }[],
): Promise<void> {
  await insertPerson(ctx.db, {
    id: person.id,
    sign_in: person.id,
    name: person.name,
    unit: '练习',
    phone: null,
    email: null,
    created_at: ctx.now,
  })
  await skipTour(ctx.db, person.id)
  await endGrantsOf(ctx.db, person.id, ctx.now)
  for (const { role, tenantId } of roles)
    await grantDirect(ctx, { personId: person.id, role, tenantId, applicationId: null, reason: '练习' })
}

/** An instructor who joined plays one role beside the trainee; a role of the bureau only within it. */
export async function seatInstructor(ctx: Ctx, run: PracticeRunRow, sandbox: Sandbox): Promise<void> {
  const role = run.scenario.instructor as Role
  if (!run.instructor_id || !run.instructor_name || (await hasGrant(ctx.db, run.instructor_id, role))) return
  const tenantId = ROLES[role].scope === 'TENANT' ? sandbox.tenantId : null
  await seat(ctx, { id: run.instructor_id, name: run.instructor_name }, [{ role, tenantId }])
}

const PDF = Buffer.from('%PDF-1.7\n% practice\n')
const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')

/** A granted admission, made by the people of the sandbox the way everybody makes one. */
async function grantAdmission(
  players: Record<'applicant' | 'approver' | 'operation' | 'maintenance' | 'build' | 'customer' | 'leader', Player>,
  tenantId: string,
  today: string,
): Promise<string> {
  const facts: SampleFacts = { today, expansion: false, token: tenantId.slice(-6), offered: {} }
  const own = players.applicant
  const { id } = await own.call(admissionApi.start, { tenantId, kind: 'NEW', appName: '练习系统' })
  const { form, catalog } = await own.call(admissionApi.forms, { admissionId: id })
  await own.call(formApi.save, { formId: form.id, rev: form.rev, set: sampleOf('ADMISSION', facts) })
  await own.call(formApi.save, { formId: catalog.id, rev: catalog.rev, set: sampleOf('CATALOG', facts) })
  const papers = [
    ...['basisFile', 'mlpsCert', 'cryptoPlan'].map((field) => ({ formId: form.id, field, name: 'paper.pdf', bytes: PDF })),
    ...['topology', 'architectureDiagram'].map((field) => ({ formId: catalog.id, field, name: 'diagram.png', bytes: PNG })),
    { formId: catalog.id, field: 'cryptoPlan', name: 'paper.pdf', bytes: PDF },
  ]
  for (const { formId, field, name, bytes } of papers) await own.upload(formApi.attach, { formId, field }, { name, bytes })
  const gaps = await own.call(admissionApi.gaps, { admissionId: id })
  await own.call(admissionApi.submit, { admissionId: id, rev: gaps.form.rev, catalogRev: gaps.catalog.rev })
  const act = async (who: Player, outcome: string, data: Record<string, unknown> = {}): Promise<void> => {
    const { items } = await who.call(processApi.tasks, { limit: 200 })
    const task = items.find(({ businessKey }) => businessKey === id)
    if (task) await who.call(processApi.complete, { taskId: task.id, outcome, data })
  }
  await act(players.approver, 'APPROVE', { means: 'ELECTRONIC' })
  await act(players.operation, 'APPROVE')
  await act(players.maintenance, 'APPROVE', { conclusion: 'FEASIBLE' })
  await act(players.build, 'APPROVE', { capacity: 'SUFFICIENT' })
  await act(players.customer, 'APPROVE')
  await act(players.leader, 'APPROVE')
  return id
}

export type RobotIds = (signIn: string) => Promise<string | null>

/** A bureau for one attempt, with what the scenario needs lying ready. */
export async function makeSandbox(server: PracticeServer, key: string, idOf: RobotIds, run: PracticeRunRow): Promise<Sandbox> {
  const { door } = server.runtime
  const needs = new Set(run.scenario.ready)
  const made = await door.enter(SYSTEM, async (ctx) => {
    const { id: tenantId, name } = await createTenant(ctx, {
      code: `LX${newId().replaceAll('-', '').slice(-10).toUpperCase()}`,
      name: `练习单位（${run.name}）`,
      shortName: `练习·${run.name}`,
    })
    await addRobot(ctx, 'TENANT_APPROVER', { tenantId })
    await addRobot(ctx, 'APP_PROJECT_MANAGER', { tenantId })
    await seat(ctx, { id: run.person_id, name: run.name }, [{ role: run.scenario.role as Role, tenantId }])
    const bureau = { id: tenantId, name, projectManagerId: run.person_id }
    const size = { applications: () => (needs.has('APPLICATION') ? 1 : 0), largerBy: 1 }
    const isFirst = (await myApplications(ctx)).length === 0
    await (isFirst ? seedDemoInventory : growDemoInventory)(ctx, [bureau], size)
    const application = (await myApplications(ctx)).find((one) => one.tenantId === tenantId)
    return { tenantId, applicationId: application?.id ?? null, today: shanghaiDay(ctx.now).toString() }
  })
  const player = async (role: Role, tenantId?: string): Promise<Player> => {
    const id = await idOf(robotSignIn(role, tenantId))
    if (!id) throw new Error(`nobody plays ${role}`)
    return playerOf(server, key, id)
  }
  const { tenantId, applicationId, today } = made
  const admissionId = needs.has('ADMISSION')
    ? await grantAdmission(
        {
          applicant: await player('APP_PROJECT_MANAGER', tenantId),
          approver: await player('TENANT_APPROVER', tenantId),
          operation: await player('OPERATION_MANAGER'),
          maintenance: await player('MAINTENANCE_MANAGER'),
          build: await player('BUILD_PROJECT_MANAGER'),
          customer: await player('CUSTOMER_OM_MANAGER'),
          leader: await player('CUSTOMER_LEADER'),
        },
        tenantId,
        today,
      )
    : null
  return { tenantId, applicationId, admissionId }
}

/** Stops what runs, lets the simulated cloud forget what was made, ends all rights and closes the bureau. */
export async function clearSandbox({ runtime }: PracticeServer, { tenantId }: Sandbox): Promise<void> {
  const instances = await runtime.door.enter(SYSTEM, (ctx) => runningInstances(ctx.db, tenantId))
  for (const instanceId of instances) {
    // what ended by itself meanwhile is as good as stopped
    await runtime.door
      .enter(SYSTEM, (ctx) => cancelInstance(ctx, { instanceId, reason: '练习结束' }))
      .catch((error: unknown) => {
        runtime.log.info({ err: error, instanceId }, 'practice: a process was over already')
      })
  }
  await runtime.door.enter(SYSTEM, async (ctx) => {
    await forgetThings(ctx.db, tenantId)
    await closeTenant(ctx.db, tenantId, ctx.now)
  })
}
