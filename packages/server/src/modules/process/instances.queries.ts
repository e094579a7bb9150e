import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import type { HistoryEvent, InstanceBrief, InstanceView, processApi, TaskBrief } from '@changbai/contract/process.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { pageOf, readCursor } from '../../platform/keyset.ts'
import { maySeeInstance } from './authority.ts'
import { barrierAfter } from './bpmn/engine/returning.ts'
import type { Run } from './bpmn/engine/run.ts'
import type { InstanceRow } from './bpmn/engine/state.ts'
import type { Program } from './bpmn/program.ts'
import { definitionById } from './definitions.store.ts'
import { type Loaded, readTreeOf } from './engine.store.ts'
import { eventsAfterCompletion, eventsOfKind, type HistoryRow, historyKey, historyPage, nodeTraces, takenFlows } from './history.store.ts'
import { mayConsent, wasReviewed } from './instances.service.ts'
import { instancesByBusiness, openTasksByBusiness } from './instances.store.ts'
import { instanceBrief, taskBriefs } from './present.ts'
import { loadProgram, programOf } from './programs.ts'
import { readingRun } from './tasks.queries.ts'

type Who = { personId: string | null; name: string }
const who = (personId: string | null, name: string | null): Who => ({ personId, name: name ?? '' })

/** The tree an instance belongs to, for somebody who may see it; otherwise it does not exist for them. */
async function visibleTree(ctx: Ctx, instanceId: string): Promise<{ tree: Loaded; run: Run; instance: InstanceRow; root: InstanceRow }> {
  const tree = (await readTreeOf(ctx.db, { instance: instanceId })) ?? fail(commonProblems.notFound)
  const run = await readingRun(ctx, tree)
  const instance = run.instances.get(instanceId) ?? fail(commonProblems.notFound)
  const root = run.instances.get(instance.rootId) ?? instance
  if (!(await maySeeInstance(ctx, { ...root, processKey: programOf(root.defId).key }, run.tasks.values()))) fail(commonProblems.notFound)
  return { tree, run, instance, root }
}

/** What the events of one instance say about each element. */
interface Traces {
  times: Map<string, number>
  enteredAt: Map<string, string>
  leftAt: Map<string, string>
  flows: Set<string>
}

async function readTraces(ctx: Ctx, instanceId: string, program: Program): Promise<Traces> {
  const traces: Traces = { times: new Map(), enteredAt: new Map(), leftAt: new Map(), flows: new Set() }
  for (const { node, times, entered_at, left_at } of await nodeTraces(ctx.db, instanceId)) {
    if (!program.nodes.has(node)) continue
    traces.times.set(node, times)
    traces.enteredAt.set(node, entered_at.toString())
    if (left_at) traces.leftAt.set(node, left_at.toString())
  }
  for (const flow of await takenFlows(ctx.db, instanceId)) if (program.flows.has(flow)) traces.flows.add(flow)
  return traces
}

/** What the machine waits for at an element: an instant, a message, a service, a called process. */
function machineWait(run: Run, instance: InstanceRow, node: string): string | null {
  const job = [...run.jobs.values()].find((one) => one.instanceId === instance.id && one.node === node && one.kind !== 'reminder')
  if (job?.kind === 'timer') return job.dueAt.toString()
  if (job?.kind === 'service') return job.topic
  return [...run.waits.values()].find((one) => one.instanceId === instance.id && one.node === node)?.name ?? null
}

function badgesOf(run: Run, tree: Loaded, instance: InstanceRow): InstanceView['badges'] {
  const nodes = new Map<string, Temporal.Instant>()
  for (const token of run.tokens.values()) {
    if (token.instanceId === instance.id && token.state !== 'join' && !nodes.has(token.node)) nodes.set(token.node, token.enteredAt)
  }
  return [...nodes].map(([node, since]) => {
    const tasks = [...run.tasks.values()].filter(
      (one) => one.instanceId === instance.id && one.node === node && (one.status === 'OPEN' || one.status === 'BLOCKED'),
    )
    const due = tasks.flatMap((one) => one.dueAt ?? []).toSorted(Temporal.Instant.compare)[0]
    return {
      node,
      count: Math.max(1, tasks.length),
      waitingFor: tasks.flatMap((one) => (one.assignee === null ? [] : [who(one.assignee, tree.names.get(one.id) ?? null)])),
      roles: [...new Set(tasks.filter((one) => one.assignee === null).flatMap((one) => one.roles))],
      since: since.toString(),
      dueAt: due?.toString() ?? null,
      machine: machineWait(run, instance, node),
      taskIds: tasks.map((one) => one.id),
    }
  })
}

