import type { Outcome } from '../driver.ts'

export type ServiceType = 'identity' | 'compute' | 'network' | 'volume' | 'image'

/** One answer of a service. `body` is null when it was not JSON: proxies and Glance answer errors in HTML. */
export interface Answer {
  status: number
  headers: Headers
  body: unknown
  text: string
}

/** Ends a call with an outcome the saga understands. */
export class CallEnded extends Error {
  readonly outcome: Outcome
  constructor(outcome: Outcome) {
    super(outcome.is === 'present' || outcome.is === 'building' || outcome.is === 'absent' ? outcome.is : outcome.message)
    this.name = 'CallEnded'
    this.outcome = outcome
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The service's own words, wherever it put them; at most 500 characters. */
export function messageOf(answer: Answer): string {
  if (isRecord(answer.body)) {
    for (const value of Object.values(answer.body)) {
      if (typeof value === 'string') return value.slice(0, 500)
      if (isRecord(value) && typeof value.message === 'string') return value.message.slice(0, 500)
    }
  }
  const plain = answer.text
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  return (plain || `HTTP ${answer.status}`).slice(0, 500)
}

const neutronType = (answer: Answer): string => {
  const error = isRecord(answer.body) ? answer.body.NeutronError : undefined
  return isRecord(error) && typeof error.type === 'string' ? error.type : ''
}

const retryAfterSeconds = (answer: Answer): number => {
  const seconds = Number(answer.headers.get('retry-after'))
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 300) : 5
}

/**
 * Over quota is 403 in Nova, 413 in Cinder and 409 in Neutron; 403 also means forbidden and 409 also means the wrong state. So the status alone
 * never decides.
 */
export function isQuota(service: ServiceType, answer: Answer): boolean {
  const said = messageOf(answer)
  if (service === 'compute') return answer.status === 403 && /quota/i.test(said)
  if (service === 'volume') return answer.status === 413 && /exceeded|quota/i.test(said)
  if (service === 'network') return answer.status === 409 && (neutronType(answer) === 'OverQuota' || /quota exceeded/i.test(said))
  return (answer.status === 403 || answer.status === 413) && /quota|limit/i.test(said)
}

/**
 * Classifies an answer outside 2xx. A 409 that is not a quota is `unknown`: read the state, then decide.
 * A 5xx is `unknown` too, because a gateway may have lost the answer of something that was done.
 */
export function outcomeOfError(service: ServiceType, answer: Answer): Outcome {
  const message = `${service} ${answer.status}: ${messageOf(answer)}`
  if (isQuota(service, answer)) return { is: 'quota', message }
  if (answer.status === 429 || answer.status === 413) return { is: 'throttled', afterSeconds: retryAfterSeconds(answer), message }
  if (answer.status === 409 || answer.status >= 500) return { is: 'unknown', message }
  return { is: 'refused', status: answer.status, message }
}
