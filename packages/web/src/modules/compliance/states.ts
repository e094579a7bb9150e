import type { ClauseFigure, ClauseState, ObligationState } from '@changbai/contract/compliance.ts'
import type { State } from '../../shared/ui/index.ts'

export const glyphOf: Record<ClauseState, State> = {
  COMPLIANT: 'kept',
  AT_RISK: 'risk',
  BREACHED: 'breach',
  NO_DATA: 'unknown',
  NOT_TRIGGERED: 'none',
  WAIVED: 'waived',
  NOT_APPLICABLE: 'none',
}
export const glyphOfObligation: Record<ObligationState, State> = {
  MET: 'kept',
  BREACHED: 'breach',
  MISSING: 'unknown',
  WAIVED: 'waived',
  NOT_APPLICABLE: 'none',
  AT_RISK: 'risk',
  OPEN: 'todo',
}
/** States a reader should look at. */
export const isException = (state: ClauseState): boolean => state === 'BREACHED' || state === 'AT_RISK' || state === 'NO_DATA'

const RANK: Partial<Record<ClauseState, number>> = { BREACHED: 0, AT_RISK: 1, NO_DATA: 2 }
/** What needs a reader, the worst first; the plan's order within. */
export const exceptionsOf = <C extends { figure: { state: ClauseState } }>(clauses: readonly C[]): C[] =>
  clauses.filter((one) => isException(one.figure.state)).sort((a, b) => (RANK[a.figure.state] ?? 3) - (RANK[b.figure.state] ?? 3))

/** A tile is narrow and stands in its chapter: `5.10.1-(3)-II` is told by its end. */
export const shortId = (id: string): string => (id.length > 9 ? id.replace(/^5\.10\.1-/, '…') : id)

/** A rate is never rounded up to what it is not: 99.96 % stays below 100 %. */
export function rateWords({ rate }: Pick<ClauseFigure, 'rate'>): string {
  if (rate === null) return '—'
  return rate === 1 ? '100%' : `${(Math.floor(rate * 1000) / 10).toFixed(1)}%`
}

/** Where a fact of an obligation is looked at; null where it has no page of its own. */
export function addressOf(type: string, id: string): string | null {
  const paths: Record<string, string> = {
    'work-order': '/work/orders/',
    request: '/work/requests/',
    admission: '/work/admissions/',
    application: '/cloud/applications/',
    'hardware-model': '/cloud/hardware/',
    'process-instance': '/processes/instances/',
    incident: '/duty/incidents/',
    inspection: '/duty/rounds/',
    optimisation: '/proof/optimisations/',
    assessment: '/proof/assessments/',
    training: '/records/trainings/',
    meeting: '/proof/meetings/',
    report: '/proof/reports/',
  }
  return paths[type] === undefined ? null : `${paths[type]}${id}`
}
