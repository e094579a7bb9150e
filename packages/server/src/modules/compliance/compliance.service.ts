import type { ClauseOnBoard, complianceApi, ObligationLine } from '@changbai/contract/compliance.ts'
import { complianceProblems } from '@changbai/contract/compliance.ts'
import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { boardOf, type Obligation, stateOf } from '@changbai/verify/clauses.domain.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { pageOf, readCursor } from '../../platform/keyset.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { tenantNames } from '../identity/index.ts'
import { type ClauseLine, requirePlan, toClause } from '../plan/index.ts'
import { freezeOf, frozenFigures, openWaivers, type WaiverRow } from './compliance.store.ts'
import { toFreeze } from './freeze.service.ts'
import { boardScope, type Judged, judge, spanNow } from './judge.ts'
import { figuresFor } from './kept.ts'
import { monthBefore } from './month.domain.ts'

type Api = typeof complianceApi
/** Months shown beside the one that is looked at. */
const HISTORY_MONTHS = 12
const OBLIGATIONS_A_PAGE = 100
/** What one person owes today is listed up to here; nobody works through more. */
const OWED_LISTED_MAX = 100

const owes = (ctx: Ctx, clause: ClauseLine): boolean => ctx.actor.grants.some(({ role }) => clause.obligors.includes(role))
const sameFigure = (a: Judged['figure'], b: Judged['figure']): boolean =>
  JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort())

const toBoardLine = (
  ctx: Ctx,
  judged: Pick<Judged, 'clause' | 'figure' | 'withoutSource'>,
  frozen: Judged['figure'] | undefined,
): ClauseOnBoard => {
  const { clause, figure, withoutSource } = judged
  return {
    id: clause.id,
    alias: clause.alias ?? null,
    chapter: clause.chapter,
    title: clause.title,
    obligors: clause.obligors,
    frequency: clause.frequency,
    redLine: clause.redLine,
    meter: clause.meter ?? null,
    withoutSource,
    figure,
    frozen: frozen && !sameFigure(frozen, figure) ? frozen : null,
    mine: owes(ctx, clause),
  }
}

/** The board of a month, computed from what is recorded when it is read. @clause all */
export async function readBoard(ctx: Ctx, input: Input<Api['board']>): Promise<Reply<Api['board']>> {
  const plan = await requirePlan(ctx)
  const { month, span } = spanNow(ctx, input.month)
  const scope = boardScope(ctx)
  const freeze = scope.all ? await freezeOf(ctx.db, month) : undefined
  const frozen = new Map(freeze ? (await frozenFigures(ctx.db, [month])).map((row) => [row.clause_id, row.figure]) : [])
  const clauses = (await figuresFor(ctx, plan, plan.document.clauses, month, span)).map((one) =>
    toBoardLine(ctx, one, frozen.get(one.clause.id)),
  )
  return {
    month,
    asOf: ctx.now.toString(),
    planVersion: plan.version,
    scope: scope.all ? 'ALL' : 'OWN',
    board: boardOf(clauses.map(({ figure, redLine }) => ({ state: figure.state, redLine }))),
    freeze: freeze ? toFreeze(freeze) : null,
    chapters: plan.document.chapters.map(({ id, zh, en }) => ({ chapter: id, title: { zh, en } })),
    clauses,
  }
}

const toLine = (
  clauseId: string,
  one: Obligation,
  asOf: string,
  names: ReadonlyMap<string, string>,
  waivers: ReadonlyMap<string, WaiverRow>,
): ObligationLine => {
  const waiver = waivers.get(`${clauseId} ${one.id}`)
  return {
    id: one.id,
    clauseId,
    subject: one.subject,
    tenantName: one.tenantId === null ? null : (names.get(one.tenantId) ?? null),
    startedAt: one.startedAt,
    dueAt: one.dueAt,
    doneAt: one.doneAt,
    kept: one.kept,
    missing: one.missing,
    state: stateOf(one, asOf),
    evidence: one.evidence,
    waiver: waiver ? { id: waiver.id, reason: waiver.reason, decidedByName: waiver.decided_by_name } : null,
  }
}

