import { complianceApi } from '@changbai/contract/compliance.ts'
import { deskApi } from '@changbai/contract/desk.ts'
import { documentApi } from '@changbai/contract/document.ts'
import { planApi } from '@changbai/contract/plan.ts'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, startTestServer, type TestServer } from '../../../test/harness.ts'
import { throwDice } from '../../app/demo/world/dice.ts'
import { createTenant } from '../identity/index.ts'
import { addApplication } from '../inventory/index.ts'
import { requirePlan } from '../plan/index.ts'
import { judge, spanNow } from './judge.ts'

const MONTH = '2026-08'
let t: TestServer
let om: Client
let tenantId: string
beforeAll(async () => {
  t = await startTestServer({ now: '2026-08-20T10:00' })
  om = await t.signedIn({ role: 'OPERATION_MANAGER' })
  tenantId = await t.inTx(async (ctx) => (await createTenant(ctx, { code: 'K1', name: '省统计局', shortName: '省统计局' })).id)
})
afterAll(() => t.stop())

type Shown = Record<string, unknown>
const shown = async (who = om): Promise<Shown> =>
  Object.fromEntries((await who.call(complianceApi.board, { month: MONTH })).clauses.map(({ id, figure }) => [id, figure]))
/** Worked out from nothing but the rows. */
const anew = (): Promise<Shown> =>
  t.inTx(async (ctx) => {
    const reader = { ...ctx, actor: om.actor }
    const plan = await requirePlan(reader)
    const judged = await judge(reader, plan, plan.document.clauses, MONTH, spanNow(reader, MONTH).span)
    return Object.fromEntries(judged.map(({ clause, figure }) => [clause.id, figure]))
  })

describe('figures that are kept', () => {
  it('are those of the rows after whatever happens, in any order', async () => {
    const dice = throwDice(20)
    const at = () => Temporal.Instant.from('2026-08-03T01:00:00Z').add({ minutes: dice.number(0, 30_000) })
    let serial = 0
    const acts: readonly (() => Promise<unknown>)[] = [
      () =>
        t.inTx((ctx) => {
          serial += 1
          return addApplication(
            { ...ctx, now: at() },
            { tenantId, name: `应用${serial}`, code: `k-${serial}`, mlpsLevel: 2, state: 'ONLINE' },
            'TEST',
          )
        }),
      async () => {
        const desk = await t.signedIn({ role: 'SERVICE_DESK' })
        const calledAt = t.now().subtract({ minutes: 9 })
        const answeredAt = calledAt.add({ seconds: dice.number(3, 40) }).toString()
        await desk.call(deskApi.record, {
          line: 'DESK',
          calledAt: calledAt.toString(),
          answeredAt,
          callerName: '来电人',
          callerOrg: '省统计局',
          tenantId,
          type: 'CONSULT',
          content: '询问',
          result: '已答复',
        })
      },
      () => om.call(documentApi.addGuidance, { title: '要点', text: '一、二、三' }),
      () => t.inTx((ctx) => sql`update hotline_call set answered_at = answered_at + interval '1 minute'`.execute(ctx.db)),
      () => t.inTx((ctx) => sql`update application set created_at = created_at + interval '20 days'`.execute(ctx.db)),
      () => t.inTx((ctx) => sql`update application set retired_at = ${at()}, state = 'RETIRED' where code = 'k-1'`.execute(ctx.db)),
      // taken back: what was read inside is nobody's
      () =>
        t
          .inTx(async (ctx) => {
            await sql`delete from application where tenant_id = ${tenantId}`.execute(ctx.db)
            throw new Error('taken back')
          })
          .catch(() => {}),
    ]
    for (let turn = 0; turn < 9; turn += 1) {
      // a month that runs, and then one that is over
      t.setNow(turn < 3 ? '2026-08-30T10:00' : Temporal.Instant.from('2026-09-04T02:00:00Z').add({ minutes: 11 * turn }))
      await dice.pick(acts)()
      if (turn % 3 === 2) expect(await shown(), `after ${turn}`).toEqual(await anew())
      else await shown()
    }
    expect(await shown()).toEqual(await anew())
  })

  it('are kept: what changes behind the back of every trigger is not seen until a table it was worked out from is touched', async () => {
    await t.inTx((ctx) =>
      addApplication(
        { ...ctx, now: Temporal.Instant.from('2026-08-05T00:00:00Z') },
        { tenantId, name: '甲', code: 'k-a', mlpsLevel: 2 },
        'TEST',
      ),
    )
    const before = (await shown())['1']
    await t.inTx(async (ctx) => {
      await sql`set local session_replication_role = replica`.execute(ctx.db)
      await sql`update application set created_at = '2026-09-02T00:00:00Z' where code = 'k-a'`.execute(ctx.db)
    })
    expect((await shown())['1']).toEqual(before)
    await t.inTx((ctx) => sql`update application set name = '乙' where code = 'k-a'`.execute(ctx.db))
    expect((await shown())['1']).not.toEqual(before)
    expect(await shown()).toEqual(await anew())
  })

  it('are of one reader: a bureau sees its own', async () => {
    const otherId = await t.inTx(async (ctx) => (await createTenant(ctx, { code: 'K2', name: '省档案馆', shortName: '省档案馆' })).id)
    const other = await t.signedIn({ role: 'APP_PROJECT_MANAGER', tenantId: otherId })
    const made = { tenantId, name: '丙', code: 'k-c', mlpsLevel: 2 } as const
    await t.inTx((ctx) => addApplication({ ...ctx, now: Temporal.Instant.from('2026-08-06T00:00:00Z') }, made, 'TEST'))
    const all = await shown()
    expect(all['1']).toMatchObject({ state: 'COMPLIANT' })
    expect((await shown(other))['1']).toMatchObject({ state: 'NOT_TRIGGERED', due: 0 })
    expect(await shown()).toEqual(all)
  })
})

