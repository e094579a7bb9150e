import type { FieldError, ProblemBody, ProblemKind } from '@changbai/contract/problem.ts'

/** A failure the server answered with (problem+json), or that kept us from reaching it (`network`). */
export class ProblemError extends Error {
  readonly kind: string
  readonly status: number
  /** Number for the service desk; empty when the server was not reached. */
  readonly reference: string
  readonly errors: readonly FieldError[]
  readonly body: ProblemBody

  constructor(body: ProblemBody) {
    super(body.title)
    this.name = 'ProblemError'
    this.body = body
    this.kind = body.type.replace('urn:changbai:problem:', '')
    this.status = body.status
    this.reference = body.instance ?? ''
    this.errors = body.errors ?? []
  }

  is(kind: Pick<ProblemKind, 'kind'> | string): boolean {
    return this.kind === (typeof kind === 'string' ? kind : kind.kind)
  }
}

export const networkProblem = (): ProblemError => new ProblemError({ type: 'urn:changbai:problem:network', title: 'network', status: 0 })

/** Trying again helps when the server was not reached, too busy, or failed. */
export const isPassing = (error: unknown): boolean =>
  !(error instanceof ProblemError) || error.status === 0 || error.status === 429 || error.status >= 500
