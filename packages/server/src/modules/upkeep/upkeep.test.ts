import { appendFile, mkdtemp, readdir, readFile, rm, symlink, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { notificationApi } from '@changbai/contract/notification.ts'
import { searchApi } from '@changbai/contract/search.ts'
import { upkeepApi } from '@changbai/contract/upkeep.ts'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { emptyDatabase, testDatabase } from '../../../test/database.ts'
import { type Client, startTestServer, type TestServer } from '../../../test/harness.ts'
import { upgradeStore } from '../../app/upgrade.ts'
import { readBackupFile } from '../../platform/backup-file.ts'
import { BackupError } from '../../platform/backup-frames.ts'
import { startFakeBucket } from '../../platform/bucket.fixture.ts'
import { openBucket } from '../../platform/bucket.ts'
import { createCrypto } from '../../platform/crypto.ts'
import { sealAll } from '../../platform/ledger/seal.ts'
import { createLog } from '../../platform/log.ts'
import { knownLevel } from '../../platform/migrate.ts'
import { restore } from '../../platform/restore.ts'
import { backupName } from './backup.service.ts'
import { beginUpgrade, closeForUpgrade, finishUpgrade } from './index.ts'
import { runBackup, runDrill, watchUpkeep } from './upkeep.jobs.ts'

const secrets = { encryption: Buffer.alloc(32, 1), signing: Buffer.alloc(32, 2) }
let folder: string
let t: TestServer
let system: Client
let audit: Client
let manager: Client

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'changbai-upkeep-'))
  t = await startTestServer()
  t.server.runtime.backups.folder = folder
  system = await t.signedIn({ role: 'SYSTEM_ADMIN' })
  audit = await t.signedIn({ role: 'AUDIT_ADMIN' })
  manager = await t.signedIn({ role: 'OPERATION_MANAGER' })
})
afterAll(async () => {
  await t.stop()
  await rm(folder, { recursive: true, force: true })
})

const aCommand = { list: 'requests', name: 'mine', query: {} } as never
const machine = { kind: 'system', personId: null, name: 'upgrade', grants: [], address: '', sessionId: null } as const

describe('read-only', () => {
  test('a command is refused with 503 and when to come back, reading goes on, the ledger says who closed it', async () => {
    const until = '2026-09-18T08:00:00Z'
    await system.call(upkeepApi.setMaintenance, { state: 'READ_ONLY', reason: '更换存储', until })
    const answer = await manager.send(searchApi.saveView, aCommand)
    expect(answer.status).toBe(503)
    expect(answer.problem).toMatchObject({ type: 'urn:changbai:problem:upkeep.read-only', until })
    expect(answer.problem.title).toContain('更换存储')
    expect(Number(answer.headers['retry-after'])).toBeGreaterThanOrEqual(30)
    expect((await manager.send(searchApi.views, { list: 'requests' })).status).toBe(200)
    expect(await t.anonymous.call(upkeepApi.maintenance, {})).toMatchObject({ state: 'READ_ONLY', reason: '更换存储', until })
    expect(await manager.send(upkeepApi.setMaintenance, { state: 'OPEN', reason: '' })).toMatchObject({ status: 403 })

    await system.call(upkeepApi.setMaintenance, { state: 'OPEN', reason: '' })
    expect((await manager.send(searchApi.saveView, aCommand)).status).toBe(200)
    const { rows } = await t.inTx((ctx) =>
      sql<{ data: { reason: string } }>`select data from ledger_fact where kind = 'maintenance.begun'`.execute(ctx.db),
    )
    expect(JSON.stringify(rows)).toContain('更换存储')
  })
  test('an end in the past is refused', async () => {
    const answer = await system.send(upkeepApi.setMaintenance, { state: 'READ_ONLY', reason: 'x', until: '2026-09-18T06:59:00.000Z' })
    expect(answer.problem.type).toBe('urn:changbai:problem:upkeep.until-past')
  })
  test('a process under a database of a newer program takes nothing any more', async () => {
    const own = t.server.app.level
    t.server.app.level = '0000_older.sql'
    const answer = await manager.send(searchApi.saveView, aCommand)
    t.server.app.level = own
    expect(answer.status).toBe(503)
    expect(answer.problem.type).toBe('urn:changbai:problem:upkeep.replaced')
  })
})

