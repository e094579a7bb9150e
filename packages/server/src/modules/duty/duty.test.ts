import { createServer as createHttp } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dutyApi } from '@changbai/contract/duty.ts'
import { notificationApi } from '@changbai/contract/notification.ts'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, startTestServer, type TestServer } from '../../../test/harness.ts'
import { createServer } from '../../app/server.ts'
import { createLog } from '../../platform/log.ts'
import { duePages, dutyClauses, endPages, pagingSteps, startPage } from './index.ts'
import { advancePages } from './page.service.ts'
import { watchCoverage } from './watch.ts'

let t: TestServer
let manager: Client
let leader: Client
const officers: Client[] = []
const [FROM, TO] = ['2026-09-18', '2026-09-30'] as const
const officer = (index: number) => officers[index] as Client
const shiftAt = async (at: string) => {
  const { lines } = await manager.call(dutyApi.now, { at: Temporal.Instant.from(`${at}+08:00`).toString() })
  return lines.find((line) => line.line === 'MOBILE_7X24')?.shift ?? null
}
const draft = (fromOn: string, toOn: string, people: Client[], line: 'DESK_5X8' | 'MOBILE_7X24' = 'MOBILE_7X24') =>
  manager.call(dutyApi.draft, { line, fromOn, toOn, personIds: people.map((one) => one.personId), turn: 'DAY' })

beforeAll(async () => {
  t = await startTestServer({ now: '2026-09-18T02:00' })
  manager = await t.signedIn({ role: 'MAINTENANCE_MANAGER', name: '赵立新' })
  leader = await t.signedIn({ role: 'PROVIDER_LEADER', name: '冯志远' })
  for (const name of ['甲', '乙', '丙', '丁']) officers.push(await t.signedIn({ role: 'DUTY_OFFICER', name }))
  for (const one of officers)
    await manager.call(dutyApi.saveOfficer, {
      personId: one.personId,
      lines: ['MOBILE_7X24', 'DESK_5X8'],
      passedOn: '2026-03-01',
      drilledOn: '2026-04-01',
    })
}, 60_000)
afterAll(() => t.stop())

describe('before anything is published', () => {
  it('nobody is on duty, and a page goes to the managers at once', async () => {
    const { lines } = await manager.call(dutyApi.now, {})
    expect(lines.map(({ line, open, shift }) => [line, open, shift])).toEqual([
      ['DESK_5X8', false, null],
      ['MOBILE_7X24', true, null],
      ['FACILITY_7X24', true, null],
    ])
    const steps = await t.inTx((ctx) => pagingSteps(ctx, ctx.now))
    expect(steps.map((step) => step.place)).toEqual(['MANAGER', 'LEADER'])
  })
  it('the gap ahead is told once a day to those who plan', async () => {
    await t.inTx(watchCoverage)
    await t.inTx(watchCoverage)
    const { items } = await manager.call(notificationApi.inbox, {})
    expect(items.filter((notice) => notice.event === 'duty.uncovered')).toHaveLength(3)
  })
})

