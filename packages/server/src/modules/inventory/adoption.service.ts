import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { type AdoptableProject, type Adoption, type adoptionApi, adoptionProblems } from '@changbai/contract/inventory.adoption.ts'
import { inventoryProblems } from '@changbai/contract/inventory.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { actorCan, personOf, reaches, requireScope, scopeOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail, ProblemError } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { pageOf, readCursor } from '../../platform/keyset.ts'
import { nextNumber } from '../../platform/numbers.ts'
import { problemBody } from '../../platform/problem.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { bureaus, findTenant, tenantNames } from '../identity/index.ts'
import { RETROSPECTIVE_PREFIX, sizeOf, suggestOwner } from './adoption.domain.ts'
import {
  type AdoptionRow,
  type AdoptionView,
  adoptionPage,
  type FreeThing,
  freeProjects,
  freeThings,
  freeThingsOf,
  insertAdoption,
  insertThings,
  knownApplications,
  lockAdoption,
  openAdoptionOf,
  type ThingView,
  thingsOf,
  updateAdoption,
  updateThing,
} from './adoption.store.ts'
import { addApplication } from './application.service.ts'
import { enterObserved } from './drift.service.ts'
import { changeApplication, findApplication, findApplicationByCode } from './lookup.service.ts'
import { attempt } from './savepoint.store.ts'

type Api = typeof adoptionApi
type Page = Reply<Api['adoption']>

declare module '../../platform/ctx.ts' {
  interface Events {
    'adoption.proposed': { adoptionId: string; number: string; tenantId: string; application: string; things: number }
    'adoption.decided': { adoptionId: string; number: string; proposedBy: string; application: string; state: 'CONFIRMED' | 'RETURNED' }
  }
}

const VIA = 'ADOPTION'
const PROJECTS_SHOWN = 200
/** One proposal is read and confirmed by people, and entered in one transaction. */
const THINGS_MAX = 2_000

export async function readAdoptable(ctx: Ctx): Promise<Reply<Api['projects']>> {
  const projects = await freeProjects(ctx.db, PROJECTS_SHOWN)
  const applications = await knownApplications(ctx.db)
  const tenants = await bureaus(ctx)
  const items = projects.map((row): AdoptableProject => {
    const { connection_id: connectionId, cloud, project_id: projectId, project_name: projectName, server, volume, network, address } = row
    return {
      connectionId,
      cloud,
      projectId,
      projectName,
      counts: { server, volume, network, address },
      suggestion: suggestOwner({ projectId, projectName, applicationIds: row.application_ids }, applications, tenants),
    }
  })
  return { items, left: items.reduce((sum, { counts }) => sum + counts.server + counts.volume + counts.network + counts.address, 0) }
}

const mayOf = (ctx: Ctx, row: AdoptionRow): Adoption['may'] => {
  if (row.state !== 'PROPOSED') return []
  const isTheirs =
    actorCan(ctx.actor, 'inventory.adopt', 'A') && reaches(scopeOf(ctx.actor, 'inventory.adopt', 'A'), { tenantId: row.tenant_id })
  return [
    ...(isTheirs ? (['CONFIRM', 'RETURN'] as const) : []),
    ...(actorCan(ctx.actor, 'inventory.adopt', 'U') ? (['WITHDRAW'] as const) : []),
  ]
}
const toAdoption = (ctx: Ctx, row: AdoptionView, tenants: ReadonlyMap<string, string>): Adoption => ({
  id: row.id,
  number: row.number,
  tenantId: row.tenant_id,
  tenantName: tenants.get(row.tenant_id) ?? '',
  applicationId: row.application_id,
  code: row.code,
  name: row.name,
  env: row.env,
  mlpsLevel: row.mlps_level,
  how: row.how,
  note: row.note,
  state: row.state,
  admissionNo: row.admission_no,
  counts: { server: row.server, volume: row.volume, network: row.network, address: row.address },
  proposedBy: row.proposed_by_name,
  proposedAt: row.proposed_at.toString(),
  decidedBy: row.decided_by_name,
  decidedAt: row.decided_at?.toString() ?? null,
  reason: row.reason,
  may: mayOf(ctx, row),
})

