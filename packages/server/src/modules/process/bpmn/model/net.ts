/** State-space search over safe Petri nets. Pure: places and nodes are names. */

export interface Transition {
  node: string
  take: readonly string[]
  put: readonly string[]
  /** Ends everything, as a terminate or error end does. */
  clears: boolean
}
export interface Net {
  initial: readonly string[]
  transitions: readonly Transition[]
}
export type Proof =
  | { kind: 'sound' }
  /** This place can hold two tokens at once. */
  | { kind: 'twice'; place: string }
  /** From this marking no end can be reached; no transition is enabled, or only a loop without way out. */
  | { kind: 'stuck'; marking: string[] }
  | { kind: 'dead'; node: string }
  | { kind: 'large'; node: string }

/** Markings looked at before giving up; nine parallel branches with three places each are 19,683. */
const MAX_MARKINGS = 30_000

interface Visited {
  marking: readonly string[]
  from: number[]
}

const keyOf = (marking: readonly string[]): string => marking.join(' ')

function fire(marking: readonly string[], { take, put, clears }: Transition): string[] | { twice: string } {
  if (clears) return []
  const next = new Set(marking)
  for (const place of take) next.delete(place)
  for (const place of put) {
    if (next.has(place)) return { twice: place }
    next.add(place)
  }
  return [...next].sort()
}

/**
 * Chains of plain steps are one place for the search: a transition that takes one token and puts one, with no choice and no merge,
 * changes nothing that could go wrong.
 */
function contract(net: Net): { net: Net; skipped: Set<string> } {
  const takers = new Map<string, Transition[]>()
  const putters = new Map<string, number>()
  const perNode = new Map<string, number>()
  for (const transition of net.transitions) {
    for (const place of transition.take) takers.set(place, [...(takers.get(place) ?? []), transition])
    for (const place of transition.put) putters.set(place, (putters.get(place) ?? 0) + 1)
    perNode.set(transition.node, (perNode.get(transition.node) ?? 0) + 1)
  }
  for (const place of net.initial) putters.set(place, (putters.get(place) ?? 0) + 1)
  const alias = new Map<string, string>()
  const skipped = new Set<string>()
  const kept = net.transitions.filter((transition) => {
    const [from] = transition.take
    const [to] = transition.put
    const plain = !transition.clears && transition.take.length === 1 && transition.put.length === 1 && perNode.get(transition.node) === 1
    if (!plain || !from || !to || from === to || putters.get(to) !== 1 || takers.get(from)?.length !== 1) return true
    alias.set(to, from)
    skipped.add(transition.node)
    return false
  })
  const head = (place: string): string => {
    let at = place
    for (let hops = 0; hops <= alias.size; hops += 1) {
      const before = alias.get(at)
      if (before === undefined) return at
      at = before
    }
    return at
  }
  return {
    net: {
      initial: net.initial.map(head),
      transitions: kept.map((one) => ({ ...one, take: one.take.map(head), put: one.put.map(head) })),
    },
    skipped,
  }
}

const sameKey = ({ take, put, clears }: Transition): string => `${take.join(' ')}>${put.join(' ')}${clears ? '!' : ''}`
const distinct = (transitions: readonly Transition[]): Transition[] => [...new Map(transitions.map((one) => [sameKey(one), one])).values()]
const replaced = (places: readonly string[], from: string, to: string): string[] => places.map((place) => (place === from ? to : place))

/**
 * Melts choices away as far as they come together again: a place whose token can only go on to one other place is that place, and a step
 * from a place to itself is none. What could go wrong stays: a place is only melted into one where its token can rest as long.
 */
function melt(net: Net): Net {
  let { initial } = net
  let transitions = distinct(net.transitions)
  for (;;) {
    const takers = Map.groupBy(
      transitions.flatMap((one) => one.take.map((place) => ({ place, one }))),
      ({ place }) => place,
    )
    const idle = (one: Transition): boolean =>
      one.take.length === 1 && one.put.length === 1 && one.take[0] === one.put[0] && (takers.get(one.take[0] as string)?.length ?? 0) > 1
    const moving = transitions.filter((one) => !idle(one))
    const step = [...takers].find(([place, [first, ...others]]) => {
      const [to] = first?.one.put ?? []
      return others.length === 0 && first?.one.take.length === 1 && first.one.put.length === 1 && !first.one.clears && to !== place
    })
    if (!step && moving.length === transitions.length) return { initial, transitions }
    transitions = moving
    const only = step?.[1][0]?.one
    const to = only?.put[0]
    if (!step || !only || to === undefined || !transitions.includes(only)) continue
    transitions = distinct(transitions.filter((one) => one !== only).map((one) => ({ ...one, put: replaced(one.put, step[0], to) })))
    initial = replaced(initial, step[0], to)
  }
}

/** Indices of markings from which the empty marking cannot be reached. */
function hopeless(visited: readonly Visited[], empty: number | undefined): number[] {
  const good = new Set<number>()
  const todo = empty === undefined ? [] : [empty]
  for (let at = todo.pop(); at !== undefined; at = todo.pop()) {
    if (good.has(at)) continue
    good.add(at)
    todo.push(...(visited[at]?.from ?? []))
  }
  return visited.flatMap((_, index) => (good.has(index) ? [] : [index]))
}

/**
 * Looks at every marking. Plain chains are passed over first, which keeps the names of the elements right; only when that is too large are
 * choices melted away as well.
 */
export function explore(whole: Net): Proof {
  const { net, skipped } = contract(whole)
  const proof = search(net, skipped)
  if (proof.kind !== 'large') return proof
  const melted = melt(net)
  return search(melted, new Set(whole.transitions.map((one) => one.node)))
}

function search(net: Net, skipped: ReadonlySet<string>): Proof {
  const byPlace = new Map<string, Transition[]>()
  for (const transition of net.transitions) {
    for (const place of new Set(transition.take)) byPlace.set(place, [...(byPlace.get(place) ?? []), transition])
  }
  const initial = [...net.initial].sort()
  const doubled = initial.find((place, at) => initial[at - 1] === place)
  if (doubled !== undefined) return { kind: 'twice', place: doubled }
  const visited: Visited[] = [{ marking: initial, from: [] }]
  const index = new Map([[keyOf(initial), 0]])
  const fired = new Set(skipped)
  const stuck: number[] = []
  for (let at = 0; at < visited.length; at += 1) {
    const { marking } = visited[at] as Visited
    const enabled = new Set(
      marking.flatMap((place) => byPlace.get(place) ?? []).filter((one) => one.take.every((place) => marking.includes(place))),
    )
    if (enabled.size === 0 && marking.length > 0) stuck.push(at)
    for (const transition of enabled) {
      fired.add(transition.node)
      const next = fire(marking, transition)
      if ('twice' in next) return { kind: 'twice', place: next.twice }
      const key = keyOf(next)
      const known = index.get(key)
      if (known === undefined) {
        index.set(key, visited.length)
        visited.push({ marking: next, from: [at] })
      } else visited[known]?.from.push(at)
    }
    if (visited.length > MAX_MARKINGS) {
      const widest = net.transitions.toSorted((one, other) => other.put.length - one.put.length)[0]
      return { kind: 'large', node: widest?.node ?? '' }
    }
  }
  const [first] = stuck
  const [lost] = hopeless(visited, index.get(''))
  const bad = first ?? lost
  if (bad !== undefined) return { kind: 'stuck', marking: [...(visited[bad]?.marking ?? [])] }
  const dead = net.transitions.find((one) => !fired.has(one.node))
  return dead ? { kind: 'dead', node: dead.node } : { kind: 'sound' }
}
