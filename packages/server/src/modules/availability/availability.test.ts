import { availabilityApi as api, measurementApi, probeApi } from '@changbai/contract/availability.ts'
import { verifyAvailability } from '@changbai/verify/availability/verify-availability.ts'
import { sql } from 'kysely'
import { afterAll, describe, expect, test } from 'vitest'
import type { Client } from '../../../test/harness.ts'
import { availabilityClauses } from './availability.clauses.ts'
import { measuredHouse, YEAR as year } from './availability.fixture.ts'
import { addDowntime } from './index.ts'

const { t, om, cm, cl, tp, ia, se, pm, stranger, probes, waiting, applicationId, look, minute, one, counted } = await measuredHouse()
const code = (answer: { problem: { type?: string } }) => String(answer.problem.type).replace('urn:changbai:problem:', '')
afterAll(() => t.stop())

describe('probes', () => {
  test('who has no token, who is not approved yet, or was withdrawn, is refused', async () => {
    expect(waiting).toEqual(['urn:changbai:problem:probe.waits', 'urn:changbai:problem:probe.waits', 'urn:changbai:problem:probe.waits'])
    expect(code(await t.anonymous.send(probeApi.assignment, {}))).toBe('probe.refused')
    expect(
      code(
        await t.anonymous.send(probeApi.results, {
          results: [{ applicationId, at: '2026-03-01T00:00:00Z', verdict: 'UP', latencyMs: 1, detail: '' }],
        }),
      ),
    ).toBe('probe.refused')
    const { probe } = await ia.call(api.createProbe, { name: '多余', canaries: [{ kind: 'TCP', url: 'tcp://10.52.0.1:80', expect: {} }] })
    await se.call(api.decideProbe, { probeId: probe.id, approve: false })
    expect(code(await ia.send(api.createProbe, { name: '多余', canaries: [{ kind: 'TCP', url: 'tcp://10.52.0.1:80', expect: {} }] }))).toBe(
      'conflict',
    )
  })
  test('one is told what to look at, and how often', async () => {
    const assignment = await (probes[0] as Client).call(probeApi.assignment, { version: '1' })
    expect(assignment).toMatchObject({ intervalSeconds: 10, applications: [{ applicationId, probes: [{ url: 'http://10.52.0.80/' }] }] })
  })
})