export async function readAdoptions(ctx: Ctx, { after, limit, ...filter }: Input<Api['adoptions']>): Promise<Reply<Api['adoptions']>> {
  const scope = scopeOf(ctx.actor, 'inventory.adopt', 'R', 'r')
  const rows = await adoptionPage(ctx.db, { ...filter, scope }, readCursor(after), limit + 1)
  const { items, next } = pageOf(rows, limit, (row) => [row.proposed_at.toString(), row.id])
  const tenants = await tenantNames(
    ctx,
    items.map((row) => row.tenant_id),
  )
  return { items: items.map((row) => toAdoption(ctx, row, tenants)), next }
}

export async function readAdoption(ctx: Ctx, { adoptionId }: Input<Api['adoption']>): Promise<Page> {
  const scope = scopeOf(ctx.actor, 'inventory.adopt', 'R', 'r')
  const [row] = await adoptionPage(ctx.db, { id: adoptionId, scope }, undefined, 1)
  if (!row) return fail(commonProblems.notFound)
  return {
    ...toAdoption(ctx, row, await tenantNames(ctx, [row.tenant_id])),
    things: (await thingsOf(ctx.db, adoptionId)).map((one) => ({
      connectionId: one.connection_id,
      kind: one.kind,
      externalId: one.external_id,
      name: one.name,
      size: one.facts ? sizeOf(one.kind, one.facts) : '',
      refusal: one.refusal,
      itemId: one.item_id,
    })),
  }
}

export interface Proposed {
  tenantId: string
  code: string
  name: string
  env: AdoptionRow['env']
  mlpsLevel: number
  note: string
  how: AdoptionRow['how']
}
/** @throws adoptionProblems.codeTaken, otherBureau; things are those that are free */
export async function proposeThings(ctx: Ctx, wanted: Proposed, things: readonly FreeThing[]): Promise<string> {
  if (things.length === 0) fail(adoptionProblems.nothing)
  if (things.length > THINGS_MAX) fail(inventoryProblems.tooManyRows, { max: THINGS_MAX })
  const tenant = await findTenant(ctx, wanted.tenantId)
  if (!tenant?.active) fail(commonProblems.notFound, { what: 'tenant' })
  const known = await findApplicationByCode(ctx, wanted.code)
  if (known && known.tenantId !== wanted.tenantId) fail(adoptionProblems.otherBureau, { code: wanted.code })
  if (known && known.retiredAt !== null) fail(adoptionProblems.codeTaken, { code: wanted.code })
  if (await openAdoptionOf(ctx.db, wanted.code)) fail(adoptionProblems.codeTaken, { code: wanted.code })
  const id = newId()
  const number = await nextNumber(ctx.db, 'JG', shanghaiDay(ctx.now))
  await insertAdoption(ctx.db, {
    id,
    number,
    tenant_id: wanted.tenantId,
    application_id: known?.id ?? null,
    code: known?.code ?? wanted.code,
    name: known?.name ?? wanted.name,
    env: known?.env ?? wanted.env,
    mlps_level: known?.mlpsLevel ?? wanted.mlpsLevel,
    how: wanted.how,
    note: wanted.note,
    state: 'PROPOSED',
    admission_no: null,
    proposed_by: personOf(ctx.actor),
    proposed_by_name: ctx.actor.name,
    proposed_at: ctx.now,
    decided_by: null,
    decided_by_name: null,
    decided_at: null,
    reason: null,
  })
  await insertThings(
    ctx.db,
    things.map(({ connection_id, kind, external_id, name }) => ({
      adoption_id: id,
      connection_id,
      kind,
      external_id,
      name,
      live: true,
      refusal: null,
      item_id: null,
    })),
  )
  await ctx.record({
    kind: 'adoption.proposed',
    subject: { type: 'adoption', id },
    tenantId: wanted.tenantId,
    after: { number, code: wanted.code, applicationId: known?.id ?? null, things: things.length },
  })
  await ctx.publish('adoption.proposed', {
    adoptionId: id,
    number,
    tenantId: wanted.tenantId,
    application: known?.name ?? wanted.name,
    things: things.length,
  })
  return id
}