describe('[5.10.1-(2)a] rosters', () => {
  it('a gap cannot be published; closed, it can', async () => {
    const made = await draft(FROM, TO, officers.slice(0, 3))
    expect(made.flaws).toEqual([])
    const taken = made.items[3]
    const cut = await manager.call(dutyApi.saveShift, {
      shiftId: taken?.id ?? '',
      startsAt: taken?.startsAt ?? '',
      endsAt: Temporal.Instant.from(taken?.endsAt ?? '')
        .subtract({ minutes: 1 })
        .toString(),
      primaryId: taken?.primary.id ?? '',
      backupId: taken?.backup.id ?? '',
    })
    expect(cut.flaws.map((flaw) => flaw.kind)).toEqual(['GAP'])
    const refused = await manager.send(dutyApi.publish, { rosterId: made.id })
    expect([refused.status, refused.problem.type]).toEqual([422, 'urn:changbai:problem:duty.gaps'])
    await manager.call(dutyApi.saveShift, {
      shiftId: taken?.id ?? '',
      startsAt: taken?.startsAt ?? '',
      endsAt: taken?.endsAt ?? '',
      primaryId: taken?.primary.id ?? '',
      backupId: taken?.backup.id ?? '',
    })
    expect(await manager.call(dutyApi.publish, { rosterId: made.id })).toMatchObject({ state: 'PUBLISHED', flaws: [] })
    expect((await shiftAt('2026-09-18T02:00'))?.primary.name).toBe('甲')
    expect((await officer(0).call(notificationApi.inbox, {})).items.map((notice) => notice.event)).toContain('duty.published')
  })
  it('the same days are planned once; what is published changes by swaps only', async () => {
    const again = await manager.send(dutyApi.draft, {
      line: 'MOBILE_7X24',
      fromOn: TO,
      toOn: '2026-10-02',
      personIds: officers.slice(0, 2).map((one) => one.personId),
      turn: 'DAY',
    })
    expect(again.problem.type).toBe('urn:changbai:problem:duty.period-taken')
    const shift = await shiftAt('2026-09-18T02:00')
    const removed = await manager.send(dutyApi.removeShift, { shiftId: shift?.id ?? '' })
    expect(removed.problem.type).toBe('urn:changbai:problem:duty.published')
  })
  it('the next roster goes on where the last night ends', async () => {
    const next = await draft('2026-10-01', '2026-10-03', officers.slice(0, 3))
    expect(next.items[0]?.startsAt).toBe('2026-10-01T00:00:00Z')
    expect(next.flaws).toEqual([])
    await manager.call(dutyApi.discard, { rosterId: next.id })
  })
  it('[5.8-3] nobody without test and drill stands on a roster', async () => {
    const stranger = await t.signedIn({ role: 'DUTY_OFFICER', name: '新人' })
    const refused = await manager.send(dutyApi.draft, {
      line: 'MOBILE_7X24',
      fromOn: '2026-10-10',
      toOn: '2026-10-11',
      personIds: [officer(0).personId, stranger.personId],
      turn: 'DAY',
    })
    expect(refused.problem).toMatchObject({ type: 'urn:changbai:problem:duty.not-qualified', name: '新人' })
  })
  it('nobody stands on two lines at a time', async () => {
    const desk = await draft('2026-09-21', '2026-09-22', officers.slice(0, 2), 'DESK_5X8')
    expect((await manager.send(dutyApi.publish, { rosterId: desk.id })).problem.type).toBe('urn:changbai:problem:duty.busy')
    await manager.call(dutyApi.discard, { rosterId: desk.id })
  })
})

describe('what the board reads', () => {
  it('[5.10.1-(2)a] a day each, gone ones only; [5.8-3] everybody on the roster', async () => {
    const at = (text: string) => Temporal.Instant.from(`${text}+08:00`)
    const span = { from: at('2026-09-01T00:00'), to: at('2026-10-01T00:00'), asOf: at('2026-09-21T09:00') }
    const read = (of: string) => {
      const source = dutyClauses.find((one) => one.of === of)
      if (!source || source.meter === 'rhythm') throw new Error(`no source ${of}`)
      return t.inTx((ctx) => source.read(ctx, span))
    }
    expect((await read('hotline-manned')).map((one) => `${one.subject.label} ${one.kept}`)).toEqual([
      '2026-09-18 true',
      '2026-09-19 true',
      '2026-09-20 true',
    ])
    expect(await read('desk-manned')).toEqual([])
    expect((await read('duty-qualified')).map((one) => one.kept)).toEqual([true, true, true])
  })
})

describe('swaps and hand-overs', () => {
  it('takes effect with consent only', async () => {
    const shift = await shiftAt('2026-09-21T09:00')
    const holder = officers.find((one) => one.personId === shift?.primary.id) as Client
    const fourth = officer(3)
    const swap = await holder.call(dutyApi.askSwap, { shiftId: shift?.id ?? '', toId: fourth.personId, reason: '家中有事' })
    expect((await shiftAt('2026-09-21T09:00'))?.primary.id).toBe(holder.personId)
    expect((await holder.send(dutyApi.answerSwap, { swapId: swap.id, answer: 'AGREED' })).status).toBe(403)
    await fourth.call(dutyApi.answerSwap, { swapId: swap.id, answer: 'AGREED' })
    expect((await shiftAt('2026-09-21T09:00'))?.primary.id).toBe(fourth.personId)
    expect((await fourth.send(dutyApi.answerSwap, { swapId: swap.id, answer: 'REFUSED' })).problem.type).toBe(
      'urn:changbai:problem:duty.decided',
    )
  })
  it('a hand-over is signed by both', async () => {
    const shift = await shiftAt('2026-09-18T02:00')
    const [from, to] = [officer(0), officer(1)]
    const given = await from.call(dutyApi.giveHandOver, {
      shiftId: shift?.id ?? '',
      toId: to.personId,
      note: '一台交换机观察中',
      openItems: ['SW-3'],
    })
    expect((await from.send(dutyApi.takeHandOver, { handOverId: given.id })).status).toBe(403)
    expect((await to.call(dutyApi.takeHandOver, { handOverId: given.id })).takenAt).not.toBeNull()
    const { items } = await manager.call(dutyApi.handOvers, {})
    expect(items[0]).toMatchObject({ openItems: ['SW-3'], from: { name: '甲' }, to: { name: '乙' } })
  })
})

