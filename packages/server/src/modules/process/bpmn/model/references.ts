import { isLate, type Reading } from '../elements/element.ts'
import type { Node, Program } from '../program.ts'
import { readCycle, readSpan } from './span.ts'

/** What a definition may refer to; an absent lookup is not checked. */
export interface Lookups {
  calledProcess?(key: string): boolean
  form?(key: string): boolean
  topic?(topic: string): 'tx' | 'outside' | undefined
  parameter?(key: string): string | undefined
  /** Refuse what can only be played: steps without a doer, services without a topic. */
  strict?: boolean
}

const spansOf = (node: Node): string[] => {
  if (node.kind === 'user') return node.due ? [node.due] : []
  if (node.kind === 'timer') return [node.timer.text]
  if (node.kind === 'boundary' && node.trigger.on === 'timer') return [node.trigger.timer.text]
  return []
}

function checkParameters(node: Node, lookups: Lookups, reading: Reading): void {
  if (!lookups.parameter) return
  for (const span of spansOf(node)) {
    if (!span.startsWith('param:')) continue
    const key = span.slice('param:'.length)
    const value = lookups.parameter(key)
    if (value === undefined) reading.refuse(node.id, `方案里没有参数 ${key}`, `the plan has no parameter ${key}`)
    else if (!isLate(value) && !readSpan(value) && !readCycle(value)) {
      reading.refuse(node.id, `参数 ${key} 不是时长：${value}`, `parameter ${key} is no duration: ${value}`)
    }
  }
}

function checkUser(program: Program, node: Node, lookups: Lookups, reading: Reading): void {
  if (node.kind !== 'user') return
  const isStep = (id: string): boolean => program.nodes.get(id)?.kind === 'user'
  for (const id of node.notBy) {
    if (id !== 'starter' && !isStep(id)) reading.refuse(node.id, `wf:notBy 指的不是用户任务：${id}`, `wf:notBy names no user task: ${id}`)
  }
  if (node.returnTo && !isStep(node.returnTo)) {
    reading.refuse(node.id, `wf:returnTo 指的不是用户任务：${node.returnTo}`, `wf:returnTo names no user task: ${node.returnTo}`)
  }
  if (node.formKey && lookups.form && !lookups.form(node.formKey)) {
    reading.refuse(node.id, `没有这个表单：${node.formKey}`, `no such form: ${node.formKey}`)
  }
  if (lookups.strict && !node.assignee && node.roles.length === 0 && !node.rolesExpression) {
    reading.refuse(node.id, '须写明由谁办理', 'somebody must be named to do this step')
  }
}

/** Everything named must exist: called processes, forms, topics, parameters, steps. */
export function checkReferences(program: Program, lookups: Lookups, reading: Reading): void {
  for (const node of program.nodes.values()) {
    checkParameters(node, lookups, reading)
    checkUser(program, node, lookups, reading)
    if (node.kind === 'call' && lookups.calledProcess && !lookups.calledProcess(node.called)) {
      reading.refuse(node.id, `找不到被调用的流程：${node.called}`, `the called process is not found: ${node.called}`)
    }
    if (node.kind !== 'service') continue
    if (lookups.strict && node.topic === '') reading.refuse(node.id, '服务任务没有 wf:topic', 'the service task has no wf:topic')
    if (node.topic === '' || !lookups.topic) continue
    const mode = lookups.topic(node.topic)
    if (!mode) reading.refuse(node.id, `没有这个服务：${node.topic}`, `no such service: ${node.topic}`)
    else if (mode !== node.mode) {
      reading.refuse(node.id, `服务 ${node.topic} 的 wf:mode 是 ${mode}`, `service ${node.topic} has wf:mode ${mode}`)
    }
  }
}
