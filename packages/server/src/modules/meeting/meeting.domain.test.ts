import type { Attendee } from '@changbai/contract/meeting.ts'
import { describe, expect, it, test } from 'vitest'
import { contentKept, gapsOf, hasFourGroups, isRestWeek, mondayOf, spanOfWeek, weekOf } from './meeting.domain.ts'

const day = (text: string) => Temporal.PlainDate.from(text)
const who = (group: Attendee['group'], present = true): Attendee => ({ group, personId: group, name: group, present, leaveReason: '' })
const all = (['OPERATION', 'MAINTENANCE', 'APPLICATION', 'CONSTRUCTION', 'CUSTOMER'] as const).map((group) => who(group))
const plan = { text: '换板卡', ownerId: 'a', ownerName: '甲', dueOn: '2026-05-22' }
const full = { heldAt: 'x', attendees: all, majorEvents: [], noneDeclared: true, nextPlans: [plan] }

describe('weeks', () => {
  test.each([
    ['2026-05-18', '2026-W21'],
    ['2026-05-24', '2026-W21'],
    ['2027-01-03', '2026-W53'],
    ['2025-12-29', '2026-W01'],
  ])('%s lies in %s', (on, week) => {
    expect(weekOf(day(on))).toBe(week)
    expect(weekOf(mondayOf(week))).toBe(week)
    expect(mondayOf(week).dayOfWeek).toBe(1)
  })
  it('begins at midnight in Shanghai', () => expect(spanOfWeek('2026-W21').from.toString()).toBe('2026-05-17T16:00:00Z'))
  it('asks for no meeting when nobody works at all', () => {
    const monday = mondayOf('2026-W08')
    expect(isRestWeek(monday, () => false)).toBe(true)
    expect(isRestWeek(monday, (on) => on.equals(monday.add({ days: 6 })))).toBe(false)
  })
})
describe('[5.6-1] four groups', () => {
  it('are complete with one of each', () => expect(hasFourGroups(all)).toBe(true))
  it('an absent one counts as none', () =>
    expect(hasFourGroups(all.map((one) => (one.group === 'APPLICATION' ? who('APPLICATION', false) : one)))).toBe(false))
})
describe('[5.6-2] content', () => {
  it('is complete with events or none said expressly', () => {
    expect(gapsOf(full)).toEqual([])
    expect(gapsOf({ ...full, noneDeclared: false })).toEqual(['EVENTS'])
    expect(gapsOf({ ...full, nextPlans: [], heldAt: null, attendees: [] })).toEqual(['HELD', 'PLANS', 'ATTENDANCE'])
  })
  test.each([
    ['all there', full, true, true],
    ['not signed', full, false, false],
    ['the customer was away', { ...full, attendees: all.slice(0, 4) }, true, false],
    ['nothing planned', { ...full, nextPlans: [] }, true, false],
  ])('%s', (_, minutes, signed, kept) => expect(contentKept(minutes, signed)).toBe(kept))
})
