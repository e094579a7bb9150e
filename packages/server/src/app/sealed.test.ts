import { admissionApi } from '@changbai/contract/admission.ts'
import { deskApi } from '@changbai/contract/desk.ts'
import { formApi } from '@changbai/contract/forms.ts'
import { identityApi } from '@changbai/contract/identity.ts'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, startTestServer, type TestServer } from '../../test/harness.ts'
import { softwareProvider } from '../platform/crypto-provider.ts'
import { openDatabase } from '../platform/db.ts'
import { openKeyRing } from '../platform/key-ring.ts'
import { resealAll, sealedCounts } from '../platform/reseal.ts'
import { SecretsError } from '../platform/secrets.ts'
import { sealedPlaces } from './sealed.ts'

let t: TestServer
let agent: Client
let bare: ReturnType<typeof openDatabase>
const PHONE = '138-0431-7788'

beforeAll(async () => {
  t = await startTestServer({ now: '2026-09-18T15:00' })
  agent = await t.signedIn({ role: 'DUTY_OFFICER', name: '值机员' })
  // as a thief of the files or the database administrator sees it
  bare = openDatabase(t.databaseUrl, { poolSize: 1 })
})
afterAll(async () => {
  await bare.close()
  await t.stop()
})

const setPhone = (personId: string, phone: string) =>
  t.inTx(({ db }) => db.updateTable('person').set({ phone }).where('id', '=', personId).execute())
const stored = async (personId: string) => {
  const { rows } = await sql<{
    phone: string
    phone_index: string | null
  }>`select phone, phone_index from person where id = ${personId}`.execute(bare.db)
  return rows[0]
}
const recognised = async (phone: string) => (await agent.call(deskApi.caller, { phone })).people.map(({ name }) => name)
const reseal = () => resealAll(t.server.runtime.door.db, t.server.runtime.crypto, sealedPlaces)

test('a telephone number is read by its page, found by equality, and nowhere readable in the database', async () => {
  const caller = await t.signedIn({ role: 'APP_PROJECT_MANAGER', name: '杨帆' })
  await setPhone(caller.personId, PHONE)
  const row = await stored(caller.personId)
  expect(row?.phone).toMatch(/^enc1\.k1\.person\.phone\./)
  expect(JSON.stringify(row)).not.toContain('7788')
  expect(row?.phone_index).toMatch(/^i1\.[\w-]{22}$/)
  const read = await t.inTx(({ db }) => db.selectFrom('person').select('phone').where('id', '=', caller.personId).executeTakeFirst())
  expect(read?.phone).toBe(PHONE)
  expect(await recognised('13804317788')).toEqual(['杨帆'])
  expect(await recognised('13804317789')).toEqual([])
})

test('rows from before are found at once, are sealed while the product works, and a half-done run goes on', async () => {
  const old = await t.signedIn({ role: 'APP_PROJECT_MANAGER', name: '旧人' })
  await sql`update person set phone = '0431-88770001', phone_index = null where id = ${old.personId}`.execute(bare.db)
  expect(await recognised('043188770001')).toEqual(['旧人'])
  expect((await reseal()).done).toEqual({ 'person.phone': 1 })
  expect(await reseal()).toEqual({ done: {}, lost: 0 })
  expect((await stored(old.personId))?.phone).toMatch(/^enc1\.k1\./)
  expect(await recognised('0431 8877 0001')).toEqual(['旧人'])
})

