import { complianceApi } from '@changbai/contract/compliance.ts'
import { verifyClauses } from '@changbai/verify/verify-clauses.ts'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { type Client, startTestServer, type TestServer } from '../../../test/harness.ts'
import { newId } from '../../platform/ids.ts'
import { readZip } from '../../platform/zip.ts'
import { type OrderWorld, openOrderWorld, vmLine } from '../provisioning/provisioning.fixture.ts'
import { cutPercent } from './print.service.ts'

describe('an empty installation', () => {
  let t: TestServer
  beforeAll(async () => {
    t = await startTestServer({ now: '2026-05-20T10:00' })
  })
  afterAll(() => t.stop())

  it('claims nothing: each clause has no data, or nothing fell due', async () => {
    const om = await t.signedIn({ role: 'OPERATION_MANAGER' })
    const { clauses, board } = await om.call(complianceApi.board, { month: '2026-05' })
    expect(clauses).toHaveLength(96)
    expect(clauses.filter(({ figure }) => !['NO_DATA', 'NOT_TRIGGERED'].includes(figure.state)).map(({ id }) => id)).toEqual([])
    expect(board.counts.COMPLIANT).toBe(0)
  })
  it('refuses a month that has not begun', async () => {
    const om = await t.signedIn({ role: 'OPERATION_MANAGER' })
    expect((await om.send(complianceApi.board, { month: '2026-06' })).problem).toMatchObject({
      type: expect.stringContaining('compliance.future'),
    })
  })
})

