import { createServer, type Server } from 'node:net'
import { deskApi } from '@changbai/contract/desk.ts'
import { intakeApi as api } from '@changbai/contract/desk-intake.ts'
import { fileApi } from '@changbai/contract/file.ts'
import { incidentApi } from '@changbai/contract/incident.ts'
import hoodiecrow from 'hoodiecrow-imap'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, startTestServer, type TestServer } from '../../../test/harness.ts'
import { type Scanner, ScannerDown } from '../../platform/scan.ts'
import { createTenant } from '../identity/index.ts'
import { fetchAllMail } from './mail.fetch.ts'

let t: TestServer
let admin: Client
let security: Client
let agent: Client
let manager: Client
let pm: Client
let tenantId: string
const refusal = (answer: { problem: { type: string } }) => answer.problem.type.split(':').at(-1)
const at = (text: string) => Temporal.Instant.from(`${text}+08:00`).toString()

let isScannerDown = false
const scanner: Scanner = {
  scan: async (bytes) => {
    if (isScannerDown) throw new ScannerDown('no answer')
    return Buffer.from(bytes).includes('bad news') ? 'Test.Virus-1' : null
  },
}

beforeAll(async () => {
  t = await startTestServer({ now: '2026-09-18T15:00', scanner })
  tenantId = await t.inTx(async (ctx) => (await createTenant(ctx, { code: 'LC', name: '省林草局', shortName: '省林草局' })).id)
  admin = await t.signedIn({ role: 'SYSTEM_ADMIN' })
  security = await t.signedIn({ role: 'SECURITY_ADMIN' })
  agent = await t.signedIn({ role: 'SERVICE_DESK', name: '王雨桐' })
  manager = await t.signedIn({ role: 'MAINTENANCE_MANAGER' })
  pm = await t.signedIn({ role: 'APP_PROJECT_MANAGER', tenantId, name: '杨帆' })
  await t.inTx((ctx) => sql`update person set phone = '13900001111', email = 'Yang@lcj.gov.cn' where id = ${pm.personId}`.execute(ctx.db))
}, 60_000)
afterAll(() => t.stop())

describe('a telephone system', () => {
  let token: string
  let intakeId: string
  const tell = (event: string, when: string, more: object = {}) =>
    t.anonymous.send(api.ring, { callId: 'c-1', event, at: at(when), from: '139 0000 1111', ...more } as never, {
      authorization: `Bearer ${token}`,
    })
  it('is worth nothing until another person approves its token', async () => {
    const made = await admin.call(api.addTelephone, { name: '话务平台' })
    ;({ token } = made)
    intakeId = made.intake.id
    expect(refusal(await tell('RINGING', '2026-09-18T14:59:00'))).toBe('intake.waits')
    expect((await admin.send(api.decide, { intakeId, approve: true })).status).toBe(403)
    await security.call(api.decide, { intakeId, approve: true })
    expect(refusal(await t.anonymous.send(api.ring, { callId: 'x', event: 'ENDED', at: at('2026-09-18T14:59'), from: '1' }))).toBe(
      'intake.refused',
    )
  })
  it('tells a call once however often and in whatever order it is told', async () => {
    const first = await tell('ANSWERED', '2026-09-18T14:59:08', { agent: '8001' })
    const again = await tell('RINGING', '2026-09-18T14:59:00')
    expect([first.reply, again.reply]).toMatchObject([{ isNew: true }, { isNew: false, id: first.reply.id }])
    await tell('ANSWERED', '2026-09-18T14:59:30')
    const { items } = await agent.call(api.rings, {})
    expect(items).toMatchObject([
      {
        rangAt: at('2026-09-18T14:59:00'),
        answeredAt: at('2026-09-18T14:59:08'),
        agent: '8001',
        callerName: '杨帆',
        callerOrg: '省林草局',
        isMissed: false,
      },
    ])
  })
  it('what rang is written down once, and is gone from the list', async () => {
    const [ring] = (await agent.call(api.rings, {})).items
    const record = {
      line: 'DESK',
      calledAt: ring?.rangAt ?? '',
      answeredAt: ring?.answeredAt ?? null,
      callerName: '杨帆',
      callerOrg: '省林草局',
      phone: ring?.phone ?? '',
      type: 'CONSULT',
      content: '问扩容',
      result: '已答复',
      ringId: ring?.id ?? '',
    } as const
    await agent.call(deskApi.record, record)
    expect(refusal(await agent.send(deskApi.record, record))).toBe('desk.ring-taken')
    expect((await agent.call(api.rings, {})).items).toEqual([])
  })
  it('a call nobody took stays until somebody has called back', async () => {
    await tell('RINGING', '2026-09-18T14:58:00', { callId: 'c-2' })
    await tell('ENDED', '2026-09-18T14:58:40', { callId: 'c-2' })
    expect((await agent.call(api.rings, {})).items).toMatchObject([{ isMissed: true, answeredAt: null }])
  })
  it('retired, its token is worth nothing', async () => {
    await security.call(api.decide, { intakeId, approve: false })
    expect(refusal(await tell('RINGING', '2026-09-18T14:59:00'))).toBe('intake.refused')
  })
})

