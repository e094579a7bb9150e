import type { Obligation } from '@changbai/verify/clauses.domain.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { noteAlso, notingReads } from '../../platform/table-reads.ts'

/** A stretch of time that is judged, half open, and the instant up to which facts are known. */
export interface ClauseSpan {
  from: Temporal.Instant
  to: Temporal.Instant
  asOf: Temporal.Instant
}

export interface RhythmEvent {
  at: string
  type: string
  id: string
  /** Whether it counts: a round without its items was not one. */
  valid: boolean
}

/**
 * What a module offers for the judgement of clauses; the plan names it by `of`. A module knows its facts, the plan knows which promise they prove, and
 * the compliance module judges.
 */
export type ClauseSource =
  | {
      of: string
      /** deadline-met: done by an instant. complete: done with everything asked for. holds, availability: true of each thing when the period ends, or now. */
      meter: 'deadline-met' | 'complete' | 'holds' | 'availability'
      /** Everything of the span: for `deadline-met` and `complete` what falls due in it, for `holds` each thing there is at its end. */
      read(ctx: Ctx, span: ClauseSpan): Promise<Obligation[]>
    }
  | {
      of: string
      meter: 'rhythm'
      events(ctx: Ctx, span: ClauseSpan): Promise<RhythmEvent[]>
      /** Was anything at all recorded before this instant? */
      begun(ctx: Ctx, before: Temporal.Instant): Promise<boolean>
      /** Was nothing owed in this stretch, e.g. in a week in which nobody works? */
      exempt?(ctx: Ctx, stretch: { from: string; to: string }): Promise<boolean>
    }

/** What most obligations have in common. */
export const obligation = (
  given: Pick<Obligation, 'id' | 'subject' | 'dueAt'> & Partial<Omit<Obligation, 'id' | 'subject' | 'dueAt'>>,
): Obligation => ({
  tenantId: null,
  applicationId: null,
  startedAt: null,
  doneAt: null,
  kept: null,
  missing: null,
  exempt: null,
  provisional: false,
  evidence: [],
  ...given,
})

/** Instant at which things that must always hold are looked at: the end of the span, or now while it runs. */
export const lookedAt = ({ to, asOf }: ClauseSpan): Temporal.Instant => (Temporal.Instant.compare(to, asOf) < 0 ? to : asOf)

/**
 * Several sources of one board start from the same records: reads them once for a span object, and anew for the next judgement, which makes its own. What
 * is read may not be changed by whoever gets it.
 */
export function oncePerSpan<T>(read: (ctx: Ctx, span: ClauseSpan) => Promise<T>): (ctx: Ctx, span: ClauseSpan) => Promise<T> {
  const known = new WeakMap<ClauseSpan, { found: Promise<T>; names: ReadonlySet<string> }>()
  return async (ctx, span) => {
    let kept = known.get(span)
    if (!kept) {
      const noting = notingReads(ctx)
      kept = { found: read(noting.ctx, span), names: noting.names }
      known.set(span, kept)
    }
    const found = await kept.found
    noteAlso(ctx, kept.names)
    return found
  }
}
