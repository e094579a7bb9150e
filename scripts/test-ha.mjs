/**
 * Kills the primary database under load: npm run test:ha. Sets up, on loopback, two PostgreSQL under Patroni (synchronous) with etcd, HAProxy
 * before them and before two server processes, writes through the API, kills primary and its Patroni with SIGKILL in the middle of a
 * provisioning, and prints what was lost (0), how long nobody was served, and every error. Debian: apt-get install patroni etcd-server haproxy
 * postgresql python3-etcd.
 */
import { randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { compareDrafts, DEMO_PASSWORD, draftsOf, makeSecrets, startServer, untilReady } from './cluster/changbai.mjs'
import { recoveryAfter, runLoad, signIn, tally } from './cluster/load.mjs'
import { startPatroni } from './cluster/patroni.mjs'
import { onPath, openPrograms, pause, postgresBin, until } from './cluster/programs.mjs'
import { provisionOnce } from './cluster/provisioning.mjs'
import { startHaproxy } from './cluster/proxy.mjs'

const missing = ['patroni', 'etcd', 'haproxy'].filter((program) => !onPath(program))
const bin = postgresBin()
if (missing.length > 0 || !bin) {
  console.error(
    `Needed, and not here: ${[...missing, ...(bin ? [] : ['postgresql'])].join(', ')}. Debian: apt-get install patroni etcd-server haproxy postgresql python3-etcd`,
  )
  process.exit(2)
}

const RECOVERY_LIMIT_MS = 30_000
const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')
const base = Number(process.env.BASE_PORT ?? 3970)
const [front, first, second, database, cluster] = [base, base + 1, base + 2, base + 3, base + 4]
const folder = mkdtempSync(join(tmpdir(), 'changbai-ha-'))
chmodSync(folder, 0o755)
const programs = openPrograms(join(folder, 'log'))
const password = randomBytes(12).toString('hex')

try {
  console.log('PostgreSQL under Patroni, synchronous, with etcd')
  const patroni = await startPatroni(programs, folder, { bin, base: cluster, password })
  startHaproxy(programs, folder, {
    front,
    backs: [first, second],
    database: { front: database, members: patroni.members },
  })
  const admin = (name) => `postgresql://postgres:${password}@127.0.0.1:${database}/${name}`
  const connected = await until('the primary behind HAProxy', 30, async () => {
    const client = new pg.Client({ connectionString: admin('postgres'), connectionTimeoutMillis: 2_000 })
    await client.connect()
    return client
  })
  await connected.query(`create role changbai login password '${password}'`)
  await connected.query(`create database changbai owner changbai template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C.UTF-8'`)
  await connected.end()
  const url = `postgresql://changbai:${password}@127.0.0.1:${database}/changbai`
  const secretFile = makeSecrets(folder)
  for (const port of [first, second]) {
    const server = startServer(programs, root, { port, url, folder, secretFile, front })
    await untilReady(server, port)
  }
  const address = `http://127.0.0.1:${front}`
  await until('the balancer', 20, async () => (await fetch(`${address}/readyz`)).ok)
  console.log('two server processes behind HAProxy')

  const order = { address, password: DEMO_PASSWORD, url, secretFile }
  const calm = await provisionOnce({ ...order, hostName: 'ha-calm' })
  const caller = await signIn(address, 'yangfan', DEMO_PASSWORD)
  const load = runLoad(caller, { writers: 4, readers: 2, ...draftsOf(caller) })
  await pause(5_000)
  let killedAt = 0
  const disturbed = await provisionOnce({ ...order, hostName: 'ha-fail-over' }, async () => {
    const primary = await patroni.find('primary')
    primary.program.tell('SIGKILL')
    // Patroni starts the database in a session of its own: its postmaster is killed by the number it wrote down
    process.kill(Number(readFileSync(join(primary.data, 'postmaster.pid'), 'utf8').split('\n')[0]), 'SIGKILL')
    killedAt = Date.now()
    console.log(`killed the primary ${primary.name} and its Patroni, in the middle of a provisioning`)
  })
  await until('writes go on', 90, async () => load.acknowledged.filter(({ at }) => at > killedAt).length > 50)
  await pause(5_000)
  await load.stop()

  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { lost, doubled, kept } = await compareDrafts(client, load.acknowledged)
  await client.end()
  const recoveryMs = recoveryAfter(
    killedAt,
    load.acknowledged.map(({ at }) => at),
  )
  const sameOrder = JSON.stringify(disturbed) === JSON.stringify(calm)
  const result = {
    database: 'Patroni, synchronous replication, fail-over by HAProxy',
    writesAcknowledged: load.acknowledged.length,
    reads: load.readAt.length,
    acknowledgedWritesLost: lost,
    writesDoubled: doubled,
    draftsInDatabase: kept,
    recoveryMs,
    provisioning: sameOrder ? 'ended as the undisturbed one' : { calm, disturbed },
    errors: tally(load.errors),
  }
  console.log(JSON.stringify(result, null, 2))
  process.exitCode = lost === 0 && doubled === 0 && recoveryMs < RECOVERY_LIMIT_MS && sameOrder ? 0 : 1
} catch (error) {
  console.error(`${error.stack}\nlogs: ${folder}/log`)
  process.exitCode = 1
} finally {
  await programs.endAll()
  if (process.exitCode === 0) rmSync(folder, { recursive: true, force: true })
}