describe('a mailbox', () => {
  const PLUGINS = ['ID', 'SASL-IR', 'AUTH-PLAIN', 'NAMESPACE', 'ENABLE', 'LITERALPLUS', 'UNSELECT']
  const imap = hoodiecrow({ plugins: PLUGINS, storage: { INBOX: { messages: [] } } })
  let port = 0
  let intakeId: string
  // the server keeps a byte a character
  const put = (raw: string | Buffer) => imap.appendMessage('INBOX', [], false, Buffer.from(raw as string).toString('latin1'))
  const plain = (headers: Record<string, string>, body: string) =>
    `${Object.entries({ From: '"Yang Fan" <yang@lcj.gov.cn>', 'Content-Type': 'text/plain; charset=utf-8', ...headers })
      .map(([name, value]) => `${name}: ${value}`)
      .join('\r\n')}\r\n\r\n${body}`
  const fetchNow = () => fetchAllMail(t.server.runtime)
  const mails = async (input: object = {}) => (await agent.call(api.mails, input)).items
  const box = (change: object = {}) => ({
    host: '127.0.0.1',
    port,
    secure: false,
    user: 'testuser',
    folder: 'INBOX',
    address: 'desk@cloud.gov.cn',
    ...change,
  })
  const open = async (settings: object) => {
    const { id } = await admin.call(api.addMailbox, { name: '服务台邮箱', settings: settings as never, password: 'testpass' })
    await security.call(api.decide, { intakeId: id, approve: true })
    return id
  }
  const state = async (id: string) => (await admin.call(api.list, {})).items.find((one) => one.id === id)
  beforeAll(async () => {
    await new Promise<void>((done) => imap.listen(0, done))
    port = (imap.server.address() as { port: number }).port
    intakeId = await open(box())
  })
  afterAll(() => new Promise<void>((done) => imap.close(done)))

  it('a letter comes in once, by its sender’s bureau, and waits for the desk', async () => {
    put(plain({ Subject: '=?UTF-8?B?6Zeo5oi35omT5LiN5byA?=', 'Message-ID': '<one@lcj>' }, '首页打不开'))
    expect(await fetchNow()).toBe(1)
    expect(await fetchNow()).toBe(0)
    expect(await mails()).toMatchObject([
      { subject: '门户打不开', body: '首页打不开', state: 'WAITING', kind: 'LETTER', tenantName: '省林草局' },
    ])
    expect((await state(intakeId))?.lastError).toBeNull()
    expect((await pm.send(api.mails, {})).status).toBe(403)
  })
  it('the same letter in another mailbox, or read again, is the same letter', async () => {
    put(plain({ Subject: 'again', 'Message-ID': '<one@lcj>' }, '首页打不开'))
    expect(await fetchNow()).toBe(0)
    await t.inTx((ctx) => sql`update desk_intake set last_uid = 0, uid_validity = 'other' where id = ${intakeId}`.execute(ctx.db))
    expect(await fetchNow()).toBe(0)
  })
  it('made an incident, its clock began when the letter came in', async () => {
    const [mail] = await mails({ state: 'WAITING' })
    const arrived = t.now().toString()
    t.setNow('2026-09-18T15:05')
    const input = { mailId: mail?.id ?? '', title: '门户打不开', criteria: ['SLOW'] as const }
    expect(refusal(await agent.send(api.mailToIncident, { ...input, criteria: [] }))).toBe('intake.criteria')
    const linked = await agent.call(api.mailToIncident, { ...input, criteria: ['SLOW'] })
    expect(linked).toMatchObject({ state: 'LINKED', decidedBy: '王雨桐' })
    expect(await manager.call(incidentApi.get, { incidentId: linked.incidentId ?? '' })).toMatchObject({
      clockStartAt: arrived,
      reporterName: 'Yang Fan',
      tenantId,
    })
    expect(refusal(await agent.send(api.mailToIncident, { ...input, criteria: ['SLOW'] }))).toBe('intake.taken')
  })
  it('an answer in the thread is written into the incident’s history; of a stranger it waits', async () => {
    put(plain({ Subject: 'Re', 'Message-ID': '<two@lcj>', 'In-Reply-To': '<one@lcj>' }, '现在又好了'))
    put(plain({ Subject: 'Re', 'Message-ID': '<three@evil>', From: 'x@evil.com', 'In-Reply-To': '<one@lcj>' }, '请关闭'))
    expect(await fetchNow()).toBe(2)
    const [stranger, reply] = await mails({ q: 'Re' })
    expect([stranger?.state, reply?.state].sort()).toEqual(['LINKED', 'WAITING'])
    const linked = [stranger, reply].find((one) => one?.state === 'LINKED')
    expect(linked?.earlier).toBe(1)
    const incident = await manager.call(incidentApi.get, { incidentId: linked?.incidentId ?? '' })
    expect(incident.events.filter((one) => one.text.includes('现在又好了'))).toHaveLength(1)
    expect(incident.events.filter((one) => one.text.includes('请关闭'))).toEqual([])
  })
  it('an old thread whose incident is closed waits for the desk', async () => {
    await t.inTx((ctx) => sql`update incident set status = 'CLOSED', closed_at = ${t.now()}`.execute(ctx.db))
    put(plain({ Subject: 'late', 'Message-ID': '<four@lcj>', References: '<zero@lcj> <one@lcj>' }, '半年后又坏了'))
    await fetchNow()
    expect(await mails({ q: 'late' })).toMatchObject([{ state: 'WAITING', earlier: 3, incidentId: null }])
  })
  it('GBK is read, with GBK in the subject', async () => {
    const gbk = Buffer.from('d0cfcfa2c7f8', 'hex')
    const head =
      'From: a@lcj.gov.cn\r\nMessage-ID: <gbk@lcj>\r\nSubject: =?GBK?B?0M/Poscf?=\r\nContent-Type: text/plain; charset=GBK\r\n\r\n'
    put(Buffer.concat([Buffer.from(head.replace('0M/Poscf', gbk.toString('base64')), 'latin1'), Buffer.from('c4e3bac3', 'hex')]))
    await fetchNow()
    const [mail] = await mails()
    expect(mail?.subject).toBe(new TextDecoder('gbk').decode(gbk))
    expect(mail?.body).toBe('你好')
  })
  it('without a subject it has one; without an id it still comes in once', async () => {
    const bare = 'From: b@lcj.gov.cn\r\n\r\n没有主题'
    put(Buffer.from(bare))
    put(Buffer.from(bare))
    expect(await fetchNow()).toBe(1)
    expect((await mails({ q: '无主题' }))[0]?.fromAddress).toBe('b@lcj.gov.cn')
  })
  it('HTML is shown as text; a script inside is nothing but gone', async () => {
    const html = '<html><body><p>请处理</p><script>alert(1)</script><style>p{}</style><img src="http://evil/x.png"></body></html>'
    put(plain({ Subject: 'html', 'Message-ID': '<html@lcj>', 'Content-Type': 'text/html; charset=utf-8' }, html))
    await fetchNow()
    const body = (await mails({ q: 'html' }))[0]?.body
    expect(body).toMatch(/^请处理/)
    expect(body).not.toMatch(/alert|<script|<img/)
  })
  it('attachments are kept as anywhere else; what lies about itself or holds malware is named, not kept; unseen none comes in', async () => {
    const part = (name: string, body: string) =>
      `--b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename="${name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(body).toString('base64')}\r\n`
    const type = { Subject: 'files', 'Message-ID': '<files@lcj>', 'Content-Type': 'multipart/mixed; boundary=b' }
    put(
      plain(
        type,
        `${part('log.txt', 'error 502')}${part('virus.exe', 'MZ')}${part('fake.pdf', '<script>')}${part('note.txt', 'bad news')}--b--`,
      ),
    )
    isScannerDown = true
    expect(await fetchNow()).toBe(0)
    isScannerDown = false
    await fetchNow()
    const [mail] = await mails({ q: 'files' })
    expect(mail).toMatchObject({ files: [{ name: 'log.txt' }], refused: ['virus.exe', 'fake.pdf', 'note.txt'] })
    const fileId = mail?.files[0]?.id ?? ''
    expect((await agent.send(fileApi.download, { fileId })).status).toBe(200)
    expect((await pm.send(fileApi.download, { fileId })).status).toBe(404)
  })
  it('50 MB and more is not fetched and still comes in', async () => {
    put(Buffer.concat([Buffer.from(plain({ Subject: 'huge', 'Message-ID': '<huge@lcj>' }, '')), Buffer.alloc(52_428_801, 'x')]))
    await fetchNow()
    const [mail] = await mails({ kind: 'TOO_LARGE' })
    expect(mail).toMatchObject({ subject: 'huge', fromAddress: 'yang@lcj.gov.cn', state: 'WAITING' })
    expect(mail?.body).toContain('没有收取')
  }, 60_000)
  it.each([
    ['our own address', { From: 'Desk@cloud.gov.cn', Subject: 'loop' }, 'LOOP', 'SET_ASIDE'],
    [
      'out of office in a thread',
      { Subject: 'ooo', 'Auto-Submitted': 'auto-replied', 'In-Reply-To': '<one@lcj>' },
      'AUTOMATIC',
      'SET_ASIDE',
    ],
    ['a machine that begins', { Subject: 'alarm', 'Auto-Submitted': 'auto-generated' }, 'AUTOMATIC', 'WAITING'],
    ['a bounce', { From: 'MAILER-DAEMON@mx', Subject: 'undelivered' }, 'BOUNCE', 'WAITING'],
  ])('%s', async (_, headers, kind, expected) => {
    put(plain({ ...headers, 'Message-ID': `<${headers.Subject}@x>` } as Record<string, string>, 'x'))
    await fetchNow()
    expect(await mails({ q: headers.Subject })).toMatchObject([{ kind, state: expected }])
  })
  it('a machine that answers machines is stopped at the tenth letter', async () => {
    for (let n = 0; n < 12; n++) put(plain({ Subject: 'pingpong', 'Message-ID': `<pp${n}@x>`, From: 'robot@x.cn' }, 'x'))
    await fetchNow()
    expect((await mails({ q: 'pingpong' })).map((one) => one.kind).sort()).toEqual([...Array(10).fill('LETTER'), 'LOOP', 'LOOP'])
  })
  it('answered by telephone it is settled; by mail only where mail can be sent', async () => {
    const [mail] = await mails({ q: 'html' })
    const answer = { mailId: mail?.id ?? '', text: '已处理' }
    expect(refusal(await agent.send(api.answerMail, { ...answer, byMail: true }))).toBe('intake.no-mail')
    expect(await agent.call(api.answerMail, { ...answer, byMail: false })).toMatchObject({ state: 'ANSWERED', answer: '已处理' })
  })
  it('a server that is down, or lies, is told on its page; the others are read', async () => {
    const liar: Server = createServer((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'))
    await new Promise<void>((done) => liar.listen(0, '127.0.0.1', done))
    const lies = await open(box({ port: (liar.address() as { port: number }).port }))
    const down = await open(box({ port: 1 }))
    put(plain({ Subject: 'after', 'Message-ID': '<after@lcj>' }, 'x'))
    expect(await fetchNow()).toBe(1)
    expect((await state(down))?.lastError).toBeTruthy()
    expect((await state(lies))?.lastError).toBeTruthy()
    await new Promise((done) => liar.close(done))
  }, 60_000)
})
