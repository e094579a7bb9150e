import { complianceProblems } from '@changbai/contract/compliance.ts'
import { type ClauseFigure, figureOf, figureWithoutSource, type Obligation, obligationsOfRhythm } from '@changbai/verify/clauses.domain.ts'
import { reaches, scopeOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { notingReads } from '../../platform/table-reads.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { type ClauseLine, type ClauseSource, type ClauseSpan, type LoadedPlan, paramsOn } from '../plan/index.ts'
import { openWaivers } from './compliance.store.ts'
import { byDue, monthOf, reachOf, spanOfMonth, stretchesOf } from './month.domain.ts'

const sources = new Map<string, ClauseSource>()

/** Called once at start: what the modules record. @throws Error when two record under one name */
export function registerClauseSources(offered: readonly ClauseSource[]): void {
  for (const source of offered) {
    if (sources.has(source.of) && sources.get(source.of) !== source) throw new Error(`two modules record ${source.of}`)
    sources.set(source.of, source)
  }
}

/** What the modules record, each with its meter. */
export const offeredMeasures = (): string[] => [...sources.values()].map(({ of, meter }) => `${of} ${meter}`).toSorted()

/** The source of a clause, when something records it and by the meter that the plan names. */
export function sourceOf(clause: Pick<ClauseLine, 'meter' | 'of'>): ClauseSource | undefined {
  const source = clause.of === undefined ? undefined : sources.get(clause.of)
  return source?.meter === clause.meter ? source : undefined
}

export interface Judged {
  clause: ClauseLine
  withoutSource: boolean
  obligations: Obligation[]
  figure: ClauseFigure
}

/** @throws complianceProblems.future for a month that has not begun */
export function spanNow(ctx: Ctx, month: string | undefined): { month: string; span: ClauseSpan } {
  const asked = month ?? monthOf(ctx.now)
  const { from, to } = spanOfMonth(asked)
  if (Temporal.Instant.compare(from, ctx.now) > 0) fail(complianceProblems.future, { month: asked })
  return { month: asked, span: { from, to, asOf: ctx.now } }
}

/** Whose obligations the caller may count: all, or those of their own bureaus. */
export const boardScope = (ctx: Ctx) => scopeOf(ctx.actor, 'compliance.board.view', 'R', 'r')

/** Every obligation of one clause in a month, with what the customer waived; in the caller's reach; longest due first. */
async function obligationsOf(
  ctx: Ctx,
  plan: LoadedPlan,
  clause: ClauseLine,
  month: string,
  span: ClauseSpan,
): Promise<Obligation[] | null> {
  const source = sourceOf(clause)
  if (!source) return null
  if (source.meter !== 'rhythm') return source.read(ctx, span)
  const { times, per } = clause
  if (times === undefined || per === undefined) return null
  const spans = stretchesOf(month, per)
  const from = reachOf(spans, span.from)
  const events = await source.events(ctx, { ...span, from })
  const begun = events.length > 0 || (await source.begun(ctx, span.from))
  const rhythm = { events, begun, subject: { type: source.of } }
  const found: Obligation[] = []
  for (const one of spans) {
    // a value that changed in the middle of the month judges only what lies after its start
    const on = shanghaiDay(Temporal.Instant.from(one.from))
    const needed = typeof times === 'number' ? times : paramsOn(plan, on).number(times)
    if (needed < 1) continue
    const exempt = (await source.exempt?.(ctx, one)) ? ('NOT_APPLICABLE' as const) : null
    found.push(...obligationsOfRhythm({ ...rhythm, spans: [one], times: needed }).map((owed) => ({ ...owed, exempt })))
  }
  return found
}

/** Judges clauses over a month, each by what its module recorded. @param onJudged told of each clause what was read for it */
export async function judge(
  ctx: Ctx,
  plan: LoadedPlan,
  clauses: readonly ClauseLine[],
  month: string,
  span: ClauseSpan,
  onJudged?: (judged: Judged, names: ReadonlySet<string>) => void,
): Promise<Judged[]> {
  const scope = boardScope(ctx)
  const waived = new Set(
    (await openWaivers(ctx.db, month)).filter((one) => one.status === 'GRANTED').map((one) => `${one.clause_id} ${one.obligation_id}`),
  )
  const asOf = span.asOf.toString()
  const all: Judged[] = []
  for (const clause of clauses) {
    const noting = onJudged ? notingReads(ctx) : { ctx, names: new Set<string>() }
    const found = await obligationsOf(noting.ctx, plan, clause, month, span)
    const obligations = (found ?? [])
      .filter((one) => scope.all || reaches(scope, one))
      .map((one) => (waived.has(`${clause.id} ${one.id}`) ? { ...one, exempt: 'WAIVED' as const } : one))
      .sort(byDue)
    const figure = found === null ? figureWithoutSource() : figureOf(obligations, asOf)
    const judged = { clause, withoutSource: found === null, obligations, figure }
    all.push(judged)
    onJudged?.(judged, noting.names)
  }
  return all
}
