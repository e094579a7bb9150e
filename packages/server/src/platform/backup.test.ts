import { Readable, Writable } from 'node:stream'
import { gunzipSync, gzipSync } from 'node:zlib'
import { verifyExport } from '@changbai/verify/verify-export.ts'
import { sql } from 'kysely'
import { PgBoss } from 'pg-boss'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { emptyDatabase, type TestDatabase, testDatabase } from '../../test/database.ts'
import { backUp } from './backup.ts'
import { createCrypto } from './crypto.ts'
import { newId } from './ids.ts'
import { appendFact } from './ledger/append.ts'
import { exportLines, planExport } from './ledger/export.ts'
import { sealAll } from './ledger/seal.ts'
import { knownMigrations, migrate } from './migrate.ts'
import { restore } from './restore.ts'

let source: TestDatabase
let target: TestDatabase
beforeEach(async () => {
  source = await testDatabase()
  target = await emptyDatabase()
})
afterEach(() => Promise.all([source.drop(), target.drop()]))

/** What COPY must carry unharmed: quotes, tabs, line ends, backslashes, Chinese, nulls, and bytes of every value. */
const AWKWARD = 'a\tb\nc\\d"e\'f 长白\r\n\\N'
const everyByte = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))

async function fill(): Promise<string> {
  const id = newId()
  await sql`insert into file (id, name, media_type, size_bytes, digest, digest_algorithm, purpose, uploaded_at)
    values (${id}, ${AWKWARD}, 'application/pdf', 256, 'd', 'SHA-256', 'test', '2026-09-18T07:00:00.123456Z')`.execute(source.db)
  await sql`insert into file_chunk (file_id, seq, bytes) values (${id}, 0, ${everyByte})`.execute(source.db)
  await sql`insert into number_series (prefix, day, last) select 'SQ', n::text, n from generate_series(1, 20000) n`.execute(source.db)
  return id
}

async function takeBackup(url = source.url): Promise<{ bytes: Buffer; summary: Awaited<ReturnType<typeof backUp>> }> {
  const chunks: Buffer[] = []
  const output = new Writable({
    write(chunk, _, done) {
      chunks.push(chunk)
      done()
    },
  })
  const summary = await backUp(url, output)
  return { bytes: Buffer.concat(chunks), summary }
}

/** Every table with the digest of its rows in a fixed order. */
async function fingerprint({ db }: TestDatabase): Promise<Record<string, string>> {
  const { rows } = await sql<{ name: string }>`select relname as name from pg_class
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and relname <> 'schema_migration' order by 1`.execute(db)
  const found: Record<string, string> = {}
  for (const { name } of rows) {
    const result = await sql<{ d: string }>`select coalesce(md5(string_agg(md5(t::text), '' order by md5(t::text))), '') as d
      from ${sql.table(name)} t`.execute(db)
    found[name] = result.rows[0]?.d ?? ''
  }
  return found
}

test('a restored database holds the same rows, keeps its guards and goes on', async () => {
  const id = await fill()
  const { bytes, summary } = await takeBackup()
  const restored = await restore(target.url, Readable.from([bytes]))
  expect(restored).toEqual(summary)
  expect(await fingerprint(target)).toEqual(await fingerprint(source))

  const { rows } = await sql<{ bytes: Buffer }>`select bytes from file_chunk where file_id = ${id}`.execute(target.db)
  expect(rows[0]?.bytes).toEqual(everyByte)
  await expect(sql`insert into file_chunk (file_id, seq, bytes) values (${newId()}, 0, ${everyByte})`.execute(target.db)).rejects.toThrow(
    /foreign key/,
  )
  const guards = async ({ db }: TestDatabase) =>
    (
      await sql<{ t: string }>`select concat_ws(' ', tgname, tgenabled, tgdeferrable, tginitdeferred) as t from pg_trigger
        where not tgisinternal order by 1`.execute(db)
    ).rows
  expect(await guards(target)).toEqual(await guards(source))
})

