import type { Span } from './span.ts'

/** What one probe says over a stretch of time. */
export interface Vote extends Span {
  readonly probe: string
  readonly isDown: boolean
  /** Last result of the other state before `from`. */
  readonly fromLo: number
  /** Last result of this state. */
  readonly last: number
}

/** In force from `from` until the next: how many may vote, how many must agree that it is down. */
export interface Quorum {
  readonly from: number
  readonly voters: number
  readonly agree: number
}

export interface Judged extends Span {
  readonly state: 'DOWN' | 'UNKNOWN'
  readonly fromLo: number
  readonly toLo: number
}

/**
 * Down while at least `agree` probes say so, up while more than `voters - agree` say that, unknown otherwise. A sweep over all change points: what
 * comes out depends on the votes alone, not on the order they arrived in. A probe that says two things at once has its later statement counted.
 * @returns what is down or unknown within the stretch, in order; what is left out was up
 */
export function judgeVotes(votes: readonly Vote[], quorums: readonly Quorum[], within: Span): Judged[] {
  const inOrder = [...quorums].sort((a, b) => a.from - b.from)
  const points = changePoints(votes, inOrder, within)
  const starting = [...votes].sort((a, b) => a.from - b.from || a.to - b.to || (a.probe < b.probe ? -1 : 1))
  const current = new Map<string, Vote>()
  const pieces: Judged[] = []
  let next = 0
  let rule = -1
  for (let index = 0; index + 1 < points.length; index++) {
    const [from, to] = [points[index] as number, points[index + 1] as number]
    const ended: Vote[] = []
    for (const [probe, vote] of current) {
      if (vote.to > from) continue
      current.delete(probe)
      ended.push(vote)
    }
    const begun: Vote[] = []
    for (; next < starting.length && (starting[next] as Vote).from <= from; next++) {
      const vote = starting[next] as Vote
      if (vote.to <= from) continue
      current.set(vote.probe, vote)
      // one that began before the stretch looked at turned nothing here
      if (vote.from === from) begun.push(vote)
    }
    while (rule + 1 < inOrder.length && (inOrder[rule + 1] as Quorum).from <= from) rule += 1
    const state = stateOf(current, inOrder[rule])
    extend(pieces, state, from, to, begun, ended)
  }
  return pieces
}

function changePoints(votes: readonly Vote[], quorums: readonly Quorum[], within: Span): number[] {
  const points = new Set([within.from, within.to])
  const add = (at: number) => at > within.from && at < within.to && points.add(at)
  for (const { from, to } of votes) {
    add(from)
    add(to)
  }
  for (const { from } of quorums) add(from)
  return [...points].sort((a, b) => a - b)
}

function stateOf(current: ReadonlyMap<string, Vote>, quorum: Quorum | undefined): 'UP' | 'DOWN' | 'UNKNOWN' {
  if (!quorum) return 'UNKNOWN'
  let down = 0
  for (const { isDown } of current.values()) if (isDown) down += 1
  if (down >= quorum.agree && down > 0) return 'DOWN'
  return current.size - down > quorum.voters - quorum.agree ? 'UP' : 'UNKNOWN'
}

/** Adds a piece, or lengthens the last. The bounds are those of the votes that turned the scale at the edge. */
function extend(
  pieces: Judged[],
  state: 'UP' | 'DOWN' | 'UNKNOWN',
  from: number,
  to: number,
  begun: readonly Vote[],
  ended: readonly Vote[],
): void {
  const last = pieces.at(-1)
  if (last && last.to === from && last.state === state) {
    pieces[pieces.length - 1] = { ...last, to, toLo: to }
    return
  }
  if (last && last.to === from)
    pieces[pieces.length - 1] = {
      ...last,
      toLo: lowest(
        from,
        ended.map((vote) => vote.last),
      ),
    }
  if (state !== 'UP')
    pieces.push({
      state,
      from,
      to,
      fromLo: lowest(
        from,
        begun.map((vote) => vote.fromLo),
      ),
      toLo: to,
    })
}

const lowest = (at: number, bounds: readonly number[]) => Math.min(at, ...bounds)
