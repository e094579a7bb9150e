import { describe, expect, test } from 'vitest'
import type { Incoming } from './intake/incoming.domain.ts'
import { findingsOf, type SelfSeen, watchdogOf } from './self.domain.ts'

const MINUTE = 60_000
const nowMs = 1_000 * MINUTE
const well: SelfSeen = { nowMs, pulses: [], sources: [], acceptedMs: null, lateSinceMs: null, heartbeatWanted: true }
const pulse = (name: string, agoMinutes: number, allowedSeconds = 300) => ({
  name,
  title: name,
  atMs: nowMs - agoMinutes * MINUTE,
  allowedSeconds,
})
const source = (skewMs: number | null, sinceMinutes = 0, silentMinutes: number | null = null) => ({
  id: 's',
  name: 'Prometheus',
  silentSinceMs: silentMinutes === null ? null : nowMs - silentMinutes * MINUTE,
  skewMs,
  skewedSinceMs: skewMs === null ? null : nowMs - sinceMinutes * MINUTE,
})

describe('what is wrong with the watching itself', () => {
  test.each<[string, Partial<SelfSeen>, string[]]>([
    ['nothing', {}, []],
    ['samples arrive and are judged', { pulses: [pulse('evaluator', 1)], acceptedMs: nowMs }, []],
    ['samples arrive and nobody judges them', { pulses: [pulse('evaluator', 4)], acceptedMs: nowMs }, ['evaluator']],
    ['nothing arrives: nothing to judge', { pulses: [pulse('evaluator', 40)], acceptedMs: nowMs - 40 * MINUTE }, []],
    ['timers are not taken', { lateSinceMs: nowMs - 3 * MINUTE }, ['timers']],
    ['a watchdog within its time', { pulses: [pulse('watchdog:a:1', 5)] }, []],
    ['a watchdog a moment later', { nowMs: nowMs + 1, pulses: [pulse('watchdog:a:1', 5)] }, ['watchdog:a:1']],
    ['our heartbeat is not delivered', { pulses: [pulse('heartbeat', 6)] }, ['heartbeat']],
    ['nobody wants it any more', { pulses: [pulse('heartbeat', 6)], heartbeatWanted: false }, []],
    ['a source is silent', { sources: [source(null, 0, 10)] }, ['source:s']],
    ['a clock that is ahead, at once', { sources: [source(2_500)] }, ['clock:s']],
    ['one that is behind may be a queue', { sources: [source(-300_000, 4)] }, []],
    ['behind for five minutes', { sources: [source(-300_000, 5)] }, ['clock:s']],
  ])('%s', (_, seen, keys) => {
    expect(findingsOf({ ...well, ...seen }).map(({ key }) => key)).toEqual(keys)
  })
})

describe('an alert that always fires', () => {
  const said = (alertname: string, over: Partial<Incoming> = {}, labels: Record<string, string> = {}) =>
    watchdogOf({ id: 's', name: 'Prometheus' }, {
      source: 'ALERTMANAGER',
      labels: { alertname, ...labels },
      fingerprint: 'f',
      ...over,
    } as Incoming)?.allowedSeconds
  test.each([
    ['Watchdog of a Prometheus', said('Watchdog'), 300],
    ['DeadMansSwitch by webhook', said('DeadMansSwitch', { source: 'WEBHOOK' }), 18_000],
    ['with its own measure', said('Watchdog', {}, { heartbeat_seconds: '90' }), 90],
    ['with a senseless one', said('Watchdog', {}, { heartbeat_seconds: '-1' }), 300],
    ['any other is an alarm', said('DiskBroken'), undefined],
    ['from somebody who never repeats', said('Watchdog', { source: 'SURICATA' }), undefined],
  ])('%s', (_, found, expected) => expect(found).toBe(expected))
})