test('a restored ledger goes on: its rows are guarded, what waited is sealed, the chain continues and verifies', async () => {
  const crypto = createCrypto({ encryption: Buffer.alloc(32, 1), signing: Buffer.alloc(32, 2) })
  const at = Temporal.Instant.from('2026-09-18T07:00:00Z')
  const append = (db: TestDatabase['db'], kind: string) =>
    db.transaction().execute((tx) =>
      appendFact(tx, crypto, {
        at,
        actorKind: 'system',
        actorId: null,
        actorName: 'test',
        address: '',
        kind,
        subjectType: 'test',
        subjectId: AWKWARD,
        tenantId: null,
        data: { text: AWKWARD, half: 0.1 },
      }),
    )
  const seal = (db: TestDatabase['db']) => sealAll({ db, clock: () => at, crypto })
  await append(source.db, 'before.sealed')
  await seal(source.db)
  await append(source.db, 'before.waiting')

  const { bytes } = await takeBackup()
  await restore(target.url, Readable.from([bytes]))
  await expect(sql`update ledger_fact set kind = 'x'`.execute(target.db)).rejects.toThrow(/append-only/)
  await expect(sql`truncate ledger_entry`.execute(target.db)).rejects.toThrow(/append-only/)
  await append(target.db, 'after.restore')
  expect(await seal(target.db)).toBe(2)
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from ledger_pending`.execute(target.db)
  expect(rows).toEqual([{ n: 0 }])

  const plan = await target.db.transaction().execute((db) => planExport(db, at, crypto, {}))
  if (!plan) throw new Error('nothing sealed')
  expect(await verifyExport(exportLines(target.db, plan))).toMatchObject({ ok: true, facts: 3, batches: 2, findings: [] })
})

test('one snapshot: what is committed while the backup runs is not in it', async () => {
  await fill()
  const chunks: Buffer[] = []
  let wrote = false
  const output = new Writable({
    write(chunk, _, done) {
      chunks.push(chunk)
      if (wrote) return done()
      wrote = true
      sql`insert into number_series (prefix, day, last) values ('LATE', '1', 1)`.execute(source.db).then(() => done(), done)
    },
  })
  await backUp(source.url, output)
  expect(wrote).toBe(true)
  await restore(target.url, Readable.from([Buffer.concat(chunks)]))
  const { rows } = await sql<{ prefix: string }>`select distinct prefix from number_series`.execute(target.db)
  expect(rows).toEqual([{ prefix: 'SQ' }])
})

test('waiting jobs come along', async () => {
  const boss = new PgBoss({ connectionString: source.url, max: 1, schedule: false, supervise: false })
  await boss.start()
  await boss.createQueue('mail', { retryLimit: 3, policy: 'short' })
  await boss.send('mail', { to: '张三' }, { singletonKey: 'k', startAfter: '2030-01-01T00:00:00Z' })
  await boss.stop({ graceful: false })

  const { bytes, summary } = await takeBackup()
  expect(summary.jobs).toBe(1)
  await restore(target.url, Readable.from([bytes]))
  const { rows } = await sql<
    Record<string, unknown>
  >`select j.name, j.data, j.singleton_key, j.start_after::date::text as on, q.retry_limit, q.policy
    from pgboss.job j join pgboss.queue q using (name) where j.name = 'mail'`.execute(target.db)
  expect(rows).toEqual([{ name: 'mail', data: { to: '张三' }, singleton_key: 'k', on: '2030-01-01', retry_limit: 3, policy: 'short' }])
})

test('a changed, cut or foreign file is refused and leaves the database empty', async () => {
  await fill()
  const { bytes } = await takeBackup()
  const plain = gunzipSync(bytes)
  const changed = Buffer.from(plain)
  const at = changed.indexOf('application/pdf')
  changed.write('application/PDF', at)
  const cases: [Buffer, RegExp][] = [
    [gzipSync(changed), /digest/],
    [gzipSync(plain.subarray(0, plain.length - 5000)), /cut short/],
    [bytes.subarray(0, bytes.length - 500), /damaged|cut short/],
    [Buffer.from('PK something else'), /not a backup/],
    [gzipSync('something else, zipped'), /not a backup/],
  ]
  for (const [file, reason] of cases) {
    await expect(restore(target.url, Readable.from([file]))).rejects.toThrow(reason)
    const { rows } = await sql<{
      n: number
    }>`select count(*) as n from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'`.execute(target.db)
    expect(rows).toEqual([{ n: 0 }])
  }
  await restore(target.url, Readable.from([bytes]))
})

test('a backup of an older program goes into a newer one, which brings it to its level; one of a newer program is refused and nothing is left', async () => {
  const known = await knownMigrations()
  const old = await emptyDatabase()
  const oldLevel = known.at(-3) as string
  await migrate(old.db, oldLevel)
  await sql`insert into number_series (prefix, day, last) values ('SQ', '20260918', 7)`.execute(old.db)
  const { bytes, summary } = await takeBackup(old.url)
  await old.drop()
  expect(summary.migration).toBe(oldLevel)
  await restore(target.url, Readable.from([bytes]))
  expect(await migrate(target.db)).toEqual({ applied: known.slice(-2), level: known.at(-1) })
  const { rows } = await sql<{ last: number }>`select last from number_series`.execute(target.db)
  expect(rows).toEqual([{ last: 7 }])

  await sql`insert into schema_migration (name, sha256, applied_at) values ('9999_of_tomorrow.sql', 'x', now())`.execute(source.db)
  const tomorrow = await takeBackup()
  const empty = await emptyDatabase()
  await expect(restore(empty.url, Readable.from([tomorrow.bytes]))).rejects.toThrow(/newer than this program: it holds 9999_of_tomorrow/)
  const left = await sql<{
    n: number
  }>`select count(*) as n from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'`.execute(empty.db)
  expect(left.rows).toEqual([{ n: 0 }])
  await empty.drop()
})

test('a database that holds anything is not restored into', async () => {
  const { bytes } = await takeBackup()
  await expect(restore(source.url, Readable.from([bytes]))).rejects.toThrow(/not empty/)
})