describe('paging', () => {
  const subjectId = '0198f0a0-0000-7000-8000-000000000005'
  const page = () =>
    t.inTx((ctx) => startPage(ctx, { subjectType: 'incident', subjectId, tenantId: null, title: '核心交换机故障', link: '/incidents' }))
  const read = async (id: string) => (await manager.call(dutyApi.pages, { subjectId })).items.find((one) => one.id === id)

  it('goes to the next person when nobody answers, through a restart, and at last to the leader', async () => {
    const id = await page()
    expect((await read(id))?.tries.map((one) => one.name)).toEqual(['甲'])
    t.advance('PT1M59S')
    expect(await t.inTx(advancePages)).toBe(0)
    t.advance('PT1S')
    // the process that sent the first page is gone; another one finds the row
    const second = await createServer({
      databaseUrl: t.databaseUrl,
      secrets: { encryption: Buffer.alloc(32, 1), signing: Buffer.alloc(32, 2) },
      log: createLog('silent'),
      publicUrl: 'http://localhost:3000',
      trustProxy: false,
      clock: t.now,
      background: false,
      poolSize: 2,
      outboundAllow: ['127.0.0.1'],
    })
    expect(await duePages.run(second.runtime)).toBe(1)
    await second.close()
    expect((await read(id))?.tries.map((one) => one.name)).toEqual(['甲', '乙'])
    for (const _ of [1, 2, 3]) {
      t.advance('PT2M')
      await t.inTx(advancePages)
    }
    expect(await read(id)).toMatchObject({
      state: 'EXHAUSTED',
      tries: [{ name: '甲' }, { name: '乙' }, { name: '赵立新' }, { name: '冯志远' }],
    })
    expect((await leader.call(notificationApi.inbox, {})).items.map((notice) => notice.event)).toContain('duty.page-exhausted')
  }, 30_000)

  it('an answer stops it; the second to answer sees who was faster', async () => {
    const id = await page()
    t.advance('PT2M')
    await t.inTx(advancePages)
    expect(await officer(1).call(dutyApi.acknowledgePage, { pageId: id })).toMatchObject({ state: 'ACKNOWLEDGED', acknowledgedBy: '乙' })
    expect(await officer(0).call(dutyApi.acknowledgePage, { pageId: id })).toMatchObject({ acknowledgedBy: '乙' })
    t.advance('PT10M')
    expect(await t.inTx(advancePages)).toBe(0)
    expect((await officer(2).send(dutyApi.acknowledgePage, { pageId: id })).status).toBe(403)
  })
  it('a clock that is set back, or leaps ahead, reaches nobody twice and nobody is left out', async () => {
    const id = await page()
    const began = t.now()
    t.setNow(began.subtract({ hours: 1 }))
    expect(await t.inTx(advancePages)).toBe(0)
    t.setNow(began.add({ hours: 3 }))
    expect(await t.inTx(advancePages)).toBe(1)
    expect(await t.inTx(advancePages)).toBe(0)
    expect((await read(id))?.tries.map((one) => one.seq)).toEqual([1, 2])
    await t.inTx((ctx) => endPages(ctx, subjectId, '甲'))
    t.setNow(began)
  })
  it('ends when the matter is taken care of', async () => {
    const id = await page()
    await t.inTx((ctx) => endPages(ctx, subjectId, '甲'))
    expect((await read(id))?.state).toBe('ENDED')
  })
  it('where no way to a person works the next one is not made to wait', async () => {
    const admin = await t.signedIn({ role: 'SYSTEM_ADMIN' })
    const security = await t.signedIn({ role: 'SECURITY_ADMIN' })
    const heard: string[] = []
    const gateway = createHttp((request, reply) => {
      let body = ''
      request.on('data', (part) => {
        body += part
      })
      request.on('end', () => {
        const { phone } = JSON.parse(body) as { phone: string }
        heard.push(phone)
        reply.writeHead(phone === '1001' && heard.length === 1 ? 503 : 200).end('{}')
      })
    })
    await new Promise<void>((done) => gateway.listen(0, '127.0.0.1', done))
    const { port } = gateway.address() as AddressInfo
    const channels: string[] = []
    for (const channel of ['SMS'] as const) {
      const settings = { channel, url: `http://127.0.0.1:${port}/`, body: '{"phone":"{phone}"}' }
      const { id } = await admin.call(notificationApi.proposeChannel, { name: channel, settings })
      await security.call(notificationApi.decideChannel, { channelId: id, approve: true })
      channels.push(id)
    }
    for (const [index, phone] of ['1001', '1002'].entries())
      await t.inTx((ctx) => sql`update person set phone = ${phone} where id = ${officer(index).personId}`.execute(ctx.db))
    const id = await page()
    await expect(t.runJobs()).rejects.toThrow('503')
    expect(heard).toEqual(['1001'])
    // two minutes have not passed: the only way to the first has failed, that is enough
    expect(await t.inTx(advancePages)).toBe(1)
    expect((await read(id))?.tries.map((one) => one.name)).toEqual(['甲', '乙'])
    await t.runJobs()
    expect(heard.sort()).toEqual(['1001', '1001', '1002'])
    expect(await t.inTx(advancePages)).toBe(0)
    await t.inTx((ctx) => endPages(ctx, subjectId, '乙'))
    for (const channelId of channels) await security.call(notificationApi.retireChannel, { channelId })
    await new Promise((done) => gateway.close(done))
  }, 30_000)
  it('two processes at once reach each person once', async () => {
    const id = await page()
    t.advance('PT2M')
    await Promise.all([t.inTx(advancePages), t.inTx(advancePages)])
    expect((await read(id))?.tries).toHaveLength(2)
    await t.inTx((ctx) => endPages(ctx, subjectId, '甲'))
  })
})

