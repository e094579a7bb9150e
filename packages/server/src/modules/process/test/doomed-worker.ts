/** A worker process that takes a lease, calls the outside and never comes back: it is killed by the test. Arguments: database URL, instant. */
import { createCrypto } from '../../../platform/crypto.ts'
import { openDatabase } from '../../../platform/db.ts'
import { createDoor } from '../../../platform/door.ts'
import { createLog } from '../../../platform/log.ts'
import { registerService } from '../handlers.ts'
import { registerPorts } from '../ports.ts'
import { workDueJobs } from '../worker.ts'

const [url = '', now = ''] = process.argv.slice(2)
const { db } = openDatabase(url, { poolSize: 2 })
registerPorts({ workClock: async () => ({ addTime: (from) => from }), personNames: async () => new Map(), openPerson: async () => null })
registerService({
  topic: 'race.killed',
  mode: 'outside',
  leaseSeconds: 60,
  plan: async (_, call) => call.businessKey,
  call: (_: string, key) => {
    process.stdout.write(`called ${key}\n`)
    return new Promise<string>(() => setInterval(() => {}, 1_000))
  },
  apply: async () => ({}),
})
const missing = (): never => {
  throw new RangeError('no parameters')
}
const door = createDoor({
  db,
  clock: () => Temporal.Instant.from(now),
  crypto: createCrypto({ encryption: Buffer.alloc(32, 1), signing: Buffer.alloc(32, 2) }),
  jobs: { enqueue: async () => {} },
  reactions: {},
  loadParams: async () => ({ number: missing, text: missing, flag: missing, duration: missing, value: missing }),
})
await workDueJobs({ door, log: createLog('silent') })
