import type { Bodies, NewEntry } from '@changbai/verify/availability/chain.ts'
import type { Stretch } from '@changbai/verify/availability/fold.ts'
import type { Span } from '@changbai/verify/availability/span.ts'
import type { Judged } from '@changbai/verify/availability/sweep.ts'

/**
 * Brings the stretches that probes gave rise to into line with what the votes say now: a new one is written, one whose bounds are known better is
 * changed, one that never was is closed at its start. Stretches keep their id, so rulings on them stand.
 * @param judged what is down or unknown within `within`
 * @param known probe stretches that reach into `within`
 */
export function reconcile(judged: readonly Judged[], known: readonly Stretch[], within: Span, newId: () => string): NewEntry[] {
  const added: NewEntry[] = []
  const left = new Set(known)
  for (const piece of judged) {
    const isOpen = piece.to >= within.to
    const match = [...left].find(
      (one) => one.state === piece.state && one.from <= piece.to && (one.to ?? Number.MAX_SAFE_INTEGER) >= piece.from,
    )
    // what began before the stretch looked at keeps its start
    const from = match && piece.from <= within.from && match.from < within.from ? match.from : piece.from
    const fromLo = match && from === match.from ? match.fromLo : piece.fromLo
    const bounds = { from, to: isOpen ? null : piece.to, fromLo, toLo: isOpen ? null : piece.toLo }
    if (match) {
      left.delete(match)
      if (differs(match, bounds)) added.push({ kind: 'stretch-change', body: { id: match.id, ...bounds, reason: 'PROBE' } })
    } else {
      added.push({ kind: 'stretch', body: { id: newId(), state: piece.state, source: 'PROBE', domain: null, note: '', ...bounds } })
    }
  }
  for (const gone of left) {
    const to = Math.max(gone.from, Math.min(within.from, gone.to ?? within.from))
    const bounds = { from: gone.from, to, fromLo: gone.fromLo, toLo: Math.min(gone.toLo ?? to, to) }
    if (differs(gone, bounds)) added.push({ kind: 'stretch-change', body: { id: gone.id, ...bounds, reason: 'PROBE' } })
  }
  return added
}

const differs = (known: Bodies['stretch-change'] | Stretch, bounds: Omit<Bodies['stretch-change'], 'id' | 'reason'>) =>
  known.from !== bounds.from || known.to !== bounds.to || known.fromLo !== bounds.fromLo || known.toLo !== bounds.toLo
