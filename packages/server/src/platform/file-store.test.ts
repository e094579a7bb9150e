import { Readable, Writable } from 'node:stream'
import { fileApi } from '@changbai/contract/file.ts'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { emptyDatabase } from '../../test/database.ts'
import { type Client, startTestServer, type TestServer } from '../../test/harness.ts'
import { ConfigError, readConfig } from '../app/config.ts'
import { openFiles } from '../app/open-files.ts'
import { backUp } from './backup.ts'
import { type FakeBucket, startFakeBucket } from './bucket.fixture.ts'
import { type BucketConfig, BucketError, openBucket, sha256Of } from './bucket.ts'
import { openDatabase } from './db.ts'
import { type FileStore, filesInBucket, openFileStore, removeStrayUploads } from './file-store.ts'
import { storeFile } from './files.ts'
import { createLog } from './log.ts'
import { restore } from './restore.ts'

const log = createLog('silent')
/** More than one chunk, and bytes of every value. */
const PAPER = Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.from(Array.from({ length: 1_100_000 }, (_, i) => (i * 31) % 256))])

let bucket: FakeBucket
beforeEach(async () => {
  bucket = await startFakeBucket()
})
afterEach(() => bucket.stop())

describe('a bucket', () => {
  test('keeps what is put, gives it back, forgets what is removed; removing twice is no fault', async () => {
    const { put, get, remove } = openBucket(bucket.config)
    await put('files/a', PAPER, sha256Of(PAPER))
    expect((await get('files/a', sha256Of(PAPER))).equals(PAPER)).toBe(true)
    await remove('files/a')
    await remove('files/a')
    await expect(get('files/a', sha256Of(PAPER))).rejects.toMatchObject({ trouble: 'missing' })
  })

  test.each([
    ['a wrong secret', { secretKey: 'another' }, 'refused'],
    ['an unknown key', { accessKey: 'somebody' }, 'refused'],
    ['a bucket that is not there', { url: 'nowhere' }, 'missing'],
    ['a store that does not listen', { url: 'http://127.0.0.1:1/attachments' }, 'unreachable'],
  ] satisfies [string, Partial<BucketConfig>, string][])('%s is told apart', async (_, change: Partial<BucketConfig>, trouble) => {
    const url = change.url === 'nowhere' ? bucket.config.url.replace('attachments', 'nowhere') : (change.url ?? bucket.config.url)
    await expect(openBucket({ ...bucket.config, ...change, url }).tryOut()).rejects.toMatchObject({ trouble })
  })

  test.each([
    ['hang up', 'unreachable'],
    [503, 'unreachable'],
    [403, 'refused'],
    ['other bytes', 'damaged'],
  ] as const)('%s while reading back: not taken for kept', async (mischief, trouble) => {
    bucket.fault = (method) => (method === 'GET' ? mischief : undefined)
    await expect(openBucket(bucket.config).put('files/a', PAPER, sha256Of(PAPER))).rejects.toMatchObject({ trouble })
  })

  test('a store that stumbles once is asked again', async () => {
    let stumbles = 1
    bucket.fault = () => (stumbles-- > 0 ? 500 : undefined)
    await openBucket(bucket.config).tryOut()
    expect(bucket.calls.slice(0, 2)).toEqual(['PUT changbai-tries-the-bucket', 'PUT changbai-tries-the-bucket'])
  })
})

test.each([
  [{ S3_ACCESS_KEY: 'a' }, /^S3_URL: required/],
  [{ S3_URL: 'https://s3.example/b', S3_ACCESS_KEY: 'a' }, /^S3_SECRET_KEY: required/],
  [{ S3_URL: 'https://s3.example/b', S3_SECRET_KEY: 'b' }, /^S3_ACCESS_KEY: required/],
  [{ S3_URL: 's3://bucket' }, /^S3_URL: must be the address of a bucket/],
  [{ S3_URL: 'https://a:b@s3.example/b', S3_ACCESS_KEY: 'a', S3_SECRET_KEY: 'b' }, /^S3_URL: only the address/],
])('settings %j are refused by name', (env, message) => {
  expect(() => readConfig(env, { demo: false, tls: false })).toThrow(message)
})

