import type { ParameterKind, ParameterValue } from '@changbai/contract/plan.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import type { Params } from '../../platform/ctx.ts'
import type { Db } from '../../platform/db.ts'
import { fail } from '../../platform/fail.ts'
import { shanghaiDay } from '../../platform/time.ts'
import type { ParameterLine, PlanDocument } from './domain/document.ts'
import { spanOf } from './domain/span-of.ts'
import { type DatedValue, valueInForce } from './domain/values.ts'
import { latestVersion, planRevision, valueRows } from './plan.store.ts'
import { latestProposal } from './proposal.store.ts'

/** The plan as one transaction sees it: the newest document and every dated value. */
export interface LoadedPlan {
  version: number
  document: PlanDocument
  values: ReadonlyMap<string, readonly DatedValue[]>
  lines: ReadonlyMap<string, ParameterLine>
}

/** Copies by revision; the revision is read in every transaction, so no process works with an old plan. */
const copies = new Map<string, LoadedPlan>()
const COPIES_MAX = 8
const linesOf = (lines: readonly ParameterLine[]) => new Map(lines.map((one) => [one.key, one]))

export async function currentPlan(db: Db): Promise<LoadedPlan | null> {
  const revision = await planRevision(db)
  if (revision === null) return null
  const copy = copies.get(revision)
  if (copy) return copy
  const newest = await latestVersion(db)
  if (!newest) return null
  const values = (await valueRows(db)).map(({ key, starts_on, value }) => ({ key, startsOn: starts_on, value }))
  const plan = {
    version: newest.version,
    document: newest.document,
    values: Map.groupBy(values, (one) => one.key),
    // the plan in force wins; what it does not know comes from the folder seen last, because the program beside it reads it
    lines: linesOf([...((await latestProposal(db))?.added ?? []), ...newest.document.parameters]),
  }
  if (copies.size >= COPIES_MAX) copies.clear()
  copies.set(revision, plan)
  return plan
}

/** On an installation without a plan there is nothing to show. */
export const requirePlan = async (ctx: { db: Db }): Promise<LoadedPlan> => (await currentPlan(ctx.db)) ?? fail(commonProblems.unavailable)

/** Parameters in force on a day, by kind; a key that is not there or of another kind is a mistake of the program and throws. */
export function paramsOn(plan: LoadedPlan, on: Temporal.PlainDate): Params {
  const read = (key: string, kind?: ParameterKind): ParameterValue => {
    const actual = plan.lines.get(key)?.kind
    const held = valueInForce(plan.values.get(key) ?? [], on)
    if (actual === undefined || held === undefined) throw new RangeError(`the plan has no parameter ${key}`)
    if (kind !== undefined && actual !== kind) throw new RangeError(`plan parameter ${key} is ${actual}, not ${kind}`)
    return held.value
  }
  return {
    number: (key) => read(key, 'NUMBER') as number,
    text: (key) => read(key, 'TEXT') as string,
    flag: (key) => read(key, 'FLAG') as boolean,
    duration(key) {
      const line = plan.lines.get(key)
      const span = line && spanOf(line, read(key))
      return span ?? (read(key, 'DURATION') as string)
    },
    value: <T>(key: string) => read(key) as T,
  }
}

/** For the door: parameters in force on the day of `now` in Asia/Shanghai. Before a plan is loaded every key throws. */
export async function loadParams(db: Db, now: Temporal.Instant): Promise<Params> {
  const plan = await currentPlan(db)
  if (plan) return paramsOn(plan, shanghaiDay(now))
  const missing = (key: string): never => {
    throw new RangeError(`no plan is loaded; ${key} has no value`)
  }
  return { number: missing, text: missing, flag: missing, duration: missing, value: missing }
}