describe('[7.1-I-2] from results to outages', () => {
  test('up: nothing is down, nothing unknown', async () => {
    await look('2026-03-01T00:00:00Z', '2026-03-01T01:00:00Z', () => 'UP')
    const { row, outages } = await one()
    expect(outages).toEqual([])
    expect(row).toMatchObject({
      state: 'UP',
      measuredFrom: '2026-03-01T00:00:00.000Z',
      statement: { measuredMs: 3_600_000, knownMs: 3_600_000 },
    })
  })
  test('one probe alone proves nothing', async () => {
    await look('2026-03-01T01:00:00Z', '2026-03-01T01:10:00Z', (probe) => (probe === 2 ? 'DOWN' : 'UP'))
    expect((await one()).outages).toEqual([])
  })
  test('two of three: down from the second one’s first failure, printed with its bounds', async () => {
    await look('2026-03-01T01:10:00Z', '2026-03-01T01:20:00Z', (probe) => (probe === 0 ? 'UP' : 'DOWN'))
    const { outages, row } = await one()
    expect(outages).toMatchObject([
      {
        state: 'DOWN',
        source: 'PROBE',
        from: '2026-03-01T01:10:00.000Z',
        fromLo: '2026-03-01T01:09:50.000Z',
        to: null,
        decision: 'PENDING',
      },
    ])
    expect(row.state).toBe('DOWN')
    expect(row.statement.figures.countedMs).toBe(600_000)
  })
  test('up again: closed at the first good result, the same outage', async () => {
    const [open] = (await one()).outages
    await look('2026-03-01T01:20:00Z', '2026-03-01T01:40:00Z', () => 'UP')
    const { outages, row } = await one()
    expect(outages).toMatchObject([{ id: open?.id, to: '2026-03-01T01:20:00.000Z', toLo: '2026-03-01T01:19:50.000Z', countedMs: 600_000 }])
    expect(row.statement.uncertaintyMs).toBe(20_000)
    expect(row.state).toBe('UP')
  })
  test('sending everything again changes nothing', async () => {
    const before = await one()
    await look('2026-03-01T01:10:00Z', '2026-03-01T01:20:00Z', (probe) => (probe === 0 ? 'UP' : 'DOWN'), '2026-03-01T01:40:00Z')
    const after = await one()
    expect({ ...after, downtimes: [] }).toEqual({ ...before, downtimes: [] })
  })
  test('silence is unknown, and what the probes kept undoes it', async () => {
    await minute('2026-03-01T02:00:00Z')
    expect((await one()).outages[0]).toMatchObject({ state: 'UNKNOWN', from: '2026-03-01T01:40:10.000Z', to: null })
    expect((await one()).row.state).toBe('UNKNOWN')
    await look('2026-03-01T01:40:00Z', '2026-03-01T02:00:00Z', () => 'UP', '2026-03-01T02:00:05Z')
    expect((await one()).outages.map(({ state }) => state)).toEqual(['DOWN'])
    expect(await counted()).toBe(600_000)
  })
  test('probes that lost their own canaries abstain: two of three and nobody knows', async () => {
    await look('2026-03-01T02:00:00Z', '2026-03-01T02:10:00Z', (probe) => (probe === 0 ? 'UP' : 'ABSTAIN'))
    await look('2026-03-01T02:10:00Z', '2026-03-01T02:20:00Z', () => 'UP')
    expect((await one()).outages[0]).toMatchObject({ state: 'UNKNOWN', from: '2026-03-01T02:00:00.000Z', to: '2026-03-01T02:10:00.000Z' })
    expect((await one()).row.statement.figures).toMatchObject({ countedMs: 600_000, unknownMs: 600_000 })
  })
  test('result by result as they come, each probe at its own second: back-dated to the first failure of the probe that turned the scale', async () => {
    const start = Temporal.Instant.from('2026-03-01T02:20:00Z').epochMilliseconds
    const at = (second: number) => new Date(start + second * 1000).toISOString()
    // probes look at 0, 3 and 6 s of every ten; it is down from 21 s to 52 s
    for (let second = 0; second < 80; second++) {
      for (const [index, probe] of probes.entries()) {
        if (second % 10 !== index * 3) continue
        t.setNow(at(second + 1))
        const verdict = second >= 21 && second < 52 ? ('DOWN' as const) : ('UP' as const)
        await probe.call(probeApi.results, { results: [{ applicationId, at: at(second), verdict, latencyMs: 5, detail: '' }] })
      }
    }
    const [outage] = (await one()).outages
    expect(outage).toMatchObject({ state: 'DOWN', from: at(26), fromLo: at(16), to: at(56), toLo: at(46) })
    await cm.call(api.rule, { applicationId, outageId: outage?.id ?? '', decision: 'NOT_DOWN', reason: '演练' })
    expect((await one()).row.statement.uncertaintyMs).toBe(20_000)
  })
  test('a clock that runs ahead is not believed', async () => {
    t.setNow('2026-03-01T02:22:00Z')
    const result = { applicationId, at: '2026-03-01T02:30:00Z', verdict: 'DOWN' as const, latencyMs: 1, detail: '' }
    expect(await (probes[0] as Client).call(probeApi.results, { results: [result] })).toEqual({ accepted: 0, refused: 1 })
  })
  test('what was seen is kept as evidence', async () => {
    const { items } = await cm.call(api.evidence, { applicationId, from: '2026-03-01T01:09:00Z', to: '2026-03-01T01:10:30Z' })
    expect(items.filter(({ verdict }) => verdict === 'DOWN').length).toBeGreaterThan(5)
    expect(items.every(({ detail, verdict }) => (verdict === 'DOWN') === (detail === 'HTTP 503'))).toBe(true)
  })
})

