import { roleCodes } from '@changbai/contract/capability.ts'
import { describe, expect, test } from 'vitest'
import { tourFor } from './stops.ts'

describe('every role has a tour', () => {
  test.each(roleCodes)('%s: two to seven pages, each once', (role) => {
    const stops = tourFor([role], () => true)
    expect(stops.length).toBeGreaterThanOrEqual(2)
    expect(stops.length).toBeLessThanOrEqual(7)
    expect(new Set(stops.map(({ to }) => to)).size).toBe(stops.length)
  })
  test('a page that may not be opened is left out, nobody without a role is walked', () => {
    expect(tourFor(['AUDIT_ADMIN'], (to) => to !== '/records/verify').map(({ key }) => key)).toEqual(['ledger'])
    expect(tourFor([], () => true)).toEqual([])
  })
})
