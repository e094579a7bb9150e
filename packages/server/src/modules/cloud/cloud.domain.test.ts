import { describe, expect, test } from 'vitest'
import { mayAsk, pauseSeconds } from './cloud.domain.ts'
import { outcomeOfError, type ServiceType } from './openstack/answer.ts'

describe('asking again', () => {
  test.each([
    ['nothing was asked', null, 0, true],
    ['asked a moment ago', 1_000, 2_000, false],
    ['a millisecond before it is settled', 0, 74_999, false],
    ['settled', 0, 75_000, true],
  ])('%s', (_, askedAt, now, allowed) => expect(mayAsk({ askedAt }, now, 75)).toBe(allowed))

  test('pauses grow to a minute', () => expect([0, 1, 2, 5, 6, 30].map(pauseSeconds)).toEqual([2, 2, 4, 32, 60, 60]))
})

describe('an answer is never judged by its status alone', () => {
  const of = (service: ServiceType, status: number, body: unknown, text = JSON.stringify(body)) =>
    outcomeOfError(service, { status, body, text, headers: new Headers() }).is
  test.each<[string, ServiceType, number, unknown, string]>([
    ['nova over quota', 'compute', 403, { forbidden: { code: 403, message: 'Quota exceeded for instances: Requested 1' } }, 'quota'],
    ['nova forbidden', 'compute', 403, { forbidden: { code: 403, message: "Policy doesn't allow this" } }, 'refused'],
    [
      'cinder over quota',
      'volume',
      413,
      { overLimit: { code: 413, message: 'VolumeLimitExceeded: Maximum number of volumes allowed (1) exceeded' } },
      'quota',
    ],
    ['cinder too busy', 'volume', 413, { overLimit: { code: 413, message: 'This request was rate-limited.' } }, 'throttled'],
    [
      'neutron over quota',
      'network',
      409,
      { NeutronError: { type: 'OverQuota', message: "Quota exceeded for resources: ['network']." } },
      'quota',
    ],
    ['neutron in use', 'network', 409, { NeutronError: { type: 'NetworkInUse', message: 'in use' } }, 'unknown'],
    ['a gateway lost the answer', 'compute', 502, null, 'unknown'],
    ['too many requests', 'image', 429, null, 'throttled'],
    ['bad flavour', 'compute', 400, { badRequest: { code: 400, message: 'Invalid flavorRef provided.' } }, 'refused'],
  ])('%s', (_, service, status, body, outcome) => expect(of(service, status, body, '<html>busy</html>')).toBe(outcome))
})