describe('an upgrade', () => {
  const done = async () => ({
    fromLevel: '0001_platform.sql',
    toLevel: await knownLevel(),
    migrations: 3,
    startedAt: t.now(),
    backup: { file: '/b/upgrade.cbk', host: 'h', sha256: 's', takenAt: t.now().toString(), sizeBytes: 1, tables: 1, rows: 1 },
  })
  test('keeps the product read-only until the running instances were found to fit; nobody opens it before', async () => {
    await t.inTx(closeForUpgrade, machine)
    expect((await system.send(upkeepApi.setMaintenance, { state: 'OPEN', reason: '' })).problem.type).toBe(
      'urn:changbai:problem:upkeep.upgrading',
    )
    const work = await done()
    await t.inTx((ctx) => beginUpgrade(ctx, work), machine)
    // a crash between the two: the next start goes on under the same row
    await t.inTx((ctx) => beginUpgrade(ctx, work), machine)
    expect(await t.inTx(finishUpgrade, machine)).toEqual([])
    expect((await t.anonymous.call(upkeepApi.maintenance, {})).state).toBe('OPEN')
    const { items } = await system.call(upkeepApi.upgrades, {})
    expect(items).toHaveLength(1)
    expect(items[0]).toMatchObject({ state: 'FINISHED', migrations: 3, backupFile: '/b/upgrade.cbk', findings: [] })
    await t.inTx((ctx) => sql`update backup set state = 'REMOVED'`.execute(ctx.db))
  })
  test('is refused, and the product stays closed, while a running instance needs what this program lacks', async () => {
    await t.inTx(closeForUpgrade, machine)
    const work = await done()
    await t.inTx((ctx) => beginUpgrade(ctx, work), machine)
    await t.inTx(async (ctx) => {
      await sql`insert into wf_def (id, key, version, name, sha256, xml, deployed_at, deployed_by_name, reason)
        select gen_random_uuid(), key, 99, name, 'x', replace(xml, 'wf:formKey="', 'wf:formKey="gone.'), deployed_at, deployed_by_name, reason
        from wf_def where key = 'resource-request' order by version desc limit 1`.execute(ctx.db)
      await sql`insert into wf_instance (id, def_id, root_id, process_key, business_key, title, status, starter_name, vars, rev, event_seq, started_at, moved_at)
        select gen_random_uuid(), id, gen_random_uuid(), key, 'old', 'old', 'RUNNING', 'x', '{}', 1, 0, now(), now() from wf_def where version = 99`.execute(
        ctx.db,
      )
    })
    const findings = await t.inTx(finishUpgrade, machine)
    expect(findings.join()).toContain('gone.')
    expect((await t.anonymous.call(upkeepApi.maintenance, {})).state).toBe('READ_ONLY')
    expect((await system.call(upkeepApi.upgrades, {})).items[0]).toMatchObject({ state: 'REFUSED', instances: 1 })
    const { items } = await system.call(upkeepApi.instances, {})
    expect(items.find(({ version }) => version === 99)?.missing.join()).toContain('gone.')
    await t.inTx((ctx) => sql`update wf_instance set status = 'COMPLETED'`.execute(ctx.db))
    expect(await t.inTx(finishUpgrade, machine)).toEqual([])
    await t.inTx((ctx) => sql`update backup set state = 'REMOVED'`.execute(ctx.db))
  })
  test('undone by a restore leaves nothing closed: the older program opens what its backup still holds as closed', async () => {
    await t.inTx(closeForUpgrade, machine)
    expect(await t.inTx(finishUpgrade, machine)).toEqual([])
    expect((await t.anonymous.call(upkeepApi.maintenance, {})).state).toBe('OPEN')
  })
  test('of a database at an older level takes an encrypted backup first, then migrates', async () => {
    const old = await testDatabase()
    const last = await knownLevel()
    await sql`delete from schema_migration where name = ${last}`.execute(old.db)
    const place = { folder: join(folder, 'upgrade'), keepDays: 1, keepMonths: 1 }
    await sql`create function refuse() returns trigger language plpgsql as $$ begin raise exception 'refused: %', new.name; end $$`.execute(
      old.db,
    )
    await sql`create trigger refuse before insert on schema_migration for each row execute function refuse()`.execute(old.db)
    // the last migration fails: that leaves the backup and the closed gate
    await expect(
      upgradeStore({ url: old.url, config: { backups: place, bucket: undefined }, secrets, log: createLog('silent') }),
    ).rejects.toThrow(last)
    const [file] = await readdir(place.folder)
    expect(file).toMatch(/^upgrade-\d{8}-\d{6}\.cbk$/)
    const { rows } = await sql<{ cause: string }>`select cause from maintenance`.execute(old.db)
    expect(rows).toEqual([{ cause: 'UPGRADE' }])
    await old.drop()
  })
  test('about: version, level and notes in the reader’s language', async () => {
    const zh = await manager.call(upkeepApi.about, {})
    const en = await manager.call(upkeepApi.about, {}, { 'x-locale': 'en-US' })
    expect(zh.level).toBe(await knownLevel())
    expect(zh.releases[0]?.notes.length).toBeGreaterThan(5)
    expect(en.releases[0]?.notes[1]?.text).not.toBe(zh.releases[0]?.notes[1]?.text)
  })
})

