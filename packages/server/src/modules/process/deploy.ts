import { createHash } from 'node:crypto'
import type { Reply } from '@changbai/contract/endpoint.ts'
import type { upkeepApi } from '@changbai/contract/upkeep.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { newId } from '../../platform/ids.ts'
import { compile } from './bpmn/model/compile.ts'
import type { Lookups } from './bpmn/model/references.ts'
import type { Flaw, Program } from './bpmn/program.ts'
import {
  type DefRow,
  definitionsInUse,
  insertDefinition,
  lastVersionFor,
  latestDefinition,
  latestDefinitions,
  lockKey,
  newestVersions,
  runningByDefinition,
} from './definitions.store.ts'
import { formOf, serviceOf } from './handlers.ts'

export const sha256Of = (xml: string): string => createHash('sha256').update(xml).digest('hex')

/** What a deployed definition may refer to: what this program has registered, what is deployed, what the plan holds. */
export async function serverLookups(ctx: Ctx, alsoDeployed: readonly string[], calls: readonly string[]): Promise<Lookups> {
  const rows = calls.length === 0 ? [] : await latestDefinitions(ctx.db, calls)
  const known = new Set([...alsoDeployed, ...rows.map((row) => row.key)])
  return {
    strict: true,
    calledProcess: (key) => known.has(key),
    form: (key) => formOf(key) !== undefined,
    topic: (topic) => serviceOf(topic)?.mode,
    parameter(key) {
      try {
        return ctx.plan.duration(key)
      } catch {
        return undefined
      }
    },
  }
}

const callsIn = (xml: string): string[] => [...xml.matchAll(/calledElement="([^"]+)"/g)].flatMap(([, key]) => key ?? [])

/** The check deployment makes, by the handlers, roles and parameters of this server. */
export async function checkForDeployment(
  ctx: Ctx,
  key: string,
  xml: string,
  alsoDeployed: readonly string[] = [],
): Promise<{ program: Program | null; flaws: Flaw[] }> {
  return compile(key, xml, await serverLookups(ctx, [key, ...alsoDeployed], callsIn(xml)), { layout: true })
}

export interface Deployment {
  key: string
  xml: string
  reason: string
  by: { personId: string | null; name: string }
  approvedBy?: { personId: string; name: string }
}

/** Writes a new version unless the newest has the same contents. Running instances keep theirs. */
export async function deployVersion(
  ctx: Ctx,
  program: Program,
  { key, xml, reason, by, approvedBy }: Deployment,
): Promise<{ version: number; isNew: boolean }> {
  await lockKey(ctx.db, key)
  const before = await latestDefinition(ctx.db, key)
  const sha256 = sha256Of(xml)
  if (before?.sha256 === sha256) return { version: before.version, isNew: false }
  const version = (before?.version ?? 0) + 1
  await insertDefinition(ctx.db, {
    id: newId(),
    key,
    version,
    name: program.name,
    sha256,
    xml,
    deployed_at: ctx.now,
    deployed_by: by.personId,
    deployed_by_name: by.name,
    approved_by: approvedBy?.personId ?? null,
    approved_by_name: approvedBy?.name ?? null,
    reason,
  })
  await ctx.record({ kind: 'process.deployed', subject: { type: 'process', id: `${key}@${version}` }, after: { sha256, reason } })
  return { version, isNew: true }
}

export class DeployError extends Error {}

/** Marks versions that came with the program. */
const SHIPPED = 'shipped'

/**
 * Deploys the files shipped with the program, where they differ from what was shipped last. A version that people deployed since stays
 * the newest until the program ships something new.
 * @throws DeployError naming file, element and reason
 */
export async function deployShipped(ctx: Ctx, files: readonly { key: string; xml: string }[]): Promise<string[]> {
  const deployed: string[] = []
  const keys = files.map((file) => file.key)
  for (const { key, xml } of files) {
    if ((await lastVersionFor(ctx.db, key, SHIPPED))?.sha256 === sha256Of(xml)) continue
    const { program, flaws } = await checkForDeployment(ctx, key, xml, keys)
    const flaw = flaws.find((one) => one.level === 'error')
    if (!program) throw new DeployError(`${key}.bpmn: ${flaw?.element ?? ''} ${ctx.locale === 'en-US' ? flaw?.en : flaw?.zh}`)
    const { version, isNew } = await deployVersion(ctx, program, {
      key,
      xml,
      reason: SHIPPED,
      by: { personId: null, name: ctx.actor.name },
    })
    if (isNew) deployed.push(`${key}@${version}`)
  }
  return deployed
}

/** Of each file, what was shipped under its key last; null for a process that never was. */
export async function shippedBefore(
  ctx: Ctx,
  files: readonly { key: string; xml: string }[],
): Promise<{ key: string; before: string | null; after: string }[]> {
  const found = []
  for (const { key, xml } of files) found.push({ key, before: (await lastVersionFor(ctx.db, key, SHIPPED))?.xml ?? null, after: xml })
  return found
}

const missingHandlers = (row: DefRow, program: Program): string[] =>
  [...program.nodes.values()].flatMap((node) => {
    const at = `${row.key}@${row.version} ${node.id}`
    if (node.kind === 'user' && node.formKey !== null && !formOf(node.formKey)) return [`${at}: form ${node.formKey}`]
    if (node.kind === 'service' && serviceOf(node.topic)?.mode !== node.mode) return [`${at}: service ${node.topic} (${node.mode})`]
    return []
  })

/** Running instances by version, with what this program lacks to carry each on. */
export async function checkRunning(ctx: Ctx): Promise<Reply<typeof upkeepApi.instances>['items']> {
  const rows = await definitionsInUse(ctx.db)
  if (rows.length === 0) return []
  const counts = new Map((await runningByDefinition(ctx.db)).map(({ def_id, n }) => [def_id, n]))
  const newest = new Map((await newestVersions(ctx.db)).map(({ key, version }) => [key, version]))
  const found = []
  for (const row of rows) {
    const { program } = await compile(row.key, row.xml)
    found.push({
      key: row.key,
      name: row.name,
      version: row.version,
      newest: newest.get(row.key) ?? row.version,
      instances: counts.get(row.id) ?? 0,
      missing: program ? missingHandlers(row, program) : [`${row.key}@${row.version}`],
    })
  }
  return found
}

/** Refuses to start while a version with open instances needs a form or service this program no longer has. @throws DeployError */
export async function requireKnownHandlers(ctx: Ctx): Promise<void> {
  const missing: string[] = []
  for (const row of await definitionsInUse(ctx.db)) {
    const { program } = await compile(row.key, row.xml)
    if (program) missing.push(...missingHandlers(row, program))
  }
  if (missing.length > 0) throw new DeployError(`open instances need what this program does not have: ${missing.join('; ')}`)
}