describe('attachments', () => {
  let t: TestServer
  let person: Client
  let files: FileStore
  beforeAll(async () => {
    t = await startTestServer({ plan: false })
    person = await t.signedIn({ role: 'APP_PROJECT_MANAGER' })
  })
  afterAll(() => t.stop())
  beforeEach(() => {
    files = openFileStore(t.server.runtime.door.db, openBucket(bucket.config), log)
    Object.assign(t.server.runtime, { files })
    t.server.app.files = files
  })

  const store = () => t.inTx((ctx) => storeFile(ctx, [PAPER], { name: '公函.pdf', purpose: 'letter' }), person.actor)
  const download = (fileId: string) => person.send(fileApi.download, { fileId })
  const isPaper = async (fileId: string) => PAPER.equals((await download(fileId)).reply as Buffer)
  const chunks = async (fileId: string) => {
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from file_chunk where file_id = ${fileId}`.execute(
      t.server.runtime.door.db,
    )
    return rows[0]?.n
  }

  test('lie in the database until the job moves them, and are the same bytes before and after', async () => {
    const { id, digest } = await store()
    expect(await isPaper(id)).toBe(true)
    expect(bucket.calls).toEqual([])
    expect(await files.moveOut()).toBe(1)
    expect(await chunks(id)).toBe(0)
    expect(sha256Of(bucket.objects.get(`files/${id}`) as Buffer)).toBe(digest)
    expect(await isPaper(id)).toBe(true)
    expect(await files.moveOut()).toBe(0)
  })

  test.each(['PUT', 'GET'])('stay in the database when %s fails, and are moved the next time', async (failing) => {
    const { id } = await store()
    bucket.fault = (method) => (method === failing ? 'hang up' : undefined)
    await expect(files.moveOut()).rejects.toBeInstanceOf(BucketError)
    expect(await isPaper(id)).toBe(true)
    bucket.fault = () => undefined
    await files.moveOut()
    expect(await chunks(id)).toBe(0)
    expect(await isPaper(id)).toBe(true)
  })

  test('say what is the matter when the bucket is down or has other bytes, and uploads go on', async () => {
    const { id } = await store()
    await files.moveOut()
    const ready = async () => (await t.server.app.inject({ url: '/readyz' })).json()
    expect(await ready()).toMatchObject({ status: 'ok', checks: { files: true } })
    bucket.fault = () => 'hang up'
    expect(await download(id)).toMatchObject({
      status: 503,
      problem: { type: 'urn:changbai:problem:file.store-down', title: expect.stringContaining('公函.pdf') },
    })
    expect(await ready()).toMatchObject({ status: 'degraded', checks: { database: true, files: false } })
    expect((await download((await store()).id)).status).toBe(200)
    bucket.fault = (method) => (method === 'GET' ? 'other bytes' : undefined)
    expect(await download(id)).toMatchObject({ status: 502, problem: { type: 'urn:changbai:problem:file.damaged' } })
    bucket.fault = () => undefined
    await files.moveOut()
  })

  test('that nobody took over leave the bucket, also when it was down at that time', async () => {
    const { id } = await store()
    await files.moveOut()
    const { db } = t.server.runtime.door
    await sql`update file set uploaded_at = now() - interval '31 days' where id = ${id}`.execute(db)
    await db.transaction().execute(removeStrayUploads)
    bucket.fault = () => 503
    await expect(files.removeGone()).rejects.toBeInstanceOf(BucketError)
    bucket.fault = () => undefined
    await files.removeGone()
    expect(bucket.objects.has(`files/${id}`)).toBe(false)
    expect((await download(id)).status).toBe(404)
  })

  test('are in the backup, which restores where there is no bucket; without it a start is refused by name', async () => {
    const { id } = await store()
    await files.moveOut()
    const { db } = t.server.runtime.door
    const count = await filesInBucket(db)
    await expect(openFiles({ bucket: undefined }, t.databaseUrl, log)).rejects.toThrow(ConfigError)
    await expect(openFiles({ bucket: undefined }, t.databaseUrl, log)).rejects.toThrow(`S3_URL: ${count} attachments are in a bucket`)
    const written: Buffer[] = []
    const output = () =>
      new Writable({
        write(piece, _, done) {
          written.push(piece)
          done()
        },
      })
    await expect(backUp(t.databaseUrl, output())).rejects.toThrow('S3_URL is needed')
    written.length = 0
    await backUp(t.databaseUrl, output(), '', openBucket(bucket.config))
    const target = await emptyDatabase()
    await restore(target.url, Readable.from(written))
    const restored = openDatabase(target.url, { poolSize: 1 })
    expect(await openFiles({ bucket: undefined }, target.url, log)).toBeNull()
    expect((await openFileStore(restored.db, null, log).read(id)).equals(PAPER)).toBe(true)
    await restored.close()
    await target.drop()
  })

  test('a start with a bucket that refuses us is refused by name; with one that is down it goes on', async () => {
    const wrong = { ...bucket.config, secretKey: 'another' }
    await expect(openFiles({ bucket: wrong }, t.databaseUrl, log)).rejects.toThrow(
      /^S3_ACCESS_KEY, S3_SECRET_KEY, S3_REGION: .*SignatureDoesNotMatch/,
    )
    const gone = { ...bucket.config, url: `${bucket.config.url}x` }
    await expect(openFiles({ bucket: gone }, t.databaseUrl, log)).rejects.toThrow(/^S3_URL: there is no such bucket/)
    bucket.fault = () => 'hang up'
    expect(await openFiles({ bucket: bucket.config }, t.databaseUrl, log)).not.toBeNull()
  })
})
