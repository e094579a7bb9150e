import { describe, expect, test } from 'vitest'
import { type Assured, judgeControls } from './controls.domain.ts'

const policy = { failuresToLock: 5, lockMinutes: 15, idleMinutes: 30, passwordMinLength: 12, passwordClasses: 3, passwordDays: 90 }
const well: Assured = {
  accounts: { active: 10, withoutSecondFactor: 2, administratorsWithoutSecondFactor: 0, unusedNinetyDays: 0, weaklyKept: 0 },
  policy: { inForce: policy, plan: policy },
  addressRules: 2,
  conflicts: 0,
  grantsByOneHand: 0,
  grantsInForce: 12,
  reviewDays: 40,
  administrators: { system: 1, security: 1, audit: 1 },
  ledger: { facts: 100, unsealed: 1, lastBatchAt: '2026-09-18T07:00:00Z', digest: 'SM3', keptDays: 400 },
  logs: { keptDays: 190 },
  https: true,
  scanner: true,
  backupHours: 3,
  drillDays: 20,
  backupsEncrypted: true,
  health: { clock: 'OK' },
  exportsNinetyDays: 3,
  dependencies: { findings: 0, newest: '2026-09-01T00:00:00Z' },
  unsealedColumns: 0,
  keyProvider: 'device:1',
  approvedExports: 1,
  leavers: { ended: 2, rightsLeft: 0 },
  securityEvents: { graded: 1, reported: 1 },
  revealsNinetyDays: 4,
  changes: 4,
  rounds: 90,
}
const stateOf = (id: string, change: Partial<Assured> = {}) => judgeControls({ ...well, ...change }).find((one) => one.id === id)?.state

test('an installation that is in order keeps every control it has evidence of, and claims none it has not', () => {
  const controls = judgeControls(well)
  expect(controls.filter(({ state }) => state !== 'KEPT').map(({ id, state }) => [id, state])).toEqual([
    ['cloud', 'OUTSIDE'],
    ['assessment', 'OUTSIDE'],
  ])
  expect(new Set(controls.map(({ id }) => id)).size).toBe(controls.length)
})

describe('each hole is seen', () => {
  const cases: readonly (readonly [id: string, change: Partial<Assured>, state: string])[] = [
    ['identity', { accounts: { ...well.accounts, administratorsWithoutSecondFactor: 1 } }, 'PARTLY'],
    ['identity', { policy: { plan: policy, inForce: { ...policy, passwordMinLength: 8 } } }, 'PARTLY'],
    ['identity', { policy: { plan: policy, inForce: { ...policy, idleMinutes: 31 } } }, 'PARTLY'],
    ['identity', { policy: { plan: policy, inForce: { ...policy, passwordDays: 60, lockMinutes: 60 } } }, 'KEPT'],
    ['access', { conflicts: 1 }, 'PARTLY'],
    ['people', { leavers: { ended: 2, rightsLeft: 1 } }, 'NOT_KEPT'],
    ['passwords', { accounts: { ...well.accounts, weaklyKept: 1 } }, 'NOT_KEPT'],
    ['service', { rounds: 0, changes: 0 }, 'NOT_KEPT'],
    ['access', { grantsByOneHand: 1 }, 'PARTLY'],
    ['access', { reviewDays: null }, 'PARTLY'],
    ['access', { reviewDays: 101 }, 'PARTLY'],
    ['audit', { ledger: { ...well.ledger, lastBatchAt: null } }, 'PARTLY'],
    ['intrusion', { addressRules: 0, scanner: false, dependencies: null }, 'NOT_KEPT'],
    ['intrusion', { dependencies: { findings: 1, newest: null } }, 'PARTLY'],
    ['confidentiality', { unsealedColumns: 1 }, 'PARTLY'],
    ['cryptography', { keyProvider: 'software' }, 'PARTLY'],
    ['confidentiality', { https: false }, 'PARTLY'],
    ['recovery', { backupHours: null, drillDays: null }, 'NOT_KEPT'],
    ['recovery', { drillDays: 93 }, 'PARTLY'],
    ['centre', { administrators: { system: 1, security: 1, audit: 0 } }, 'PARTLY'],
    ['operations', { rounds: 0 }, 'PARTLY'],
    ['cryptography', { ledger: { ...well.ledger, digest: 'SHA-256' } }, 'PARTLY'],
    ['time', { health: { clock: null } }, 'NOT_KEPT'],
  ]
  test.each(cases)('%s with %o is %s', (id, change, state) => {
    expect(stateOf(id, change)).toBe(state)
  })
})
