import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { adoptionProblems } from '@changbai/contract/inventory.adoption.ts'
import { type Application, type inventoryApi, inventoryProblems } from '@changbai/contract/inventory.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { actorCan, personOf, requireScope } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { adoptedAt } from './adoption.store.ts'
import { addItem, changeItem, lockForChange, type Via } from './item.service.ts'

type Api = typeof inventoryApi
type Measurement = NonNullable<Application['measurement']>

export interface NewApplication {
  tenantId: string
  name: string
  code: string
  mlpsLevel: number
  env?: Application['env']
  state?: Exclude<Application['state'], 'RETIRED'>
  admissionNo?: string | null
  projectManagerId?: string | null
  ownerIds?: string[]
  contact?: string
  goLiveOn?: string | null
  note?: string
}

/** Enters an application; step A9 of the admission does so with its number. @throws inventoryProblems.codeTaken */
export async function addApplication(ctx: Ctx, input: NewApplication, via: Via): Promise<Application> {
  const item = await addItem(
    ctx,
    'application',
    {
      env: 'PROD',
      state: 'PREPARING',
      admissionNo: null,
      projectManagerId: null,
      ownerIds: [],
      contact: '',
      goLiveOn: null,
      note: '',
      ...input,
    },
    via,
  )
  return item as unknown as Application
}

export async function createApplication(ctx: Ctx, input: Input<Api['createApplication']>): Promise<Reply<Api['createApplication']>> {
  requireScope(ctx.actor, 'application.write', 'C', { tenantId: input.tenantId })
  return addApplication(ctx, input, 'SCREEN')
}

/** The measurement belongs to the confirmed promise (ruling 11): whoever changes it undoes both confirmations. */
export async function setMeasurement(
  ctx: Ctx,
  { id, rev, measurement }: Input<Api['setMeasurement']>,
): Promise<Reply<Api['setMeasurement']>> {
  const item = await lockForChange(ctx, 'application', id, rev, ['application.measurement', 'C', 'U'])
  // what ran before it was taken over was measured by nobody
  const since = await adoptedAt(ctx.db, id)
  if (since && Temporal.Instant.compare(Temporal.Instant.from(measurement.startsAt), since) < 0)
    fail(adoptionProblems.tooEarly, { at: since.toString() })
  const next: Measurement = { ...measurement, projectManager: null, customer: null }
  return (await changeItem(ctx, 'application', item, { measurement: next }, 'SCREEN')) as unknown as Application
}

/** The bureau's project manager and the customer's O&M manager each confirm once; they are two persons. */
export async function confirmMeasurement(
  ctx: Ctx,
  { id, rev }: Input<Api['confirmMeasurement']>,
): Promise<Reply<Api['confirmMeasurement']>> {
  const item = await lockForChange(ctx, 'application', id, rev, ['application.measurement', 'A'])
  const measurement = (item.measurement as Measurement | null) ?? fail(inventoryProblems.noMeasurement)
  const byPersonId = personOf(ctx.actor)
  const isCustomer = ctx.actor.grants.some(({ role }) => role === 'CUSTOMER_OM_MANAGER')
  const isManager = ctx.actor.grants.some(({ role }) => role === 'APP_PROJECT_MANAGER')
  if (!isCustomer && !isManager) fail(commonProblems.forbidden, { capability: 'application.measurement' })
  const side = isCustomer ? 'customer' : 'projectManager'
  const other = isCustomer ? measurement.projectManager : measurement.customer
  if (other?.byPersonId === byPersonId) fail(inventoryProblems.samePerson)
  const confirmed = { ...measurement, [side]: { by: ctx.actor.name, byPersonId, at: ctx.now.toString() } }
  return (await changeItem(ctx, 'application', item, { measurement: confirmed }, 'SCREEN', 'CONFIRMED')) as unknown as Application
}

/** Fields of an application that a project manager may change himself; the rest is the operation manager's. */
const MANAGERS_OWN = new Set(['contact', 'note', 'ownerIds', 'goLiveOn', 'name'])

export async function updateApplication(
  ctx: Ctx,
  { id, rev, change }: Input<Api['updateApplication']>,
): Promise<Reply<Api['updateApplication']>> {
  const item = await lockForChange(ctx, 'application', id, rev, ['application.write', 'U'])
  const foreign = Object.keys(change).find((field) => !MANAGERS_OWN.has(field))
  if (foreign && !actorCan(ctx.actor, 'application.write', 'C'))
    fail(commonProblems.forbidden, { capability: 'application.write', field: foreign })
  return (await changeItem(ctx, 'application', item, change, 'SCREEN')) as unknown as Application
}