export async function proposeAdoption(ctx: Ctx, input: Input<Api['propose']>): Promise<Page> {
  const { connectionId, projectId, ...wanted } = input
  const things = await freeThings(ctx.db, { connectionId, projectId }, THINGS_MAX + 1)
  return readAdoption(ctx, { adoptionId: await proposeThings(ctx, { ...wanted, how: 'PROJECT' }, things) })
}

/** The one of the actor's bureau, still open. */
async function lockOpen(ctx: Ctx, adoptionId: string, verb: 'A' | 'U'): Promise<AdoptionRow> {
  const row = (await lockAdoption(ctx.db, adoptionId)) ?? fail(commonProblems.notFound)
  requireScope(ctx.actor, 'inventory.adopt', verb, { tenantId: row.tenant_id })
  if (row.state !== 'PROPOSED') fail(adoptionProblems.decided, { number: row.number })
  return row
}

const keyOf = (one: { connection_id: string; kind: string; external_id: string }): string =>
  `${one.connection_id} ${one.kind} ${one.external_id}`

/** The application the things go to: the recorded one, or a new one with a number that says it was given afterwards. */
async function applicationFor(ctx: Ctx, row: AdoptionRow, said: { name: string; env: AdoptionRow['env']; mlpsLevel: number }) {
  const known = row.application_id ? await findApplication(ctx, row.application_id) : undefined
  if (known?.admissionNo) return { id: known.id, admissionNo: known.admissionNo, given: false }
  const admissionNo = await nextNumber(ctx.db, RETROSPECTIVE_PREFIX, shanghaiDay(ctx.now))
  if (known) {
    await changeApplication(ctx, known.id, { admissionNo }, VIA)
    return { id: known.id, admissionNo, given: true }
  }
  if (await findApplicationByCode(ctx, row.code)) fail(adoptionProblems.codeTaken, { code: row.code })
  const made = await addApplication(
    ctx,
    {
      tenantId: row.tenant_id,
      code: row.code,
      ...said,
      state: 'ONLINE',
      admissionNo,
      projectManagerId: personOf(ctx.actor),
      note: row.note,
    },
    VIA,
  )
  return { id: made.id, admissionNo, given: true }
}

/**
 * The bureau's word: what is theirs is recorded from this instant on, with a number given afterwards; what is not theirs is free again. Nothing
 * before this instant becomes a fact: no order, no delivery, no measurement.
 */
export async function confirmAdoption(ctx: Ctx, input: Input<Api['confirm']>): Promise<Page> {
  const row = await lockOpen(ctx, input.adoptionId, 'A')
  const isManager = ctx.actor.grants.some(({ role, tenantId }) => role === 'APP_PROJECT_MANAGER' && tenantId === row.tenant_id)
  if (!isManager) fail(adoptionProblems.noManager)
  const refused = new Map(input.notOurs.map(({ connectionId, kind, externalId, why }) => [`${connectionId} ${kind} ${externalId}`, why]))
  const things = await thingsOf(ctx.db, row.id)
  const ours = things.filter((one) => !refused.has(keyOf(one)))
  const lost = ours.find((one) => !one.adoptable)
  if (lost) fail(adoptionProblems.gone, { name: lost.name })
  if (ours.length === 0) fail(adoptionProblems.nothing)
  const said = { name: input.name ?? row.name, env: input.env ?? row.env, mlpsLevel: input.mlpsLevel ?? row.mlps_level }
  const application = await applicationFor(ctx, row, said)
  for (const one of ours) await enter(ctx, row.id, one, application.id, said.env)
  for (const one of things.filter((thing) => refused.has(keyOf(thing))))
    await updateThing(ctx.db, { adoption_id: row.id, ...one }, { live: false, refusal: refused.get(keyOf(one)) ?? '' })
  await decide(ctx, row, 'CONFIRMED', null, {
    application_id: application.id,
    name: said.name,
    env: said.env,
    mlps_level: said.mlpsLevel,
    admission_no: application.admissionNo,
  })
  return readAdoption(ctx, { adoptionId: row.id })
}

