import { type ChangeDetail, ChangeForm, type changeApi, changeProblems } from '@changbai/contract/change.ts'
import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { personOf, reaches, requireScope, scopeOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { pageOf, readCursor } from '../../platform/keyset.ts'
import { nextNumber } from '../../platform/numbers.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { stepsNow } from '../admission/index.ts'
import { incidentBriefs } from '../incident/index.ts'
import { type ChangeableItem, changeableItems, searchChangeable } from '../inventory/index.ts'
import { completeTask, startProcess } from '../process/index.ts'
import { type ChangeRow, findChange, insertChange, listChanges, lockChange, updateChange } from './change.store.ts'
import { conflictsOf, type Derived, derive } from './derive.ts'
import { gapsOf, grows, growthOf, unfit, withinStandard } from './domain/items.ts'
import { toDetail, toSummary } from './present.ts'
import { standardById, standardInForce } from './rules.store.ts'

type Api = typeof changeApi
const EVERYONE = ['R', 'r'] as const

/** Its own bureau's, or that of an application it touches. */
function maySee(ctx: Ctx, row: ChangeRow): boolean {
  const scope = scopeOf(ctx.actor, 'change.read', ...EVERYONE)
  if (row.applicant_id === ctx.actor.personId) return true
  return (
    reaches(scope, { tenantId: row.tenant_id, applicationId: row.application_id }) ||
    row.affected_ids.some((id) => reaches(scope, { tenantId: null, applicationId: id }))
  )
}

/** @throws not-found for a change out of reach */
export async function reachChange(ctx: Ctx, id: string, lock = false): Promise<ChangeRow> {
  const row = (await (lock ? lockChange : findChange)(ctx.db, id)) ?? fail(commonProblems.notFound, { id })
  if (!maySee(ctx, row)) fail(commonProblems.notFound, { id })
  return row
}

export const isOpen = (row: ChangeRow): boolean => row.status === 'DRAFT' || row.status === 'RETURNED'

export async function listChangePage(ctx: Ctx, input: Input<Api['list']>): Promise<Reply<Api['list']>> {
  const { q, status, mine, after, limit, category, applicationId, ciId } = input
  const filter = {
    q: q?.trim() || undefined,
    statuses: status ? status.split(',').filter(Boolean) : undefined,
    category,
    applicationId,
    ciId,
    applicantId: mine ? personOf(ctx.actor) : undefined,
  }
  const rows = await listChanges(ctx.db, filter, scopeOf(ctx.actor, 'change.read', ...EVERYONE), readCursor(after), limit)
  const { items, next } = pageOf(rows, limit, (row) => [row.updated_at.toString(), row.id])
  const steps = await stepsNow(ctx, items)
  return { items: items.map((row) => toSummary(row, steps.get(row.id) ?? null)), next }
}

export const getChange = async (ctx: Ctx, { changeId }: Input<Api['get']>): Promise<ChangeDetail> =>
  toDetail(ctx, await reachChange(ctx, changeId))

/** What the person may name in a change: things of his bureau, or all for those who run the cloud. */
export async function listTargets(ctx: Ctx, { q, applicationId }: Input<Api['targets']>): Promise<Reply<Api['targets']>> {
  const things = await searchChangeable(ctx, q.trim(), applicationId, 20)
  const facts = (values: Readonly<Record<string, unknown>>) =>
    values.vcpu ? `${values.vcpu}C ${values.memGiB}G` : values.gib ? `${values.gib} GiB` : String(values.cidr ?? values.code ?? '')
  return {
    items: things.map(({ id, kind, name, applicationName, values }) => ({ id, kind, name, applicationName, facts: facts(values) })),
  }
}

/** An emergency belongs to an incident of level I or II that is not closed; it may come at any hour, its papers come after. */
async function checkIncident(ctx: Ctx, incidentId: string | undefined): Promise<void> {
  const [incident] = incidentId ? await incidentBriefs(ctx, [incidentId]) : []
  if (!incident || (incident.severity !== 'I' && incident.severity !== 'II') || incident.status === 'CLOSED')
    fail(changeProblems.needsIncident)
}

export async function startChange(ctx: Ctx, input: Input<Api['start']>): Promise<ChangeDetail> {
  if (input.category === 'EMERGENCY') await checkIncident(ctx, input.incidentId)
  const standard = input.category === 'STANDARD' ? await standardInForce(ctx.db, input.standardKey ?? '') : undefined
  if (input.category === 'STANDARD' && !standard) fail(changeProblems.noStandard)
  const things = await changeableItems(ctx, input.ciIds)
  const [first] = things
  if (!first || things.length < input.ciIds.length) return fail(commonProblems.notFound)
  for (const thing of things)
    requireScope(ctx.actor, 'change.submit', 'C', { tenantId: thing.tenantId, applicationId: thing.applicationId })
  const row = await openChange(ctx, {
    category: input.category,
    things,
    applicant: { id: personOf(ctx.actor), name: ctx.actor.name },
    standardId: standard?.id,
    incidentId: input.category === 'EMERGENCY' ? input.incidentId : undefined,
    form: {
      title: standard ? `${standard.name.zh}：${first.name}` : '',
      items: standard ? things.map((thing) => ({ ciId: thing.id, attr: standard.attr, to: '' })) : [],
      downtime: standard?.downtime ?? false,
      steps: standard?.steps ?? [],
      rollbackPlan: standard?.rollback_plan ?? '',
      verifyPlan: standard?.verify_plan ?? '',
      reason: input.category === 'EMERGENCY' ? 'INCIDENT' : 'OTHER',
      risk: standard ? 'L' : 'M',
    },
  })
  return toDetail(ctx, row)
}

export interface Draft {
  category: ChangeRow['category']
  /** What it is about; its bureau is that of the first. */
  things: readonly ChangeableItem[]
  /** Who fills it in; need not be who acts. */
  applicant: { id: string; name: string }
  form: Partial<ChangeForm>
  standardId?: string | undefined
  incidentId?: string | undefined
  /** The difference between cloud and records it shall put right. */
  driftId?: string | undefined
}
/** A draft and its process. Whether the person may is for the caller. */
export async function openChange(ctx: Ctx, draft: Draft): Promise<ChangeRow> {
  const [first] = draft.things
  if (!first) return fail(commonProblems.notFound)
  const form = ChangeForm.parse(draft.form)
  const ciIds = draft.things.map((thing) => thing.id)
  const id = newId(ctx.now.epochMilliseconds)
  await insertChange(ctx.db, {
    id,
    number: await nextNumber(ctx.db, 'BG', shanghaiDay(ctx.now)),
    title: form.title,
    category: draft.category,
    status: 'DRAFT',
    outcome: null,
    tenant_id: first.tenantId,
    application_id: first.applicationId,
    application_name: first.applicationName,
    applicant_id: draft.applicant.id,
    applicant_name: draft.applicant.name,
    standard_id: draft.standardId ?? null,
    incident_id: draft.incidentId ?? null,
    drift_id: draft.driftId ?? null,
    form: JSON.stringify(form),
    ...columnsOf(form, await derive(ctx, form, ciIds), ciIds),
    actual_from: null,
    actual_to: null,
    retro_due_at: null,
    retro_done_at: null,
    created_at: ctx.now,
    updated_at: ctx.now,
    submitted_at: null,
    decided_at: null,
    closed_at: null,
    instance_id: null,
  })
  const row = (await findChange(ctx.db, id)) ?? fail(commonProblems.notFound)
  const { instanceId } = await startProcess(ctx, {
    key: 'resource-change',
    businessKey: id,
    title: `${row.application_name} ${row.number}`.trim(),
    tenantId: row.tenant_id,
    applicationId: row.application_id,
    vars: { category: row.category },
    starter: { personId: draft.applicant.id, name: draft.applicant.name },
  })
  const begun = await updateChange(ctx.db, id, { instance_id: instanceId }, ctx.now)
  await ctx.record({
    kind: 'change.started',
    subject: { type: 'change', id },
    tenantId: row.tenant_id,
    after: { number: row.number, category: row.category, things: draft.things.map((thing) => thing.name) },
  })
  return begun
}

const columnsOf = (form: ChangeForm, derived: Derived, ciIds: readonly string[]) => ({
  items: JSON.stringify(derived.items),
  ci_ids: [...ciIds],
  affected_ids: derived.affectedIds,
  derived_ids: derived.derivedIds,
  major_reasons: JSON.stringify(derived.majorReasons),
  downtime: form.downtime,
  window_from: form.windowFrom ? Temporal.Instant.from(form.windowFrom) : null,
  window_to: form.windowTo ? Temporal.Instant.from(form.windowTo) : null,
})

/** Things named before stay, things newly named in an item are added: an item of something out of reach is refused. */
async function thingIdsOf(ctx: Ctx, row: ChangeRow, form: ChangeForm): Promise<string[]> {
  const ids = [...new Set([...(form.items.length > 0 ? [] : row.ci_ids), ...form.items.map((item) => item.ciId)])]
  const things = await changeableItems(ctx, ids)
  if (things.length < ids.length) fail(commonProblems.notFound)
  for (const thing of things)
    requireScope(ctx.actor, 'change.submit', 'C', { tenantId: thing.tenantId, applicationId: thing.applicationId })
  return ids
}

const mayWrite = (ctx: Ctx, row: ChangeRow): boolean =>
  isOpen(row) &&
  (row.applicant_id === ctx.actor.personId ||
    reaches(scopeOf(ctx.actor, 'change.submit', 'C'), { tenantId: row.tenant_id, applicationId: row.application_id }))

export async function saveChange(ctx: Ctx, { changeId, rev, form }: Input<Api['save']>): Promise<ChangeDetail> {
  const row = await reachChange(ctx, changeId, true)
  if (!mayWrite(ctx, row)) fail(changeProblems.notDraft)
  if (row.rev !== rev) fail(commonProblems.stale)
  const ids = await thingIdsOf(ctx, row, form)
  const derived = await derive(ctx, form, ids)
  for (const item of form.items) {
    const thing = derived.things.get(item.ciId)
    if (thing && item.to !== '' && unfit(thing, item.attr, item.to)) fail(changeProblems.notForItem, { item: thing.name, attr: item.attr })
  }
  const saved = await updateChange(
    ctx.db,
    row.id,
    { title: form.title, form: JSON.stringify(form), ...columnsOf(form, derived, ids) },
    ctx.now,
  )
  return toDetail(ctx, saved)
}

export async function getGaps(ctx: Ctx, { changeId }: Input<Api['gaps']>): Promise<Reply<Api['gaps']>> {
  const row = await reachChange(ctx, changeId)
  const things = new Map((await changeableItems(ctx, row.ci_ids)).map((thing) => [thing.id, thing]))
  return { items: gapsOf(row.form, row.category, things, ctx.now) }
}

export async function submitChange(ctx: Ctx, { changeId, rev }: Input<Api['submit']>): Promise<ChangeDetail> {
  const row = await reachChange(ctx, changeId, true)
  if (!isOpen(row)) fail(changeProblems.notDraft)
  const step = row.steps.find((one) => one.node === 'fillChangeForm')
  if (!step) return fail(changeProblems.notDraft)
  await completeTask(ctx, { taskId: step.taskId, outcome: 'SUBMIT', data: { rev } })
  return toDetail(ctx, await reachChange(ctx, changeId))
}

/**
 * Judges a change as it is handed in: what is missing, whether it is major, who must assess, what stands in the way. Values are read from the
 * inventory again, so that what is approved is what was there. @returns the facts the process needs
 */
export async function handIn(ctx: Ctx, changeId: string, rev: number | undefined): Promise<Record<string, unknown>> {
  const row = (await lockChange(ctx.db, changeId)) ?? fail(commonProblems.notFound)
  if (!isOpen(row)) fail(changeProblems.notDraft)
  if (rev !== undefined && rev !== row.rev) fail(commonProblems.stale)
  if (row.category === 'EMERGENCY') await checkIncident(ctx, row.incident_id ?? undefined)
  const derived = await derive(ctx, row.form, row.ci_ids)
  const gaps = gapsOf(row.form, row.category, derived.things, ctx.now)
  if (gaps.length > 0)
    fail(changeProblems.incomplete, {
      count: gaps.length,
      fields: gaps.map((gap) => (ctx.locale === 'en-US' ? gap.message.en : gap.message.zh)).join('；'),
    })
  const standard = row.standard_id ? await standardById(ctx.db, row.standard_id) : undefined
  if (standard && !withinStandard({ ciKind: standard.ci_kind, attr: standard.attr, maxDays: standard.max_days }, derived.items))
    fail(changeProblems.notStandard, { name: standard.name.zh })
  const category =
    row.category === 'NORMAL' || row.category === 'MAJOR' ? (derived.majorReasons.length > 0 ? 'MAJOR' : 'NORMAL') : row.category
  const handed = await updateChange(
    ctx.db,
    row.id,
    { ...columnsOf(row.form, derived, row.ci_ids), category, returned: false, submitted_at: row.submitted_at ?? ctx.now },
    ctx.now,
  )
  for (const conflict of await conflictsOf(ctx, handed)) {
    if (!conflict.blocks) continue
    if (conflict.kind === 'FREEZE') fail(changeProblems.frozen, { name: conflict.name })
    fail(changeProblems.conflict, { item: conflict.what, number: conflict.name })
  }
  await ctx.record({
    kind: 'change.submitted',
    subject: { type: 'change', id: row.id },
    tenantId: row.tenant_id,
    data: {
      category,
      items: derived.items.map(({ ciName, attr, from, to }) => ({ ciName, attr, from, to })),
      affected: derived.affectedIds,
    },
  })
  const physical = [...derived.things.values()].some((thing) => thing.isPhysical)
  return {
    category,
    needsCapacity: grows(growthOf(derived.items)),
    downtime: handed.downtime && category !== 'EMERGENCY',
    implementAt: (category === 'EMERGENCY' ? ctx.now : (handed.window_from ?? ctx.now)).toString(),
    implementLimit: ctx.plan.duration(physical ? 'change.implementBaremetal' : 'change.implementVm'),
    // things of the house belong to no application side: the operation manager looks whether it is right
    verifiers: row.tenant_id ? ['APP_PROJECT_MANAGER', 'APP_ENGINEER', 'TENANT_ADMIN'] : ['OPERATION_MANAGER'],
  }
}
