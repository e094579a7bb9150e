import { describe, expect, test } from 'vitest'
import { channelsFor, fillWording, isAtLeast, leavesAt, openTitle, strayPlaceholders } from './notice.domain.ts'
import { noticeKinds } from './notice.kinds.ts'
import { botRefusal, dingtalkCall, feishuCall, wecomCall } from './transport/bot.ts'
import { gatewayCall, gatewayRefusal } from './transport/gateway.ts'

import { readReports, receiptOf } from './transport/receipt.ts'

const at = (text: string) => Temporal.PlainDateTime.from(text).toZonedDateTime('Asia/Shanghai').toInstant()
const message = {
  id: 'd-1',
  to: '13800000001',
  title: '已超时：技术评审（"甲"系统）',
  body: '应在 9月21日 17:30 前办结\n请尽快',
  link: 'https://cloud.example/tasks/1',
}

describe('words', () => {
  test('every built-in wording uses only what its event offers, in both languages', () => {
    for (const { event, zh, en, placeholders } of noticeKinds())
      expect([event, strayPlaceholders([zh, en], placeholders)]).toEqual([event, []])
  })

  test('the kind of a notice names its places, not what stood in them', () => {
    const kind = { zh: { title: '{no} 已到 {name}', body: '' }, en: { title: '{no} reached {name}', body: '' } }
    expect([openTitle(kind, 'zh-CN'), openTitle(kind, 'en-US')]).toEqual(['… 已到 …', '… reached …'])
  })

  test.each([
    ['zh-CN', '限 9月1日 08:05，— 件'],
    ['en-US', '限 Tue 1 Sep, 08:05，— 件'],
  ] as const)('instants are written for people in %s; what is not said is a dash', (locale, title) => {
    expect(fillWording({ title: '限 {dueAt}，{n} 件', body: '' }, { dueAt: at('2026-09-01T08:05') }, locale).title).toBe(title)
  })

  test('what has a name in each language is said by the name of the reader’s', () => {
    const task = { zh: '形式审查', en: 'Formal review' }
    const said = (locale: 'zh-CN' | 'en-US') => fillWording({ title: '{task}', body: '' }, { task }, locale).title
    expect([said('zh-CN'), said('en-US')]).toEqual(['形式审查', 'Formal review'])
  })
})

describe('quiet hours', () => {
  const night = { from: '22:00', until: '07:30' }
  const noon = { from: '12:00', until: '13:00' }
  test.each([
    ['before they begin: now', '2026-09-18T21:59', 'NORMAL', night, '2026-09-18T21:59'],
    ['from their first minute: next morning', '2026-09-18T22:00', 'NORMAL', night, '2026-09-19T07:30'],
    ['after midnight: this morning', '2026-09-19T03:00', 'HIGH', night, '2026-09-19T07:30'],
    ['at their end: now', '2026-09-19T07:30', 'HIGH', night, '2026-09-19T07:30'],
    ['a critical notice never waits', '2026-09-19T03:00', 'CRITICAL', night, '2026-09-19T03:00'],
    ['within one day', '2026-09-19T12:30', 'NORMAL', noon, '2026-09-19T13:00'],
    ['none', '2026-09-19T12:30', 'NORMAL', null, '2026-09-19T12:30'],
  ] as const)('%s', (_what, now, urgency, quiet, leaves) => expect(leavesAt(at(now), urgency, quiet)).toEqual(at(leaves)))
})

describe('ways', () => {
  test('the urgency decides unless the person has; a critical one uses all', () => {
    expect(channelsFor('task', 'HIGH', { channels: {} })).toEqual(['EMAIL', 'SMS'])
    expect(channelsFor('task', 'HIGH', { channels: { task: [] } })).toEqual([])
    expect(channelsFor('task', 'CRITICAL', { channels: { task: [] } })).toEqual(['EMAIL', 'SMS', 'PHONE'])
    expect([isAtLeast('HIGH', 'HIGH'), isAtLeast('NORMAL', 'HIGH')]).toEqual([true, false])
  })
})

