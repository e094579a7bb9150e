import { availabilityApi } from '@changbai/contract/availability.ts'
import { inventoryApi } from '@changbai/contract/inventory.ts'
import { patchApi as api, type PatchRoundDetail } from '@changbai/contract/patch.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, startTestServer, type TestServer } from '../../../test/harness.ts'
import { createTenant } from '../identity/index.ts'
import { addApplication, recordServer } from '../inventory/index.ts'

let t: TestServer
let manager: Client
let engineer: Client
let customer: Client
let pm: Client
let stranger: Client
let imageId: string
let round: PatchRoundDetail
const refusal = (answer: { problem: { type: string } }) => answer.problem.type.split(':').at(-1)
const hours = (count: number) => t.now().add({ hours: count }).toString()
const windowOf = (from: number, to: number) => ({ windowFrom: hours(from), windowTo: hours(to) })
const targetOf = (name: string): string => round.targets.find((one) => one.name === name)?.id ?? ''

beforeAll(async () => {
  t = await startTestServer({ now: '2026-09-18T10:00' })
  const tenantId = await t.inTx(async (ctx) => (await createTenant(ctx, { code: 'LC', name: '省林草局', shortName: '林草' })).id)
  const otherId = await t.inTx(async (ctx) => (await createTenant(ctx, { code: 'RS', name: '省人社厅', shortName: '人社' })).id)
  const signedIn = (role: Parameters<TestServer['signedIn']>[0]['role'], name: string, of?: string) =>
    t.signedIn({ role, name, ...(of && { tenantId: of }) })
  manager = await signedIn('MAINTENANCE_MANAGER', '赵立新')
  engineer = await signedIn('MAINTENANCE_ENGINEER', '马骏')
  customer = await signedIn('CUSTOMER_OM_MANAGER', '韩雪峰')
  pm = await signedIn('APP_PROJECT_MANAGER', '杨帆', tenantId)
  stranger = await signedIn('APP_PROJECT_MANAGER', '李佳琪', otherId)
  const admin = await signedIn('IAAS_ADMIN', '高岩')
  const system = { name: '麒麟基线', os: '银河麒麟', version: 'V10 SP9', arch: 'x86_64' as const, domestic: true }
  imageId = (await admin.call(inventoryApi.createImage, system)).id
  await t.inTx(async (ctx) => {
    const application = await addApplication(ctx, { tenantId, name: '防火', code: 'FIRE', mlpsLevel: 2 }, 'TEST')
    const place = { tenantId, applicationId: application.id, kind: 'vm' as const, vcpu: 2, memGiB: 4, rootGiB: 40, os: '麒麟基线' }
    for (const name of ['fire-01', 'fire-02', 'fire-03']) await recordServer(ctx, { ...place, name, source: { type: 'test', id: name } })
  })
}, 60_000)
afterAll(() => t.stop())

