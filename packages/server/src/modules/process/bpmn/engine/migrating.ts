import type { Node, Program } from '../program.ts'
import type { Run } from './run.ts'
import type { InstanceRow, TokenRow } from './state.ts'

export interface TokenMove {
  node: string
  to: string | null
  ok: boolean
  zh: string | null
  en: string | null
}

const no = (token: TokenRow, to: string | null, zh: string, en: string): TokenMove => ({ node: token.node, to, ok: false, zh, en })

function moveOf(run: Run, token: TokenRow, from: Program, to: Program, map: Readonly<Record<string, string>>): TokenMove {
  const source = from.nodes.get(token.node)
  const goal = map[token.node] ?? token.node
  const target = to.nodes.get(goal)
  if (!source || !target) return no(token, null, `新版本里没有 ${goal}`, `the new version has no ${goal}`)
  if (target.bpmnType !== source.bpmnType) {
    return no(
      token,
      goal,
      `类型不同：${source.bpmnType} 与 ${target.bpmnType}`,
      `different type: ${source.bpmnType} and ${target.bpmnType}`,
    )
  }
  const host = token.parent === null ? null : (run.tokens.get(token.parent)?.node ?? null)
  const scope = host === null ? to.id : (map[host] ?? host)
  if (target.scope !== scope) return no(token, goal, '所在的子流程不同', 'it lies in another sub-process')
  if (token.state === 'join' && !target.in.includes(map[token.via ?? ''] ?? token.via ?? '')) {
    return no(token, goal, `汇合处没有流向 ${token.via}`, `the join has no incoming flow ${token.via}`)
  }
  return { node: token.node, to: goal, ok: true, zh: null, en: null }
}

/** Where each live token of an instance would go, or why it cannot. Nothing is changed. */
export const planMigration = (run: Run, instance: InstanceRow, to: Program, map: Readonly<Record<string, string>>): TokenMove[] =>
  [...run.tokens.values()]
    .filter((token) => token.instanceId === instance.id)
    .map((token) => moveOf(run, token, run.programOf({ instanceId: instance.id }), to, map))

const timersOf = (program: Program, node: Node): string[] =>
  node.boundaries.filter((id) => {
    const event = program.nodes.get(id)
    return event?.kind === 'boundary' && event.trigger.on !== 'error' && event.armed === 'always'
  })

/** Timers and waits that stay keep their instant; those that vanished go; new ones are armed from when the step was entered. */
function rearm(run: Run, token: TokenRow, program: Program, node: Node, map: Readonly<Record<string, string>>): void {
  const kept = new Set<string>()
  const wanted = new Set([node.id, ...node.boundaries])
  for (const row of [...run.jobs.values(), ...run.waits.values()]) {
    if (row.tokenId !== token.id) continue
    row.node = map[row.node] ?? row.node
    const isJob = run.jobs.has(row.id)
    if (wanted.has(row.node)) {
      kept.add(row.node)
      if (isJob) run.touchJob(run.jobs.get(row.id) as never)
      else run.putWait(run.waits.get(row.id) as never)
    } else if (isJob) run.removeJob(row.id)
    else run.removeWait(row.id)
  }
  for (const id of timersOf(program, node)) {
    const event = program.nodes.get(id)
    if (kept.has(id) || event?.kind !== 'boundary') continue
    if (event.trigger.on === 'timer') run.armTimer(token, id, event.trigger.timer, token.enteredAt)
    if (event.trigger.on === 'message') run.armMessage(token, id, event.trigger.message)
  }
}

/** Moves an instance to another version. The plan must have said ok for every token. */
export function migrateInstance(
  run: Run,
  instance: InstanceRow,
  toDef: string,
  to: Program,
  map: Readonly<Record<string, string>>,
  comment: string,
): void {
  const fromDef = instance.defId
  instance.defId = toDef
  run.touchInstance(instance)
  for (const token of [...run.tokens.values()].filter((one) => one.instanceId === instance.id)) {
    const node = to.nodes.get(map[token.node] ?? token.node)
    if (!node) throw new Error(`${token.node} has no place in the new version`)
    token.node = node.id
    if (token.via !== null) token.via = map[token.via] ?? token.via
    run.touchToken(token)
    rearm(run, token, to, node, map)
  }
  for (const task of run.tasks.values()) {
    if (task.instanceId !== instance.id) continue
    const node = to.nodes.get(map[task.node] ?? task.node)
    if (node?.kind !== 'user') continue
    task.node = node.id
    if (task.status === 'OPEN' || task.status === 'BLOCKED') {
      task.formKey = task.kind === 'ADDED' ? null : node.formKey
      if (task.kind !== 'ADDED' && node.rolesExpression === null) task.roles = node.roles
    }
    run.touchTask(task)
  }
  run.record('migrate', { instanceId: instance.id, data: { from: fromDef, to: toDef, map, comment } })
}
