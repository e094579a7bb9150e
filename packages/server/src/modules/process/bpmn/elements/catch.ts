import { childOf, typeOf, wf } from '../model/xml.ts'
import type { MessageNode, TimerNode } from '../program.ts'
import { type Enter, type Read, readMessage, readTimer, triggerOf } from './element.ts'

/** Intermediate catch event: a timer or a message. */
export const readCatch: Read<TimerNode | MessageNode> = (xml, base, reading) => {
  const trigger = triggerOf(base.id, xml, ['TimerEventDefinition', 'MessageEventDefinition'], reading)
  if (trigger === undefined) return null
  if (trigger === null) {
    reading.refuse(base.id, '中间事件须写明等什么', 'an intermediate event must say what it waits for')
    return null
  }
  if (typeOf(trigger) === 'MessageEventDefinition') {
    const message = readMessage(base.id, childOf(trigger, 'messageRef'), reading)
    return message && { ...base, kind: 'message', message }
  }
  const timer = readTimer(base.id, trigger, wf(xml, 'calendar') === 'work', reading)
  if (timer?.form === 'cycle') {
    reading.refuse(base.id, '循环定时只能用在不中断的边界事件上', 'a cycle is only for a non-interrupting boundary event')
    return null
  }
  return timer && { ...base, kind: 'timer', timer }
}

/** Receive task: the same wait as a message event, but an activity with a border. */
export const readReceive: Read<MessageNode> = (xml, base, reading) => {
  const message = readMessage(base.id, childOf(xml, 'messageRef'), reading)
  return message && { ...base, kind: 'message', message }
}

export const enterTimer: Enter<TimerNode> = (run, token, node) => run.armTimer(token, node.id, node.timer, run.env.now)

export const enterMessage: Enter<MessageNode> = (run, token, node) => run.armMessage(token, node.id, node.message)
