/** A server in a process of its own for bench/telemetry.ts, so that the sender's processor time is not counted. Speaks by IPC. */
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { createServer } from '../../packages/server/src/app/server.ts'
import { foldAll } from '../../packages/server/src/modules/telemetry/index.ts'
import { sha256Hex } from '../../packages/server/src/platform/crypto.ts'
import { openDatabase } from '../../packages/server/src/platform/db.ts'
import { startEmbedded } from '../../packages/server/src/platform/embedded/embedded.ts'
import { newId } from '../../packages/server/src/platform/ids.ts'
import { createLog } from '../../packages/server/src/platform/log.ts'
import { migrate } from '../../packages/server/src/platform/migrate.ts'

/** The kernel counts processor time in hundredths of a second. */
const TICKS_PER_SECOND = 100
const TOKEN = 'bench-token'

const folder = await mkdtemp(join(tmpdir(), 'changbai-bench-'))
const embedded = await startEmbedded({ dataDir: folder, log: () => {} })
const opened = openDatabase(embedded.url, { poolSize: 2 })
await migrate(opened.db)
await opened.close()
const server = await createServer({
  databaseUrl: embedded.url,
  secrets: { encryption: Buffer.alloc(32, 1), signing: Buffer.alloc(32, 2) },
  log: createLog('error'),
  publicUrl: 'http://localhost',
  trustProxy: false,
  background: process.env.BENCH_FOLD !== 'no',
  telemetryUrl: process.env.BENCH_ENGINE,
})
const pool = new pg.Pool({ connectionString: embedded.url, max: 1 })
await pool.query(
  `insert into telemetry_source (id, name, token_sha256, state, silence_seconds, created_by, created_by_person_id, created_at)
   values ($1, 'bench', $2, 'ACTIVE', 0, 'bench', $1, now())`,
  [newId(), sha256Hex(TOKEN)],
)
await server.app.listen({ host: '127.0.0.1', port: 0 })

function databaseSeconds(): number {
  const postmaster = readFileSync(join(embedded.dataDirectory, 'postmaster.pid'), 'utf8').split('\n')[0]
  let ticks = 0
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      // time of a process that has ended stands with its parent
      if (pid === postmaster || fields[1] === postmaster) ticks += [11, 12, 13, 14].reduce((sum, i) => sum + Number(fields[i]), 0)
    } catch {
      // it ended while we looked
    }
  }
  return ticks / TICKS_PER_SECOND
}

async function stop(): Promise<void> {
  await server.close()
  await pool.end()
  await embedded.stop()
  await rm(folder, { recursive: true, force: true })
  process.exit(0)
}

process.on('message', async (message: string) => {
  if (message === 'cpu') {
    const { user, system } = process.cpuUsage()
    process.send?.({ seconds: (user + system) / 1e6 + databaseSeconds() })
  }
  if (message === 'fold') {
    await foldAll(server.runtime)
    await pool.query('vacuum')
    const { rows } = await pool.query<{ chunk: string; rollup: string; samples: string; waiting: string }>(
      `select (select sum(pg_total_relation_size(inhrelid)) from pg_inherits where inhparent = 'telemetry_chunk'::regclass) as chunk,
         (select sum(pg_total_relation_size(inhrelid)) from pg_inherits where inhparent = 'telemetry_rollup'::regclass) as rollup,
         (select sum(samples) from telemetry_chunk) as samples, (select count(*) from telemetry_batch) as waiting`,
    )
    process.send?.(rows[0])
  }
  if (message === 'stop') await stop()
})
// whoever measured is gone
process.on('disconnect', () => void stop())
process.send?.({ url: `http://127.0.0.1:${(server.app.server.address() as AddressInfo).port}/intake/prometheus/write`, token: TOKEN })
