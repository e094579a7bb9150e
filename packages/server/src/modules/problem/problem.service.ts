import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { type problemApi, knownProblemProblems as problems } from '@changbai/contract/known-problem.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { personOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { pageOf, readCursor } from '../../platform/keyset.ts'
import { likenessOf } from '../../platform/likeness.ts'
import { nextNumber } from '../../platform/numbers.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { findPerson } from '../identity/index.ts'
import { incidentBriefs, preventiveActions, preventiveActionsOf, reachIncident } from '../incident/index.ts'
import { type ProblemStep, recurredAfterDays, stateAfter, stepsFrom } from './problem.domain.ts'
import { toDetail, toSummaries } from './problem.present.ts'
import {
  deleteLink,
  findProblem,
  insertLink,
  insertProblem,
  insertProblemEvent,
  linkOfIncident,
  linksOf,
  listProblems,
  lockProblem,
  type ProblemRow,
  similarProblems,
  updateProblem,
} from './problem.store.ts'

type Api = typeof problemApi

declare module '../../platform/ctx.ts' {
  interface Events {
    /** The same cause again within the watch of the plan. */
    'problem.recurred': { problemId: string; number: string; title: string; incidentNumber: string; afterDays: number }
  }
}

type Kind = Parameters<typeof insertProblemEvent>[1]['kind']
async function tell(ctx: Ctx, row: Pick<ProblemRow, 'id'>, kind: Kind, text = ''): Promise<void> {
  await insertProblemEvent(ctx.db, { id: newId(), problem_id: row.id, kind, at: ctx.now, by_name: ctx.actor.name, text })
  await ctx.record({ kind: `problem.${kind.toLowerCase()}`, subject: { type: 'problem', id: row.id }, data: { text } })
}
const known = async (ctx: Ctx, id: string): Promise<ProblemRow> => (await findProblem(ctx.db, id)) ?? fail(commonProblems.notFound)
async function openProblem(ctx: Ctx, id: string): Promise<ProblemRow> {
  const row = (await lockProblem(ctx.db, id)) ?? fail(commonProblems.notFound)
  return row.state === 'CLOSED' ? fail(problems.closed) : row
}
const detail = async (ctx: Ctx, id: string) => toDetail(ctx, await known(ctx, id))

export async function listProblemPage(ctx: Ctx, { q, state, open, after, limit }: Input<Api['list']>): Promise<Reply<Api['list']>> {
  const rows = await listProblems(ctx.db, { q: q?.trim() || undefined, state, open }, readCursor(after), limit)
  const { items, next } = pageOf(rows, limit, (row) => ['', row.id])
  return { items: await toSummaries(ctx, items), next }
}
export const getProblem = (ctx: Ctx, { problemId }: Input<Api['get']>): Promise<Reply<Api['get']>> => detail(ctx, problemId)

export interface NewProblem {
  title: string
  description: string
  nature: ProblemRow['nature']
  rootCause?: string
  ownerId?: string | null
}
export async function addProblem(ctx: Ctx, { title, description, nature, rootCause = '', ownerId = null }: NewProblem): Promise<string> {
  const id = newId()
  await insertProblem(ctx.db, {
    id,
    number: await nextNumber(ctx.db, 'WT', shanghaiDay(ctx.now)),
    title,
    description,
    nature,
    root_cause: rootCause,
    workaround: '',
    solution: '',
    state: 'OPEN',
    owner_id: ownerId,
    resolved_by: null,
    resolved_at: null,
    closed_at: null,
    created_at: ctx.now,
    updated_at: ctx.now,
  })
  await tell(ctx, { id }, 'OPENED', title)
  return id
}
export async function registerProblem(ctx: Ctx, input: Input<Api['open']>): Promise<Reply<Api['open']>> {
  if (input.incidentId) await reachIncident(ctx, input.incidentId)
  const id = await addProblem(ctx, { ...input, ownerId: personOf(ctx.actor) })
  if (input.incidentId) await addLink(ctx, await known(ctx, id), input.incidentId)
  return detail(ctx, id)
}

