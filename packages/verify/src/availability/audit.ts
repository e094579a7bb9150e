import { CHAIN_START, type Entry, entryDigest } from './chain.ts'
import type { Figures } from './figures.ts'
import { type AvailabilityFinding, finding } from './finding.ts'
import { type Folded, foldChain, measuredSpans } from './fold.ts'
import { instantOf } from './moment.ts'
import { clipTo, type Span, unionOf, withoutSpans } from './span.ts'
import { figuresOfMonth } from './statement.ts'
import { judgeVotes } from './sweep.ts'
import { monthSpan } from './year.ts'

export interface NumberedEntry {
  readonly line: number
  readonly entry: Entry
}

/** Several processes write with their own clocks. */
const CLOCKS_APART_MS = 60_000

/** Digests, numbers and links of a chain from its beginning. */
export function checkChain(application: string, entries: readonly NumberedEntry[]): AvailabilityFinding[] {
  const findings: AvailabilityFinding[] = []
  let { seq, head } = CHAIN_START
  let at = 0
  for (const { line, entry } of entries) {
    const place = { line, seq: entry.seq }
    if (entry.seq > seq + 1) findings.push(finding('entry-missing', { ...place, detail: spanOf(seq + 1, entry.seq - 1) }))
    else if (entry.seq <= seq) findings.push(finding('entry-order', { ...place, detail: String(seq + 1) }))
    else if (entry.previous !== head) findings.push(finding('not-chained', place))
    if (entryDigest(application, entry) !== entry.digest) findings.push(finding('entry-altered', place))
    if (Date.parse(entry.at) < at - CLOCKS_APART_MS) findings.push(finding('back-in-time', place))
    seq = Math.max(seq, entry.seq)
    head = entry.digest
    at = Math.max(at, Date.parse(entry.at))
  }
  return findings
}

const spanOf = (from: number, to: number) => (from === to ? String(from) : `${from}–${to}`)

/** What a chain says is held against itself: sealed figures, outages against observations, ids. */
export function checkMeaning(entries: readonly Entry[], observedUntil: number): AvailabilityFinding[] {
  return [...checkTargets(entries), ...checkSeals(entries), ...checkObservations(foldChain(entries), observedUntil)]
}

function checkTargets(entries: readonly Entry[]): AvailabilityFinding[] {
  const stretches = new Set<string>()
  const windows = new Set<string>()
  const findings: AvailabilityFinding[] = []
  for (const entry of entries) {
    if (entry.kind === 'stretch') stretches.add(entry.body.id)
    if (entry.kind === 'window') windows.add(entry.body.id)
    const target =
      entry.kind === 'ruling' || entry.kind === 'dispute' ? entry.body.target : entry.kind === 'stretch-change' ? entry.body.id : undefined
    if (target !== undefined && !stretches.has(target)) findings.push(finding('unknown-target', { seq: entry.seq, detail: target }))
    if (entry.kind.startsWith('window-') && 'id' in entry.body && !windows.has(entry.body.id))
      findings.push(finding('unknown-target', { seq: entry.seq, detail: entry.body.id }))
  }
  return findings
}

function checkSeals(entries: readonly Entry[]): AvailabilityFinding[] {
  const findings: AvailabilityFinding[] = []
  for (const [index, entry] of entries.entries()) {
    if (entry.kind !== 'seal') continue
    const { seq, body } = entry
    const month = monthSpan(body.month)
    if (!month) findings.push(finding('seal-differs', { seq, detail: body.month }))
    else {
      const now = figuresOfMonth(foldChain(entries.slice(0, index)), month, Math.min(Date.parse(entry.at), month.to))
      const difference = differenceOf(body.figures, now)
      if (difference) findings.push(finding('seal-differs', { seq, detail: `${body.month} ${difference}` }))
    }
    const amended = body.amends === null ? undefined : entries.find((one) => one.seq === body.amends && one.kind === 'seal')
    if (body.amends !== null && amended?.kind !== 'seal') findings.push(finding('unknown-target', { seq, detail: `seal ${body.amends}` }))
    const before = amended?.kind === 'seal' ? amended.body.figures : null
    if (before && body.old && differenceOf(body.old, before))
      findings.push(finding('seal-differs', { seq, detail: `${body.month} old ${differenceOf(body.old, before)}` }))
  }
  return findings
}

const NAMES = ['countedMs', 'unknownMs', 'plannedMs', 'withPlannedMs'] as const satisfies readonly (keyof Figures)[]

/** @returns the first figure that differs, in words, or undefined */
export function differenceOf(claimed: Figures, recomputed: Figures): string | undefined {
  const name = NAMES.find((one) => claimed[one] !== recomputed[one])
  return name && `${name} ${claimed[name]} ≠ ${recomputed[name]}`
}

/** Sweeps the observations again and holds the result against the stretches that the probes gave rise to. */
function checkObservations(folded: Folded, until: number): AvailabilityFinding[] {
  const findings: AvailabilityFinding[] = []
  for (const measured of measuredSpans(folded, until)) {
    const within = { from: measured.from, to: Math.min(measured.to, until) }
    if (within.from >= within.to || folded.quorums.length === 0) continue
    const judged = judgeVotes(folded.votes, folded.quorums, within)
    for (const state of ['DOWN', 'UNKNOWN'] as const) {
      const recomputed = unionOf(judged.filter((one) => one.state === state))
      const recorded = unionOf(
        folded.stretches
          .filter((one) => one.source === 'PROBE' && one.state === state)
          .flatMap(({ from, to }) => clipTo([{ from, to: to ?? until }], within)),
      )
      const differs = [...withoutSpans(recomputed, recorded), ...withoutSpans(recorded, recomputed)].sort((a, b) => a.from - b.from)
      for (const span of differs.slice(0, 20))
        findings.push(finding(state === 'DOWN' ? 'down-differs' : 'unknown-differs', { detail: spanText(span) }))
    }
  }
  return findings
}

const spanText = ({ from, to }: Span) => `${instantOf(from)} – ${instantOf(to)}`
