import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { identityApi } from '@changbai/contract/identity.ts'
import { ldapApi } from '@changbai/contract/ldap.ts'
import { Attribute, Change } from 'ldapts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readConfig } from '../src/app/config.ts'
import { type LdapConfig, LdapDown, openLdap } from '../src/platform/ldap.ts'
import { localCertificate } from '../src/platform/tls.ts'
import { type Client, startTestServer, type TestServer } from '../test/harness.ts'
import { BASE, READER, type Slapd, startSlapd } from './slapd.ts'

const PEOPLE = 1_203
const uidOf = (n: number): string => `user${String(n).padStart(4, '0')}`
let slapd: Slapd
let t: TestServer
let admin: Client

const configured = (more: Record<string, string> = {}): LdapConfig => {
  const config = readConfig(
    {
      LDAP_URL: slapd.secure,
      LDAP_CA_FILE: slapd.authorityFile,
      LDAP_BIND_DN: READER,
      LDAP_BIND_SECRET_FILE: slapd.secretFile,
      LDAP_BASE: BASE,
      LDAP_DISABLED_FILTER: '(employeeType=disabled)',
      ...more,
    },
    { demo: false, tls: false },
  ).ldap
  if (!config) throw new Error('no directory is configured')
  return config
}
const idOf = async (uid: string): Promise<string> =>
  (await openLdap(configured()).readAll()).find((one) => one.signIn === uid)?.entryId ?? ''

beforeAll(async () => {
  slapd = await startSlapd([
    { uid: 'wangming', cn: '王明', password: 'Wang-2026-pass', ou: '信息中心', mail: 'wang@example.cn', mobile: '13800000001' },
    { uid: 'lina', cn: '李娜', password: 'Li-2026-pass' },
    ...Array.from({ length: PEOPLE - 2 }, (_, n) => ({ uid: uidOf(n), cn: `人员${n}`, password: 'x' })),
  ])
  t = await startTestServer({ now: '2026-09-18T09:00', ldap: openLdap(configured()) })
  admin = await t.signedIn({ role: 'SYSTEM_ADMIN' })
})
afterAll(async () => {
  await t?.stop()
  await slapd?.stop()
})

describe('reading', () => {
  test('everybody, page by page, beyond the limit of the server, with Chinese names', async () => {
    const found = await openLdap(configured()).readAll()
    expect(found).toHaveLength(PEOPLE)
    expect(found.find((one) => one.signIn === 'wangming')).toMatchObject({
      name: '王明',
      unit: '信息中心',
      phone: '13800000001',
      email: 'wang@example.cn',
      disabled: false,
      entryId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    })
  })
  test('encrypted by StartTLS, too', async () => {
    const found = await openLdap(configured({ LDAP_URL: slapd.plain, LDAP_START_TLS: 'true' })).readAll()
    expect(found).toHaveLength(PEOPLE)
  })
  test.each([
    ['an authority that did not sign', async () => configured({ LDAP_CA_FILE: (await strangers()).authorityFile })],
    [
      'StartTLS with an authority that did not sign',
      async () => configured({ LDAP_URL: slapd.plain, LDAP_START_TLS: 'true', LDAP_CA_FILE: (await strangers()).authorityFile }),
    ],
    ['a wrong secret', async () => configured({ LDAP_BIND_SECRET_FILE: secret('wrong') })],
    ['an empty secret, which would be no bind at all', async () => configured({ LDAP_BIND_SECRET_FILE: secret('') })],
    ['a base that is not there', async () => configured({ LDAP_BASE: 'dc=nowhere' })],
    ['an identifier the entries lack', async () => configured({ LDAP_ATTRIBUTES: 'id=employeeNumber' })],
  ])('%s is told, and nobody has left for it', async (_, config) => {
    await expect(openLdap(await config()).readAll()).rejects.toBeInstanceOf(LdapDown)
  })
})

describe('signing in', () => {
  const ask = async (signIn: string, password: string, entryId?: string) =>
    openLdap(configured()).authenticate({ entryId: entryId ?? (await idOf(signIn)), signIn }, password)
  test.each([
    ['the right password', 'Wang-2026-pass', 'RIGHT'],
    ['a wrong one', 'wrong', 'WRONG'],
    ['none: the directory would say yes to it', '', 'WRONG'],
  ])('%s', async (_, password, verdict) => expect(await ask('wangming', password)).toBe(verdict))
  test.each(['*', 'wang*', 'wangming)(uid=*', '*)(|(uid=*', 'wangming\u0000'])('%s finds nobody', async (name) =>
    expect(await ask(name, 'Wang-2026-pass', await idOf('wangming'))).toBe('GONE'),
  )
  test('the name of one with the identifier of another is nobody', async () =>
    expect(await ask('lina', 'Li-2026-pass', await idOf('wangming'))).toBe('GONE'))
})