describe('a parameter changed in mid-month', () => {
  it('judges what lies after its first day; the old value judges the old part', async () => {
    t.setNow('2026-08-20T10:00')
    const customer = await t.signedIn({ role: 'CUSTOMER_OM_MANAGER' })
    const second = await t.signedIn({ role: 'MAINTENANCE_MANAGER' })
    const change = { key: 'inspection.facilityPerDay', value: 2, startsOn: '2026-08-24', reason: '双方商定' }
    const { id: changeId } = await om.call(planApi.proposeChange, change)
    await second.call(planApi.reviewChange, { changeId, comment: '同意' })
    await customer.call(planApi.approveChange, { changeId, comment: '同意' })
    // two rounds on each of the last twelve days of the month
    await t.inTx((ctx) =>
      sql`insert into inspection_round (id, number, kind, on_day, window_key, window_from, window_to, inspector_id, inspector_name, client_key, check_in, items,
          started_at, done_at, received_at, conclusion, valid)
        select gen_random_uuid(), 'XJ-' || at, 'FACILITY', '2026-08-20', 'F1', at, at, ${om.personId}::uuid, '马骏', 'key-' || at, '{}', '[]', at, at, at, 'NORMAL', true
        from generate_series(timestamptz '2026-08-20 09:00+08', '2026-08-31 23:00+08', interval '12 hours') at`.execute(ctx.db),
    )
    t.setNow('2026-09-01T08:00')
    const { obligations } = await customer.call(complianceApi.clause, { clauseId: '5.4-1', month: MONTH })
    const judged = obligations.items.map(({ dueAt, state }) => [dueAt?.slice(0, 10), state]).toSorted()
    const days = (from: number, to: number, state: string) =>
      Array.from({ length: to - from + 1 }, (_, index) => [`2026-08-${String(from + index).padStart(2, '0')}`, state])
    expect(judged).toEqual([...days(1, 23, 'BREACHED'), ...days(24, 31, 'MET')])
  })
})
