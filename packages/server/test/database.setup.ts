import { mkdtemp, readdir, rm, statfs } from 'node:fs/promises'
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
/**
 * Memory, where a machine has it to spare: every copy of the template is some 1,300 files, which took 1.2 s on a disk and take 0.1 s here.
 * A run uses up to 1 GiB.
 */
const MEMORY = '/dev/shm'
const MEMORY_BYTES = 3 * 1024 ** 3
const placeForData = async (): Promise<string> => {
  const place = await statfs(MEMORY).catch(() => null)
  return place && place.bavail * place.bsize >= MEMORY_BYTES ? MEMORY : tmpdir()
}
/** `TEST_PG=15` runs the same tests on Debian's PostgreSQL of that version. */
const debianBin = (version: string): string => `/usr/lib/postgresql/${version}/bin`

const options = (folder: string) => ({
  dataDir: folder,
  log: () => {},
  // a test's data need not survive a power cut; this halves the time of a run
  settings: {
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    max_connections: '200',
    shared_buffers: '128MB',
    max_wal_size: '256MB',
  },
  ...(process.env.TEST_PG ? { bin: debianBin(process.env.TEST_PG) } : {}),
})

/** Servers of runs that were killed: they live on, as they should, and are ended by the next run. */
async function endAbandoned(): Promise<void> {
  const places = await Promise.all(
    [...new Set([MEMORY, tmpdir()])].map(async (place) => ({ place, entries: await readdir(place).catch(() => []) })),
  )
  for (const { place, entry } of places.flatMap(({ place, entries }) => entries.map((entry) => ({ place, entry })))) {
    if (!entry.startsWith(PREFIX)) continue
    const [, owner] = entry.split('.')
    if (owner === undefined || isAlive(owner)) continue
    const folder = join(place, entry)
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
  const folder = await mkdtemp(join(await placeForData(), `${PREFIX}${ownName()}.`))
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