describe('[7.1-I-2] rulings', () => {
  const outage = async () =>
    (await one()).outages.filter(({ state }) => state === 'DOWN').at(-1) as Awaited<ReturnType<typeof one>>['outages'][number]
  const rule = async (who: Client, input: object) =>
    who.send(api.rule, {
      applicationId,
      outageId: (await outage()).id,
      decision: 'NON_PROVIDER',
      reason: '租户自行发布',
      ...input,
    } as never)

  test('the provider decides nothing', async () => {
    expect((await rule(om, {})).status).toBe(403)
    expect((await rule(tp, {})).status).toBe(403)
  })
  test('part of it', async () => {
    expect((await rule(cm, { from: '2026-03-01T01:10:00Z', to: '2026-03-01T01:15:00Z' })).reply).toMatchObject({
      decision: 'MIXED',
      countedMs: 300_000,
    })
    expect(await counted()).toBe(300_000)
  })
  test('not beyond what was measured', async () => {
    expect(code(await rule(cm, { to: '2026-03-01T01:25:00Z' }))).toBe('availability.outside')
  })
  test('the leader decides what is disputed, nobody else and nothing else', async () => {
    expect(code(await rule(cl, {}))).toBe('availability.customer-only')
    await om.call(api.dispute, { applicationId, outageId: (await outage()).id, reason: '全段都是租户原因' })
    expect((await outage()).disputed).toBe(true)
    expect(code(await rule(cm, {}))).toBe('availability.disputed')
    expect((await rule(cl, {})).reply).toMatchObject({ decision: 'NON_PROVIDER', countedMs: 0, disputed: false })
    expect(await counted()).toBe(0)
  })
  test('an outage reported by telephone is added, and counts once with what the probes saw', async () => {
    const input = {
      applicationId,
      from: '2026-03-01T01:00:00Z',
      to: '2026-03-01T01:20:00Z',
      domain: 'STORAGE' as const,
      note: '来电：存储不可用',
    }
    const added = await om.call(api.report, input)
    expect(await counted()).toBe(1_200_000)
    expect(
      code(
        await om.send(api.end, {
          applicationId,
          outageId: (await one()).outages.find(({ source }) => source === 'PROBE')?.id ?? '',
          to: '2026-03-01T01:15:00Z',
        }),
      ),
    ).toBe('availability.probes-own')
    // what was recorded is not shortened by the provider; the customer rules that part of it was not down
    const ending = await om.send(api.end, { applicationId, outageId: added.id, to: '2026-03-01T01:05:00Z', reason: '记错' })
    expect(code(ending)).toBe('availability.ended')
    const part = { from: '2026-03-01T01:05:00Z', to: '2026-03-01T01:20:00Z', decision: 'NOT_DOWN' as const, reason: '日志显示正常' }
    await cm.call(api.rule, { applicationId, outageId: added.id, ...part })
    expect(await counted()).toBe(300_000)
    expect(code(await om.send(api.report, { ...input, to: '2026-03-01T00:50:00Z' }))).toBe('availability.backwards')
    expect(code(await om.send(api.report, { ...input, to: '2026-04-01T00:00:00Z' }))).toBe('availability.in-future')
  })
  test('another bureau sees nothing of it', async () => {
    expect((await stranger.send(api.one, { applicationId, year })).status).toBe(404)
    expect((await stranger.call(api.list, { year })).items).toEqual([])
    expect((await pm.call(api.list, { year })).items).toHaveLength(1)
  })
})

test('an outage without an end is ended once', async () => {
  t.setNow('2026-03-02T00:00:00Z')
  const { id: outageId } = await om.call(api.report, { applicationId, from: '2026-03-01T23:00:00Z', to: null, note: '来电' })
  expect(await counted()).toBe(300_000 + 3_600_000)
  expect((await one()).row.state).toBe('DOWN')
  const { countedMs } = await om.call(api.end, { applicationId, outageId, to: '2026-03-01T23:10:00Z', reason: '来电恢复' })
  expect(countedMs).toBe(600_000)
  await cm.call(api.rule, { applicationId, outageId, decision: 'NON_PROVIDER', reason: '租户断电' })
  expect(await counted()).toBe(300_000)
})