const waiversOf = async (ctx: Ctx, month: string) =>
  new Map((await openWaivers(ctx.db, month)).map((row) => [`${row.clause_id} ${row.obligation_id}`, row]))
const namesFor = (ctx: Ctx, obligations: readonly Obligation[]) =>
  tenantNames(ctx, [...new Set(obligations.flatMap((one) => (one.tenantId === null ? [] : [one.tenantId])))])

/** One clause with each of its obligations, down to the fact; and what it came to in the months before. */
export async function readClauseFigure(ctx: Ctx, input: Input<Api['clause']>): Promise<Reply<Api['clause']>> {
  const plan = await requirePlan(ctx)
  const clause =
    plan.document.clauses.find((one) => one.id === input.clauseId || one.alias === input.clauseId) ??
    fail(complianceProblems.noObligation, { clauseId: input.clauseId, month: input.month ?? '' })
  const { month, span } = spanNow(ctx, input.month)
  const asOf = ctx.now.toString()
  const [judged] = await judge(ctx, plan, [clause], month, span)
  if (!judged) throw new Error(`clause ${clause.id} was not judged`)

  const earlier = Array.from({ length: HISTORY_MONTHS - 1 }, (_, back) => monthBefore(month, HISTORY_MONTHS - 1 - back))
  const frozen = new Map(
    (boardScope(ctx).all ? await frozenFigures(ctx.db, [...earlier, month], clause.id) : []).map((row) => [row.month, row.figure]),
  )
  const history = []
  for (const one of earlier) {
    const kept = frozen.get(one)
    const figure = kept ?? (await judge(ctx, plan, [clause], one, spanNow(ctx, one).span))[0]?.figure
    if (figure) history.push({ month: one, figure, isFrozen: kept !== undefined })
  }
  history.push({ month, figure: frozen.get(month) ?? judged.figure, isFrozen: frozen.has(month) })

  const wanted = judged.obligations.filter((one) => input.state === undefined || stateOf(one, asOf) === input.state)
  const cursor = readCursor(input.after)
  const rest = cursor ? wanted.filter((one) => one.dueAt > cursor[0] || (one.dueAt === cursor[0] && one.id > cursor[1])) : wanted
  const { items, next } = pageOf(rest, OBLIGATIONS_A_PAGE, (one) => [one.dueAt, one.id])
  const [names, waivers] = [await namesFor(ctx, items), await waiversOf(ctx, month)]
  const words = toClause(plan, clause, shanghaiDay(ctx.now))
  return {
    month,
    asOf,
    clause: toBoardLine(ctx, judged, frozen.get(month)),
    formula: words.formula,
    evidence: words.evidence,
    history,
    obligations: { items: items.map((one) => toLine(clause.id, one, asOf, names, waivers)), next, total: wanted.length },
  }
}

/** What the caller's roles owe now: about to be late first, then what falls due next. */
export async function readMine(ctx: Ctx): Promise<Reply<Api['mine']>> {
  const plan = await requirePlan(ctx)
  const { month, span } = spanNow(ctx, undefined)
  const asOf = ctx.now.toString()
  const own = plan.document.clauses.filter((clause) => owes(ctx, clause))
  const open = (await judge(ctx, plan, own, month, span)).flatMap(({ clause, obligations }) =>
    obligations.filter((one) => ['OPEN', 'AT_RISK'].includes(stateOf(one, asOf))).map((one) => ({ clause, one })),
  )
  const listed = open.sort((a, b) => Date.parse(a.one.dueAt) - Date.parse(b.one.dueAt)).slice(0, OWED_LISTED_MAX)
  const names = await namesFor(
    ctx,
    listed.map(({ one }) => one),
  )
  const waivers = await waiversOf(ctx, month)
  return { asOf, items: listed.map(({ clause, one }) => ({ ...toLine(clause.id, one, asOf, names, waivers), title: clause.title })) }
}
