import type { FieldError, ProblemKind } from '@changbai/contract/problem.ts'

/** A typed failure on its way to the door, which rolls the transaction back and answers `application/problem+json`. */
export class ProblemError extends Error {
  readonly kind: ProblemKind
  readonly params: Record<string, unknown>
  readonly errors: FieldError[] | undefined
  /** What the command has written stays: a refused sign-in is counted and leaves a fact. */
  readonly keepsWrites: boolean

  constructor(kind: ProblemKind, params: Record<string, unknown> = {}, errors?: FieldError[], keepsWrites = false) {
    super(`${kind.kind} ${JSON.stringify(params)}`)
    this.name = 'ProblemError'
    this.kind = kind
    this.params = params
    this.errors = errors
    this.keepsWrites = keepsWrites
  }
}

/** @param params named in the problem's title as `{name}` and sent as extension members */
export function fail(kind: ProblemKind, params?: Record<string, unknown>, errors?: FieldError[]): never {
  throw new ProblemError(kind, params, errors)
}

/** Refuses, but commits what was written so far: for refusals that must be remembered. */
export function failKeepingWrites(kind: ProblemKind, params?: Record<string, unknown>): never {
  throw new ProblemError(kind, params, undefined, true)
}
