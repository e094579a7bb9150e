import { Undecidable } from '../engine/env.ts'
import type { TokenRow } from '../engine/state.ts'
import { evaluateCondition, FeelError } from '../model/feel.ts'
import { childOf } from '../model/xml.ts'
import { type AndNode, flowOf, type XorNode } from '../program.ts'
import type { Enter, Read } from './element.ts'

/** That a split has a default and conditions on all others is checked by the compiler, which sees the flows. */
export const readXor: Read<XorNode> = (xml, base) => ({ ...base, kind: 'xor', otherwise: childOf(xml, 'default')?.id ?? null })

export const readAnd: Read<AndNode> = (_, base) => ({ ...base, kind: 'and' })

export const enterXor: Enter<XorNode> = (run, token, node) => {
  const program = run.programOf(token)
  const [only] = node.out
  if (node.out.length === 1 && only) return run.leaveBy(token, only)
  const context = run.context(run.instanceOf(token))
  for (const id of node.out) {
    const { condition } = flowOf(program, id)
    if (id === node.otherwise || condition === null) continue
    try {
      if (evaluateCondition(condition, context)) return run.leaveBy(token, id)
    } catch (error) {
      if (error instanceof FeelError) throw new Undecidable(id, error.zh, error.en)
      throw error
    }
  }
  if (node.otherwise === null) throw new Undecidable(node.id, '没有一个条件成立', 'no condition holds')
  run.leaveBy(token, node.otherwise)
}

/** Longest beginning that all lists share. */
const sharedStart = (lists: readonly string[][]): string[] => {
  const [first = [], ...rest] = lists
  const end = first.findIndex((id, at) => rest.some((list) => list[at] !== id))
  return end < 0 ? first : first.slice(0, end)
}

/**
 * Fires when one token per incoming flow rests here within one scope and one firing of a side branch; a second token on a flow waits for the next round.
 * When all children of a fork came together the forked token is revived, otherwise the joined branch gets a token of its own.
 */
const join = (run: Parameters<Enter<AndNode>>[0], token: TokenRow, node: AndNode): TokenRow | null => {
  token.state = 'join'
  run.touchToken(token)
  const here = [...run.tokens.values()].filter(
    (other) =>
      other.state === 'join' &&
      other.node === node.id &&
      other.instanceId === token.instanceId &&
      other.parent === token.parent &&
      other.strand === token.strand,
  )
  const round = node.in.map((flow) => here.find((other) => other.via === flow))
  if (!round.every((one) => one !== undefined)) return null

  const joined = new Set(round.map((one) => one.id))
  const lineage = sharedStart(round.map((one) => one.lineage))
  const forked = round.every((one) => one.lineage.length === lineage.length) ? lineage.at(-1) : undefined
  const others = [...run.tokens.values()].some((other) => !joined.has(other.id) && forked !== undefined && other.lineage.includes(forked))
  const revived = forked !== undefined && !others && !run.tokens.has(forked)
  const gone = run.kill(round)
  const next = run.addToken({
    ...(revived ? { id: forked } : {}),
    instanceId: token.instanceId,
    parent: token.parent,
    node: node.id,
    lineage: revived ? lineage.slice(0, -1) : lineage,
    strand: token.strand,
    fork: null,
  })
  run.record('enter', { instanceId: next.instanceId, node: node.id, tokenId: next.id, lineage: next.lineage, data: { gone } })
  return next
}

export const enterAnd: Enter<AndNode> = (run, token, node) => {
  const through = node.in.length > 1 ? join(run, token, node) : token
  if (through) run.leave(through)
}
