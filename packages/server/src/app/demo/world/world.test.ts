import { resolve } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { testDatabase } from '../../../../test/database.ts'
import { createLog } from '../../../platform/log.ts'
import { buildWorld, InhabitedError, World } from './build.ts'
import { throwDice } from './dice.ts'

const drops: (() => Promise<void>)[] = []
afterAll(async () => {
  for (const drop of drops) await drop()
})

const order = {
  from: Temporal.PlainDate.from('2026-08-27'),
  until: Temporal.PlainDate.from('2026-08-29'),
  bureaus: 3,
  planDir: resolve(import.meta.dirname, '../../../../../../plan/jilin'),
}
async function emptyParts() {
  const database = await testDatabase()
  drops.push(() => database.drop())
  return {
    databaseUrl: database.url,
    secrets: { encryption: Buffer.alloc(32, 1), signing: Buffer.alloc(32, 2) },
    log: createLog('silent'),
  }
}
async function build(seed: number) {
  const parts = await emptyParts()
  return { parts, report: await buildWorld(parts, { ...order, seed }) }
}

test('chance is the seed’s: the same throws for the same, others for another, all within bounds', () => {
  const throws = (seed: number) => {
    const dice = throwDice(seed)
    return Array.from({ length: 50 }, () => dice.number(3, 9))
  }
  expect(throws(7)).toEqual(throws(7))
  expect(throws(7)).not.toEqual(throws(8))
  expect(throws(0).every((n) => n >= 3 && n <= 9)).toBe(true)
  expect(new Set(throws(1)).size).toBe(7)
})

test('the same seed gives the same world, also when it was killed between two days; a world is made only where nobody is', async () => {
  const { parts, report } = await build(7)
  expect(report).toMatchObject({ bureaus: 3, applications: 9, rounds: 13, missed: [] })
  expect(report.calls).toBeGreaterThan(0)
  await expect(buildWorld(parts, { ...order, seed: 7 })).rejects.toThrow(InhabitedError)

  const halted = await emptyParts()
  const end = order.until.toZonedDateTime('Asia/Shanghai').toInstant().add({ hours: 9 })
  const first = await World.found(halted, { ...order, seed: 7 }, end)
  let days = 0
  await first.fill(
    end,
    () => {},
    () => ++days > 1,
  )
  expect(first.livedUntil.toString()).toBe('2026-08-27T16:00:00Z')
  await first.close()
  const second = await World.open(halted)
  await second?.fill(end)
  const resumed = await second?.report(order.until)
  await second?.close()
  expect(resumed?.digest).toBe(report.digest)
}, 180_000)