describe('the whole way, through the product', () => {
  const enter = (signIn: string, password: string) => t.anonymous.send(identityApi.signIn, { signIn, password })
  test('seen, taken on, in', async () => {
    expect(await admin.call(ldapApi.sync, {})).toMatchObject({ outcome: 'DONE', found: PEOPLE, counts: { added: PEOPLE } })
    const { items } = await admin.call(ldapApi.accounts, { q: 'wangming' })
    await admin.call(ldapApi.takeOn, { entryIds: [items[0]?.entryId ?? ''] })
    expect((await enter('wangming', 'Wang-2026-pass')).reply.person).toMatchObject({ name: '王明', signIn: 'wangming' })
    expect((await enter('wangming', '')).status).toBe(401)
  })
  test('a password changed there is the password from then on', async () => {
    await slapd.asManager((client) =>
      client.modify(
        `uid=wangming,${BASE}`,
        new Change({ operation: 'replace', modification: new Attribute({ type: 'userPassword', values: ['New-2026-pass'] }) }),
      ),
    )
    expect((await enter('wangming', 'Wang-2026-pass')).status).toBe(401)
    expect((await enter('wangming', 'New-2026-pass')).status).toBe(200)
  })
  test('disabled there, out here', async () => {
    await slapd.asManager((client) =>
      client.modify(
        `uid=wangming,${BASE}`,
        new Change({ operation: 'add', modification: new Attribute({ type: 'employeeType', values: ['disabled'] }) }),
      ),
    )
    expect((await enter('wangming', 'New-2026-pass')).status).toBe(403)
    expect((await admin.call(ldapApi.sync, {})).leavers).toMatchObject([{ signIn: 'wangming', why: 'DISABLED', closed: true }])
  })
  test('removed there, gone here; moved within, still the same', async () => {
    const { items } = await admin.call(ldapApi.accounts, { q: 'lina' })
    await admin.call(ldapApi.takeOn, { entryIds: [items[0]?.entryId ?? ''] })
    await slapd.asManager((client) => client.modifyDN(`uid=lina,${BASE}`, `uid=lina2,${BASE}`))
    expect(await admin.call(ldapApi.sync, {})).toMatchObject({ counts: { changed: 1, leaving: 0 } })
    expect((await enter('lina2', 'Li-2026-pass')).status).toBe(200)
    await slapd.asManager((client) => client.del(`uid=lina2,${BASE}`))
    expect((await enter('lina2', 'Li-2026-pass')).status).toBe(401)
    expect((await admin.call(ldapApi.sync, {})).leavers).toMatchObject([{ why: 'GONE' }])
  })
  test('a base that is too narrow closes nobody', async () => {
    const { items } = await admin.call(ldapApi.accounts, { limit: 10 })
    await admin.call(ldapApi.takeOn, { entryIds: items.map((one) => one.entryId) })
    await slapd.asManager(async (client) => {
      for (const { dn } of items) await client.del(dn)
    })
    expect(await admin.call(ldapApi.sync, {})).toMatchObject({ outcome: 'HELD', leavers: [] })
  })
})

describe('a directory in trouble', () => {
  test('one that hangs is given up after its time, and a local account signs in meanwhile', async () => {
    slapd.freeze()
    const began = Date.now()
    await expect(openLdap(configured()).readAll()).rejects.toBeInstanceOf(LdapDown)
    expect(Date.now() - began).toBeLessThan(16_000)
    slapd.thaw()
  })
  test('one that is down is told at once', async () => {
    await slapd.end()
    const began = Date.now()
    const answer = await t.anonymous.send(identityApi.signIn, { signIn: uidOf(50), password: 'x' })
    expect(answer.status).toBe(503)
    expect(Date.now() - began).toBeLessThan(3_000)
    expect(await admin.call(ldapApi.sync, {})).toMatchObject({ outcome: 'FAILED' })
    await slapd.start()
    expect(await openLdap(configured()).readAll()).not.toHaveLength(0)
  })
})

const strangers = () => localCertificate({ dataDir: join(slapd.folder, 'strangers'), publicUrl: 'https://localhost' })
function secret(text: string): string {
  const file = join(slapd.folder, `secret-${text.length}`)
  writeFileSync(file, text, { mode: 0o600 })
  return file
}