export async function changeProblem(ctx: Ctx, { problemId, ...input }: Input<Api['change']>): Promise<Reply<Api['change']>> {
  const row = await openProblem(ctx, problemId)
  if (row.state === 'KNOWN_ERROR' && (!input.rootCause || !input.workaround)) fail(problems.causeFirst)
  if (input.ownerId && !(await findPerson(ctx, input.ownerId))?.active)
    fail(commonProblems.invalid, {}, [{ path: 'ownerId', code: 'person', message: '没有这个人 / nobody by that id' }])
  const { rootCause, ownerId, ...plain } = input
  await updateProblem(ctx.db, row.id, { ...plain, root_cause: rootCause, owner_id: ownerId }, ctx.now)
  await tell(ctx, row, 'CHANGED')
  return detail(ctx, problemId)
}

/** Links an incident; within the watch of the plan after an earlier one it is a recurrence, and a problem thought solved is open again. @clause 5.8-5 */
export async function addLink(ctx: Ctx, row: ProblemRow, incidentId: string): Promise<void> {
  const before = await linkOfIncident(ctx.db, incidentId)
  if (before) fail(problems.linked, { number: (await known(ctx, before.problem_id)).number })
  const links = await linksOf(ctx.db, [row.id])
  const briefs = await incidentBriefs(ctx, [incidentId, ...links.map((one) => one.incident_id)])
  const incident = briefs.find((one) => one.id === incidentId) ?? fail(commonProblems.notFound)
  const earlier = briefs
    .filter((one) => one.id !== incidentId && Temporal.Instant.compare(one.beganAt, incident.beganAt) <= 0)
    .map((one) => ({ beganOn: shanghaiDay(one.beganAt), endedOn: one.resolvedAt && shanghaiDay(one.resolvedAt) }))
  const afterDays = recurredAfterDays(shanghaiDay(incident.beganAt), earlier, ctx.plan.number('incident.recurrenceDays'))
  await insertLink(ctx.db, {
    incident_id: incidentId,
    problem_id: row.id,
    began_at: incident.beganAt,
    recurred: afterDays !== null,
    after_days: afterDays,
    linked_at: ctx.now,
    linked_by: ctx.actor.name,
  })
  await tell(ctx, row, afterDays === null ? 'LINKED' : 'RECURRED', incident.number)
  if (afterDays === null) return
  if (row.state === 'RESOLVED' || row.state === 'CLOSED') await go(ctx, row, 'REOPEN', incident.number)
  const { id: problemId, number, title } = row
  await ctx.publish('problem.recurred', { problemId, number, title, incidentNumber: incident.number, afterDays })
}
export async function linkIncident(ctx: Ctx, { problemId, incidentId }: Input<Api['link']>): Promise<Reply<Api['link']>> {
  const row = await openProblem(ctx, problemId)
  await reachIncident(ctx, incidentId)
  await addLink(ctx, row, incidentId)
  return detail(ctx, problemId)
}
export async function unlinkIncident(ctx: Ctx, { problemId, incidentId, reason }: Input<Api['unlink']>): Promise<Reply<Api['unlink']>> {
  const row = await openProblem(ctx, problemId)
  if (!(await deleteLink(ctx.db, problemId, incidentId))) fail(commonProblems.notFound)
  const [incident] = await incidentBriefs(ctx, [incidentId])
  await tell(ctx, row, 'UNLINKED', `${incident?.number ?? ''} ${reason}`)
  return detail(ctx, problemId)
}

const KIND_OF = { MARK_KNOWN: 'KNOWN', RESOLVE: 'RESOLVED', REOPEN: 'REOPENED', CLOSE: 'CLOSED' } as const
async function go(ctx: Ctx, row: ProblemRow, step: ProblemStep, text = '', change: Partial<ProblemRow> = {}): Promise<void> {
  if (!stepsFrom(row.state).includes(step)) fail(problems.wrongState, { state: row.state })
  const settled =
    step === 'RESOLVE'
      ? { resolved_at: ctx.now, resolved_by: ctx.actor.personId }
      : step === 'REOPEN'
        ? { resolved_at: null, resolved_by: null, closed_at: null }
        : step === 'CLOSE'
          ? { closed_at: ctx.now }
          : {}
  await updateProblem(ctx.db, row.id, { ...change, ...settled, state: stateAfter(step) }, ctx.now)
  await tell(ctx, row, KIND_OF[step], text)
}
const locked = async (ctx: Ctx, id: string) => (await lockProblem(ctx.db, id)) ?? fail(commonProblems.notFound)

