import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { Ctx } from '../../platform/ctx.ts'
import type { Row } from '../../platform/db.ts'
import { newId } from '../../platform/ids.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { differencesOf, type ProcessFile, processDifferences } from './domain/difference.ts'
import type { ParameterLine, PlanDocument } from './domain/document.ts'
import { linesOfPlan, type PlanProblem } from './domain/read-plan.ts'
import { type DatedValue, valueInForce } from './domain/values.ts'
import { PLAN_FILE, readPlanFolder } from './offline.ts'
import { currentPlan } from './params.ts'
import { insertValues, insertVersion, latestVersion, lockPlan } from './plan.store.ts'
import { insertProposal, latestProposal, supersedeOpen } from './proposal.store.ts'
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
  /** The folder differs from the plan in force: what it says waits for two people. */
  proposalId: string | null
}

const digestOf = (source: string): string => createHash('sha256').update(source).digest('hex')
/** Of everything that differs: the plan file, and the process files that are not as they were shipped last. */
const digestOfFolder = (source: string, processes: readonly ProcessFile[]): string =>
  digestOf([source, ...processes.map(({ key, after }) => `${key}\n${after ?? ''}`)].join('\0'))

/**
 * Brings the plan of a folder into an empty database. Where a plan is in force already, a folder that differs from it changes nothing: it
 * becomes a proposal with its differences, once. Safe to run in several processes at a time.
 * @param processes process files that differ from those shipped last
 * @throws PlanError
 */
export async function loadPlan(ctx: Ctx, folder: string, processes: readonly ProcessFile[] = []): Promise<PlanLoad> {
  const text = readPlanText(folder) ?? ''
  const known = await latestVersion(ctx.db)
  const isSame = known?.digest === digestOf(text)
  // before it is parsed, which takes half a second: every start but the first ends here
  if (known) {
    if (isSame && processes.length === 0) {
      await supersedeOpen(ctx.db)
      return { version: known.version, changed: false, proposalId: null }
    }
    const seen = await latestProposal(ctx.db)
    if (seen?.digest === digestOfFolder(text, processes)) return { version: known.version, changed: false, proposalId: seen.id }
  }

  const { plan: document, source, problems } = readPlanFolder(folder)
  if (!document) throw new PlanError(problems)

  await lockPlan(ctx.db)
  const newest = await latestVersion(ctx.db)
  if (newest) return propose(ctx, newest, { document, source, processes })

  const version = 1
  const digest = digestOf(source)
  await insertVersion(ctx.db, {
    version,
    digest,
    digest_algorithm: 'SHA-256',
    source,
    document: JSON.stringify(document),
    loaded_at: ctx.now,
    loaded_by: ctx.actor.name,
  })
  await insertValues(ctx.db, document.parameters.map(loadedWith(ctx, `plan version ${version}`)))
  await lockPlan(ctx.db)
  await ctx.record({
    kind: 'plan.loaded',
    subject: { type: 'plan_version', id: String(version) },
    data: { digest, added: document.parameters.length },
  })
  return { version, changed: true, proposalId: null }
}

const loadedWith =
  (ctx: Ctx, reason: string) =>
  ({ key, value }: ParameterLine) => ({
    id: newId(ctx.now.epochMilliseconds),
    key,
    starts_on: null,
    value: JSON.stringify(value),
    reason,
    by_name: ctx.actor.name,
    change_id: null,
  })

interface Found {
  document: PlanDocument
  source: string
  processes: readonly ProcessFile[]
}
async function propose(ctx: Ctx, newest: Row<'plan_version'>, { document, source, processes }: Found): Promise<PlanLoad> {
  const digest = digestOfFolder(source, processes)
  // another process was faster: it loaded the first version, or made the same proposal
  if (newest.digest === digestOf(source) && processes.length === 0) return { version: newest.version, changed: false, proposalId: null }
  const seen = await latestProposal(ctx.db)
  if (seen?.digest === digest) return { version: newest.version, changed: false, proposalId: seen.id }

  const values = (await currentPlan(ctx.db))?.values ?? new Map<string, readonly DatedValue[]>()
  const today = shanghaiDay(ctx.now)
  const before = new Map(newest.document.parameters.map((one) => [one.key, one.value]))
  const held = (key: string) => {
    const value = valueInForce(values.get(key) ?? [], today)?.value
    return value === undefined ? undefined : { value, changedHere: !isDeepStrictEqual(value, before.get(key)) }
  }
  const lines = { before: linesOfPlan(newest.source), after: linesOfPlan(source) }
  const differences = [...differencesOf(newest.document, document, held, lines, PLAN_FILE), ...processDifferences(processes)]
  const added = document.parameters.filter(({ key }) => !before.has(key))

  await supersedeOpen(ctx.db)
  const id = newId()
  await insertProposal(ctx.db, {
    id,
    digest,
    file_digest: digestOf(source),
    digest_algorithm: 'SHA-256',
    based_on: newest.version,
    source,
    document: JSON.stringify(document),
    differences: JSON.stringify(differences),
    processes: JSON.stringify(processes.flatMap(({ key, after }) => (after === null ? [] : [{ key, xml: after }]))),
    added: JSON.stringify(added),
    status: 'PROPOSED',
    proposed_at: ctx.now,
  })
  await insertValues(ctx.db, added.filter(({ key }) => !values.has(key)).map(loadedWith(ctx, 'came with the program')))
  await lockPlan(ctx.db)
  await ctx.record({ kind: 'plan.proposed', subject: { type: 'plan_proposal', id }, data: { digest, differences: differences.length } })
  await ctx.publish('plan.proposed', { proposalId: id, differences: differences.length })
  return { version: newest.version, changed: false, proposalId: id }
}