describe('[7.1-I-1] planned downtime', () => {
  const window = {
    reason: 'MAINTENANCE' as const,
    plannedFrom: '2026-03-10T14:00:00Z',
    plannedTo: '2026-03-10T16:00:00Z',
    impact: '停机两小时',
    rollbackPlan: '回退',
  }
  const propose = () => om.call(api.proposeDowntime, { ...window, applicationIds: [applicationId] })

  test('noticed, recognised before it begins, and what overruns it counts', async () => {
    t.setNow('2026-03-04T02:00:00Z')
    let one = await propose()
    expect(code(await cm.send(api.decideDowntime, { downtimeId: one.id, rev: one.rev, recognised: true }))).toBe('downtime.not-noticed')
    one = await om.call(api.noticeDowntime, {
      downtimeId: one.id,
      rev: one.rev,
      noticeSentAt: '2026-03-04T01:00:00Z',
      proof: '函〔2026〕12 号，签收',
    })
    expect(one).toMatchObject({ late: false, valid: false })
    expect((await om.send(api.decideDowntime, { downtimeId: one.id, rev: one.rev, recognised: true })).status).toBe(403)
    one = await cm.call(api.decideDowntime, { downtimeId: one.id, rev: one.rev, recognised: true })
    expect(one).toMatchObject({ valid: true, recognised: true })
    expect(code(await cm.send(api.decideDowntime, { downtimeId: one.id, rev: one.rev, recognised: false }))).toBe('downtime.decided')

    t.setNow('2026-03-10T18:00:00Z')
    one = await om.call(api.recordDowntime, {
      downtimeId: one.id,
      rev: one.rev,
      actualFrom: '2026-03-10T14:00:00Z',
      actualTo: '2026-03-10T16:30:00Z',
    })
    expect(one.overrunMs).toBe(1_800_000)
    const again = { downtimeId: one.id, rev: one.rev, actualFrom: '2026-03-10T14:00:00Z', actualTo: '2026-03-10T15:00:00Z' }
    expect(code(await om.send(api.recordDowntime, again))).toBe('availability.ended')
    const { figures } = (await cm.call(api.one, { applicationId, year })).row.statement
    expect(figures).toMatchObject({ countedMs: 300_000 + 1_800_000, plannedMs: 7_200_000, withPlannedMs: 300_000 + 9_000_000 })
  })
  test('late recognition is refused; late notice is marked and does not void', async () => {
    t.setNow('2026-03-19T10:00:00Z')
    const near = { ...window, plannedFrom: '2026-03-20T14:00:00Z', plannedTo: '2026-03-20T15:00:00Z' }
    let one = await om.call(api.proposeDowntime, { ...near, applicationIds: [applicationId] })
    one = await om.call(api.noticeDowntime, { downtimeId: one.id, rev: one.rev, noticeSentAt: '2026-03-19T09:00:00Z', proof: '短信回执' })
    expect(one.late).toBe(true)
    t.setNow('2026-03-20T14:00:00Z')
    expect(code(await cm.send(api.decideDowntime, { downtimeId: one.id, rev: one.rev, recognised: true }))).toBe('downtime.begun')
    t.setNow('2026-03-20T13:59:59.999Z')
    expect((await cm.call(api.decideDowntime, { downtimeId: one.id, rev: one.rev, recognised: true })).valid).toBe(true)
  })
  test('the same source is the same window', async () => {
    t.setNow('2026-03-21T00:00:00Z')
    const input = {
      ...window,
      applicationIds: [applicationId],
      plannedFrom: Temporal.Instant.from('2026-04-01T14:00:00Z'),
      plannedTo: Temporal.Instant.from('2026-04-01T15:00:00Z'),
      source: { type: 'change', id: 'c1' },
    }
    expect(await t.inTx((ctx) => addDowntime(ctx, input))).toBe(await t.inTx((ctx) => addDowntime(ctx, input)))
  })
})

