import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { intakeApi as api } from '@changbai/contract/desk-intake.ts'
import { incidentApi } from '@changbai/contract/incident.ts'
import { notificationApi } from '@changbai/contract/notification.ts'
import { ImapFlow } from 'imapflow'
import { sql } from 'kysely'
import { createTransport } from 'nodemailer'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { fetchAllMail } from '../src/modules/desk/mail.fetch.ts'
import { createTenant } from '../src/modules/identity/index.ts'
import { type Client, startTestServer, type TestServer } from '../test/harness.ts'
import { type MailServers, startMailServers } from './servers.ts'

/** The desk's box on Dovecot, its answers through Exim; letters go the way letters go. */
let t: TestServer
let servers: MailServers
let folder: string
let admin: Client
let security: Client
let agent: Client
let manager: Client

const userId = (flag: string) => Number(execFileSync('id', [flag, 'Debian-exim'], { encoding: 'utf8' }).trim())
const fetchNow = () => fetchAllMail(t.server.runtime)
const mails = async (input: object = {}) => (await agent.call(api.mails, input)).items
/** Sends as a bureau's mail program would, without our own library making it tidy. */
async function send(raw: string | Buffer, from = 'yang@lcj.example', to = 'desk@desk.example'): Promise<void> {
  const transport = createTransport({ host: '127.0.0.1', port: servers.smtp, ignoreTLS: true })
  await transport.sendMail({ envelope: { from, to: [to] }, raw })
  transport.close()
}
const letter = (headers: Record<string, string>, body: string, from = 'Yang <yang@lcj.example>') =>
  `${Object.entries({ From: from, To: 'desk@desk.example', 'Content-Type': 'text/plain; charset=utf-8', ...headers })
    .map(([name, value]) => `${name}: ${value}`)
    .join('\r\n')}\r\n\r\n${body}`
/** Delivery and fetching until the desk has it. */
async function arrives(q: object, count = 1) {
  let found = await mails(q)
  await vi.waitFor(
    async () => {
      await fetchNow()
      found = await mails(q)
      expect(found).toHaveLength(count)
    },
    { timeout: 60_000, interval: 500 },
  )
  return found
}
async function lettersOf(user: string): Promise<string[]> {
  const client = new ImapFlow({ host: '127.0.0.1', port: servers.imap, secure: false, auth: { user, pass: 'secret' }, logger: false })
  await client.connect()
  const lock = await client.getMailboxLock('INBOX')
  const found: string[] = []
  for await (const one of client.fetch('1:*', { source: true })) found.push(one.source?.toString('utf8') ?? '')
  lock.release()
  await client.logout()
  return found
}
const box = () => ({
  host: '127.0.0.1',
  port: servers.imap,
  secure: false,
  user: 'desk',
  folder: 'INBOX',
  address: 'desk@desk.example',
})

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'changbai-mail-'))
  chmodSync(folder, 0o755)
  servers = await startMailServers(folder, { uid: userId('-u'), gid: userId('-g'), name: 'Debian-exim' })
  t = await startTestServer({ now: '2026-09-18T15:00' })
  const tenantId = await t.inTx(async (ctx) => (await createTenant(ctx, { code: 'LC', name: '省林草局', shortName: '省林草局' })).id)
  admin = await t.signedIn({ role: 'SYSTEM_ADMIN' })
  security = await t.signedIn({ role: 'SECURITY_ADMIN' })
  agent = await t.signedIn({ role: 'SERVICE_DESK', name: '王雨桐' })
  manager = await t.signedIn({ role: 'MAINTENANCE_MANAGER' })
  const pm = await t.signedIn({ role: 'APP_PROJECT_MANAGER', tenantId, name: '杨帆' })
  await t.inTx((ctx) => sql`update person set email = 'yang@lcj.example' where id = ${pm.personId}`.execute(ctx.db))
  const channel = await admin.call(notificationApi.proposeChannel, {
    name: '邮件',
    settings: { channel: 'EMAIL', host: '127.0.0.1', port: servers.smtp, tls: 'none', from: 'desk@desk.example', fromName: '服务台' },
  })
  await security.call(notificationApi.decideChannel, { channelId: channel.id, approve: true })
  const mailbox = await admin.call(api.addMailbox, { name: '服务台邮箱', settings: box(), password: 'secret' })
  await security.call(api.decide, { intakeId: mailbox.id, approve: true })
}, 120_000)
afterAll(async () => {
  await t?.stop()
  await servers?.stop()
  rmSync(folder, { recursive: true, force: true })
})