describe('posts and feed', () => {
  it('a post has a holder and a deputy every day; a later one ends it the day before', async () => {
    const deputy = await t.signedIn({ role: 'MAINTENANCE_MANAGER', name: '秦海' })
    const people = { role: 'MAINTENANCE_MANAGER', holderId: deputy.personId, deputyId: manager.personId } as const
    await manager.call(dutyApi.savePost, { ...people, fromOn: '2026-09-01' })
    await manager.call(dutyApi.savePost, { ...people, holderId: manager.personId, deputyId: deputy.personId, fromOn: '2026-09-20' })
    const holderOn = async (on: string) => (await manager.call(dutyApi.posts, { on })).items.map((post) => post.holder.name)
    expect([await holderOn('2026-09-19'), await holderOn('2026-09-20')]).toEqual([['秦海'], ['赵立新']])
    expect((await manager.call(dutyApi.posts, {})).missing).not.toContain('MAINTENANCE_MANAGER')
    const steps = await t.inTx((ctx) => pagingSteps(ctx, Temporal.Instant.from('2026-09-19T02:00:00+08:00')))
    expect(steps.find((step) => step.place === 'MANAGER')?.personId).toBe(deputy.personId)
  })
  it('the calendar is read by whoever knows its address, until a new one is made', async () => {
    const { path } = await officer(0).call(dutyApi.makeFeed, {})
    const token = path.split('/').at(-1) as string
    const answer = await t.anonymous.send(dutyApi.feed, { token })
    expect(String(answer.headers['content-type'])).toContain('text/calendar')
    expect(String(answer.reply)).toContain('SUMMARY:移动热线 主班')
    await officer(0).call(dutyApi.makeFeed, {})
    expect((await t.anonymous.send(dutyApi.feed, { token })).status).toBe(404)
  })
})
