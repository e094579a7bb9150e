import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { openDatabase } from '../src/platform/db.ts'
import { startEmbedded } from '../src/platform/embedded/embedded.ts'
import { isAlive, ownName } from '../src/platform/embedded/users.ts'
import { migrate } from '../src/platform/migrate.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Connection string of the migrated template database. */
    templateUrl: string
  }
}

const PREFIX = 'changbai-test.'
/** `TEST_PG=15` runs the same tests on Debian's PostgreSQL of that version. */
const debianBin = (version: string): string => `/usr/lib/postgresql/${version}/bin`

const options = (folder: string) => ({
  dataDir: folder,
  log: () => {},
  // a test's data need not survive a power cut; this halves the time of a run
  settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200', shared_buffers: '128MB' },
  ...(process.env.TEST_PG ? { bin: debianBin(process.env.TEST_PG) } : {}),
})

/** Servers of runs that were killed: they live on, as they should, and are ended by the next run. */
async function endAbandoned(): Promise<void> {
  for (const entry of await readdir(tmpdir())) {
    if (!entry.startsWith(PREFIX)) continue
    const [, owner] = entry.split('.')
    if (owner === undefined || isAlive(owner)) continue
    const folder = join(tmpdir(), entry)
    await startEmbedded(options(folder)).then(
      (embedded) => embedded.stop(),
      () => undefined,
    )
    await rm(folder, { recursive: true, force: true })
  }
}

/** One server for the whole run, with one migrated database that every test file copies. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await endAbandoned()
  const folder = await mkdtemp(join(tmpdir(), `${PREFIX}${ownName()}.`))
  const embedded = await startEmbedded(options(folder))
  const { db, close } = openDatabase(embedded.url, { poolSize: 2 })
  try {
    await migrate(db)
  } finally {
    await close()
  }
  project.provide('templateUrl', embedded.url)
  return async () => {
    await embedded.stop()
    await rm(folder, { recursive: true, force: true })
  }
}