/** Networks come before servers, servers before their volumes: so each finds what it hangs on. */
async function enter(ctx: Ctx, adoptionId: string, one: ThingView, applicationId: string, env: string): Promise<void> {
  const source = { type: 'adoption', id: `${adoptionId} ${one.external_id}` }
  const itemId = (await enterObserved(ctx, one, { applicationId, source, env }, VIA)) ?? fail(adoptionProblems.gone, { name: one.name })
  await updateThing(ctx.db, { adoption_id: adoptionId, ...one }, { item_id: itemId })
}

async function decide(
  ctx: Ctx,
  row: AdoptionRow,
  state: 'CONFIRMED' | 'RETURNED' | 'WITHDRAWN',
  reason: string | null,
  more: Partial<Pick<AdoptionRow, 'application_id' | 'name' | 'env' | 'mlps_level' | 'admission_no'>> = {},
): Promise<void> {
  await updateAdoption(ctx.db, row.id, {
    state,
    reason,
    decided_by: personOf(ctx.actor),
    decided_by_name: ctx.actor.name,
    decided_at: ctx.now,
    ...more,
  })
  await ctx.record({
    kind: `adoption.${state.toLowerCase()}`,
    subject: { type: 'adoption', id: row.id },
    tenantId: row.tenant_id,
    before: { state: row.state },
    after: { state, applicationId: more.application_id ?? null, admissionNo: more.admission_no ?? null },
    ...(reason ? { data: { reason } } : {}),
  })
  if (state !== 'WITHDRAWN')
    await ctx.publish('adoption.decided', {
      adoptionId: row.id,
      number: row.number,
      proposedBy: row.proposed_by,
      application: more.name ?? row.name,
      state,
    })
}

/** Each for itself, as proposed. */
export async function confirmAdoptions(ctx: Ctx, { adoptionIds }: Input<Api['confirmMany']>): Promise<Reply<Api['confirmMany']>> {
  const result: { confirmed: number; refused: { adoptionId: string; message: string }[] } = { confirmed: 0, refused: [] }
  for (const adoptionId of new Set(adoptionIds)) {
    const outcome = await attempt(ctx.db, () => confirmAdoption(ctx, { adoptionId, notOurs: [] }))
    if ('done' in outcome) result.confirmed += 1
    else if (outcome.error instanceof ProblemError) {
      const { kind, params } = outcome.error
      result.refused.push({ adoptionId, message: problemBody(kind, ctx.locale, params).title })
    } else throw outcome.error
  }
  return result
}

export async function returnAdoption(ctx: Ctx, { adoptionId, reason }: Input<Api['sendBack']>): Promise<Page> {
  const row = await lockOpen(ctx, adoptionId, 'A')
  await freeThingsOf(ctx.db, row.id)
  await decide(ctx, row, 'RETURNED', reason)
  return readAdoption(ctx, { adoptionId })
}

/** Undone as long as nobody has confirmed: nothing was recorded yet. */
export async function withdrawAdoption(ctx: Ctx, { adoptionId, reason }: Input<Api['withdraw']>): Promise<Page> {
  const row = await lockOpen(ctx, adoptionId, 'U')
  await freeThingsOf(ctx.db, row.id)
  await decide(ctx, row, 'WITHDRAWN', reason)
  return readAdoption(ctx, { adoptionId })
}
