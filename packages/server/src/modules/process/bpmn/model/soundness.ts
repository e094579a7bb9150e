import type { Reading } from '../elements/element.ts'
import { flowOf, type Node, nodeOf, type Program } from '../program.ts'
import { explore, type Net, type Transition } from './net.ts'

/** Interrupting events of a step lead away from it as another way out of the same token. */
const interrupting = (program: Program, node: Node): Node[] =>
  node.boundaries.map((id) => nodeOf(program, id)).filter((one) => one.kind === 'boundary' && one.interrupting)
const beside = (program: Program, node: Node): Node[] =>
  node.boundaries.map((id) => nodeOf(program, id)).filter((one) => one.kind === 'boundary' && !one.interrupting)

/** Nodes one token can visit from these flows on, side branches left out. */
function regionFrom(program: Program, flows: readonly string[]): Set<string> {
  const seen = new Set<string>()
  const todo = flows.map((id) => flowOf(program, id).to)
  for (let id = todo.pop(); id !== undefined; id = todo.pop()) {
    if (seen.has(id)) continue
    seen.add(id)
    const node = nodeOf(program, id)
    for (const way of [node, ...interrupting(program, node)]) {
      if (way !== node) seen.add(way.id)
      for (const flow of way.out) todo.push(flowOf(program, flow).to)
    }
  }
  return seen
}

/** Ids of the scope from which an end event can be reached. */
function endingNodes(program: Program, scope: string): Set<string> {
  const ending = new Set([...program.nodes.values()].filter((node) => node.scope === scope && node.kind === 'end').map((node) => node.id))
  for (let grown = true; grown; ) {
    grown = false
    for (const node of program.nodes.values()) {
      if (node.scope !== scope || ending.has(node.id)) continue
      const ways = [...node.out, ...interrupting(program, node).flatMap((one) => one.out)]
      if (ways.some((flow) => ending.has(flowOf(program, flow).to))) {
        ending.add(node.id)
        grown = true
      }
    }
  }
  return ending
}

/** The Petri net of one region: a place per flow, a transition per way through a node. */
function netOf(program: Program, region: ReadonlySet<string>, initial: readonly string[]): Net {
  const transitions: Transition[] = []
  for (const id of region) {
    const node = nodeOf(program, id)
    if (node.kind === 'boundary') continue
    if (node.kind === 'and') transitions.push({ node: id, take: node.in, put: node.out, clears: false })
    else {
      for (const from of node.in) {
        if (node.kind === 'end') transitions.push({ node: id, take: [from], put: [], clears: node.end !== 'none' })
        else if (node.kind === 'xor') for (const to of node.out) transitions.push({ node: id, take: [from], put: [to], clears: false })
        else {
          transitions.push({ node: id, take: [from], put: node.out, clears: false })
          for (const event of interrupting(program, node)) transitions.push({ node: id, take: [from], put: event.out, clears: false })
        }
      }
    }
  }
  return { initial, transitions }
}

/** The merge that let a second token onto a flow: back from its source to the first element with several ways in. */
function mergeBefore(program: Program, flow: string): string {
  let node = nodeOf(program, flowOf(program, flow).from)
  const seen = new Set<string>()
  while (node.in.length === 1 && !seen.has(node.id)) {
    seen.add(node.id)
    node = nodeOf(program, flowOf(program, node.in[0] as string).from)
  }
  return node.in.length > 1 ? node.id : flowOf(program, flow).from
}

/** Where a token on this flow comes to rest for the proof: past plain steps, at the next element with several ways in or out. */
function nextCrossing(program: Program, flow: string): Node {
  let node = nodeOf(program, flowOf(program, flow).to)
  const seen = new Set<string>()
  while (node.in.length === 1 && node.out.length === 1 && !seen.has(node.id)) {
    seen.add(node.id)
    node = nodeOf(program, flowOf(program, node.out[0] as string).to)
  }
  return node
}

