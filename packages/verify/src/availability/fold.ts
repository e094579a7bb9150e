import type { Bodies, Bounds, Decision, Domain, Entry, EntryOf, Source } from './chain.ts'
import type { Attribution, Facts, OutageFact, PlannedFact } from './figures.ts'
import { clipTo, type Span, unionOf, withoutSpans } from './span.ts'
import type { Quorum, Vote } from './sweep.ts'

export interface Stretch extends Bounds {
  readonly id: string
  readonly seq: number
  readonly state: 'DOWN' | 'UNKNOWN'
  readonly source: Source
  readonly domain: Domain | null
  readonly note: string
  readonly rulings: readonly EntryOf<'ruling'>[]
  readonly disputes: readonly EntryOf<'dispute'>[]
}
export interface PlannedWindow extends Span {
  readonly id: string
  readonly reason: string
  readonly impact: string
  readonly rollback: string
  readonly noticedAt: number | null
  readonly proof: string
  readonly decidedAt: number | null
  readonly decidedBy: string | null
  readonly recognised: boolean | null
  readonly actual: Span | null
  readonly cancelled: boolean
}
/** A chain read from beginning to end. */
export interface Folded {
  readonly measured: readonly { readonly from: number; readonly to: number | null }[]
  readonly quorums: readonly Quorum[]
  readonly votes: readonly Vote[]
  readonly stretches: readonly Stretch[]
  readonly windows: readonly PlannedWindow[]
  readonly seals: readonly EntryOf<'seal'>[]
  readonly confirmations: readonly EntryOf<'confirmation'>[]
}

/** Upgrade, update, maintenance: nothing else is planned downtime (ruling 5). */
const PLANNED_REASONS: readonly string[] = ['UPGRADE', 'UPDATE', 'MAINTENANCE']

/** Reads a chain from the beginning. Entries about something the chain does not know are without effect; the audit names them. */
export function foldChain(entries: readonly Entry[]): Folded {
  const measured = new Map<number, { from: number; to: number | null }>()
  const quorums: Quorum[] = []
  const votes: Vote[] = []
  const stretches = new Map<string, Stretch>()
  const rulings = new Map<string, EntryOf<'ruling'>[]>()
  const disputes = new Map<string, EntryOf<'dispute'>[]>()
  const windows = new Map<string, PlannedWindow>()
  const seals: EntryOf<'seal'>[] = []
  const confirmations: EntryOf<'confirmation'>[] = []
  const changeWindow = (id: string, change: Partial<PlannedWindow>) => {
    const window = windows.get(id)
    if (window) windows.set(id, { ...window, ...change })
  }
  for (const entry of entries) {
    switch (entry.kind) {
      case 'measured':
        measured.set(entry.body.from, entry.body)
        break
      case 'policy':
        quorums.push(entry.body)
        break
      case 'observation':
        if (entry.body.state !== 'ABSTAIN') votes.push(voteOf(entry.body))
        break
      case 'stretch':
        rulings.set(entry.body.id, [])
        disputes.set(entry.body.id, [])
        stretches.set(entry.body.id, {
          ...entry.body,
          seq: entry.seq,
          rulings: rulings.get(entry.body.id) ?? [],
          disputes: disputes.get(entry.body.id) ?? [],
        })
        break
      case 'stretch-change': {
        const stretch = stretches.get(entry.body.id)
        const { from, to, fromLo, toLo } = entry.body
        if (stretch) stretches.set(stretch.id, { ...stretch, from, to, fromLo, toLo })
        break
      }
      case 'ruling':
        rulings.get(entry.body.target)?.push(entry)
        break
      case 'dispute':
        disputes.get(entry.body.target)?.push(entry)
        break
      case 'window':
        windows.set(entry.body.id, {
          ...entry.body,
          noticedAt: null,
          proof: '',
          decidedAt: null,
          decidedBy: null,
          recognised: null,
          actual: null,
          cancelled: false,
        })
        break
      case 'window-noticed':
        changeWindow(entry.body.id, { noticedAt: entry.body.noticedAt, proof: entry.body.proof })
        break
      case 'window-decided':
        changeWindow(entry.body.id, { recognised: entry.body.recognised, decidedAt: Date.parse(entry.at), decidedBy: entry.by })
        break
      case 'window-actual':
        changeWindow(entry.body.id, { actual: { from: entry.body.from, to: entry.body.to } })
        break
      case 'window-cancelled':
        changeWindow(entry.body.id, { cancelled: true })
        break
      case 'seal':
        seals.push(entry)
        break
      case 'confirmation':
        confirmations.push(entry)
        break
    }
  }
  return {
    measured: [...measured.values()],
    quorums,
    votes,
    stretches: [...stretches.values()],
    windows: [...windows.values()],
    seals,
    confirmations,
  }
}

