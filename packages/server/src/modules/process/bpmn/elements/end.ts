import { childOf, typeOf } from '../model/xml.ts'
import type { EndNode } from '../program.ts'
import { type Enter, type Read, triggerOf } from './element.ts'

export const readEnd: Read<EndNode> = (xml, base, reading) => {
  const trigger = triggerOf(base.id, xml, ['ErrorEventDefinition', 'TerminateEventDefinition'], reading)
  if (trigger === undefined) return null
  if (trigger === null) return { ...base, kind: 'end', end: 'none', errorCode: null }
  if (typeOf(trigger) === 'TerminateEventDefinition') return { ...base, kind: 'end', end: 'terminate', errorCode: null }
  const error = childOf(trigger, 'errorRef')
  const code = typeof error?.errorCode === 'string' ? error.errorCode : error?.id
  if (!code) {
    reading.refuse(base.id, '错误结束没有写明错误码', 'an error end needs an error with a code')
    return null
  }
  return { ...base, kind: 'end', end: 'error', errorCode: code }
}

export const enterEnd: Enter<EndNode> = (run, token, node) => {
  if (node.end === 'none') return run.end(token)
  if (node.end === 'terminate') return run.endScope(token)
  const code = node.errorCode ?? ''
  run.record('error', { instanceId: token.instanceId, node: node.id, tokenId: token.id, lineage: token.lineage, data: { code } })
  if (!run.throwError(token, code)) {
    const instance = run.instanceOf(token)
    run.endInstance(run.instances.get(instance.rootId) ?? instance, 'FAILED')
  }
}
