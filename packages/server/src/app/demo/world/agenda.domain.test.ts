import { expect, test } from 'vitest'
import { Agenda, type Steps } from './agenda.ts'

const start = Temporal.Instant.from('2026-09-01T00:00:00Z')
const minute = (n: number) => start.add({ minutes: n })

test('steps are taken in order of time, acts side by side, up to the end and not beyond', async () => {
  const said: string[] = []
  let now = start
  async function* act(name: string, ...waits: number[]): Steps {
    said.push(`${name} ${start.until(now).total('minutes')}`)
    for (const wait of waits) {
      yield wait
      said.push(`${name} ${start.until(now).total('minutes')}`)
    }
  }
  const agenda = new Agenda()
  agenda.add(minute(10), act('a', 30, 30))
  agenda.add(minute(20), act('b', 5))
  agenda.add(minute(25), async () => void said.push('c 25'))
  const arrive = (at: Temporal.Instant) => {
    now = at
  }
  await agenda.runUntil(minute(40), arrive)
  expect(said).toEqual(['a 10', 'b 20', 'b 25', 'c 25'])
  expect(agenda.isQuiet).toBe(false)
  await agenda.runUntil(minute(500), arrive)
  expect(said.slice(4)).toEqual(['a 40', 'a 70'])
  expect(agenda.isQuiet).toBe(true)
})

test('a refused step ends its act and no other; without somebody to tell it is thrown', async () => {
  const agenda = new Agenda()
  const refused: unknown[] = []
  let reached = false
  const fails = async () => {
    throw new Error('no')
  }
  agenda.add(minute(1), fails)
  agenda.add(minute(2), async () => {
    reached = true
  })
  await agenda.runUntil(
    minute(9),
    () => {},
    (error) => refused.push(error),
  )
  expect([refused.length, reached]).toEqual([1, true])
  agenda.add(minute(10), fails)
  await expect(agenda.runUntil(minute(20), () => {})).rejects.toThrow('no')
})
