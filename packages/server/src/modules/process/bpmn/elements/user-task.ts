import { isRole } from '@changbai/contract/capability.ts'
import { Undecidable } from '../engine/env.ts'
import type { Moves } from '../engine/moves.ts'
import type { TokenRow } from '../engine/state.ts'
import { evaluateFeel, FeelError } from '../model/feel.ts'
import { childOf, textOf, typeOf, wf, type Xml } from '../model/xml.ts'
import type { Many, UserNode } from '../program.ts'
import { checkSpan, type Enter, feelOf, type Read, type Reading } from './element.ts'

/** More voices than this in one countersignature are a mistake of the model. */
const MAX_VOICES = 200

const listOf = (text: string | null): string[] =>
  (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')

function readMany(xml: Xml, id: string, reading: Reading): Many | null {
  const loop = childOf(xml, 'loopCharacteristics')
  if (!loop) return null
  if (typeOf(loop) !== 'MultiInstanceLoopCharacteristics') {
    reading.refuse(id, '不支持标准循环，请用会签或回退流向', 'standard loops are not supported: use multi-instance or a flow back')
    return null
  }
  const cardinalityText = textOf(childOf(loop, 'loopCardinality'))
  const collection = feelOf(id, wf(loop, 'collection') ?? wf(xml, 'collection'), reading)
  const cardinality =
    cardinalityText === '' ? null : feelOf(id, /^\d+$/.test(cardinalityText) ? `=${cardinalityText}` : cardinalityText, reading)
  if ((collection === null) === (cardinality === null)) {
    reading.refuse(id, '会签须写明 wf:collection 或次数，二者其一', 'multi-instance needs either wf:collection or a cardinality')
    return null
  }
  const completion = textOf(childOf(loop, 'completionCondition'))
  return {
    sequential: loop.isSequential === true,
    collection,
    cardinality,
    elementVariable: wf(loop, 'elementVariable') ?? wf(xml, 'elementVariable') ?? 'item',
    completion: completion === '' ? null : feelOf(id, completion, reading, 'condition'),
  }
}

export const readUser: Read<UserNode> = (xml, base, reading) => {
  const written = wf(xml, 'candidateRoles')
  const rolesExpression = written?.startsWith('=') ? feelOf(base.id, written, reading) : null
  const roles = written?.startsWith('=') ? [] : listOf(written)
  for (const role of roles) if (!isRole(role)) reading.refuse(base.id, `没有这个角色：${role}`, `no such role: ${role}`)
  const assignee = feelOf(base.id, wf(xml, 'assignee'), reading)
  if (!written && !assignee) {
    reading.warn(base.id, '没有写明由谁办理，只能试跑', 'nobody is named to do this step: it can be played but not deployed')
  }
  const due = wf(xml, 'due')
  if (due) checkSpan(base.id, due, reading)
  return {
    ...base,
    kind: 'user',
    formKey: wf(xml, 'formKey'),
    roles,
    rolesExpression,
    assignee,
    due,
    dueFrom: wf(xml, 'dueFrom'),
    notBy: listOf(wf(xml, 'notBy')),
    outcomes: listOf(wf(xml, 'outcomes')),
    returnTo: wf(xml, 'returnTo'),
    many: readMany(xml, base.id, reading),
  }
}

function itemsOf(run: Moves, token: TokenRow, node: UserNode, many: Many): unknown[] {
  try {
    const context = run.context(run.instanceOf(token))
    const value = evaluateFeel(many.collection ?? many.cardinality ?? 'null', context)
    const items = many.collection === null ? Array.from({ length: Number(value) }, (_, index) => index + 1) : value
    if (!Array.isArray(items)) throw new FeelError('会签的 wf:collection 须得到列表', 'wf:collection must give a list')
    if (items.length > MAX_VOICES) throw new FeelError(`会签人数超过 ${MAX_VOICES}`, `more than ${MAX_VOICES} voices`)
    return items
  } catch (error) {
    if (error instanceof FeelError) throw new Undecidable(node.id, error.zh, error.en)
    if (error instanceof RangeError) throw new Undecidable(node.id, '会签次数不是数', 'the cardinality is no number')
    throw error
  }
}

/** In a loop the voices of the round before do not count in the next. */
function supersedeEarlierRound(run: Moves, token: TokenRow, node: UserNode): void {
  for (const task of run.tasks.values()) {
    if (task.tokenId !== token.id || task.node !== node.id || task.kind !== 'EACH' || task.superseded) continue
    task.superseded = true
    run.touchTask(task)
  }
}

export const enterUser: Enter<UserNode> = (run, token, node) => {
  const { many } = node
  if (!many) {
    run.openTask(token, node, 0, null)
    return
  }
  token.items = itemsOf(run, token, node, many)
  supersedeEarlierRound(run, token, node)
  run.touchToken(token)
  if (token.items.length === 0) return run.leave(token)
  const first = many.sequential ? token.items.slice(0, 1) : token.items
  for (const [seq, value] of first.entries()) run.openTask(token, node, seq, { name: many.elementVariable, value })
}
