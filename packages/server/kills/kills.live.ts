import { expect, test } from 'vitest'
import { acceptedOrder, makeInLives, openKillWorld, pictureOf } from '../src/modules/provisioning/kills.fixture.ts'

const wanted = Number(process.env.KILLS ?? 40)
const seed = Number(process.env.SEED ?? 1)
/** Lives that one order is given at most; what is left then is made undisturbed. */
const LIVES = 12

/** The same numbers for the same seed (mulberry32), 0 to 1. */
function draws(from: number): () => number {
  let state = from
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

test(`${wanted} kills of the whole server process, seed ${seed}: every order ends as if nothing had happened`, async () => {
  const draw = draws(seed)
  const calm = await openKillWorld()
  const undisturbed = await acceptedOrder(calm)
  await calm.settle()
  const expected = await pictureOf(calm, undisturbed)
  await calm.t.stop()

  let kills = 0
  let orders = 0
  const startedAt = performance.now()
  while (kills < wanted) {
    const w = await openKillWorld()
    const order = await acceptedOrder(w)
    // in turn between two transactions, and at any moment
    const deaths = Array.from({ length: Math.min(LIVES, wanted - kills) }, (_, index) =>
      (orders + index) % 2 === 0 ? { before: 2 + Math.floor(draw() * 18) } : { afterMs: Math.floor(draw() * 600) },
    )
    kills += await makeInLives(w, order, deaths)
    orders += 1
    expect(await pictureOf(w, order), `seed ${seed}, order ${orders}: ${JSON.stringify(deaths)}`).toEqual(expected)
    await w.t.stop()
    const seconds = Math.round((performance.now() - startedAt) / 1000)
    console.log(`kills: ${kills} of ${wanted}, ${orders} orders whole, ${seconds} s`)
  }
})