function failedNodes(run: Run, instance: InstanceRow): string[] {
  const tokens = [...run.tokens.values()].filter((one) => one.instanceId === instance.id && one.state === 'incident').map((one) => one.node)
  const jobs = [...run.jobs.values()].filter((one) => one.instanceId === instance.id && one.dead).map((one) => one.node)
  return [...new Set([...tokens, ...jobs])]
}

function stepsOf(
  program: Program,
  traces: Traces,
  active: ReadonlySet<string>,
  failed: ReadonlySet<string>,
  run: Run,
  view: Pick<InstanceView, 'badges' | 'instance'>,
): InstanceView['steps'] {
  const tasks = [...run.tasks.values()].filter((one) => one.instanceId === view.instance.id)
  const waiting = new Map(view.badges.map((badge) => [badge.node, badge]))
  return [...program.nodes.values()]
    .filter((node) => node.kind !== 'xor' && node.kind !== 'and')
    .map((node) => {
      const done = tasks.findLast((one) => one.node === node.id && one.status === 'DONE' && one.kind !== 'ADDED')
      const badge = waiting.get(node.id)
      const state = failed.has(node.id) ? 'FAILED' : active.has(node.id) ? 'ACTIVE' : traces.times.has(node.id) ? 'PASSED' : 'NOT_REACHED'
      return {
        node: node.id,
        name: node.name,
        type: node.bpmnType,
        lane: node.lane,
        state: state as InstanceView['steps'][number]['state'],
        times: traces.times.get(node.id) ?? 0,
        enteredAt: traces.enteredAt.get(node.id) ?? null,
        leftAt: traces.leftAt.get(node.id) ?? null,
        doneBy: done ? who(done.doneBy, done.doneByName) : null,
        outcome: done?.outcome ?? null,
        waitingFor: badge?.waitingFor ?? [],
        roles: badge?.roles ?? (node.kind === 'user' ? node.roles : []),
        dueAt: badge?.dueAt ?? null,
        clause: node.clause,
      }
    })
}

function returnsOf(events: readonly HistoryRow[], program: Program): InstanceView['returns'] {
  return events
    .filter((event) => event.node !== null && program.nodes.has(event.node) && program.nodes.has(String(event.data.to)))
    .map((event) => ({
      from: event.node ?? '',
      to: String(event.data.to),
      at: event.at.toString(),
      by: who(event.actor, event.actor_name),
      reasons: (event.data.reasons ?? []) as InstanceView['returns'][number]['reasons'],
    }))
}

/** The diagram of an instance as it stands, with the same as a list for those who cannot see it. */
export async function instanceView(
  ctx: Ctx,
  { instanceId }: Input<typeof processApi.instance>,
): Promise<Reply<typeof processApi.instance>> {
  const { tree, run, instance, root } = await visibleTree(ctx, instanceId)
  const definition = (await definitionById(ctx.db, instance.defId)) ?? fail(commonProblems.notFound)
  const program = programOf(instance.defId)
  const traces = await readTraces(ctx, instance.id, program)
  const children = tree.state.instances.filter((one) => one.parentInstance === instance.id)
  const callers = children.flatMap((one) => one.parentToken ?? [])
  const calls = callers.length === 0 ? [] : await eventsOfKind(ctx.db, instance.id, 'enter', callers)
  const badges = badgesOf(run, tree, instance)
  const active = new Set(badges.map((badge) => badge.node))
  const failed = failedNodes(run, instance)
  const brief = instanceBrief(instance)
  const asked = tree.extra.get(root.id)?.cancelRequest ?? null
  const isStarter = root.starter !== null && root.starter === ctx.actor.personId
  const running = root.status === 'RUNNING'
  const reviewed = wasReviewed(run.tasks.values(), root.starter) !== undefined
  const lastDone = [...run.tasks.values()].findLast(
    (one) =>
      one.status === 'DONE' &&
      one.doneBy === ctx.actor.personId &&
      one.kind === 'MAIN' &&
      !one.superseded &&
      run.family(one.tokenId).length > 0,
  )
  const barred = lastDone && barrierAfter(lastDone, await eventsAfterCompletion(ctx.db, root.id, lastDone.id)) !== undefined
  return {
    instance: brief,
    xml: definition.xml,
    active: [...active],
    passed: [...traces.times.keys()].filter((node) => !active.has(node)),
    flows: [...traces.flows],
    failed,
    badges,
    loops: [...traces.times].filter(([, times]) => times > 1).map(([node, times]) => ({ node, times })),
    steps: stepsOf(program, traces, active, new Set(failed), run, { badges, instance: brief }),
    returns: returnsOf(await eventsOfKind(ctx.db, instance.id, 'return'), program),
    children: children.map((one) => ({ ...instanceBrief(one), node: calledAt(calls, one, run) })),
    cancelRequest: asked && { by: who(asked.by, asked.byName), at: asked.at, reason: asked.reason },
    may: {
      withdraw: isStarter && running && !reviewed,
      requestCancel: isStarter && running && reviewed && asked === null,
      answerCancel: running && asked !== null && mayConsent(ctx, run, asked.by),
      recallTaskId: lastDone && !barred ? lastDone.id : null,
    },
  }
}

