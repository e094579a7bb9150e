import type { HealthCheckId, HealthState } from '@changbai/contract/health.ts'
import { healthChecks } from '@changbai/contract/health.ts'
import { describe, expect, test } from 'vitest'
import { judgeVitals, type Vitals, worstOf } from './health.domain.ts'

const well: Vitals = {
  databaseMs: 3,
  connections: 20,
  connectionsMax: 100,
  diskFree: 0.5,
  clockAheadMs: 4,
  clockSteppedBackMs: 0,
  processes: 2,
  versions: ['1.0.0'],
  loopLagMs: 40,
  jobWaitSeconds: 2,
  jobsFailed: 0,
  timerLateSeconds: 1,
  stuckInstances: 0,
  unsealedSeconds: 50,
  undelivered: 0,
  undeliveredSeconds: 0,
  backupHours: 6,
  isBackupLate: false,
  isDrillLate: false,
  directory: null,
}

test('a platform that is well says so for every check, and asks for nothing', () => {
  const findings = judgeVitals(well)
  expect(findings.map(({ check }) => check)).toEqual([...healthChecks])
  expect(findings.filter(({ state, todo }) => state !== 'OK' || todo !== null)).toEqual([])
})

describe('each limit, just below and at it', () => {
  const cases: readonly (readonly [check: HealthCheckId, change: Partial<Vitals>, state: HealthState])[] = [
    ['database', { databaseMs: 499 }, 'OK'],
    ['database', { databaseMs: 500 }, 'WARNING'],
    ['database', { databaseMs: 3_000 }, 'FAILED'],
    ['connections', { connections: 79 }, 'OK'],
    ['connections', { connections: 80 }, 'WARNING'],
    ['connections', { connections: 95 }, 'FAILED'],
    ['disk', { diskFree: 0.15 }, 'OK'],
    ['disk', { diskFree: 0.149 }, 'WARNING'],
    ['disk', { diskFree: 0.049 }, 'FAILED'],
    ['disk', { diskFree: null }, 'UNKNOWN'],
    ['clock', { clockAheadMs: -99 }, 'OK'],
    ['clock', { clockAheadMs: -100 }, 'WARNING'],
    ['clock', { clockAheadMs: 1_000 }, 'FAILED'],
    ['clock', { clockSteppedBackMs: 3_600_000 }, 'FAILED'],
    ['processes', { processes: 0 }, 'UNKNOWN'],
    ['processes', { versions: ['1.0.0', '1.1.0'] }, 'WARNING'],
    ['processes', { loopLagMs: 5_000 }, 'FAILED'],
    ['jobs', { jobWaitSeconds: 299 }, 'OK'],
    ['jobs', { jobWaitSeconds: 300 }, 'WARNING'],
    ['jobs', { jobsFailed: 1 }, 'WARNING'],
    ['jobs', { jobWaitSeconds: 1_800, jobsFailed: 1 }, 'FAILED'],
    ['timers', { timerLateSeconds: 60 }, 'WARNING'],
    ['timers', { stuckInstances: 1 }, 'WARNING'],
    ['timers', { timerLateSeconds: 600 }, 'FAILED'],
    ['ledger', { unsealedSeconds: 300 }, 'WARNING'],
    ['ledger', { unsealedSeconds: 1_800 }, 'FAILED'],
    ['mail', { undelivered: 1 }, 'WARNING'],
    ['mail', { undelivered: 1, undeliveredSeconds: 3_600 }, 'FAILED'],
    ['backup', { backupHours: null }, 'OK'],
    ['backup', { backupHours: 30, isBackupLate: true }, 'FAILED'],
    ['backup', { isDrillLate: true }, 'WARNING'],
    ['backup', { isBackupLate: true, isDrillLate: true }, 'FAILED'],
    ['directory', { directory: { outcome: 'DONE', hours: 49 } }, 'OK'],
    ['directory', { directory: { outcome: 'FAILED', hours: 1 } }, 'WARNING'],
    ['directory', { directory: { outcome: 'HELD', hours: 1 } }, 'WARNING'],
    ['directory', { directory: { outcome: 'DONE', hours: 50 } }, 'FAILED'],
  ]
  test.each(cases)('%s with %o is %s', (check, change, state) => {
    const finding = judgeVitals({ ...well, ...change }).find((one) => one.check === check)
    expect(finding?.state).toBe(state)
    expect(finding?.todo === null).toBe(state === 'OK')
  })
})

test('a clock that stepped back says by how much', () => {
  const clock = judgeVitals({ ...well, clockSteppedBackMs: 3_600_000 }).find(({ check }) => check === 'clock')
  expect(clock?.says).toEqual({ zh: '时钟倒退了 60 分钟', en: 'The clock stepped back by 60 min' })
})

test.each([
  [[], 'UNKNOWN'],
  [['OK', 'OK'], 'OK'],
  [['OK', 'UNKNOWN'], 'UNKNOWN'],
  [['WARNING', 'UNKNOWN'], 'WARNING'],
  [['WARNING', 'FAILED', 'OK'], 'FAILED'],
] as const)('the worst of %o is %s', (states, worst) => {
  expect(worstOf(states)).toBe(worst)
})
