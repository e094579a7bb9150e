import { randomBytes } from 'node:crypto'
import { fileApi } from '@changbai/contract/file.ts'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readConfig } from '../src/app/config.ts'
import { openFiles } from '../src/app/open-files.ts'
import { runBackup, runDrill } from '../src/modules/upkeep/upkeep.jobs.ts'
import { bucketName } from '../src/platform/backup-file.ts'
import { removeParts } from '../src/platform/backup-parts.ts'
import { type Bucket, type BucketConfig, openBucket, sha256Of } from '../src/platform/bucket.ts'
import { openFileStore } from '../src/platform/file-store.ts'
import { FILE_BYTES_MAX, storeFile } from '../src/platform/files.ts'
import { createLog } from '../src/platform/log.ts'
import { type Client, startTestServer, type TestServer } from '../test/harness.ts'

const log = createLog('silent')
const config = readConfig(process.env, { demo: false, tls: false }).bucket as BucketConfig
let bucket: Bucket
let t: TestServer
let person: Client
beforeAll(async () => {
  bucket = openBucket(config)
  t = await startTestServer({ plan: false })
  person = await t.signedIn({ role: 'APP_PROJECT_MANAGER' })
})
afterAll(() => t?.stop())

test('the bucket is there and lets us write, read and remove', async () => {
  expect(await bucket.isThere()).toBe(true)
  await bucket.tryOut()
})

test.each([1, 5 * 1024 * 1024 + 1, FILE_BYTES_MAX])('%i bytes go there and come back the same', async (size) => {
  const bytes = randomBytes(size)
  const key = `files/changbai-live-${size}`
  await bucket.put(key, bytes, sha256Of(bytes))
  expect((await bucket.get(key, sha256Of(bytes))).equals(bytes)).toBe(true)
  await bucket.remove(key)
  await expect(bucket.get(key, sha256Of(bytes))).rejects.toMatchObject({ trouble: 'missing' })
  await bucket.remove(key)
})

test('bytes that are not those announced are not taken for kept', async () => {
  const key = 'files/changbai-live-wrong'
  await expect(bucket.put(key, Buffer.from('one'), sha256Of(Buffer.from('other')))).rejects.toThrow()
  await bucket.remove(key)
})

test.each([
  ['a wrong secret', { secretKey: 'x'.repeat(40) }, /^S3_ACCESS_KEY, S3_SECRET_KEY, S3_REGION: /],
  [
    'a bucket that is not there',
    { url: config.url.replace(/\/[^/]+$/, '/changbai-has-no-such-bucket') },
    /^S3_URL: there is no such bucket/,
  ],
] satisfies [string, Partial<BucketConfig>, RegExp][])('%s stops the start by name', async (_, change: Partial<BucketConfig>, message) => {
  await expect(openFiles({ bucket: { ...config, ...change } }, t.databaseUrl, log)).rejects.toThrow(message)
})

test('a backup goes there, is restored from there by the drill, and leaves', async () => {
  const { runtime } = t.server
  runtime.backups.store = bucket
  await runBackup(runtime)
  const { rows } = await sql<{ id: string; state: string; place: string; file: string }>`select id, state, place, file from backup`.execute(
    runtime.door.db,
  )
  expect(rows).toMatchObject([{ state: 'DONE', place: 'S3' }])
  await runDrill(runtime)
  const drills = await sql<{ state: string; findings: string[] }>`select state, findings from restore_drill`.execute(runtime.door.db)
  expect(drills.rows).toEqual([{ state: 'PASSED', findings: [] }])
  const name = bucketName(rows[0]?.file ?? '') ?? ''
  await removeParts(bucket, name)
  await expect(bucket.look(`${name}/manifest.json`)).rejects.toMatchObject({ trouble: 'missing' })
})

test('an upload is moved there, downloaded from there, and leaves with its row', async () => {
  const { db } = t.server.runtime.door
  const files = openFileStore(db, bucket, log)
  t.server.app.files = files
  const paper = Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(2_000_000)])
  const { id } = await t.inTx((ctx) => storeFile(ctx, [paper], { name: '公函.pdf', purpose: 'letter' }), person.actor)
  expect(await files.moveOut()).toBe(1)
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from file_chunk`.execute(db)
  expect(rows[0]?.n).toBe(0)
  expect(((await person.send(fileApi.download, { fileId: id })).reply as Buffer).equals(paper)).toBe(true)
  await sql`insert into file_gone (id) select id from file`.execute(db)
  await sql`delete from file`.execute(db)
  await files.removeGone()
  await expect(bucket.get(`files/${id}`, sha256Of(paper))).rejects.toMatchObject({ trouble: 'missing' })
})
