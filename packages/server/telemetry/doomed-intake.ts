/**
 * A server process that takes samples in and folds them without pause, until it is killed. Arguments: database URL, port for syslog if it
 * is to take lines in too. Prints its port. */
import type { AddressInfo } from 'node:net'
import { createServer } from '../src/app/server.ts'
import { foldAll } from '../src/modules/telemetry/index.ts'
import { createLog } from '../src/platform/log.ts'

const server = await createServer({
  databaseUrl: process.argv[2] ?? '',
  secrets: { encryption: Buffer.alloc(32, 1), signing: Buffer.alloc(32, 2) },
  log: createLog('silent'),
  publicUrl: 'http://localhost',
  trustProxy: false,
  background: false,
  poolSize: 4,
  ...(process.argv[3] ? { syslog: { host: '127.0.0.1', tcp: Number(process.argv[3]), udp: Number(process.argv[3]) } } : {}),
})
await server.app.listen({ host: '127.0.0.1', port: 0 })
process.stdout.write(`${(server.app.server.address() as AddressInfo).port}\n`)
for (;;) {
  await foldAll(server.runtime).catch(() => {})
  await new Promise((done) => setTimeout(done, 5))
}