test('what a form says is nowhere readable in the database, and forms from before are sealed with all their versions', async () => {
  const iaas = await t.signedIn({ role: 'IAAS_ADMIN' })
  const { id: tenantId } = await iaas.call(identityApi.createTenant, { code: 'lcj', name: '林草局', shortName: '林草局' })
  const manager = await t.signedIn({ role: 'APP_PROJECT_MANAGER', tenantId, name: '填表人' })
  const { id: admissionId } = await manager.call(admissionApi.start, { kind: 'NEW', tenantId })
  const { form } = await manager.call(admissionApi.forms, { admissionId })
  await manager.call(formApi.save, { formId: form.id, rev: form.rev, set: { contactName: '联系张三', contactPhone: '13804317788' } })
  const raw = async () =>
    (await sql<{ content: string }>`select content::text as content from form_document where id = ${form.id}`.execute(bare.db)).rows[0]
      ?.content ?? ''
  expect(await raw()).toMatch(/^"enc1\.k1\.form_document\.content\./)
  expect((await manager.call(formApi.get, { formId: form.id })).content).toMatchObject({
    contactName: '联系张三',
    contactPhone: '13804317788',
  })

  const plain = JSON.stringify({ contactName: '旧表', contactPhone: '13904310011' })
  await sql`update form_document set content = ${plain}::jsonb where id = ${form.id}`.execute(bare.db)
  for (const version of [1, 2])
    await sql`insert into form_version (form_id, version, rev, reason, content, attachments, digest, digest_algorithm, saved_at, saved_by_name)
      values (${form.id}, ${version}, ${version}, 'CHECKPOINT', ${plain}::jsonb, '[]', 'x', 'SHA-256', now(), '旧人')`.execute(bare.db)
  expect((await manager.call(formApi.get, { formId: form.id })).content).toMatchObject({ contactName: '旧表' })
  expect((await reseal()).done).toEqual({ 'form_document.content': 1, 'form_version.content': 2 })
  expect(await reseal()).toEqual({ done: {}, lost: 0 })
  expect(await raw()).not.toContain('13904310011')
  expect((await manager.call(formApi.version, { formId: form.id, version: 2 })).content).toMatchObject({
    contactName: '旧表',
    contactPhone: '139****0011',
  })
})

test('a new key: another process reads on, every value is sealed anew, and equality holds before and after', async () => {
  const other = await openKeyRing(bare.db, [softwareProvider({ encryption: Buffer.alloc(32, 1), signing: Buffer.alloc(32, 2) })], t.now())
  const { ring } = t.server.runtime.crypto
  await t.inTx((ctx) => ring.rotate(ctx.db, ctx.now))
  await ring.reload()
  expect(ring.sealsWith).toBe('k2')
  expect(await recognised('13804317788')).toEqual(['杨帆'])
  expect((await reseal()).done).toMatchObject({ 'person.phone': 2 })
  expect(await recognised('13804317788')).toEqual(['杨帆'])
  const counts = await t.inTx(({ db }) => sealedCounts(db, sealedPlaces))
  expect(counts.find(({ place }) => place === 'person.phone')?.byKey).toEqual({ k2: 2 })
  const { keyId, text } = ring.seal('column person.phone', '1')
  expect(() => other.open('column person.phone', keyId, text)).toThrow('k2')
  await other.reload()
  expect(other.open('column person.phone', keyId, text)).toBe('1')
})

test('a value put into another column does not open, and the keys of another installation are refused by name', async () => {
  const { ring } = t.server.runtime.crypto
  const { keyId, text } = ring.seal('column person.phone', PHONE)
  expect(() => ring.open('column person.email', keyId, text)).toThrow()
  const stranger = softwareProvider({ encryption: Buffer.alloc(32, 7), signing: Buffer.alloc(32, 2) })
  await expect(openKeyRing(bare.db, [stranger], t.now())).rejects.toThrow(SecretsError)
})

test('no statement written by hand writes a sealed column', async () => {
  const { readdir, readFile } = await import('node:fs/promises')
  const { resolve } = await import('node:path')
  const root = resolve(import.meta.dirname, '..')
  const files = (await readdir(root, { recursive: true })).filter((name) => /store\.ts$/.test(name))
  expect(files.length).toBeGreaterThan(80)
  for (const name of files) {
    const text = await readFile(resolve(root, name), 'utf8')
    for (const { table } of sealedPlaces.columns)
      expect(text, name).not.toMatch(new RegExp(`sql[^\`]*\`[^\`]*(insert into|update) ${table}\\b(?!_)[^\`]*\\b(phone|email)\\b`))
  }
})