function proveRegion(program: Program, region: ReadonlySet<string>, initial: readonly string[], reading: Reading): boolean {
  const result = explore(netOf(program, region, initial))
  switch (result.kind) {
    case 'sound':
      return true
    case 'twice': {
      const at = mergeBefore(program, result.place)
      reading.refuse(
        at,
        `并行的分支在这里没有汇合就合流，流向 ${result.place} 上会同时有两个令牌`,
        `parallel branches meet here without being joined: flow ${result.place} can carry two tokens at once`,
      )
      break
    }
    case 'stuck': {
      const targets = result.marking.map((flow) => nextCrossing(program, flow))
      const join = targets.find((node) => node.kind === 'and' && node.in.length > 1) ?? targets[0]
      reading.refuse(
        join?.id ?? program.id,
        '这里的并行汇合可能永远等不齐',
        'this join can wait for ever: not every incoming flow gets a token',
      )
      break
    }
    case 'dead':
      reading.refuse(result.node, '这一步永远走不到', 'this step can never be reached')
      break
    case 'large':
      reading.refuse(result.node, '并行组合过多，无法证明流程健全', 'too many parallel combinations to prove the process sound')
      break
  }
  return false
}

/** Side branches of non-interrupting events end on their own: they share nothing but end events with the way they left. */
function checkSideBranches(program: Program, region: ReadonlySet<string>, reading: Reading): void {
  for (const host of [...region].map((id) => nodeOf(program, id))) {
    for (const event of beside(program, host)) {
      const side = regionFrom(program, event.out)
      const shared = [...side].map((id) => nodeOf(program, id)).find((node) => region.has(node.id) && node.kind !== 'end')
      if (shared) {
        reading.refuse(
          shared.id,
          `不中断事件 ${event.id} 的分支回到了主流程，这里会同时有两个令牌`,
          `the branch of the non-interrupting event ${event.id} comes back to the main way: two tokens can meet here`,
        )
        continue
      }
      if (proveRegion(program, side, event.out, reading)) checkSideBranches(program, side, reading)
    }
  }
}

/** The first of these nodes that comes back to itself: the loop, not the steps that lead into it. */
function loopAmong(program: Program, nodes: readonly Node[]): Node | undefined {
  return (
    nodes.find((node) => regionFrom(program, [...node.out, ...interrupting(program, node).flatMap((one) => one.out)]).has(node.id)) ??
    nodes[0]
  )
}

/**
 * Proves each scope: every node can be reached and can end, no join can wait for ever, no flow can carry two tokens at once.
 * The element named is the one that fails, a join wherever a join is to blame.
 */
export function checkSoundness(program: Program, reading: Reading): void {
  for (const [scope, start] of program.starts) {
    const region = regionFrom(program, nodeOf(program, start).out)
    region.add(start)
    const members = [...program.nodes.values()].filter((node) => node.scope === scope)
    const ending = endingNodes(program, scope)
    const reached = new Set(region)
    const widen = (ids: Iterable<string>): void => {
      for (const id of ids) {
        for (const event of beside(program, nodeOf(program, id))) {
          if (reached.has(event.id)) continue
          reached.add(event.id)
          const side = regionFrom(program, event.out)
          for (const one of side) reached.add(one)
          widen(side)
        }
      }
    }
    widen(region)
    const unreached = members.find((node) => !reached.has(node.id))
    if (unreached) {
      reading.refuse(unreached.id, '从开始走不到这一步', 'this step cannot be reached from the start')
      continue
    }
    const endless = loopAmong(
      program,
      members.filter((node) => !ending.has(node.id)),
    )
    if (endless) {
      reading.refuse(endless.id, '从这一步走不到结束', 'no end can be reached from this step')
      continue
    }
    if (proveRegion(program, region, nodeOf(program, start).out, reading)) checkSideBranches(program, region, reading)
  }
}
