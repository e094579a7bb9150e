/**
 * A whole server process that works in the background and is killed in the middle of it: by itself before its n-th transaction, or by the test
 * at any moment. Arguments: database URL, the instant its clock starts from, n (0: never). Its clock is that instant plus the time it has run,
 * so a test says how long the machine stood still between two lives.
 */
import { createServer } from '../src/app/server.ts'
import { startProcessWorker } from '../src/modules/process/index.ts'
import { createLog } from '../src/platform/log.ts'
import type { Runtime } from '../src/platform/runtime.ts'

const [databaseUrl = '', from = '', fatal = '0'] = process.argv.slice(2)
const startedAt = Temporal.Instant.from(from)
const dieBefore = Number(fatal)

const { runtime } = await createServer({
  databaseUrl,
  secrets: { encryption: Buffer.alloc(32, 1), signing: Buffer.alloc(32, 2) },
  log: createLog('silent'),
  publicUrl: 'http://localhost:3000',
  trustProxy: false,
  clock: () => startedAt.add({ milliseconds: Math.round(performance.now()) }),
  background: false,
  poolSize: 3,
})
let entered = 0
const { door } = runtime
const doomed: Runtime['door'] = {
  ...door,
  enter(entry, run) {
    entered += 1
    if (entered === dieBefore) process.kill(process.pid, 'SIGKILL')
    return door.enter(entry, run)
  },
}
startProcessWorker({ ...runtime, door: doomed })
process.stdout.write('ready\n')