describe('[4.3-1a] from the board down to the line', () => {
  let w: OrderWorld
  let late: string
  const figure = async (who: Client, clauseId = '4.3-1a') =>
    (await who.call(complianceApi.clause, { clauseId, month: '2026-09' })).clause.figure

  beforeAll(async () => {
    w = await openOrderWorld('2026-09-14T10:00')
    const [id = ''] = await w.approve([vmLine({ count: 1 })])
    await w.act(id, 'verifyWorkOrder', w.people.om, 'ACCEPT')
    await w.settle()
    await w.passSelfCheck(id)
    await w.settle()
    ;[late = ''] = await w.approve([vmLine({ count: 1, hostName: 'late' })])
  })
  afterAll(() => w.t.stop())

  it('counts a delivered line as met and an open one as open', async () =>
    expect(await figure(w.people.cm)).toMatchObject({ state: 'COMPLIANT', met: 1, open: 1, rate: 1 }))

  it('warns at four fifths of the limit', async () => {
    w.t.setNow('2026-09-16T15:00')
    expect(await figure(w.people.cm)).toMatchObject({ state: 'AT_RISK', atRisk: 1 })
    const { items } = await w.people.om.call(complianceApi.mine, {})
    expect(items.map((one) => [one.clauseId, one.state])).toContainEqual(['4.3-1a', 'AT_RISK'])
  })

  it('tells the breach after the limit, names the line, and turns the board red', async () => {
    w.t.setNow('2026-09-17T09:00')
    const detail = await w.people.cm.call(complianceApi.clause, { clauseId: '4.3-1a', month: '2026-09', state: 'BREACHED' })
    expect(detail.clause.figure).toMatchObject({ state: 'BREACHED', met: 1, breached: 1, rate: 0.5 })
    expect(detail.obligations).toMatchObject({
      total: 1,
      items: [{ subject: { type: 'work-order', id: late }, dueAt: '2026-09-16T09:30:00Z' }],
    })
    expect((await w.people.cm.call(complianceApi.board, { month: '2026-09' })).board.light).toBe('RED')
  })

  it('shows another bureau nothing of it', async () => {
    const tenantId = newId()
    await w.t.inTx((ctx) =>
      sql`insert into tenant (id, name, short_name, code, status, created_at) values (${tenantId}, '省人大', '人大', 'RD', 'ACTIVE', ${ctx.now})`.execute(
        ctx.db,
      ),
    )
    const stranger = await w.t.signedIn({ role: 'APP_PROJECT_MANAGER', tenantId })
    expect((await stranger.call(complianceApi.board, { month: '2026-09' })).scope).toBe('OWN')
    expect(await figure(stranger)).toMatchObject({ state: 'NOT_TRIGGERED', due: 0 })
    expect(await figure(w.people.pm)).toMatchObject({ state: 'BREACHED', due: 2 })
  })

  it('is waived by the customer only', async () => {
    const [owed] = (await w.people.om.call(complianceApi.clause, { clauseId: '4.3-1a', month: '2026-09', state: 'BREACHED' })).obligations
      .items
    const asked = { month: '2026-09', clauseId: '4.3-1a', obligationId: owed?.id ?? '', reason: '电力检修，甲方已书面同意' }
    expect((await w.people.cm.send(complianceApi.proposeWaiver, asked)).status).toBe(403)
    const waiver = await w.people.om.call(complianceApi.proposeWaiver, asked)
    expect((await w.people.mm.send(complianceApi.proposeWaiver, asked)).status).toBe(409)
    expect((await w.people.mm.send(complianceApi.decideWaiver, { id: waiver.id, grant: true })).status).toBe(403)
    expect(await figure(w.people.cm)).toMatchObject({ state: 'BREACHED' })
    await w.people.cm.call(complianceApi.decideWaiver, { id: waiver.id, grant: true, comment: '同意' })
    expect((await w.people.cm.send(complianceApi.decideWaiver, { id: waiver.id, grant: false })).status).toBe(409)
    expect(await figure(w.people.cm)).toMatchObject({ state: 'COMPLIANT', met: 1, waived: 1, rate: 1 })
  })

  it('an export is computed again by whoever holds it, and a forged second is found', async () => {
    const text = await exported(w.people.cm)
    expect(await verifyClauses(text.split('\n'))).toMatchObject({ ok: true, month: '2026-09', clauses: 96 })
    const lines = text
      .split('\n')
      .map((line) => (line.includes('"4.3-1a"') ? line.replace(/"doneAt":"2026-09-14T\d\d/, '"doneAt":"2026-09-19T00') : line))
    const forged = await verifyClauses(lines)
    expect(forged.ok).toBe(false)
    expect(forged.findings.map((one) => one.clause)).toContain('4.3-1a')
    expect((await verifyClauses(text.split('\n'), ['0000000000000000'])).ok).toBe(false)
  })
  const exported = async (who: Client): Promise<string> => {
    const answer = await w.t.server.app.inject({
      method: 'POST',
      url: '/api/compliance/months/2026-09/export',
      headers: { authorization: `Test ${who.personId}` },
      payload: {},
    })
    expect(answer.statusCode).toBe(200)
    return answer.body
  }

  it('prints the month for the customer: every clause, and what was not kept', async () => {
    const answer = await w.t.server.app.inject({
      method: 'POST',
      url: '/api/compliance/months/2026-09/print',
      headers: { authorization: `Test ${w.people.cm.personId}` },
      payload: {},
    })
    expect(answer.statusCode).toBe(200)
    const word =
      readZip(answer.rawPayload)
        .find(({ name }) => name === 'word/document.xml')
        ?.bytes.toString() ?? ''
    expect(word).toContain('履约报告（2026 年 9 月）')
    for (const id of ['4.3-1a', '5.4-1', '7.1-II-1']) expect(word).toContain(id)
    expect(word).toContain('本月尚未冻结')
    const pm = await w.t.signedIn({ role: 'TENANT_ADMIN', tenantId: w.tenantId })
    expect((await pm.send(complianceApi.print, { month: '2026-09' })).status).toBe(403)
  })
  test.each([
    [2, 3, '66.6%'],
    [999, 1000, '99.9%'],
    [1000, 1000, '100%'],
    [0, 0, '—'],
  ])('a share is cut, never rounded up: %i of %i', (met, of, words) => expect(cutPercent(met, of)).toBe(words))

  describe('frozen at the end of the month', () => {
    test('not before it is over, once only, and by the operation manager', async () => {
      expect((await w.people.om.send(complianceApi.freeze, { month: '2026-09' })).status).toBe(409)
      w.t.setNow('2026-10-09T09:00')
      expect((await w.people.cm.send(complianceApi.freeze, { month: '2026-09' })).status).toBe(403)
      const frozen = await w.people.om.call(complianceApi.freeze, { month: '2026-09' })
      expect(frozen.digest.value).toMatch(/^[0-9a-f]{64}$/)
      expect((await w.people.om.send(complianceApi.freeze, { month: '2026-09' })).status).toBe(409)
      expect((await w.people.om.send(complianceApi.proposeCorrection, { month: '2026-09', reason: '没有变化的更正' })).status).toBe(422)
    })
    test('nobody rewrites it in the database', async () => {
      const rewrite = w.t.inTx((ctx) => sql`update clause_frozen set figure = '{}'`.execute(ctx.db))
      await expect(rewrite).rejects.toThrow(/never changed/)
    })
    test('a fact found later shows both values, and a correction needs the customer', async () => {
      await w.t.inTx((ctx) =>
        sql`update work_order_line set delivered_at = '2026-09-20T01:00:00Z' where delivered_at is not null`.execute(ctx.db),
      )
      const { clause } = await w.people.cm.call(complianceApi.clause, { clauseId: '4.3-1a', month: '2026-09' })
      expect([clause.figure.state, clause.frozen?.state]).toEqual(['BREACHED', 'COMPLIANT'])
      const correction = await w.people.om.call(complianceApi.proposeCorrection, { month: '2026-09', reason: '交付时间录入有误' })
      expect(correction.changes.map((one) => one.clauseId)).toContain('4.3-1a')
      expect((await w.people.om.send(complianceApi.decideCorrection, { id: correction.id, grant: true })).status).toBe(403)
      await w.people.cm.call(complianceApi.decideCorrection, { id: correction.id, grant: true, comment: '' })
      expect((await w.people.om.send(complianceApi.proposeCorrection, { month: '2026-09', reason: '再次更正同一件事' })).status).toBe(422)
    })
  })
})
