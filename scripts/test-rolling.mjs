/**
 * Restarts two server processes one after the other under load, behind HAProxy (or a small proxy of our own), on one database:
 * npm run test:rolling. Prints how many requests were answered, failed and lost. Uses an embedded database unless DATABASE_URL names one.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { compareDrafts, DEMO_PASSWORD, draftsOf, makeSecrets, startServer, untilReady } from './cluster/changbai.mjs'
import { longestGap, runLoad, signIn, tally } from './cluster/load.mjs'
import { openPrograms, pause, until } from './cluster/programs.mjs'
import { proxyKind, startProxy } from './cluster/proxy.mjs'

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')
const base = Number(process.env.BASE_PORT ?? 3980)
const [front, first, second] = [base, base + 1, base + 2]
const folder = mkdtempSync(join(tmpdir(), 'changbai-rolling-'))
const programs = openPrograms(join(folder, 'log'))
const rounds = Number(process.env.ROUNDS ?? 2)

async function openStore() {
  if (process.env.DATABASE_URL) return { url: process.env.DATABASE_URL, stop: async () => {} }
  const { startEmbedded } = await import('../packages/server/src/platform/embedded/embedded.ts')
  mkdirSync(join(folder, 'db'))
  return startEmbedded({ dataDir: join(folder, 'db'), log: () => {} })
}

let store
try {
  store = await openStore()
  const parts = { url: store.url, folder, secretFile: makeSecrets(folder), front }
  const servers = new Map()
  for (const port of [first, second]) {
    servers.set(port, startServer(programs, root, { ...parts, port }))
    await untilReady(servers.get(port), port)
  }
  startProxy(programs, folder, { front, backs: [first, second] })
  const address = `http://127.0.0.1:${front}`
  await until('the balancer', 20, async () => (await fetch(`${address}/readyz`)).ok)
  const caller = await signIn(address, 'yangfan', DEMO_PASSWORD)
  const load = runLoad(caller, { writers: 3, readers: 3, ...draftsOf(caller) })
  await pause(3_000)
  for (let round = 0; round < rounds; round++)
    for (const port of [first, second]) {
      const server = servers.get(port)
      server.tell('SIGTERM')
      await server.ended
      servers.set(port, startServer(programs, root, { ...parts, port }))
      await untilReady(servers.get(port), port)
      // the balancer has seen it twice before the other one goes
      await pause(3_000)
      console.log(`restarted the process on ${port}`)
    }
  await load.stop()
  const client = new pg.Client({ connectionString: store.url })
  await client.connect()
  const { lost, doubled, kept } = await compareDrafts(client, load.acknowledged)
  await client.end()
  const result = {
    balancer: proxyKind(),
    restarts: rounds * 2,
    writesAcknowledged: load.acknowledged.length,
    reads: load.readAt.length,
    failedRequests: load.errors.length,
    lost,
    doubled,
    kept,
    longestWaitMs: longestGap(load.acknowledged.map(({ at }) => at)),
    errors: tally(load.errors),
  }
  console.log(JSON.stringify(result, null, 2))
  process.exitCode = load.errors.length === 0 && lost === 0 && doubled === 0 ? 0 : 1
} catch (error) {
  console.error(`${error.stack}\nlogs: ${folder}/log`)
  process.exitCode = 1
} finally {
  await programs.endAll()
  await store?.stop()
  if (process.exitCode === 0) rmSync(folder, { recursive: true, force: true })
}
