import { evaluateFeel, FeelError } from '../model/feel.ts'
import { wf } from '../model/xml.ts'
import type { StartNode } from '../program.ts'
import { type Enter, feelOf, type Read, type Reading, triggerOf } from './element.ts'

const isContext = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** `wf:defaults="={again: false}"`: constants only, so that they are the same whenever it starts. */
function readDefaults(id: string, text: string | null, reading: Reading): Record<string, unknown> {
  const feel = feelOf(id, text, reading)
  if (feel === null) return {}
  try {
    const value = evaluateFeel(feel, {})
    if (isContext(value)) return value
    reading.refuse(id, `wf:defaults 须是 ={名称: 值}：${feel}`, `wf:defaults is written ={name: value}: ${feel}`)
  } catch (error) {
    if (!(error instanceof FeelError)) throw error
    reading.refuse(id, `wf:defaults 只能用常量：${error.zh}`, `wf:defaults takes constants only: ${error.en}`)
  }
  return {}
}

/** A process begins by command only: the plain start event. */
export const readStart: Read<StartNode> = (xml, base, reading) =>
  triggerOf(base.id, xml, [], reading) === null
    ? { ...base, kind: 'start', defaults: readDefaults(base.id, wf(xml, 'defaults'), reading) }
    : null

export const enterStart: Enter<StartNode> = (run, token) => run.leave(token)
