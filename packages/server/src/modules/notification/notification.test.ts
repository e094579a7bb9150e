import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { notificationApi as api } from '@changbai/contract/notification.ts'
import { sql } from 'kysely'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Client, startTestServer, type TestServer } from '../../../test/harness.ts'
import { createTenant } from '../identity/index.ts'
import {
  endLiveNotices,
  notify,
  tellCancelAnswered,
  tellCancelRequested,
  tellInstanceStopped,
  tellTaskCreated,
  tellTaskEscalated,
  tellTaskOverdue,
} from './index.ts'

let t: TestServer
let om: Client
let manager: Client
let customer: Client
let bureau: string
let mail: SMTPServer
let outside: Server
const mails: { to: string[]; text: string }[] = []
const posts: { url: string; headers: Record<string, unknown>; body: string }[] = []
/** What the other side answers next; then 200 again. */
const answers: { status: number; body: string }[] = []

beforeAll(async () => {
  t = await startTestServer()
  bureau = (await t.inTx((ctx) => createTenant(ctx, { code: 'WJW', name: '省卫生健康委', shortName: '卫健委' }))).id
  om = await t.signedIn({ role: 'OPERATION_MANAGER', name: '张运营' })
  manager = await t.signedIn({ role: 'APP_PROJECT_MANAGER', tenantId: bureau, name: '李经理' })
  customer = await t.signedIn({ role: 'CUSTOMER_OM_MANAGER', name: '赵立新' })
  await reach(om, 'zhang@example.cn', '13800000001')
  await reach(customer, 'zhao@example.cn', null)
  mail = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onAuth: ({ username, password }, _session, done) =>
      username === 'cloud' && password === 'mail-secret' ? done(null, { user: username }) : done(new Error('wrong password')),
    onData(stream, session, done) {
      let text = ''
      stream.on('data', (bytes: Buffer) => {
        text += bytes.toString('utf8')
      })
      stream.on('end', () => {
        mails.push({ to: session.envelope.rcptTo.map(({ address }) => address), text })
        done()
      })
    },
  })
  await new Promise<void>((done) => mail.listen(0, '127.0.0.1', done))
  outside = createServer((request, reply) => {
    let body = ''
    request.on('data', (bytes: Buffer) => {
      body += bytes.toString('utf8')
    })
    request.on('end', () => {
      posts.push({ url: request.url ?? '', headers: request.headers, body })
      const answer = answers.shift() ?? { status: 200, body: '{"errcode":0,"code":0}' }
      reply.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body)
    })
  })
  await new Promise<void>((done) => outside.listen(0, '127.0.0.1', done))
})
afterAll(async () => {
  await t.stop()
  await new Promise<void>((done) => mail.close(done))
  outside.closeAllConnections()
  await new Promise((done) => outside.close(done))
})

const reach = (client: Client, email: string | null, phone: string | null) =>
  t.inTx((ctx) => sql`update person set email = ${email}, phone = ${phone} where id = ${client.personId}`.execute(ctx.db))
const outsideUrl = (path: string) => `http://127.0.0.1:${(outside.address() as AddressInfo).port}${path}`
const smtpPort = () => (mail.server.address() as AddressInfo).port

async function putInForce(settings: Parameters<typeof propose>[1], secret?: string, name = '通道'): Promise<string> {
  const admin = await t.signedIn({ role: 'SYSTEM_ADMIN' })
  const second = await t.signedIn({ role: 'SECURITY_ADMIN' })
  const { id } = await propose(admin, settings, secret, name)
  await second.call(api.decideChannel, { channelId: id, approve: true })
  return id
}
const propose = (
  admin: Client,
  settings: Parameters<typeof admin.call<typeof api.proposeChannel>>[1]['settings'],
  secret?: string,
  name = '通道',
) => admin.call(api.proposeChannel, { name, settings, ...(secret === undefined ? {} : { secret }) })
const smtp = () => ({
  channel: 'EMAIL' as const,
  host: '127.0.0.1',
  port: smtpPort(),
  tls: 'none' as const,
  user: 'cloud',
  from: 'cloud@example.cn',
  fromName: '长白',
})
const task = (more: object = {}) => ({
  taskId: 'aaaaaaaa-0000-7000-8000-000000000001',
  title: '一窗受理系统',
  name: '预审',
  processKey: 'resource-request',
  assignee: null,
  roles: ['OPERATION_MANAGER'],
  tenantId: bureau,
  applicationId: null,
  dueAt: Temporal.Instant.from('2026-09-21T09:30:00Z'),
  ...more,
})
const deliveriesOf = async (event: string) => (await om.call(api.deliveries, { event })).items

