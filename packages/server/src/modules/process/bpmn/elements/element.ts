import type { Moves } from '../engine/moves.ts'
import type { TokenRow } from '../engine/state.ts'
import { readFeel } from '../model/feel.ts'
import { readCycle, readMoment, readSpan } from '../model/span.ts'
import { childOf, childrenOf, textOf, typeOf, wf, type Xml } from '../model/xml.ts'
import type { MessageSpec, Node, TimerSpec } from '../program.ts'

/** What a reader reports to and asks of the compiler. */
export interface Reading {
  refuse(element: string, zh: string, en: string): void
  warn(element: string, zh: string, en: string): void
}

/** The part every element shares, made by the compiler. */
export type Base = Omit<Node, 'kind'>

/** Reads the XML of one element; null after a refusal. */
export type Read<N extends Node> = (xml: Xml, base: Base, reading: Reading) => N | null
/** What happens when a token enters. */
export type Enter<N extends Node> = (run: Moves, token: TokenRow, node: N) => void

/** FEEL of an attribute, reported when it is not readable. */
export function feelOf(id: string, text: string | null, reading: Reading, use: 'condition' | 'value' = 'value'): string | null {
  if (text === null) return null
  const read = readFeel(text, use)
  if ('feel' in read) return read.feel
  reading.refuse(id, read.zh, read.en)
  return null
}

/** `param:key` and `=expression` are resolved when the step is entered; the rest is checked now. */
export const isLate = (text: string): boolean => text.startsWith('param:') || text.startsWith('=')

export function checkSpan(id: string, text: string, reading: Reading): void {
  if (text.startsWith('=')) feelOf(id, text, reading)
  else if (!isLate(text) && !readSpan(text)) {
    reading.refuse(id, `时长写法有误：${text}（例：2wd、2bh、PT24H）`, `not a duration: ${text} (write 2wd, 2bh or PT24H)`)
  }
}

export function readTimer(id: string, definition: Xml, working: boolean, reading: Reading): TimerSpec | null {
  const forms = (['timeDuration', 'timeDate', 'timeCycle'] as const).flatMap((member) => {
    const child = childOf(definition, member)
    return child ? [{ member, text: textOf(child) }] : []
  })
  const [only] = forms
  if (forms.length !== 1 || !only?.text) {
    reading.refuse(id, '定时器须恰好写明一个时间', 'a timer needs exactly one duration, date or cycle')
    return null
  }
  const { member, text } = only
  if (isLate(text)) {
    if (text.startsWith('=')) feelOf(id, text, reading)
  } else if (member === 'timeDuration') checkSpan(id, text, reading)
  else if (member === 'timeDate' && !readMoment(text)) reading.refuse(id, `日期时间写法有误：${text}`, `not a date and time: ${text}`)
  else if (member === 'timeCycle' && !readCycle(text)) {
    reading.refuse(id, `循环写法有误：${text}（例：R3/P7D）`, `not a cycle: ${text} (write R3/P7D)`)
  }
  const span = text.replace(/^R\d*\//, '')
  if (working && !isLate(text) && readSpan(span)?.unit === 'iso') {
    reading.refuse(id, `工作日历上的时长写作 2wd 或 2bh，不写 ${span}`, `on the working calendar write 2wd or 2bh, not ${span}`)
  }
  return { form: member === 'timeDuration' ? 'duration' : member === 'timeDate' ? 'date' : 'cycle', text }
}

export function readMessage(id: string, ref: Xml | null, reading: Reading): MessageSpec | null {
  if (!ref?.name) {
    reading.refuse(id, '没有写明消息', 'no message is named')
    return null
  }
  return { name: ref.name, key: feelOf(id, wf(ref, 'correlationKey'), reading) }
}

/** The one event definition of an event; null for a plain event, undefined after a refusal. */
export function triggerOf(id: string, xml: Xml, allowed: readonly string[], reading: Reading): Xml | null | undefined {
  const definitions = childrenOf(xml, 'eventDefinitions')
  const [first] = definitions
  if (!first) return null
  if (definitions.length > 1 || !allowed.includes(typeOf(first))) {
    const found = definitions.map(typeOf).join('、')
    reading.refuse(id, `不支持这种事件：${found}`, `this kind of event is not supported: ${definitions.map(typeOf).join(', ')}`)
    return undefined
  }
  return first
}