describe('backups', () => {
  afterEach(() => {
    t.server.runtime.backups.store = null
  })
  const crypto = createCrypto(secrets)
  test('without one there is nothing to rehearse', async () => {
    expect((await system.send(upkeepApi.drill, {})).problem.type).toBe('urn:changbai:problem:upkeep.no-backup')
  })
  test('one is ordered, taken encrypted, and restored by the drill, which verifies the ledger', async () => {
    const { db, clock } = t.server.runtime.door
    await sealAll({ db, clock, crypto })
    const ordered = await system.call(upkeepApi.backUp, {})
    expect(ordered).toMatchObject({ state: 'RUNNING', kind: 'MANUAL', encrypted: true })
    expect((await system.send(upkeepApi.backUp, {})).problem.type).toBe('urn:changbai:problem:upkeep.busy')
    await runBackup(t.server.runtime, ordered.id)
    const { last, backupLate } = await audit.call(upkeepApi.backupState, {})
    expect(last).toMatchObject({ id: ordered.id, state: 'DONE' })
    expect(backupLate).toBe(false)
    const bytes = await readFile(last?.file ?? '')
    expect(bytes.subarray(0, 17).toString()).toBe('changbai-sealed-1')
    expect(bytes.includes('wf_instance')).toBe(false)

    const drill = await system.call(upkeepApi.drill, {})
    await runDrill(t.server.runtime, drill.id)
    const { items } = await audit.call(upkeepApi.drills, {})
    expect(items[0]).toMatchObject({ state: 'PASSED', tables: last?.tables, rows: last?.rows, findings: [] })
    expect(items[0]?.facts).toBeGreaterThan(0)
    const { rows } = await t.inTx((ctx) => sql`select 1 from pg_database where datname like 'changbai_drill_%'`.execute(ctx.db))
    expect(rows).toEqual([])
  })
  test('another key, a changed byte and a cut end are refused in words', async () => {
    const { last } = await system.call(upkeepApi.backupState, {})
    const file = last?.file ?? ''
    const whole = await readFile(file)
    const target = await emptyDatabase()
    const attempt = (keys: typeof secrets | null) => restore(target.url, readBackupFile(file, keys && createCrypto(keys)))
    await expect(attempt(null)).rejects.toThrow(/SECRET_FILE/)
    await expect(attempt({ ...secrets, encryption: Buffer.alloc(32, 9) })).rejects.toThrow(BackupError)
    await truncate(file, whole.length - 40)
    await expect(attempt(secrets)).rejects.toThrow(BackupError)
    await appendFile(file, Buffer.alloc(40))
    await expect(attempt(secrets)).rejects.toThrow(BackupError)
    expect(crypto.publicKey).toContain('PUBLIC KEY')
    await target.drop()
  })
  test('a drill on a damaged file fails, says why and tells the administrators', async () => {
    await runDrill(t.server.runtime)
    const { items } = await system.call(upkeepApi.drills, {}, { 'x-locale': 'en-US' })
    expect(items[0]).toMatchObject({ state: 'FAILED' })
    expect(items[0]?.findings[0]).toMatch(/^The backup cannot be restored/)
    const inbox = await system.call(notificationApi.inbox, {} as never)
    expect(JSON.stringify(inbox)).toContain('恢复演练未通过')
  })
  test('what is late is told once a day', async () => {
    // a backup is dated by the database's clock, which does not stand still
    await t.inTx((ctx) => sql`update backup set taken_at = ${t.now()} where state = 'DONE'`.execute(ctx.db))
    t.advance('PT27H')
    await t.inTx(watchUpkeep)
    await t.inTx(watchUpkeep)
    const inbox = await system.call(notificationApi.inbox, {} as never)
    expect(JSON.stringify(inbox).match(/备份逾期/g)).toHaveLength(1)
    expect((await system.call(upkeepApi.backupState, {})).backupLate).toBe(true)
  })
  test('in a bucket: taken, kept whole, restored by the drill from there, and removed when it is old', async () => {
    const fake = await startFakeBucket()
    t.server.runtime.backups.store = openBucket(fake.config)
    await runBackup(t.server.runtime)
    const { last, place } = await audit.call(upkeepApi.backupState, {})
    expect(last).toMatchObject({ state: 'DONE', place: 'S3', file: expect.stringMatching(/^s3:backups\/changbai-.*\.cbk$/) })
    expect(place).toBe('S3')
    expect([...fake.objects.keys()].filter((key) => key.endsWith('manifest.json'))).toHaveLength(1)
    expect(Buffer.concat([...fake.objects.values()]).includes('wf_instance')).toBe(false)
    await runDrill(t.server.runtime)
    expect((await audit.call(upkeepApi.drills, {})).items[0]).toMatchObject({ state: 'PASSED', backupId: last?.id, findings: [] })

    // the store says no in the middle: a failed backup, nothing half left, the older one still there
    fake.fault = (method, key) => (method === 'PUT' && key.endsWith('manifest.json') ? 507 : undefined)
    const old = t.now().subtract({ hours: 90 * 24 })
    await t.inTx((ctx) => sql`update backup set started_at = ${old}, taken_at = ${old} where id = ${last?.id}`.execute(ctx.db))
    t.advance('PT1H')
    await runBackup(t.server.runtime)
    fake.fault = () => undefined
    expect((await system.call(upkeepApi.backups, {})).items[0]).toMatchObject({ state: 'FAILED', place: 'S3' })
    expect([...fake.objects.keys()].filter((key) => key.endsWith('00001'))).toHaveLength(1)
    expect([...fake.objects.keys()].filter((key) => key.endsWith('manifest.json'))).toHaveLength(1)

    t.advance('PT1H')
    Object.assign(t.server.runtime.backups, { keepDays: 30, keepMonths: 0 })
    await runBackup(t.server.runtime)
    const { items } = await system.call(upkeepApi.backups, {})
    expect(items.find(({ id }) => id === last?.id)).toMatchObject({ state: 'REMOVED' })
    expect([...fake.objects.keys()].filter((key) => key.endsWith('manifest.json'))).toHaveLength(1)
    await fake.stop()
  })
  test('a full disk is a failed backup that says so; nothing half is left, and the next one is taken', async () => {
    t.advance('PT1H')
    const file = join(folder, backupName('SCHEDULED', t.now()))
    // the kernel's own answer of a full disk, without filling one
    await symlink('/dev/full', `${file}.part`)
    await runBackup(t.server.runtime)
    const { items } = await system.call(upkeepApi.backups, {})
    expect(items[0]).toMatchObject({ state: 'FAILED', error: expect.stringContaining('ENOSPC') })
    expect((await readdir(folder)).filter((name) => name.endsWith('.part'))).toEqual([])
    await runBackup(t.server.runtime)
    expect((await system.call(upkeepApi.backups, {})).items.some(({ state, file: kept }) => state === 'DONE' && kept === file)).toBe(true)
  })
  test('a folder that cannot be written is a failed backup with a notice', async () => {
    await appendFile(join(folder, 'taken'), 'a file is no folder')
    t.server.runtime.backups.folder = join(folder, 'taken')
    await runBackup(t.server.runtime)
    t.server.runtime.backups.folder = folder
    expect((await system.call(upkeepApi.backups, {})).items[0]).toMatchObject({ state: 'FAILED', kind: 'SCHEDULED' })
  })
})
