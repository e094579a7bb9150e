import { ROLES, roleCodes } from '@changbai/contract/capability.ts'
import { describe, expect, test } from 'vitest'
import { demoBureaus, demoPeople } from './cast.ts'

describe('the demo cast', () => {
  test.each(roleCodes)('somebody holds %s', (role) => expect(demoPeople.some((person) => person.roles.includes(role))).toBe(true))
  test('user names and names are unique', () => {
    expect(new Set(demoPeople.map((person) => person.signIn)).size).toBe(demoPeople.length)
    expect(new Set(demoPeople.map((person) => person.name)).size).toBe(demoPeople.length)
  })
  test('a bureau is named exactly where the role is a bureau’s', () => {
    for (const { roles, bureau } of demoPeople) {
      for (const role of roles) expect(ROLES[role].scope === 'TENANT').toBe(bureau !== undefined)
      if (bureau) expect(demoBureaus.some(({ code }) => code === bureau)).toBe(true)
    }
  })
})
