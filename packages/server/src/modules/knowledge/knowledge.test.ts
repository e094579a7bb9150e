import { knowledgeApi as api } from '@changbai/contract/knowledge.ts'
import { notificationApi } from '@changbai/contract/notification.ts'
import { searchApi } from '@changbai/contract/search.ts'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, startTestServer, type TestServer } from '../../../test/harness.ts'
import { createTenant } from '../identity/index.ts'
import { remindOfReviews } from './knowledge.jobs.ts'

let t: TestServer
let author: Client
let other: Client
let bureau: Client
let third: Client
const refusal = (answer: { problem: { type: string } }) => answer.problem.type.split(':').at(-1)
const words = {
  title: '登录收不到短信验证码',
  keywords: '短信 登录',
  body: '本文说明处理办法。收不到验证码时，先确认手机号，再重启短信网关会话。',
  audience: 'PROVIDER' as const,
}

beforeAll(async () => {
  t = await startTestServer({ now: '2026-09-18T15:00' })
  const tenantId = await t.inTx(async (ctx) => (await createTenant(ctx, { code: 'LC', name: '省林草局', shortName: '省林草局' })).id)
  author = await t.signedIn({ role: 'MAINTENANCE_ENGINEER', name: '马骏' })
  other = await t.signedIn({ role: 'SERVICE_DESK', name: '王雨桐' })
  bureau = await t.signedIn({ role: 'APP_PROJECT_MANAGER', tenantId, name: '杨帆' })
  third = await t.signedIn({ role: 'THIRD_PARTY', name: '何静' })
}, 60_000)
afterAll(() => t.stop())

describe('an article', () => {
  let id: string
  const seen = async () => Promise.all([other, bureau, third].map(async (who) => (await who.send(api.get, { articleId: id })).status))
  it('a draft is seen by editors only', async () => {
    id = (await author.call(api.write, words)).id
    expect(await seen()).toEqual([200, 404, 404])
    expect((await other.call(api.suggest, { q: '收不到验证码' })).items).toEqual([])
  })
  it.each([
    ['today', '2026-09-18'],
    ['too far', '2027-09-19'],
  ])('published with a day of review: %s is refused', async (_, reviewOn) =>
    expect(refusal(await author.send(api.publish, { articleId: id, reviewOn }))).toBe('knowledge.review-day'),
  )
  it('published for the provider, then for bureaus, then for all: each reader sees their own', async () => {
    await author.call(api.publish, { articleId: id, reviewOn: '2027-01-01' })
    expect(await seen()).toEqual([200, 404, 404])
    expect((await bureau.call(api.list, {})).items).toEqual([])
    expect((await bureau.call(api.suggest, { q: '收不到验证码' })).items).toEqual([])
    expect((await bureau.call(searchApi.everywhere, { q: '验证码' })).groups).toEqual([])
    await author.call(api.revise, { articleId: id, ...words, audience: 'BUREAU', note: '对外', basedOn: 1 })
    // a version not published changes nothing for readers
    expect(await seen()).toEqual([200, 404, 404])
    await author.call(api.publish, { articleId: id, reviewOn: '2027-01-01' })
    expect(await seen()).toEqual([200, 200, 404])
    await author.call(api.revise, { articleId: id, ...words, audience: 'ALL', note: '公开', basedOn: 2 })
    await author.call(api.publish, { articleId: id, reviewOn: '2027-01-01' })
    expect(await seen()).toEqual([200, 200, 200])
    expect(refusal(await author.send(api.publish, { articleId: id, reviewOn: '2027-01-01' }))).toBe('knowledge.nothing-new')
  })
  it('of two who rewrite the same version the second is told', async () => {
    const change = { articleId: id, ...words, audience: 'ALL' as const, note: '补充', basedOn: 3 }
    await other.call(api.revise, change)
    expect(refusal(await author.send(api.revise, change))).toBe('knowledge.changed')
    expect((await author.call(api.get, { articleId: id })).versions.map((one) => [one.version, one.isPublished])).toEqual([
      [4, false],
      [3, true],
      [2, false],
      [1, false],
    ])
    await expect(t.inTx((ctx) => sql`update knowledge_version set body = 'x'`.execute(ctx.db))).rejects.toThrow('append-only')
  })
  it('suggested while one types, with the sentence that answers; readers see no drafts and no comments', async () => {
    const { items } = await bureau.call(api.suggest, { q: '用户收不到验证码怎么办' })
    expect(items).toMatchObject([{ id, excerpt: '收不到验证码时，先确认手机号，再重启短信网关会话。' }])
    expect((await bureau.call(api.suggest, { q: '打印机缺纸' })).items).toEqual([])
    expect(await bureau.call(api.get, { articleId: id })).toMatchObject({ versions: [], comments: [], hasDraft: false, mayEdit: false })
  })
  it('found by words of its text, two characters are enough', async () => {
    expect((await bureau.call(api.list, { q: '网关' })).items).toHaveLength(1)
    expect((await bureau.call(searchApi.everywhere, { q: '验证码' })).groups.map((one) => one.kind)).toEqual(['ARTICLE'])
  })
  it('a vote is one a person, may be changed, and is not assumed', async () => {
    expect(await bureau.call(api.get, { articleId: id })).toMatchObject({ helpful: 0, unhelpful: 0, myVote: null })
    await bureau.call(api.vote, { articleId: id, helpful: false, comment: '没说网关在哪' })
    expect(await bureau.call(api.vote, { articleId: id, helpful: true })).toMatchObject({ helpful: 1, unhelpful: 0, myVote: true })
    await third.call(api.vote, { articleId: id, helpful: false, comment: '看不懂' })
    expect((await author.call(api.get, { articleId: id })).comments).toMatchObject([{ helpful: false, comment: '看不懂' }])
  })
  it('on the day of review its author is told, once; reviewed, it is quiet again', async () => {
    t.setNow('2027-01-01T08:40')
    expect(await t.inTx(remindOfReviews)).toBe(1)
    await t.inTx(remindOfReviews)
    expect((await author.call(notificationApi.inbox, {})).items.filter((one) => one.event === 'knowledge.review-due')).toHaveLength(1)
    expect((await author.call(api.list, { reviewDue: 'true' })).items).toHaveLength(1)
    await author.call(api.review, { articleId: id, reviewOn: '2027-12-01' })
    expect(await t.inTx(remindOfReviews)).toBe(0)
  })
  it('retired, it is gone for readers', async () => {
    await author.call(api.retire, { articleId: id, reason: '网关已更换' })
    expect(await seen()).toEqual([200, 404, 404])
    expect((await other.call(api.suggest, { q: '收不到验证码' })).items).toEqual([])
    expect(refusal(await author.send(api.revise, { articleId: id, ...words, note: '再写', basedOn: 4 }))).toBe('knowledge.retired')
  })
})
