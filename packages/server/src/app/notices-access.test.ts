import type { AddressInfo } from 'node:net'
import { accessApi } from '@changbai/contract/access.ts'
import { identityApi } from '@changbai/contract/identity.ts'
import { notificationApi } from '@changbai/contract/notification.ts'
import { registrationApi } from '@changbai/contract/registration.ts'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Client, startTestServer, type TestServer } from '../../test/harness.ts'

const mails: { to: string[]; text: string }[] = []
const smtp = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  onData(stream, session, done) {
    const parts: Buffer[] = []
    stream.on('data', (bytes: Buffer) => parts.push(bytes))
    stream.on('end', () => {
      mails.push({ to: session.envelope.rcptTo.map(({ address }) => address), text: Buffer.concat(parts).toString('utf8') })
      done()
    })
  },
})
/** The words of a mail: its plain part, decoded. */
const wordsOf = (mail: { text: string } | undefined): string => {
  const [, ...bodies] = (mail?.text ?? '').split(/content-transfer-encoding: /i)
  return bodies
    .map((part) => {
      const [head = '', ...rest] = part.split('\r\n\r\n')
      const body = rest.join('\r\n\r\n').split('\r\n--')[0] ?? ''
      return /^base64/i.test(head)
        ? Buffer.from(body, 'base64').toString('utf8')
        : decodeURIComponent(
            body
              .replaceAll('=\r\n', '')
              .replaceAll('%', '%25')
              .replace(/=([0-9A-F]{2})/g, '%$1'),
          )
    })
    .join('\n')
}

let t: TestServer
let iaas: Client
let security: Client
beforeAll(async () => {
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve))
  t = await startTestServer({ now: '2026-09-18T09:00' })
  iaas = await t.signedIn({ role: 'IAAS_ADMIN', name: '高岩' })
  security = await t.signedIn({ role: 'SECURITY_ADMIN', name: '沈岚' })
  const system = await t.signedIn({ role: 'SYSTEM_ADMIN' })
  const { id } = await system.call(notificationApi.proposeChannel, {
    name: '邮件',
    settings: {
      channel: 'EMAIL',
      host: '127.0.0.1',
      port: (smtp.server.address() as AddressInfo).port,
      tls: 'none',
      user: '',
      from: 'cloud@example.cn',
      fromName: '长白',
    },
  })
  await security.call(notificationApi.decideChannel, { channelId: id, approve: true })
})
afterAll(async () => {
  await t.stop()
  await new Promise<void>((resolve) => smtp.close(resolve))
})

const letter = { name: '公函.pdf', base64: Buffer.from('%PDF-1.7 letter').toString('base64') }
const register = (name: string, creditCode: string, headers: Record<string, string> = {}) =>
  t.anonymous.call(
    registrationApi.register,
    {
      name,
      creditCode,
      pm: { name: '张三', phone: '0431-88900001', email: `pm-${creditCode}@example.cn` },
      tl: { name: '李四', phone: '0431-88900002', email: `tl-${creditCode}@example.cn` },
      letter,
    },
    headers,
  )
const titles = async (client: Client) => (await client.call(notificationApi.inbox, {})).items.map(({ title }) => title)
const mailTo = (address: string) => mails.find(({ to }) => to.includes(address))

describe('[ruling 6] who registered is told', () => {
  test('of being taken on, with the link that lets them in, which stands nowhere else', async () => {
    const code = '11220000MB00000157'
    await register('吉林省数据局', code)
    expect(await titles(iaas)).toContain('新的单位登记：吉林省数据局')
    const [row] = (await iaas.call(registrationApi.registrations, { status: 'SUBMITTED' })).items
    const seats = { code: 'sjj', shortName: '省数据局', pmSignIn: 'sjj-pm', tlSignIn: 'sjj-tl' }
    await iaas.call(registrationApi.takeOn, { registrationId: row?.id ?? '', ...seats })
    await t.runJobs()
    expect(mailTo(`pm-${code}@example.cn`)).toBeUndefined()
    expect(await titles(security)).toContain('授权待批准：张三，应用项目经理')

    for (const { id } of (await security.call(identityApi.grants, { status: 'PROPOSED' })).items)
      await security.call(identityApi.approveGrant, { grantId: id })
    const kept = await t.inTx((ctx) =>
      ctx.db.selectFrom('notice').select(['body_zh', 'body_en', 'link']).where('event', '=', 'account.welcome').execute(),
    )
    expect(JSON.stringify(kept)).not.toContain('/welcome')
    await t.runJobs()
    const words = wordsOf(mailTo(`pm-${code}@example.cn`))
    const token = /\/welcome#([\w-]+)/.exec(words)?.[1] ?? ''
    expect(words).toContain('sjj-pm')
    expect(await t.anonymous.call(registrationApi.useLink, { token, password: 'Songhua-2026-river' })).toEqual({ signIn: 'sjj-pm' })
    const left = await t.inTx((ctx) =>
      ctx.db.selectFrom('notice_delivery').select('link_sealed').where('link_sealed', 'is not', null).execute(),
    )
    expect(left).toEqual([])
  })
  test('of being refused, with the reason, in the language they wrote in', async () => {
    const code = '11220000MB00000232'
    await register('吉林省档案局', code, { 'x-locale': 'en-US' })
    const [row] = (await iaas.call(registrationApi.registrations, { status: 'SUBMITTED' })).items
    await iaas.call(registrationApi.refuse, { registrationId: row?.id ?? '', reason: '公函未盖章' })
    await t.runJobs()
    for (const seat of ['pm', 'tl']) {
      const words = wordsOf(mailTo(`${seat}-${code}@example.cn`))
      expect(words).toContain('公函未盖章')
      expect(words).toContain('was not taken on')
    }
  })
})

test('reviewers are told of the quarter’s access review and of its end', async () => {
  await security.call(accessApi.openReview, {})
  expect(await titles(iaas)).toContain('2026Q3 授权复核')
})
