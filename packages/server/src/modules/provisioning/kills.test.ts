import { expect, test } from 'vitest'
import { acceptedOrder, makeInLives, openKillWorld, pictureOf } from './kills.fixture.ts'

test('[4.3-0] the whole server process is killed in the middle of provisioning: it ends as if nothing had happened', {
  timeout: 120_000,
}, async () => {
  const calm = await openKillWorld()
  const undisturbed = await acceptedOrder(calm)
  await calm.settle()
  const expected = await pictureOf(calm, undisturbed)
  await calm.t.stop()

  const w = await openKillWorld()
  const order = await acceptedOrder(w)
  // within an asking (after its lease, after its plan) and between two
  const kills = await makeInLives(w, order, [{ before: 9 }, { before: 22 }, { before: 31 }])
  expect(kills).toBe(3)
  expect(await pictureOf(w, order)).toEqual(expected)
  expect(expected).toMatchObject({ open: ['selfCheck'], inventory: ['ss-app-01', 'ss-app-02'] })
  await w.t.stop()
})
