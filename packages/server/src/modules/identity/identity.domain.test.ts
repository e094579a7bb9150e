import { type Role, roleCodes } from '@changbai/contract/capability.ts'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { countFailure, incompatibleRole, isStrongPassword, mayPropose, type SignInPolicy, scopeProblem } from './identity.domain.ts'

const policy: SignInPolicy = {
  failuresToLock: 5,
  lockMinutes: 15,
  idleMinutes: 15,
  passwordMinLength: 10,
  passwordClasses: 3,
  passwordDays: 90,
}

describe('[5.1] a password', () => {
  test.each([
    ['Jilin-2026-cloud', true],
    ['Jilin2026c', true],
    ['Jilin2026', false],
    ['jilin2026cloud', false],
    ['吉林云吉林云吉林云Aa1', true],
    ['Zhoumin-2026-x', false],
  ])('%s', (password, strong) => expect(isStrongPassword(password, 'zhoumin', policy)).toBe(strong))
})

describe('[5.1] failures in a row', () => {
  const now = Temporal.Instant.from('2026-09-18T07:00:00Z')
  test('the fifth locks for 15 minutes', () => {
    expect(countFailure({ failures: 3 }, now, policy).lockedUntil).toBeNull()
    expect(countFailure({ failures: 4 }, now, policy).lockedUntil?.toString()).toBe('2026-09-18T07:15:00Z')
  })
  test('so does every further fifth', () => expect(countFailure({ failures: 9 }, now, policy).lockedUntil).not.toBeNull())
})

describe('separation of duties', () => {
  const role = fc.constantFrom(...roleCodes)
  test('who excludes whom is mutual', () =>
    fc.assert(fc.property(role, role, (a, b) => (incompatibleRole(a, [b]) === null) === (incompatibleRole(b, [a]) === null))))
  test.each<[Role, Role, boolean]>([
    ['SYSTEM_ADMIN', 'SECURITY_ADMIN', true],
    ['AUDIT_ADMIN', 'OPERATION_MANAGER', true],
    ['OPERATION_MANAGER', 'CUSTOMER_OM_MANAGER', true],
    ['APP_PROJECT_MANAGER', 'CUSTOMER_LEADER', true],
    ['MAINTENANCE_MANAGER', 'DUTY_OFFICER', false],
    ['APP_PROJECT_MANAGER', 'TENANT_ADMIN', false],
    ['OPERATION_MANAGER', 'SERVICE_DESK', false],
  ])('%s and %s: excluded %s', (a, b, excluded) => expect(incompatibleRole(a, [b]) !== null).toBe(excluded))
  test('IaaS roles are proposed by the IaaS administrator, customer roles by the customer', () => {
    expect(mayPropose('APP_PROJECT_MANAGER', ['IAAS_ADMIN'])).toBe(true)
    expect(mayPropose('APP_PROJECT_MANAGER', ['OPERATION_MANAGER'])).toBe(false)
    expect(mayPropose('CUSTOMER_LEADER', ['IAAS_ADMIN'])).toBe(false)
    expect(mayPropose('CUSTOMER_LEADER', ['CUSTOMER_OM_MANAGER'])).toBe(true)
  })
  test('a bureau is named for a bureau’s role only', () => {
    expect(scopeProblem('APP_PROJECT_MANAGER', null)).toBe('needed')
    expect(scopeProblem('OPERATION_MANAGER', 'x')).toBe('refused')
    expect(scopeProblem('TENANT_ADMIN', 'x')).toBeNull()
  })
})