test('a letter comes in once, is made an incident, and its thread stays together', async () => {
  await send(letter({ Subject: 'portal down', 'Message-ID': '<one@lcj.example>' }, '首页打不开'))
  const [mail] = await arrives({ q: 'portal down' })
  expect(mail).toMatchObject({ kind: 'LETTER', state: 'WAITING', tenantName: '省林草局' })
  expect(await fetchNow()).toBe(0)
  const linked = await agent.call(api.mailToIncident, { mailId: mail?.id ?? '', title: '门户打不开', criteria: ['SLOW'] })
  await send(letter({ Subject: 'Re: portal down', 'Message-ID': '<two@lcj.example>', 'In-Reply-To': '<one@lcj.example>' }, '现在又好了'))
  const reply = (await arrives({ q: 'portal down' }, 2)).find((one) => one.body.includes('又好了'))
  expect(reply).toMatchObject({ state: 'LINKED', incidentId: linked.incidentId, earlier: 1 })
  const incident = await manager.call(incidentApi.get, { incidentId: linked.incidentId ?? '' })
  expect(incident.events.some((one) => one.text.includes('现在又好了'))).toBe(true)
})
test('answered by mail, the answer to the answer is of the same thread', async () => {
  await send(letter({ Subject: 'question', 'Message-ID': '<ask@lcj.example>' }, '怎样申请扩容'))
  const [mail] = await arrives({ q: 'question' })
  await agent.call(api.answerMail, { mailId: mail?.id ?? '', text: '请在门户提交申请', byMail: true })
  await t.runJobs()
  let sent = ''
  await vi.waitFor(async () => {
    sent = (await lettersOf('yang')).find((one) => one.includes('question') || /Subject: =\?UTF-8/i.test(one)) ?? ''
    expect(sent).not.toBe('')
  }, 30_000)
  const subject = /^Subject: (.*(?:\r\n[ \t].*)*)/m.exec(sent)?.[1] ?? ''
  const id = /^Message-ID: (<.*>)/im.exec(sent)?.[1] ?? ''
  expect(id).toContain('@')
  await send(letter({ Subject: subject, 'Message-ID': '<thanks@lcj.example>', 'In-Reply-To': id }, '谢谢 收到'))
  await vi.waitFor(
    async () => {
      await fetchNow()
      const thanks = (await mails()).find((one) => one.body.includes('收到'))
      expect(thanks).toMatchObject({ kind: 'LETTER', earlier: 1 })
    },
    { timeout: 60_000, interval: 500 },
  )
})
test('an answer to a box that does not exist comes back as a bounce and is answered by nobody', async () => {
  await send(
    letter({ Subject: 'from nowhere', 'Message-ID': '<ghost@lcj.example>' }, '在吗', 'Ghost <ghost@lcj.example>'),
    'ghost@lcj.example',
  )
  const [mail] = await arrives({ q: 'from nowhere' })
  await agent.call(api.answerMail, { mailId: mail?.id ?? '', text: '在', byMail: true })
  await t.runJobs()
  const [bounce] = await arrives({ kind: 'BOUNCE' })
  expect(bounce?.state).toBe('WAITING')
  await t.runJobs()
  expect(await lettersOf('yang')).toHaveLength(1)
})
test('our own letters, and machines that answer, are loops and no more', async () => {
  await send(letter({ Subject: 'mirror', 'Message-ID': '<mirror@desk.example>' }, 'x', 'Desk <desk@desk.example>'), 'desk@desk.example')
  expect((await arrives({ q: 'mirror' }))[0]).toMatchObject({ kind: 'LOOP', state: 'SET_ASIDE' })
  for (let n = 0; n < 12; n++)
    await send(letter({ Subject: 'pingpong', 'Message-ID': `<pp${n}@x>` }, 'x', 'robot@lcj.example'), 'robot@lcj.example')
  const kinds = (await arrives({ q: 'pingpong' }, 12)).map((one) => one.kind).sort()
  expect(kinds).toEqual([...Array(10).fill('LETTER'), 'LOOP', 'LOOP'])
})
test('GBK, no subject, a script', async () => {
  const gbk = Buffer.concat([
    Buffer.from(
      'From: a@lcj.example\r\nMessage-ID: <gbk@lcj.example>\r\nSubject: =?GBK?B?xOO6ww==?=\r\nContent-Type: text/plain; charset=GBK\r\n\r\n',
      'latin1',
    ),
    Buffer.from('c4e3bac3cac0bde7', 'hex'),
  ])
  await send(gbk, 'a@lcj.example')
  expect((await arrives({ q: '你好' }))[0]).toMatchObject({ subject: '你好', body: '你好世界' })
  await send(letter({ 'Message-ID': '<bare@lcj.example>' }, '没有主题的信', 'b@lcj.example'), 'b@lcj.example')
  expect((await arrives({ q: '无主题' }))[0]?.body).toContain('没有主题的信')
  const html = '<p>请处理</p><script>alert(1)</script><img src="http://127.0.0.1:1/x.png">'
  await send(letter({ Subject: 'markup', 'Message-ID': '<html@lcj.example>', 'Content-Type': 'text/html; charset=utf-8' }, html))
  const [mail] = await arrives({ q: 'markup' })
  expect(mail?.body).toMatch(/^请处理/)
  expect(mail?.body).not.toMatch(/alert|<script|<img/)
})
test('a letter of more than 50 MB is not fetched and still comes in', async () => {
  const line = `${'x'.repeat(998)}\r\n`
  await send(letter({ Subject: 'huge', 'Message-ID': '<huge@lcj.example>' }, line.repeat(54_000)))
  const [mail] = await arrives({ kind: 'TOO_LARGE' })
  expect(mail).toMatchObject({ subject: 'huge', state: 'WAITING' })
  expect(mail?.body).toContain('没有收取')
})
test('a mail server that stands still is left in time, one that is down is told; afterwards nothing is lost', async () => {
  const trouble = async () => (await admin.call(api.list, {})).items[0]?.lastError
  await send(letter({ Subject: 'while still', 'Message-ID': '<still@lcj.example>' }, 'x'))
  servers.pauseImap(true)
  const began = performance.now()
  await fetchNow()
  expect(performance.now() - began).toBeLessThan(55_000)
  expect(await trouble()).toBeTruthy()
  servers.pauseImap(false)
  await servers.stopImap()
  await fetchNow()
  expect(await trouble()).toBeTruthy()
  await servers.startImap()
  await pause(500)
  expect(await arrives({ q: 'while still' })).toHaveLength(1)
  expect(await trouble()).toBeNull()
})
