import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { Ctx } from '../../platform/ctx.ts'
import { newId } from '../../platform/ids.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { flawsOfValue } from './domain/document.ts'
import type { PlanProblem } from './domain/read-plan.ts'
import { valueInForce } from './domain/values.ts'
import { readPlanFolder } from './offline.ts'
import { currentPlan } from './params.ts'
import { insertValues, insertVersion, latestVersion, lockPlan } from './plan.store.ts'
import { readPlanText } from './quick-parameters.ts'

/** The plan cannot be loaded; the message has a line for every problem. */
export class PlanError extends Error {
  readonly problems: readonly PlanProblem[]
  constructor(problems: readonly PlanProblem[]) {
    super(problems.map(({ file, line, field, reason }) => `${file}:${line} ${field} ${reason}`).join('\n'))
    this.problems = problems
  }
}

export interface PlanLoad {
  version: number
  changed: boolean
  /** Parameters whose file value differs from the one in force: a value changes only by the procedure, not by a new file. */
  kept: string[]
}

const digestOf = (source: string): string => createHash('sha256').update(source).digest('hex')

/**
 * Brings the plan of a folder into the database as a new version when its digest is new. Values of known parameters are not touched. Safe to
 * run in several processes at a time.
 * @throws PlanError
 */
export async function loadPlan(ctx: Ctx, folder: string): Promise<PlanLoad> {
  // before it is parsed, which takes half a second: every start but the first ends here
  const known = await latestVersion(ctx.db)
  if (known && known.digest === digestOf(readPlanText(folder) ?? '')) return { version: known.version, changed: false, kept: [] }

  const { plan: document, source, problems } = readPlanFolder(folder)
  if (!document) throw new PlanError(problems)
  const digest = digestOf(source)

  await lockPlan(ctx.db)
  const newest = await latestVersion(ctx.db)
  // another process was faster
  if (newest?.digest === digest) return { version: newest.version, changed: false, kept: [] }

  const before = await currentPlan(ctx.db)
  const today = shanghaiDay(ctx.now)
  const kept: string[] = []
  const unusable: PlanProblem[] = []
  const added = document.parameters.filter((parameter) => {
    const held = valueInForce(before?.values.get(parameter.key) ?? [], today)
    if (held === undefined) return true
    const [flaw] = flawsOfValue(parameter, held.value)
    if (flaw) unusable.push({ file: folder, line: 1, field: parameter.key, reason: `the value in force no longer fits: ${flaw.reason}` })
    if (!isDeepStrictEqual(held.value, parameter.value)) kept.push(parameter.key)
    return false
  })
  if (unusable.length > 0) throw new PlanError(unusable)

  const version = (newest?.version ?? 0) + 1
  await insertVersion(ctx.db, {
    version,
    digest,
    digest_algorithm: 'SHA-256',
    source,
    document: JSON.stringify(document),
    loaded_at: ctx.now,
    loaded_by: ctx.actor.name,
  })
  await insertValues(
    ctx.db,
    added.map(({ key, value }) => ({
      id: newId(ctx.now.epochMilliseconds),
      key,
      starts_on: null,
      value: JSON.stringify(value),
      reason: `plan version ${version}`,
      by_name: ctx.actor.name,
      change_id: null,
    })),
  )
  await lockPlan(ctx.db)
  await ctx.record({
    kind: 'plan.loaded',
    subject: { type: 'plan_version', id: String(version) },
    data: { digest, added: added.length, kept },
  })
  return { version, changed: true, kept }
}