export async function markKnown(ctx: Ctx, { problemId }: Input<Api['markKnown']>): Promise<Reply<Api['markKnown']>> {
  const row = await openProblem(ctx, problemId)
  if (!row.root_cause || !row.workaround) fail(problems.causeFirst)
  await go(ctx, row, 'MARK_KNOWN')
  return detail(ctx, problemId)
}
export async function resolveProblem(ctx: Ctx, { problemId, solution }: Input<Api['resolve']>): Promise<Reply<Api['resolve']>> {
  const row = await openProblem(ctx, problemId)
  if (!row.root_cause) fail(problems.causeFirst)
  await go(ctx, row, 'RESOLVE', solution, { solution })
  return detail(ctx, problemId)
}
export async function reopenProblem(ctx: Ctx, { problemId, reason }: Input<Api['reopen']>): Promise<Reply<Api['reopen']>> {
  await go(ctx, await locked(ctx, problemId), 'REOPEN', reason)
  return detail(ctx, problemId)
}
/** Every action is verified, and somebody else than who resolved it says so. @clause 5.8-5 */
export async function closeProblem(ctx: Ctx, { problemId }: Input<Api['close']>): Promise<Reply<Api['close']>> {
  const row = await openProblem(ctx, problemId)
  if (row.resolved_by !== null && row.resolved_by === personOf(ctx.actor)) fail(problems.samePerson)
  const links = await linksOf(ctx.db, [row.id])
  const actions = await preventiveActionsOf(
    ctx,
    links.map((one) => one.incident_id),
  )
  const count = actions.filter((one) => one.state !== 'VERIFIED').length
  if (count > 0) fail(problems.openActions, { count })
  await go(ctx, row, 'CLOSE')
  return detail(ctx, problemId)
}

const HINTS_MAX = 3
/** Candidates the database finds by any shared piece; likeness then orders them. */
const CANDIDATES = 30
/** Less than this of the symptom in common says nothing. */
const LIKENESS_MIN = 0.2
/** As much of a symptom as tells what it is about; longer texts cost without telling more. */
const ASKED_MAX = 300

export async function problemOfIncident(ctx: Ctx, { incidentId }: Input<Api['ofIncident']>): Promise<Reply<Api['ofIncident']>> {
  const incident = await reachIncident(ctx, incidentId)
  const link = await linkOfIncident(ctx.db, incidentId)
  const own = link ? await findProblem(ctx.db, link.problem_id) : undefined
  const asked = `${incident.title} ${incident.symptom}`.slice(0, ASKED_MAX)
  const found = (await similarProblems(ctx.db, asked, CANDIDATES)).filter((row) => row.id !== own?.id)
  const links = await linksOf(
    ctx.db,
    found.map((row) => row.id),
  )
  const applications = new Map(
    (
      await incidentBriefs(
        ctx,
        links.map((one) => one.incident_id),
      )
    ).map((one) => [one.id, one.applicationId]),
  )
  const hints = found.map((row) => {
    const linked = links.filter((one) => one.problem_id === row.id)
    return {
      id: row.id,
      number: row.number,
      title: row.title,
      rootCause: row.root_cause,
      workaround: row.workaround,
      likeness: likenessOf(asked, [row.title, row.description, row.root_cause, row.workaround].join(' ')),
      sameApplication:
        incident.application_id !== null && linked.some((one) => applications.get(one.incident_id) === incident.application_id),
      incidents: linked.length,
    }
  })
  const weight = (one: (typeof hints)[number]) => one.likeness + (one.sameApplication ? LIKENESS_MIN : 0)
  return {
    problem: own ? ((await toSummaries(ctx, [own]))[0] ?? null) : null,
    hints: hints
      .filter((one) => one.likeness >= LIKENESS_MIN)
      .sort((a, b) => weight(b) - weight(a))
      .slice(0, HINTS_MAX),
  }
}

export async function listActionPage(ctx: Ctx, { state, mine, after, limit }: Input<Api['actions']>): Promise<Reply<Api['actions']>> {
  const rows = await preventiveActions(ctx, { state, ownerId: mine ? personOf(ctx.actor) : undefined }, readCursor(after), limit)
  const { items, next } = pageOf(rows, limit, (row) => [row.dueOn, row.id])
  return { items: items.map(({ ownerId: _, doneAt: __, verifiedAt: ___, ...one }) => one), next }
}
