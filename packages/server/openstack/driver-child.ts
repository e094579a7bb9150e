/** Builds what the database says is intended, until all is there. Made to be killed at any moment; the next one goes on. */
import { makeCall, planCall, resourcesByKey, settleCall } from '../src/modules/cloud/index.ts'
import { systemActor } from '../src/platform/actor.ts'
import { createCrypto } from '../src/platform/crypto.ts'
import { openDatabase } from '../src/platform/db.ts'
import { createDoor } from '../src/platform/door.ts'
import { systemClock } from '../src/platform/time.ts'

const [url = '', ...keys] = process.argv.slice(2)
const { db, close } = openDatabase(url, { poolSize: 2 })
const none = (key: string): never => {
  throw new RangeError(key)
}
const door = createDoor({
  db,
  clock: systemClock,
  crypto: createCrypto({ encryption: Buffer.alloc(32, 1), signing: Buffer.alloc(32, 2) }),
  jobs: { enqueue: async () => {} },
  reactions: {},
  loadParams: async () => ({ number: none, text: none, flag: none, duration: () => 'PT15M', value: none }),
})
const run = <T>(service: Parameters<typeof door.enter<T>>[1]): Promise<T> => door.enter({ actor: systemActor('driver') }, service)

for (;;) {
  const rows = await run((ctx) => resourcesByKey(ctx.db, keys))
  if (rows.every((row) => row.state === 'PRESENT' || row.state === 'FAILED')) break
  let moved = false
  for (const key of keys) {
    const call = await run((ctx) => planCall(ctx, key, 'ensure'))
    if (!('asking' in call)) continue
    moved = true
    process.stdout.write(`${key}\n`)
    const outcome = await makeCall(call, AbortSignal.timeout(60_000))
    await run((ctx) => settleCall(ctx, call, outcome))
  }
  if (!moved) await new Promise((resolve) => setTimeout(resolve, 500))
}
await close()
