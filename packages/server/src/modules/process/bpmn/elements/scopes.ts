import { Undecidable } from '../engine/env.ts'
import { evaluateFeel, FeelError } from '../model/feel.ts'
import { wf } from '../model/xml.ts'
import type { CallNode, SubNode } from '../program.ts'
import { type Enter, feelOf, type Read } from './element.ts'

/** Embedded sub-process; event sub-processes, transactions and ad-hoc ones are other element types or flags and refused. */
export const readSub: Read<SubNode> = (xml, base, reading) => {
  if (xml.triggeredByEvent === true) {
    reading.refuse(base.id, '不支持事件子流程', 'event sub-processes are not supported')
    return null
  }
  return { ...base, kind: 'sub' }
}

export const readCall: Read<CallNode> = (xml, base, reading) => {
  const called = typeof xml.calledElement === 'string' ? xml.calledElement.trim() : ''
  if (!called) {
    reading.refuse(base.id, '没有写明调用哪个流程', 'no called process is named')
    return null
  }
  return { ...base, kind: 'call', called, businessKey: feelOf(base.id, wf(xml, 'businessKey'), reading) }
}

/** The token stays as host; what lives inside has it as parent and in its lineage. */
export const enterSub: Enter<SubNode> = (run, token, node) => {
  const start = run.programOf(token).starts.get(node.id)
  if (!start) throw new Error(`${node.id} has no start event`)
  token.state = 'scope'
  run.touchToken(token)
  const inner = run.addToken({
    instanceId: token.instanceId,
    parent: token.id,
    node: start,
    lineage: [...token.lineage, token.id],
    strand: token.strand,
    fork: null,
  })
  run.goTo(inner, start)
}

/** The called process is an instance of its own under the same root; its facts come back when it ends. */
export const enterCall: Enter<CallNode> = (run, token, node) => {
  const caller = run.instanceOf(token)
  let businessKey: unknown = caller.businessKey
  try {
    if (node.businessKey !== null) businessKey = evaluateFeel(node.businessKey, run.context(caller))
  } catch (error) {
    if (error instanceof FeelError) throw new Undecidable(node.id, error.zh, error.en)
    throw error
  }
  token.state = 'scope'
  run.touchToken(token)
  const { defId } = run.env.latest(node.called)
  run.startInstance(
    {
      id: run.env.newId(),
      defId,
      rootId: caller.rootId,
      parentInstance: caller.id,
      parentToken: token.id,
      businessKey: String(businessKey),
      title: caller.title,
      starter: caller.starter,
      starterName: caller.starterName,
      tenantId: caller.tenantId,
      applicationId: caller.applicationId,
      vars: { ...caller.vars },
    },
    token,
  )
}