const voteOf = ({ probe, state, from, to, fromLo, last }: Bodies['observation']): Vote => ({
  probe,
  isDown: state === 'DOWN',
  from,
  to,
  fromLo,
  last,
})

/** One part of a stretch and what was decided about it last. */
export interface Part extends Span {
  readonly decision: Decision
  readonly ruling: EntryOf<'ruling'> | null
}

/** Cuts a stretch where rulings begin and end; the latest ruling on a part holds, a part without one is PENDING. */
export function partsOf(stretch: Pick<Stretch, 'from' | 'to' | 'rulings'>, openEnd: number): Part[] {
  const whole = { from: stretch.from, to: stretch.to ?? Math.max(stretch.from, openEnd) }
  // most have no ruling, and a year may have ten thousand
  if (stretch.rulings.length === 0) return whole.from < whole.to ? [{ ...whole, decision: 'PENDING', ruling: null }] : []
  let rest = unionOf([whole])
  const parts: Part[] = []
  for (const ruling of [...stretch.rulings].reverse()) {
    const { from, to, decision } = ruling.body
    for (const piece of clipTo(rest, { from, to })) parts.push({ ...piece, decision, ruling })
    rest = withoutSpans(rest, unionOf([{ from, to }]))
  }
  for (const piece of rest) parts.push({ ...piece, decision: 'PENDING', ruling: null })
  return parts.sort((a, b) => a.from - b.from)
}

export const measuredSpans = (folded: Folded, openEnd: number): Span[] =>
  unionOf(folded.measured.map(({ from, to }) => ({ from, to: to ?? Math.max(from, openEnd) })))

/** @param openEnd where that ends which still goes on */
export function factsOf(folded: Folded, openEnd: number): Facts {
  const measured = measuredSpans(folded, openEnd)
  const within = <T extends Span>(span: T): T[] => measured.flatMap((one) => clipTo([span], one).map((piece) => ({ ...span, ...piece })))
  const outages: OutageFact[] = []
  const unknown: Span[] = []
  for (const stretch of folded.stretches) {
    for (const part of partsOf(stretch, openEnd)) {
      const { from, to, decision } = part
      if (decision === 'NOT_DOWN') continue
      if (stretch.state === 'UNKNOWN' && decision === 'PENDING') unknown.push(...within({ from, to }))
      else outages.push(...within({ from, to, ruling: attributionOf(decision) }))
    }
  }
  return { outages, planned: folded.windows.filter(mayCount).map(plannedFact), unknown }
}

const attributionOf = (decision: Decision): Attribution =>
  decision === 'PROVIDER' ? 'provider' : decision === 'PENDING' ? 'undecided' : 'not-provider'

const mayCount = (window: PlannedWindow) => !window.cancelled && PLANNED_REASONS.includes(window.reason)

/** What was announced counts, not what took place: what overran it counts against. */
export const plannedFact = ({ from, to, noticedAt, decidedAt, recognised }: PlannedWindow): PlannedFact => ({
  from,
  to,
  noticedAt,
  approvedAt: recognised ? decidedAt : null,
})
