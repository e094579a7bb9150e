import type { Program } from '../program.ts'

/** Who issues a command; null = the machine. */
export interface By {
  personId: string | null
  name: string
}

/** All that the interpreter needs from outside, resolved before it runs: it does no I/O. */
export interface Env {
  now: Temporal.Instant
  newId(): string
  /** End of a span (`2wd`, `2bh`, ISO 8601) that begins at `from`, on the working calendar. */
  addTime(from: Temporal.Instant, span: string): Temporal.Instant
  /** The instant at which this share (0.8 = 80 %) of a limit is used. */
  shareOf(from: Temporal.Instant, due: Temporal.Instant, share: number): Temporal.Instant
  /** Text of a parameter of the plan. @throws when there is none */
  parameter(key: string): string
  programOf(defId: string): Program
  /** The version a call starts now. */
  latest(processKey: string): { defId: string; program: Program }
  by: By
  /** Whose role the actor uses for a step of these roles, when it is a lent one; absent where nobody lends. */
  onBehalfOf?(roles: readonly string[], place: { tenantId: string | null; applicationId: string | null }): string | null
}

/** A command that the rules do not allow; `code` names the rule, the service turns it into a problem. */
export class Refusal extends Error {
  readonly code: string
  readonly params: Record<string, unknown>
  constructor(code: string, params: Record<string, unknown> = {}) {
    super(`${code} ${JSON.stringify(params)}`)
    this.name = 'Refusal'
    this.code = code
    this.params = params
  }
}

/** The model cannot say how to go on: the command is rolled back. */
export class Undecidable extends Error {
  readonly element: string
  readonly zh: string
  readonly en: string
  constructor(element: string, zh: string, en: string) {
    super(`${element}: ${en}`)
    this.name = 'Undecidable'
    this.element = element
    this.zh = zh
    this.en = en
  }
}

/** Thrown by a service handler to take the error boundary with this code. */
export class BpmnError extends Error {
  readonly code: string
  constructor(code: string, message = code) {
    super(message)
    this.name = 'BpmnError'
    this.code = code
  }
}
