import type { Ctx } from '../../platform/ctx.ts'
import type { ClauseLine, ClauseSpan, LoadedPlan } from '../plan/index.ts'
import { boardScope, type Judged, judge } from './judge.ts'
import { relations, touchedSince, vantageOf } from './touch.store.ts'

type Figured = Pick<Judged, 'clause' | 'withoutSource' | 'figure'>
interface Kept {
  judged: Figured
  /** Tables it was worked out from; null: from something whose changes are not noted. */
  names: readonly string[] | null
}
interface Board {
  snapshot: string
  /** By the process's own stopwatch, not by the clock of commands. */
  keptAt: number
  clauses: ReadonlyMap<string, Kept>
}

/** Boards of the months and readers of late; one is some 40 kB. */
const BOARDS_MAX = 48
/** Touches are remembered for a day: what is kept is worked out anew long before. */
const KEPT_MS = 3_600_000
const boards = new Map<string, Board>()

function keep(key: string, board: Board): void {
  boards.delete(key)
  boards.set(key, board)
  const [oldest] = boards.keys()
  if (boards.size > BOARDS_MAX && oldest !== undefined) boards.delete(oldest)
}

/** The parameters in force and whoever was spared something count for every clause. */
const ALWAYS = ['plan_state', 'clause_waiver']

/**
 * What each clause came to, as {@link judge} works it out. Of a month that is over, a figure changes with the rows it was worked out from and with nothing else: it is kept
 * in this process with the names of the tables read for it, and before it is used again the database says which tables were changed by what was committed
 * since. Only clauses that read one of those are judged anew. A month that runs is judged each time: its figures change with every minute.
 */
export async function figuresFor(
  ctx: Ctx,
  plan: LoadedPlan,
  clauses: readonly ClauseLine[],
  month: string,
  span: ClauseSpan,
): Promise<readonly Figured[]> {
  const isOver = Temporal.Instant.compare(span.to, ctx.now) <= 0
  const vantage = isOver ? await vantageOf(ctx.db) : null
  if (!vantage?.isClean) return judge(ctx, plan, clauses, month, span)
  const key = JSON.stringify([vantage.place, plan.version, month, boardScope(ctx)])
  const before = boards.get(key)
  const isFresh = before !== undefined && performance.now() - before.keptAt < KEPT_MS
  const touched = isFresh ? await touchedSince(ctx.db, before.snapshot) : new Set<string>()
  const known = new Map<string, Kept>()
  if (isFresh) for (const [id, kept] of before.clauses) if (kept.names && !kept.names.some((name) => touched.has(name))) known.set(id, kept)
  const stale = clauses.filter(({ id }) => !known.has(id))
  if (stale.length > 0) {
    const noted = await relations(ctx.db)
    await judge(ctx, plan, stale, month, span, ({ clause, withoutSource, figure }, words) => {
      const names = [...new Set([...ALWAYS, ...words])].filter((word) => noted.has(word))
      known.set(clause.id, { judged: { clause, withoutSource, figure }, names: names.every((name) => noted.get(name)) ? names : null })
    })
  }
  keep(key, { snapshot: vantage.snapshot, keptAt: isFresh ? before.keptAt : performance.now(), clauses: known })
  return clauses.map(({ id }) => (known.get(id) as Kept).judged)
}