/** The call activity that began a child: its token, or after that is gone the element its token entered last before. */
function calledAt(events: readonly HistoryRow[], child: InstanceRow, run: Run): string {
  const token = child.parentToken === null ? undefined : run.tokens.get(child.parentToken)
  if (token) return token.node
  const entered = events.findLast(
    (event) => event.token_id === child.parentToken && Temporal.Instant.compare(event.at, child.startedAt) <= 0,
  )
  return entered?.node ?? ''
}

/** All instances of one matter that the reader may see, oldest first. */
export async function instancesOf(
  ctx: Ctx,
  { businessKey, processKey }: Input<typeof processApi.instancesOf>,
): Promise<{ items: InstanceBrief[] }> {
  const items: InstanceBrief[] = []
  for (const { id } of await instancesByBusiness(ctx.db, businessKey, processKey)) {
    const tree = await readTreeOf(ctx.db, { instance: id })
    const instance = tree?.state.instances.find((one) => one.id === id)
    if (!tree || !instance) continue
    await loadProgram(ctx.db, instance.defId)
    const root = tree.state.instances.find((one) => one.id === instance.rootId) ?? instance
    const { key } = await loadProgram(ctx.db, root.defId)
    if (await maySeeInstance(ctx, { ...root, processKey: key }, tree.state.tasks)) items.push(instanceBrief(instance))
  }
  return { items }
}

/** Open steps of one matter, for the page of the business object; its module decides who may see that page. */
export async function openTasksOf(ctx: Ctx, businessKey: string): Promise<TaskBrief[]> {
  return taskBriefs(ctx, await openTasksByBusiness(ctx.db, businessKey))
}

/** Steps people take part in and what went wrong; the rest is the engine's own bookkeeping. */
const PEOPLE_KINDS = [
  'start',
  'complete',
  'claim',
  'release',
  'return',
  'recall',
  'withdraw',
  'transfer',
  'delegate',
  'addsign',
  'cancel-request',
  'cancel-refused',
  'cancel',
  'timer',
  'message',
  'job',
  'retry',
  'incident',
  'error',
  'interrupt',
  'jump',
  'migrate',
  'reminder',
  'end',
]

function toHistoryEvent(row: HistoryRow, program: Program | undefined): HistoryEvent {
  const { outcome, comment, reasons, gone: _gone, ...data } = row.data
  return {
    instanceId: row.instance_id,
    seq: row.seq,
    at: row.at.toString(),
    kind: row.kind as HistoryEvent['kind'],
    node: row.node,
    nodeName: row.node === null ? null : (program?.nodes.get(row.node)?.name ?? row.node),
    flow: row.flow,
    actor: row.actor_name ? who(row.actor, row.actor_name) : null,
    taskId: row.task_id,
    outcome: typeof outcome === 'string' ? outcome : null,
    comment: typeof comment === 'string' ? comment : null,
    reasons: (reasons ?? []) as HistoryEvent['reasons'],
    data,
  }
}

export async function instanceHistory(ctx: Ctx, input: Input<typeof processApi.history>): Promise<Reply<typeof processApi.history>> {
  const { tree, instance, root } = await visibleTree(ctx, input.instanceId)
  const rows = await historyPage(ctx.db, {
    rootId: root.id,
    instanceId: input.withChildren && instance.id === root.id ? null : instance.id,
    kinds: input.detail === 'all' ? null : PEOPLE_KINDS,
    after: readCursor(input.after),
    limit: input.limit + 1,
  })
  const programs = new Map(tree.state.instances.map((one) => [one.id, programOf(one.defId)]))
  const { items, next } = pageOf(rows, input.limit, historyKey)
  return { items: items.map((row) => toHistoryEvent(row, programs.get(row.instance_id))), next }
}
