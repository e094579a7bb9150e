import { expect, test } from 'vitest'
import { reminderOf } from './action.domain.ts'

const on = (day: string) => Temporal.PlainDate.from(day)

test.each<[string, string]>([
  ['2026-10-16', '—'],
  ['2026-10-17', 'due 3 0'],
  ['2026-10-20', 'due 0 0'],
  ['2026-10-21', 'overdue 1 0'],
  ['2026-10-27', 'overdue 7 0'],
  ['2026-10-28', 'overdue 8 1'],
])('[5.8-5] open and due on 20 October, looked at on %s: %s', (today, expected) => {
  const told = reminderOf({ state: 'OPEN', dueOn: on('2026-10-20'), doneOn: null }, on(today))
  expect(told ? `${told.kind} ${told.days} ${told.turn}` : '—').toBe(expected)
})
test.each<[string, string]>([
  ['2026-10-14', '—'],
  ['2026-10-15', 'verify 7 0'],
  ['2026-10-21', 'verify 13 0'],
  ['2026-10-22', 'verify 14 1'],
])('[5.8-5] done on 8 October and not verified, looked at on %s: %s', (today, expected) => {
  const told = reminderOf({ state: 'DONE', dueOn: on('2026-10-20'), doneOn: on('2026-10-08') }, on(today))
  expect(told ? `${told.kind} ${told.days} ${told.turn}` : '—').toBe(expected)
})
test('[5.8-5] what is verified reminds nobody', () => {
  expect(reminderOf({ state: 'VERIFIED', dueOn: on('2026-10-20'), doneOn: on('2026-10-08') }, on('2027-01-01'))).toBeNull()
})
