import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { type processApi, processProblems } from '@changbai/contract/process.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { pageOf, readCursor } from '../../platform/keyset.ts'
import { migrateInstance, planMigration } from './bpmn/engine/migrating.ts'
import type { Run } from './bpmn/engine/run.ts'
import { cancelTree, retryJob } from './bpmn/engine/signalling.ts'
import type { Program } from './bpmn/program.ts'
import { definitionVersion } from './definitions.store.ts'
import { readTreeOf } from './engine.store.ts'
import { instancesToMigrate, openIncidents, operationInstances } from './instances.store.ts'
import { instanceBrief } from './present.ts'
import { loadProgram, programOf, versionOf } from './programs.ts'
import { changeTree } from './session.ts'
import { readingRun } from './tasks.queries.ts'

const IDLE_DAYS = 7

export async function listInstances(ctx: Ctx, input: Input<typeof processApi.operations>): Promise<Reply<typeof processApi.operations>> {
  const rows = await operationInstances(ctx.db, {
    processKey: input.processKey,
    status: input.status,
    q: input.q,
    stuck: input.stuck,
    now: ctx.now,
    idleBefore: ctx.now.subtract({ hours: 24 * IDLE_DAYS }),
    after: readCursor(input.after),
    limit: input.limit + 1,
  })
  const { items, next } = pageOf(rows, input.limit, (row) => [row.moved_at.toString(), row.id])
  const programs = new Map<string, Program>()
  for (const { def_id } of items) if (!programs.has(def_id)) programs.set(def_id, await loadProgram(ctx.db, def_id))
  return {
    items: items.map((row) => ({
      id: row.id,
      processKey: row.process_key,
      processName: row.name,
      version: row.version,
      businessKey: row.business_key,
      title: row.title,
      status: row.status,
      rev: row.rev,
      starter: { personId: row.starter, name: row.starter_name },
      tenantId: row.tenant_id,
      applicationId: row.application_id,
      startedAt: row.started_at.toString(),
      endedAt: row.ended_at?.toString() ?? null,
      parentId: row.parent_instance,
      rootId: row.root_id,
      at: (row.at ?? []).map((node) => programs.get(row.def_id)?.nodes.get(node)?.name ?? node),
      movedAt: row.moved_at.toString(),
      incidents: row.incidents,
      overdue: row.overdue,
    })),
    next,
  }
}

export async function listIncidents(ctx: Ctx, input: Input<typeof processApi.incidents>): Promise<Reply<typeof processApi.incidents>> {
  const rows = await openIncidents(ctx.db, { processKey: input.processKey, after: readCursor(input.after), limit: input.limit + 1 })
  const { items, next } = pageOf(rows, input.limit, (row) => [row.due_at.toString(), row.id])
  const shown: Reply<typeof processApi.incidents>['items'] = []
  for (const row of items) {
    const program = await loadProgram(ctx.db, row.def_id)
    shown.push({
      id: row.id,
      instanceId: row.instance_id,
      processKey: row.process_key,
      processName: row.name,
      businessKey: row.business_key,
      title: row.title,
      node: row.node,
      nodeName: program.nodes.get(row.node)?.name ?? row.node,
      kind: row.kind === 'service' ? 'service' : 'timer',
      topic: row.topic,
      error: row.last_error ?? '',
      attempts: row.attempts,
      since: row.due_at.toString(),
    })
  }
  return { items: shown, next }
}

export async function retryIncident(
  ctx: Ctx,
  { incidentId, comment }: Input<typeof processApi.retry>,
): Promise<Reply<typeof processApi.retry>> {
  const { run, value } = await changeTree(ctx, { job: incidentId }, (run) => {
    retryJob(run, incidentId, comment)
    return run.jobs.get(incidentId)?.instanceId ?? ''
  })
  await ctx.record({ kind: 'process.retried', subject: { type: 'instance', id: value }, data: { incidentId, comment } })
  return instanceBrief(run.instanceOf({ instanceId: value }))
}

/** 终止 by an administrator; the reason stands in the history and the ledger. */
export async function terminateInstance(
  ctx: Ctx,
  { instanceId, reason }: Input<typeof processApi.terminate>,
): Promise<Reply<typeof processApi.terminate>> {
  const { run, value } = await changeTree(ctx, { instance: instanceId }, (run) => {
    const instance = run.instances.get(instanceId) ?? fail(commonProblems.notFound)
    const root = run.instances.get(instance.rootId) ?? instance
    if (root.status !== 'RUNNING') fail(processProblems.ended, { status: root.status })
    cancelTree(run, root, 'cancel', reason)
    return root.id
  })
  await ctx.record({ kind: 'process.terminated', subject: { type: 'instance', id: value }, data: { reason } })
  return instanceBrief(run.instanceOf({ instanceId: value }))
}

type Line = Reply<typeof processApi.migrate>['lines'][number]

function lineOf(ctx: Ctx, run: Run, instanceId: string, to: Program, map: Readonly<Record<string, string>>): Line {
  const instance = run.instanceOf({ instanceId })
  const moves = planMigration(run, instance, to, map)
  return {
    instanceId,
    businessKey: instance.businessKey,
    title: instance.title,
    fromVersion: versionOf(instance.defId),
    ok: moves.every((move) => move.ok),
    tokens: moves.map(({ node, to: goal, ok, zh, en }) => ({ node, to: goal, ok, reason: ctx.locale === 'en-US' ? en : zh })),
  }
}

const summary = (lines: Line[]): Reply<typeof processApi.migrate> => ({
  lines,
  movable: lines.filter((line) => line.ok).length,
  left: lines.filter((line) => !line.ok).length,
})

async function targetOf(ctx: Ctx, key: string, version: number): Promise<{ defId: string; program: Program }> {
  const row = (await definitionVersion(ctx.db, key, version)) ?? fail(commonProblems.notFound)
  await loadProgram(ctx.db, row.id)
  return { defId: row.id, program: programOf(row.id) }
}

export async function previewMigration(
  ctx: Ctx,
  { key, toVersion, map, instanceIds }: Input<typeof processApi.migrationPreview>,
): Promise<Reply<typeof processApi.migrationPreview>> {
  const target = await targetOf(ctx, key, toVersion)
  const lines: Line[] = []
  for (const { id } of await instancesToMigrate(ctx.db, key, target.defId, instanceIds)) {
    const tree = await readTreeOf(ctx.db, { instance: id })
    if (tree) lines.push(lineOf(ctx, await readingRun(ctx, tree), id, target.program, map))
  }
  return summary(lines)
}

/** Moves what can be moved; an instance with a token that has no place stays as it is and is reported. */
export async function migrateInstances(
  ctx: Ctx,
  { key, toVersion, map, instanceIds, comment }: Input<typeof processApi.migrate>,
): Promise<Reply<typeof processApi.migrate>> {
  const target = await targetOf(ctx, key, toVersion)
  const lines: Line[] = []
  for (const { id } of await instancesToMigrate(ctx.db, key, target.defId, instanceIds)) {
    const { value } = await changeTree(ctx, { instance: id }, (run) => {
      const line = lineOf(ctx, run, id, target.program, map)
      if (line.ok) migrateInstance(run, run.instanceOf({ instanceId: id }), target.defId, target.program, map, comment)
      return line
    })
    lines.push(value)
    if (value.ok) {
      await ctx.record({
        kind: 'process.migrated',
        subject: { type: 'instance', id },
        before: { version: value.fromVersion },
        after: { version: toVersion },
        data: { map, comment },
      })
    }
  }
  return summary(lines)
}
