import { childOf, typeOf, wf, type Xml } from '../model/xml.ts'
import type { BoundaryNode } from '../program.ts'
import { type Enter, type Read, readMessage, readTimer, triggerOf } from './element.ts'

const readTrigger = (xml: Xml, id: string, definition: Xml, reading: Parameters<Read<BoundaryNode>>[2]): BoundaryNode['trigger'] | null => {
  if (typeOf(definition) === 'TimerEventDefinition') {
    const timer = readTimer(id, definition, wf(xml, 'calendar') === 'work', reading)
    return timer && { on: 'timer', timer }
  }
  if (typeOf(definition) === 'MessageEventDefinition') {
    const message = readMessage(id, childOf(definition, 'messageRef'), reading)
    return message && { on: 'message', message }
  }
  const error = childOf(definition, 'errorRef')
  return { on: 'error', code: typeof error?.errorCode === 'string' ? error.errorCode : (error?.id ?? null) }
}

export const readBoundary: Read<BoundaryNode> = (xml, base, reading) => {
  const definition = triggerOf(base.id, xml, ['TimerEventDefinition', 'MessageEventDefinition', 'ErrorEventDefinition'], reading)
  if (definition === undefined) return null
  const host = childOf(xml, 'attachedToRef')?.id
  if (!definition || !host) {
    reading.refuse(base.id, '边界事件须写明等什么、附在哪一步', 'a boundary event must say what it waits for and which step it belongs to')
    return null
  }
  const trigger = readTrigger(xml, base.id, definition, reading)
  if (!trigger) return null
  const interrupting = xml.cancelActivity !== false
  if (trigger.on === 'error' && !interrupting) {
    reading.refuse(base.id, '错误事件总是中断的', 'an error event always interrupts')
    return null
  }
  if (trigger.on === 'timer' && trigger.timer.form === 'cycle' && interrupting) {
    reading.refuse(base.id, '循环定时只能用在不中断的边界事件上', 'a cycle is only for a non-interrupting boundary event')
    return null
  }
  const armed = wf(xml, 'armed') ?? 'always'
  if (armed !== 'always' && armed !== 'returned') {
    reading.refuse(base.id, `wf:armed 只能是 always 或 returned，不是 ${armed}`, `wf:armed is always or returned, not ${armed}`)
    return null
  }
  return { ...base, kind: 'boundary', host, interrupting, trigger, armed }
}

export const enterBoundary: Enter<BoundaryNode> = (run, token) => run.leave(token)