describe('group bots', () => {
  const now = Temporal.Instant.fromEpochMilliseconds(1_700_000_000_000)

  test('DingTalk: the signature was computed apart, by openssl', () => {
    const { url } = dingtalkCall('https://oapi.dingtalk.com/robot/send?access_token=x', 'SEC000', message, now)
    const { searchParams } = new URL(url)
    expect(searchParams.get('timestamp')).toBe('1700000000000')
    expect(searchParams.get('sign')).toBe('ltBBey5eZrWKh1cPzFIdz3v3xpkc4Tjx4lLsPSHqdtA=')
  })

  test('Feishu: the signature was computed apart, by openssl', () => {
    const body = JSON.parse(feishuCall('https://open.feishu.cn/x', 'SEC000', message, now).body)
    expect(body).toMatchObject({ timestamp: '1700000000', sign: 'QKhXycVUGrhA1dUEbXA2Vo/zGkv/W88IgYgKNA7Xmk0=', msg_type: 'post' })
  })

  test('WeCom: markdown in which nothing typed becomes markup', () => {
    const { markdown } = JSON.parse(wecomCall('https://qyapi.weixin.qq.com/x', { ...message, body: '[点我](http://evil) *b*' }).body)
    expect(markdown.content).toContain('\\[点我\\](http://evil) \\*b\\*')
    expect(markdown.content).toContain('[查看](https://cloud.example/tasks/1)')
  })

  test.each([
    ['{"errcode":0,"errmsg":"ok"}', null],
    ['{"StatusCode":0,"code":0,"msg":"success"}', null],
    ['{"errcode":93000,"errmsg":"invalid webhook url"}', 'invalid webhook url'],
    ['{"code":19021,"msg":"sign match fail"}', 'sign match fail'],
    ['<html>', '<html>'],
  ])('answer %s', (answer, refusal) => expect(botRefusal(answer)).toBe(refusal))
})

describe('the gateway', () => {
  const settings = {
    url: 'https://sms.example/send',
    method: 'POST' as const,
    headers: { 'x-key': '{secret}' },
    contentType: 'application/json' as const,
    body: '{"to":"{phone}","content":"{text}","seq":"{id}"}',
    success: { path: 'result.code', value: '0' },
    receipt: null,
  }

  test('a text with quotes and line ends stays inside its string', () => {
    const { body, headers } = gatewayCall(settings, 'k"ey', message)
    expect(JSON.parse(body ?? '')).toEqual({ to: '13800000001', content: `${message.title} ${message.body}`, seq: 'd-1' })
    expect(headers['x-key']).toBe('k"ey')
  })

  test('forms and queries are percent-encoded', () => {
    const form = gatewayCall({ ...settings, contentType: 'application/x-www-form-urlencoded', body: 'm={phone}&c={text}' }, '', {
      ...message,
      body: 'a&b=c',
    })
    expect(new URLSearchParams(form.body).get('c')).toBe(`${message.title} a&b=c`)
    const query = gatewayCall({ ...settings, method: 'GET', body: 'm={phone}&c={text}' }, '', message)
    expect(new URL(query.url).searchParams.get('m')).toBe('13800000001')
    expect(query.body).toBeUndefined()
  })

  test.each([
    ['{"result":{"code":0}}', null],
    ['{"result":{"code":"7"}}', 'result.code = 7'],
    ['{}', 'result.code = undefined'],
    ['busy', 'no JSON'],
  ])('answer %s', (answer, refusal) => {
    const said = gatewayRefusal(settings.success, answer)
    if (refusal === null) expect(said).toBeNull()
    else expect(said).toContain(refusal)
  })
})

describe('receipts', () => {
  const settings = { list: '', id: 'msg.id', sentId: '', state: 'msg.state', delivered: ['0', 'true'], failed: ['-1'] }
  test.each([
    ['one report', { msg: { id: 'a', state: 'true' } }, [['a', true]]],
    [
      'numbers and truth values',
      { reports: [{ msg: { id: 7, state: 0 } }, { msg: { id: 8, state: true } }] },
      [
        ['7', true],
        ['8', true],
      ],
    ],
    ['a loss', { msg: { id: 'a', state: -1 } }, [['a', false]]],
    ['a state on the way', { msg: { id: 'a', state: 'queued' } }, [['a', null]]],
    ['no id, no state, nothing at all', { reports: [{ msg: { state: '0' } }, { msg: { id: 'a' } }, null, 3, []] }, []],
    ['members of the prototype are none', { msg: 'x' }, []],
  ])('%s', (_name, body, expected) => {
    expect(readReports(settings, body).map(({ id, arrived }) => [id, arrived])).toEqual(expected)
  })

  test('a list inside a member', () => {
    const body = { data: { items: [{ sid: '1', r: 'OK' }] } }
    expect(readReports({ ...settings, list: 'data.items', id: 'sid', state: 'r', delivered: ['OK'] }, body)).toEqual([
      { id: '1', state: 'OK', arrived: true },
    ])
  })

  test('settings from before receipts have none', () => {
    expect(receiptOf('x')).toBeNull()
    expect(receiptOf({ channel: 'EMAIL', host: 'h', port: 25, tls: 'none', user: '', from: 'a@b.cn', fromName: '' })).toBeNull()
  })
})