describe('[7.1-II-2-1] seal, confirmation, amendment', () => {
  test('not before the month is over', async () => {
    t.setNow('2026-03-31T15:59:59Z')
    expect(code(await om.send(api.seal, { applicationId, month: '2026-03' }))).toBe('availability.month-not-over')
  })
  test('sealed by the provider, answered by both others, each once', async () => {
    t.setNow('2026-04-02T02:00:00Z')
    const seal = await om.call(api.seal, { applicationId, month: '2026-03' })
    expect(seal).toMatchObject({ amends: null, current: true, figures: { countedMs: 2_100_000 } })
    expect(code(await om.send(api.seal, { applicationId, month: '2026-03' }))).toBe('availability.unchanged')
    const answer = { applicationId, month: '2026-03', seal: seal.seq }
    expect((await om.send(api.confirm, { ...answer, result: 'CONFIRMED' })).status).toBe(403)
    await tp.call(api.confirm, { ...answer, result: 'CONFIRMED' })
    expect(code(await tp.send(api.confirm, { ...answer, result: 'OBJECTED' }))).toBe('availability.already-confirmed')
    const answered = await cm.call(api.confirm, { ...answer, result: 'OBJECTED', comment: '3 月 1 日的中断应计入' })
    expect(answered.confirmations.map(({ party, result }) => `${party} ${result}`)).toEqual(['THIRD_PARTY CONFIRMED', 'CUSTOMER OBJECTED'])
  })
  test('a change afterwards is an amendment that prints old and new; the old one can no longer be confirmed', async () => {
    const seals = async () => (await one()).seals
    const [old] = await seals()
    const outageId = (await one()).outages.filter(({ source, state }) => source === 'PROBE' && state === 'DOWN').at(-1)?.id ?? ''
    await om.call(api.dispute, { applicationId, outageId, reason: '甲方异议' })
    await cl.call(api.rule, { applicationId, outageId, decision: 'PROVIDER', reason: '复核后认定' })
    const amended = await om.call(api.seal, { applicationId, month: '2026-03', reason: '3 月 1 日中断改判' })
    expect(amended).toMatchObject({ amends: old?.seq, old: { countedMs: 2_100_000 }, figures: { countedMs: 2_700_000 } })
    expect(code(await tp.send(api.confirm, { applicationId, month: '2026-03', seal: old?.seq ?? 0, result: 'CONFIRMED' }))).toBe(
      'availability.superseded',
    )
    for (const who of [cm, tp]) await who.call(api.confirm, { applicationId, month: '2026-03', seal: amended.seq, result: 'CONFIRMED' })
    expect((await seals()).map(({ current, confirmations }) => [current, confirmations.length])).toEqual([
      [true, 2],
      [false, 2],
    ])
  })
})

describe('the export', () => {
  const lines = async (who: Client) =>
    String(Buffer.from((await who.call(api.export, { applicationId, year })) as never))
      .trim()
      .split('\n')

  test('is recomputed outside, figure by figure, from observations to the year', async () => {
    const report = await verifyAvailability(await lines(tp))
    expect(report.findings).toEqual([])
    expect(report.recomputed?.figures.countedMs).toBe(await counted())
  })
  test('a second less somewhere is found', async () => {
    const changed = (await lines(cm)).map((line) => line.replace('"countedMs":2700000', '"countedMs":2699000'))
    expect((await verifyAvailability(changed)).ok).toBe(false)
  })
  test('what is kept beside the chain says the same as the chain', async () => {
    const { row } = await one()
    const report = await verifyAvailability(await lines(cm))
    expect(row.statement).toEqual(report.recomputed)
  })
  test('the chain cannot be changed', async () => {
    for (const statement of [
      sql`update availability_chain set by_name = 'x'`,
      sql`delete from availability_chain`,
      sql`truncate availability_chain`,
    ])
      await expect(t.inTx((ctx) => statement.execute(ctx.db))).rejects.toThrow('append-only')
  })
})

describe('[7.1-II-2-1] the interface for third parties', () => {
  const withKey = (token: string) => ({ authorization: `Bearer ${token}` })
  test('a key works once approved, from its addresses, at its rate, and only to look', async () => {
    t.setNow('2026-04-03T02:00:00Z')
    const { key, token } = await ia.call(api.createKey, {
      name: '测评机构',
      party: 'THIRD_PARTY',
      networks: ['127.0.0.0/8'],
      callsPerMinute: 3,
    })
    const list = () => t.anonymous.send(measurementApi.list, { year }, withKey(token))
    expect(code(await list())).toBe('measurement.key-refused')
    await se.call(api.decideKey, { keyId: key.id, approve: true })
    expect((await list()).reply.items).toHaveLength(1)
    const one = await t.anonymous.call(measurementApi.one, { applicationId, year }, withKey(token))
    expect(one.row.statement).toEqual((await list()).reply.items[0]?.statement)
    expect(code(await list())).toBe('measurement.rate')
    t.advance('PT1M')
    const exported = await t.anonymous.call(measurementApi.export, { applicationId, year }, withKey(token))
    expect(
      (
        await verifyAvailability(
          String(Buffer.from(exported as never))
            .trim()
            .split('\n'),
        )
      ).ok,
    ).toBe(true)
    await se.call(api.decideKey, { keyId: key.id, approve: false })
    expect(code(await list())).toBe('measurement.key-refused')
  })
  test('not from elsewhere', async () => {
    const { key, token } = await ia.call(api.createKey, { name: '甲方程序', party: 'CUSTOMER', networks: ['10.0.0.0/8'] })
    await se.call(api.decideKey, { keyId: key.id, approve: true })
    expect(code(await t.anonymous.send(measurementApi.list, { year }, withKey(token)))).toBe('measurement.address-refused')
  })
})