describe('the inbox', () => {
  test('a task is told once to those who may take it, in the reader’s language, and to nobody else', async () => {
    await t.inTx((ctx) => tellTaskCreated(ctx, task()))
    await t.inTx((ctx) => tellTaskCreated(ctx, task()))
    const { items } = await om.call(api.inbox, {})
    expect(items.map(({ title, body, link }) => [title, body, link])).toEqual([
      [
        '待办：预审（一窗受理系统）',
        '“一窗受理系统”到了你这里：预审。请在 9月21日 17:30 前办结。',
        '/tasks/aaaaaaaa-0000-7000-8000-000000000001',
      ],
    ])
    expect((await om.call(api.inbox, {}, { 'x-locale': 'en-US' })).items[0]?.title).toBe('To do: Pre-review (一窗受理系统)')
    expect((await manager.call(api.inbox, {})).items).toEqual([])
  })

  test('what a rolled back command would have said was never said', async () => {
    const failing = t.inTx(async (ctx) => {
      await tellTaskCreated(ctx, task({ taskId: 'aaaaaaaa-0000-7000-8000-00000000000f' }))
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect((await om.call(api.inbox, {})).items).toHaveLength(1)
  })

  test('overdue reaches the next above, escalation the customer, who acknowledges once', async () => {
    const leader = await t.signedIn({ role: 'PROVIDER_LEADER' })
    await t.inTx((ctx) => tellTaskOverdue(ctx, { ...task(), percent: 100 }))
    expect((await leader.call(api.inbox, {})).items.map(({ event }) => event)).toEqual(['task.overdue'])
    await t.inTx((ctx) => tellTaskEscalated(ctx, { ...task(), percent: 150 }))
    const { items } = await customer.call(api.inbox, { show: 'unacknowledged' })
    expect(items).toMatchObject([{ event: 'task.escalated', needsAck: true, ackAt: null }])
    const noticeId = items[0]?.id ?? ''
    expect((await manager.send(api.acknowledge, { noticeId })).status).toBe(404)
    const first = await customer.call(api.acknowledge, { noticeId })
    t.advance('PT5M')
    expect((await customer.call(api.acknowledge, { noticeId })).ackAt).toBe(first.ackAt)
    expect(await customer.call(api.unread, {})).toEqual({ unread: 0, unacknowledged: 0 })
  })

  test('reading some, then all', async () => {
    const before = await om.call(api.unread, {})
    const { items } = await om.call(api.inbox, { limit: 1 })
    expect((await om.call(api.markRead, { ids: [items[0]?.id ?? ''] })).unread).toBe(before.unread - 1)
    expect((await om.call(api.markRead, {})).unread).toBe(0)
    expect((await om.call(api.inbox, { show: 'unread' })).items).toEqual([])
  })
})

describe('the course of a matter', () => {
  const instance = (more: object = {}) => ({
    instanceId: 'bbbbbbbb-0000-7000-8000-000000000001',
    parentId: null,
    title: '一窗受理系统',
    processKey: 'resource-request',
    starter: manager.personId,
    tenantId: bureau,
    applicationId: null,
    ...more,
  })
  const latest = async (client: Client) => (await client.call(api.inbox, { limit: 1 })).items[0]

  test('a cancellation is told to whoever could do the open step, with a link, and not to the asker', async () => {
    const asker = await t.signedIn({ grants: [{ role: 'OPERATION_MANAGER', tenantId: null, applicationId: null }] })
    const asked = {
      by: asker.personId,
      byName: '李经理',
      reason: '项目缓建',
      at: t.now(),
      steps: [{ name: '预审', assignee: null, roles: ['OPERATION_MANAGER'] }],
    }
    await t.inTx((ctx) => tellCancelRequested(ctx, { ...instance(), ...asked }))
    expect(await latest(om)).toMatchObject({
      event: 'instance.cancel-requested',
      title: '申请撤销，请答复：一窗受理系统',
      body: '李经理 申请撤销“一窗受理系统”（现在“预审”）。原因：项目缓建。请同意或不同意。',
      link: '/processes/instances/bbbbbbbb-0000-7000-8000-000000000001',
    })
    expect((await asker.call(api.inbox, {})).items).toEqual([])
    await t.inTx((ctx) =>
      tellCancelAnswered(ctx, { ...instance(), consent: false, byName: '张运营', askedBy: manager.personId, comment: '已在办' }),
    )
    expect((await latest(manager))?.title).toBe('不同意撤销：一窗受理系统')
    await t.inTx((ctx) =>
      tellCancelAnswered(ctx, { ...instance(), consent: true, byName: '张运营', askedBy: manager.personId, comment: null }),
    )
    expect((await latest(manager))?.title).toBe('已同意撤销：一窗受理系统')
  })

  test('who began it hears when another stops it, not of the own act and not of an ordinary end', async () => {
    const before = (await manager.call(api.unread, {})).unread
    const stopped = { status: 'CANCELLED', reason: '重复申请' }
    await t.inTx((ctx) => tellInstanceStopped(ctx, { ...instance(), ...stopped }), manager.actor)
    await t.inTx((ctx) => tellInstanceStopped(ctx, { ...instance(), ...stopped, status: 'COMPLETED' }))
    await t.inTx((ctx) => tellInstanceStopped(ctx, { ...instance({ parentId: 'x' }), ...stopped }))
    expect((await manager.call(api.unread, {})).unread).toBe(before)
    await t.inTx((ctx) => tellInstanceStopped(ctx, { ...instance(), ...stopped }), om.actor)
    expect(await latest(manager)).toMatchObject({ event: 'instance.stopped', body: expect.stringContaining('重复申请') })
  })

  test('a step that came back says what is to be corrected, each time', async () => {
    const returned = { byName: '张运营', comment: '请核对', reasons: [{ field: 'vmItems', text: '缺用途' }] }
    const back = task({ taskId: 'aaaaaaaa-0000-7000-8000-000000000007', assignee: manager.personId, name: '填写', returned })
    await t.inTx((ctx) => tellTaskCreated(ctx, back))
    await t.inTx((ctx) => tellTaskCreated(ctx, back))
    const { items } = await manager.call(api.inbox, { limit: 2 })
    expect(items.map(({ event }) => event)).toEqual(['task.returned', 'task.returned'])
    expect(items[0]?.body).toContain('缺用途；请核对')
  })
})

describe('settings of channels', () => {
  test('wait for a second person; the secret is never shown and not stored in the open', async () => {
    const admin = await t.signedIn({ role: 'SYSTEM_ADMIN' })
    const second = await t.signedIn({ role: 'SECURITY_ADMIN' })
    const proposed = await propose(admin, smtp(), 'mail-secret')
    expect(proposed).toMatchObject({ state: 'PROPOSED', hasSecret: true })
    expect((await admin.send(api.decideChannel, { channelId: proposed.id, approve: true })).status).toBe(403)
    expect((await om.send(api.channels, {})).status).toBe(403)
    expect(await second.call(api.decideChannel, { channelId: proposed.id, approve: true })).toMatchObject({ state: 'ACTIVE' })
    expect((await second.send(api.decideChannel, { channelId: proposed.id, approve: true })).problem.type).toBe(
      'urn:changbai:problem:notification.decided',
    )
    expect(JSON.stringify(await admin.call(api.channels, {}))).not.toContain('mail-secret')
    const { rows } = await t.inTx((ctx) =>
      sql<{ all: string }>`select notification_channel::text as all from notification_channel`.execute(ctx.db),
    )
    expect(rows.map((row) => row.all).join()).not.toContain('mail-secret')
    const facts = await t.inTx((ctx) =>
      sql<{ all: string }>`select ledger_fact::text as all from ledger_fact where kind like 'channel.%'`.execute(ctx.db),
    )
    expect(facts.rows.length).toBeGreaterThan(1)
    expect(facts.rows.map((row) => row.all).join()).not.toContain('mail-secret')
  })

  test('an address that leads to the machine itself is told while it is typed', async () => {
    const admin = await t.signedIn({ role: 'SYSTEM_ADMIN' })
    const settings = {
      channel: 'WECOM' as const,
      topics: ['task' as const],
      minUrgency: 'HIGH' as const,
      url: 'http://169.254.169.254/latest/',
    }
    const { status, problem } = await admin.send(api.proposeChannel, { name: '群', settings })
    expect([status, problem.errors?.[0]?.path]).toEqual([400, 'settings.url'])
    expect(problem.errors?.[0]?.message).toContain('OUTBOUND_ALLOW')
  })

  test('new settings without a secret keep the old one, and replace the old settings', async () => {
    const id = await putInForce({ ...smtp(), fromName: '省政务云' })
    const admin = await t.signedIn({ role: 'SYSTEM_ADMIN' })
    const active = (await admin.call(api.channels, {})).items.filter(({ state }) => state === 'ACTIVE')
    expect(active).toMatchObject([{ id, hasSecret: true, settings: { fromName: '省政务云' } }])
  })
})

describe('e-mail', () => {
  test('arrives at a real mail server, and is on record', async () => {
    await t.inTx((ctx) =>
      notify(ctx, {
        event: 'lease.expiring',
        to: { personIds: [om.personId] },
        params: { title: 'vm-01', application: '一窗受理', daysLeft: 7 },
        link: '/x',
      }),
    )
    await t.runJobs()
    const last = mails.at(-1)
    expect(last?.to).toEqual(['zhang@example.cn'])
    expect(last?.text).toMatch(/Message-ID: <[0-9a-f-]{36}@example\.cn>/)
    expect(last?.text).toMatch(/From: =\?UTF-8\?.*<cloud@example\.cn>/)
    expect(await deliveriesOf('lease.expiring')).toMatchObject([
      { channel: 'EMAIL', state: 'SENT', attempts: 1, address: 'z***@example.cn', personName: '张运营' },
    ])
  })

  test('a person without address is skipped, and that is on record', async () => {
    await t.inTx((ctx) => notify(ctx, { event: 'lease.expired', to: { personIds: [manager.personId] }, params: {} }))
    expect((await deliveriesOf('lease.expired')).map(({ channel, state }) => [channel, state])).toEqual([['EMAIL', 'SKIPPED']])
  })

  test('switched off by the person: only the inbox', async () => {
    await om.call(api.savePreference, { locale: 'en-US', channels: { lease: [] }, quiet: null })
    const before = mails.length
    await t.inTx((ctx) => notify(ctx, { event: 'lease.expiring', to: { personIds: [om.personId] }, params: {} }))
    await t.runJobs()
    expect(mails.length).toBe(before)
    await om.call(api.savePreference, { locale: 'zh-CN', channels: {}, quiet: null })
  })
})

describe('gateway and group bots', () => {
  test('a text message is sent again until the gateway takes it, with the same id, and only once more', async () => {
    await putInForce(
      {
        channel: 'SMS',
        url: outsideUrl('/sms'),
        headers: { authorization: 'Key {secret}' },
        body: '{"phone":"{phone}","text":"{text}","id":"{id}"}',
        success: { path: 'code', value: '0' },
      },
      'sms-secret',
    )
    answers.push({ status: 503, body: 'busy' }, { status: 200, body: '{"code":7}' })
    await t.inTx((ctx) => notify(ctx, { event: 'task.urged', to: { personIds: [om.personId] }, params: { task: '预审', by: '赵立新' } }))
    for (let tries = 0; tries < 5 && (await deliveriesOf('task.urged')).some(({ state }) => state === 'PENDING'); tries++)
      await t.runJobs().catch(() => {})
    const sent = posts.filter(({ url }) => url === '/sms')
    expect(sent).toHaveLength(3)
    expect(new Set(sent.map(({ body }) => JSON.parse(body).id)).size).toBe(1)
    expect(sent[0]?.headers.authorization).toBe('Key sms-secret')
    expect(JSON.parse(sent[0]?.body ?? '{}')).toMatchObject({ phone: '13800000001' })
    const sms = (await deliveriesOf('task.urged')).find(({ channel }) => channel === 'SMS')
    expect(sms).toMatchObject({ state: 'SENT', attempts: 3, lastError: null, address: '138****0001', kind: expect.stringContaining('…') })
  })

  test('a gateway reports arrival by our id or its own; a lost message has failed; strangers are not heard', async () => {
    await putInForce({
      channel: 'SMS',
      url: outsideUrl('/sms'),
      body: '{"phone":"{phone}","id":"{id}"}',
      success: { path: 'code', value: '0' },
      receipt: { id: 'out_id', sentId: 'data.sid', state: 'report', delivered: ['DELIVRD'], failed: ['UNDELIV'] },
    })
    const admin = await t.signedIn({ role: 'SYSTEM_ADMIN' })
    const channel = (await admin.call(api.channels, {})).items.find(({ state, receiptPath }) => state === 'ACTIVE' && receiptPath)
    const path = channel?.receiptPath ?? ''
    const say = async (task: string, sid: string) => {
      answers.push({ status: 200, body: JSON.stringify({ code: 0, data: { sid } }) })
      await t.inTx((ctx) => notify(ctx, { event: 'task.urged', to: { personIds: [om.personId] }, params: { task, by: '赵立新' } }))
      await t.runJobs()
      return (await deliveriesOf('task.urged')).find((one) => one.channel === 'SMS')?.id ?? ''
    }
    const stateOf = async (id: string) => (await deliveriesOf('task.urged')).find((one) => one.id === id)
    const post = (url: string, payload: string | object, type = 'application/json') =>
      t.server.app.inject({ method: 'POST', url, headers: { 'content-type': type }, payload })
    const first = await say('甲', 'g-1')
    const second = await say('乙', 'g-2')
    const third = await say('丙', 'g-3')
    t.advance('PT20S')
    const answer = await post(path, [
      { out_id: first, report: 'DELIVRD' },
      { out_id: 'g-2', report: 'UNDELIV' },
      { out_id: third, report: 'ACCEPTD' },
      { out_id: 'unknown', report: 'DELIVRD' },
      'noise',
    ])
    expect(answer.json()).toEqual({ code: 0, msg: 'ok' })
    expect(await stateOf(first)).toMatchObject({ state: 'DELIVERED', deliveredAt: t.now().toString() })
    expect(await stateOf(second)).toMatchObject({ state: 'FAILED', lastError: 'receipt: UNDELIV' })
    expect(await stateOf(third)).toMatchObject({ state: 'SENT', deliveredAt: null })
    const form = await post(path, new URLSearchParams({ out_id: 'g-3', report: 'DELIVRD' }).toString(), 'application/x-www-form-urlencoded')
    expect(form.statusCode).toBe(200)
    expect(await stateOf(third)).toMatchObject({ state: 'DELIVERED' })
    // a repeat, late or contrary, changes nothing
    await post(path, { out_id: first, report: 'UNDELIV' })
    expect(await stateOf(first)).toMatchObject({ state: 'DELIVERED', lastError: null })
    expect((await post(`${path}x`, { out_id: first, report: 'DELIVRD' })).statusCode).toBe(404)
    expect((await post(path.replace('SMS', 'PHONE'), {})).statusCode).toBe(404)
  })

  test('when all tries are used up the delivery has failed, says why, and can be sent again by hand', async () => {
    for (let i = 0; i < 8; i++) answers.push({ status: 500, body: 'broken' })
    await reach(om, null, '13800000001')
    await t.inTx((ctx) => notify(ctx, { event: 'work-order.objected', to: { personIds: [om.personId] }, params: {} }))
    for (let tries = 0; tries < 12; tries++) await t.runJobs().catch(() => {})
    const sms = (await deliveriesOf('work-order.objected')).find(({ channel }) => channel === 'SMS')
    expect(sms).toMatchObject({ state: 'FAILED', attempts: 8, lastError: expect.stringContaining('HTTP 500') })
    answers.length = 0
    await om.call(api.retryDelivery, { deliveryId: sms?.id ?? '' })
    await t.runJobs()
    expect((await deliveriesOf('work-order.objected')).find(({ channel }) => channel === 'SMS')).toMatchObject({ state: 'SENT' })
    expect((await om.send(api.retryDelivery, { deliveryId: sms?.id ?? '' })).problem.type).toBe(
      'urn:changbai:problem:notification.not-retryable',
    )
  })

  test('a group hears of its topics from its urgency on', async () => {
    await putInForce({ channel: 'DINGTALK', url: outsideUrl('/ding'), topics: ['delivery'], minUrgency: 'HIGH' }, 'ding-secret', '运营群')
    await t.inTx((ctx) => notify(ctx, { event: 'work-order.shared', to: { role: 'MAINTENANCE_MANAGER' }, params: {} }))
    await t.inTx((ctx) => notify(ctx, { event: 'work-order.dispatched', to: { personIds: [] }, params: { no: 'GD-20260918-0001' } }))
    await t.runJobs()
    const heard = posts.filter(({ url }) => url.startsWith('/ding'))
    expect(heard).toHaveLength(1)
    expect(new URL(outsideUrl(heard[0]?.url ?? '')).searchParams.get('sign')).toBeTruthy()
    expect(heard[0]?.body).toContain('GD-20260918-0001')
    // the group's answer is the arrival
    expect((await deliveriesOf('work-order.dispatched')).find((one) => one.channel === 'DINGTALK')).toMatchObject({ state: 'DELIVERED' })
  })

  test('a channel can be tried out; the result is on record', async () => {
    const admin = await t.signedIn({ role: 'SYSTEM_ADMIN' })
    const channel = (await admin.call(api.channels, {})).items.find(
      ({ state, settings }) => state === 'ACTIVE' && settings.channel === 'EMAIL',
    )
    await admin.call(api.testChannel, { channelId: channel?.id ?? '', to: 'try@example.cn' })
    await t.runJobs()
    expect(mails.at(-1)?.to).toEqual(['try@example.cn'])
    expect(await deliveriesOf('system.test')).toMatchObject([{ state: 'SENT' }])
  })
})

test('a wording is changed by two persons, and only with what its event offers', async () => {
  const mm = await t.signedIn({ role: 'MAINTENANCE_MANAGER' })
  const wording = { zh: { title: '请办：{task}', body: '' }, en: { title: 'Please act: {task}', body: '' } }
  const stray = await om.send(api.proposeTemplate, { event: 'task.created', ...wording, zh: { title: '{password}', body: '' } })
  expect(stray.problem).toMatchObject({ type: 'urn:changbai:problem:notification.unknown-placeholder', names: 'password' })
  const { id } = await om.call(api.proposeTemplate, { event: 'task.created', ...wording })
  await mm.call(api.decideTemplate, { templateId: id ?? '', approve: true })
  await t.inTx((ctx) => tellTaskCreated(ctx, task({ taskId: 'aaaaaaaa-0000-7000-8000-000000000002' })))
  expect((await om.call(api.inbox, { limit: 1 })).items[0]?.title).toBe('请办：预审')
  const { items } = await om.call(api.templates, {})
  expect(items.filter(({ event }) => event === 'task.created')).toMatchObject([{ version: 1, state: 'ACTIVE' }])
})

test('a new notice reaches an open page at once, another person’s does not', async () => {
  const address = await t.server.app.listen({ port: 0, host: '127.0.0.1' })
  const hang = new AbortController()
  const answer = await fetch(`${address}/api/notifications/stream`, {
    headers: { authorization: `Test ${customer.personId}` },
    signal: hang.signal,
  })
  expect(answer.headers.get('content-type')).toContain('text/event-stream')
  const reader = (answer.body as ReadableStream<Uint8Array>).getReader()
  let heard = ''
  const hearUntil = async (mark: string) => {
    while (!heard.includes(mark)) {
      const { value, done } = await reader.read()
      if (done) throw new Error(`the stream ended before ${mark}`)
      heard += Buffer.from(value).toString('utf8')
    }
  }
  await hearUntil('event: unread')
  await t.inTx((ctx) => notify(ctx, { event: 'lease.expired', to: { personIds: [om.personId] }, params: { title: '别人的' } }))
  await t.inTx((ctx) => notify(ctx, { event: 'lease.expired', to: { personIds: [customer.personId] }, params: { title: '自己的' } }))
  await hearUntil('自己的')
  expect(heard).not.toContain('别人的')
  await t.inTx((ctx) => endLiveNotices(ctx, { personId: customer.personId }))
  await hearUntil('look-again')
  hang.abort()
})