describe('[5.3-10] a round of patches', () => {
  it('is planned for every server of the image that is behind, with its downtime proposed and told', async () => {
    const baseline = await manager.call(api.publish, { imageId, severity: 'CRITICAL', summary: 'openssh 修补' })
    expect(baseline).toMatchObject({ version: 1, servers: 3, patched: 0, planned: 0, inForce: true })
    const plan = { title: '九月补丁', baselineId: baseline.id, rollbackPlan: '由快照恢复' }
    expect(refusal(await manager.send(api.plan, { ...plan, ...windowOf(-1, 2) }))).toBe('patch.bad-window')
    expect((await engineer.send(api.plan, { ...plan, ...windowOf(80, 84) })).status).toBe(403)
    round = await manager.call(api.plan, { ...plan, ...windowOf(80, 84) })
    expect(round).toMatchObject({ state: 'PLANNED', counts: { PENDING: 3 }, downtime: { recognised: null }, may: ['BEGIN', 'CANCEL'] })
    expect(round.downtime?.noticeSentAt).not.toBeNull()
    // all of them are on that round already
    expect(refusal(await manager.send(api.plan, { ...plan, ...windowOf(100, 104) }))).toBe('patch.no-servers')
    expect((await pm.call(api.get, { roundId: round.id })).targets).toHaveLength(3)
    expect((await stranger.send(api.get, { roundId: round.id })).status).toBe(404)
  })

  it('does not begin before its window, and takes no result before it has begun', async () => {
    const [downtime] = (await customer.call(availabilityApi.downtimes, { year: 2026 })).items
    const key = { downtimeId: downtime?.id ?? '', rev: downtime?.rev ?? 0 }
    await customer.call(availabilityApi.decideDowntime, { ...key, recognised: true, comment: '' })
    const { id: roundId } = round
    expect(refusal(await engineer.send(api.begin, { roundId }))).toBe('patch.early')
    const done = { roundId, targetIds: [targetOf('fire-01')], result: 'DONE' as const }
    expect(refusal(await engineer.send(api.result, done))).toBe('patch.wrong-state')
    expect((await pm.send(api.begin, { roundId })).status).toBe(403)
    t.advance('PT80H')
    round = await engineer.call(api.begin, { roundId })
    expect(round).toMatchObject({ state: 'RUNNING', may: ['RESULT', 'CLOSE'], downtime: { recognised: true } })
    expect(refusal(await engineer.send(api.begin, { roundId }))).toBe('patch.wrong-state')
    expect(refusal(await manager.send(api.cancel, { roundId, reason: '改期' }))).toBe('patch.wrong-state')
  })

  it('wants a result of every server and the reason of what was not done; the last word counts', async () => {
    const { id: roundId } = round
    const [first, second, third] = ['fire-01', 'fire-02', 'fire-03'].map(targetOf) as [string, string, string]
    t.advance('PT1H')
    await engineer.call(api.result, { roundId, targetIds: [first, second], result: 'DONE' })
    expect(refusal(await engineer.send(api.close, { roundId }))).toBe('patch.open')
    const failed = { roundId, targetIds: [second], result: 'FAILED' as const }
    expect(refusal(await engineer.send(api.result, failed))).toBe('patch.reason-required')
    await engineer.call(api.result, { ...failed, note: '依赖冲突，已由快照恢复' })
    expect((await engineer.send(api.result, { ...failed, targetIds: [roundId], note: 'x' })).status).toBe(404)
    t.advance('PT4H')
    round = await engineer.call(api.result, { roundId, targetIds: [third], result: 'SKIPPED', note: '月底下线' })
    expect(round.counts).toEqual({ PENDING: 0, DONE: 1, FAILED: 1, SKIPPED: 1 })
    expect(round.targets.find((one) => one.id === second)).toMatchObject({ result: 'FAILED', byName: '马骏' })
  })

  it('closes once; the time it took goes to availability, where an hour over the window is an outage', async () => {
    round = await engineer.call(api.close, { roundId: round.id })
    expect(round).toMatchObject({ state: 'CLOSED', may: [] })
    expect(refusal(await engineer.send(api.close, { roundId: round.id }))).toBe('patch.wrong-state')
    const [downtime] = (await customer.call(availabilityApi.downtimes, { year: 2026 })).items
    expect(downtime?.overrunMs).toBe(3_600_000)
    const [baseline] = (await manager.call(api.baselines, { imageId })).items
    expect(baseline).toMatchObject({ servers: 3, patched: 1, planned: 0 })
  })

  it('a newer baseline leaves every server behind; a round called off takes its downtime with it', async () => {
    const next = await manager.call(api.publish, { imageId, severity: 'IMPORTANT', summary: '季度更新' })
    expect(next).toMatchObject({ version: 2, patched: 0 })
    const plan = { title: '十月补丁', rollbackPlan: '由快照恢复', ...windowOf(90, 94) }
    expect(refusal(await manager.send(api.plan, { ...plan, baselineId: round.baselineId }))).toBe('patch.retired')
    const { id: roundId } = await manager.call(api.plan, { ...plan, baselineId: next.id })
    const called = await manager.call(api.cancel, { roundId, reason: '保障期' })
    expect(called).toMatchObject({ state: 'CANCELLED', cancelReason: '保障期' })
    const { items } = await customer.call(availabilityApi.downtimes, { year: 2026 })
    expect(items.filter((one) => one.cancelledAt !== null)).toHaveLength(1)
  })
})
