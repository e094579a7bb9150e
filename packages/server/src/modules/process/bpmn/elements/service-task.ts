import { wf } from '../model/xml.ts'
import type { ServiceNode } from '../program.ts'
import type { Enter, Read } from './element.ts'

export const readService: Read<ServiceNode> = (xml, base, reading) => {
  const topic = wf(xml, 'topic')
  const mode = wf(xml, 'mode') ?? 'tx'
  if (!topic)
    reading.warn(base.id, '服务任务没有 wf:topic，只能试跑', 'the service task has no wf:topic: it can be played but not deployed')
  if (mode !== 'tx' && mode !== 'outside') {
    reading.refuse(base.id, `wf:mode 只能是 tx 或 outside，不是 ${mode}`, `wf:mode is tx or outside, not ${mode}`)
    return null
  }
  return { ...base, kind: 'service', topic: topic ?? '', mode }
}

/** `tx`: runs in the caller's transaction before anything else is saved. `outside`: a job, leased and fenced. */
export const enterService: Enter<ServiceNode> = (run, token, node) => {
  if (node.mode === 'tx') {
    run.callInTx({ instanceId: token.instanceId, tokenId: token.id, node: node.id, topic: node.topic })
    return
  }
  run.addJob({
    instanceId: token.instanceId,
    tokenId: token.id,
    node: node.id,
    kind: 'service',
    topic: node.topic,
    dueAt: run.env.now,
    repeat: null,
    every: null,
    taskId: null,
    percent: null,
  })
}
