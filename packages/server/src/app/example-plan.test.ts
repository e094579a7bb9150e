import { resolve } from 'node:path'
import { complianceApi } from '@changbai/contract/compliance.ts'
import { planProposalApi } from '@changbai/contract/plan-proposal.ts'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../../test/harness.ts'
import { readPlanFolder } from '../modules/plan/offline.ts'
import { loadPromises } from './prepare.ts'

const FOLDER = resolve(import.meta.dirname, '../../../../plan/example')

describe('another province’s plan runs without a line of code changed', () => {
  let t: TestServer
  beforeAll(async () => {
    t = await startTestServer({ now: '2026-06-20T10:00', plan: false })
    await loadPromises(t.server.runtime.door, FOLDER)
  })
  afterAll(() => t.stop())

  it('is a plan of its own: other clauses, other numbers', () => {
    const { plan, problems } = readPlanFolder(FOLDER)
    expect(problems).toEqual([])
    const value = (key: string) => plan?.parameters.find((one) => one.key === key)?.value
    expect([value('provisioning.vmWorkdays'), value('report.monthlyDraftDay'), value('training.perYear')]).toEqual([3, 3, 2])
  })
  it('shows its own board, every clause with something that records it', async () => {
    const customer = await t.signedIn({ role: 'CUSTOMER_OM_MANAGER' })
    const { clauses, chapters } = await customer.call(complianceApi.board, { month: '2026-06' })
    expect(chapters).toHaveLength(3)
    expect(clauses.map(({ id }) => id)).toEqual([
      'A1',
      'A2',
      'A3',
      'A4',
      'A5',
      'B1',
      'B2',
      'B3',
      'B4',
      'B5',
      'B6',
      'B7',
      'B8',
      'C1',
      'C2',
      'C3',
    ])
    expect(clauses.filter(({ withoutSource }) => withoutSource)).toEqual([])
  })
  it('its days are its own: the 3rd, not the 5th, and not moved', async () => {
    const { reportDays, deadlines } = await t.inTx(async (ctx) => ({
      reportDays: ctx.plan.number('report.monthlyDraftDay'),
      deadlines: ctx.plan.flag('report.rollOverHolidays'),
    }))
    expect([reportDays, deadlines]).toEqual([3, false])
  })
  it('another folder afterwards is a proposal: its clauses and its changed processes wait, nothing is deployed', async () => {
    const deployed = () => t.inTx(async (ctx) => (await sql<{ n: number }>`select count(*) as n from wf_def`.execute(ctx.db)).rows[0]?.n)
    const before = await deployed()
    await loadPromises(t.server.runtime.door, resolve(FOLDER, '../jilin'))
    const customer = await t.signedIn({ role: 'CUSTOMER_OM_MANAGER' })
    const [proposal] = (await customer.call(planProposalApi.list, {})).items
    expect(proposal).toMatchObject({ status: 'PROPOSED', basedOn: 1 })
    expect(proposal?.differences.some(({ part, change }) => part === 'PROCESS' && change === 'CHANGED')).toBe(true)
    expect(await deployed()).toBe(before)
    expect((await customer.call(complianceApi.board, { month: '2026-06' })).clauses).toHaveLength(16)
  })
})