describe('what the clauses of section 7 are judged by', () => {
  const read = (of: string, month: string, asOf: string) =>
    t.inTx(async (ctx) => {
      const source = availabilityClauses.find((one) => one.of === of)
      if (!source || source.meter === 'rhythm') throw new Error(of)
      const from = Temporal.PlainDate.from(`${month}-01`)
      const at = (day: Temporal.PlainDate) => day.toZonedDateTime('Asia/Shanghai').toInstant()
      return source.read(ctx, { from: at(from), to: at(from.add({ months: 1 })), asOf: Temporal.Instant.from(asOf) })
    })
  test.each<[string, string, object]>([
    ['application-target', '2026-03', { kept: true }],
    ['application-available', '2026-03', { kept: true }],
    ['normal-service', '2026-03', { kept: true, missing: null }],
    ['planned-downtime', '2026-03', { kept: true }],
    ['outage-ruled', '2026-04', { dueAt: '2026-04-09T09:30:00Z' }],
    ['uptime-confirmed', '2026-04', { doneAt: expect.any(String), dueAt: '2026-04-09T09:30:00Z' }],
  ])('%s in %s', async (of, month, expected) => {
    const found = await read(of, month, '2026-04-10T00:00:00Z')
    expect(found.length).toBeGreaterThan(0)
    expect(found[0]).toMatchObject({ applicationId: of === 'planned-downtime' ? null : applicationId, ...expected })
  })
})

test('the budget warns once a level, and says when it would run out', async () => {
  t.setNow('2026-04-03T02:00:00Z')
  await om.call(api.report, { applicationId, from: '2026-04-02T00:00:00Z', to: '2026-04-02T02:00:00Z', note: '断电' })
  const { burn } = (await one()).row
  expect(burn.passedPercent).toBe(25)
  expect(burn.exhaustedOn).toMatch(/^2026-/)
  for (let again = 0; again < 2; again++) {
    await t.inTx((ctx) => ctx.enqueue('availability.budget', {}, { key: 'all' }))
    await t.runJobs()
  }
  const { rows } = await t.inTx((ctx) =>
    sql<{ n: number }>`select count(*) as n from notice where event = 'availability.budget'`.execute(ctx.db),
  )
  expect(Number(rows[0]?.n)).toBe(1)
})

test('who has not answered a seal in five working days is reminded, each side for itself', async () => {
  const remind = async (at: string) => {
    t.setNow(at)
    await t.inTx((ctx) => ctx.enqueue('availability.remind', {}))
    await t.runJobs()
    const { rows } = await t.inTx((ctx) =>
      sql<{ n: number }>`select count(*) as n from notice where event = 'availability.unanswered'`.execute(ctx.db),
    )
    return Number(rows[0]?.n)
  }
  t.setNow('2026-05-06T02:00:00Z')
  const seal = await om.call(api.seal, { applicationId, month: '2026-04' })
  await tp.call(api.confirm, { applicationId, month: '2026-04', seal: seal.seq, result: 'CONFIRMED' })
  expect(await remind('2026-05-12T01:00:00Z')).toBe(0)
  expect(await remind('2026-05-14T01:00:00Z')).toBe(1)
  expect(await remind('2026-05-14T02:00:00Z')).toBe(1)
  await cm.call(api.confirm, { applicationId, month: '2026-04', seal: seal.seq, result: 'CONFIRMED' })
  expect(await remind('2026-05-15T01:00:00Z')).toBe(1)
})
