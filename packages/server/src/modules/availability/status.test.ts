import { statusApi as api } from '@changbai/contract/status.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { measuredHouse } from './availability.fixture.ts'

type House = Awaited<ReturnType<typeof measuredHouse>>
let house: House
beforeAll(async () => {
  house = await measuredHouse()
  await house.look('2026-03-01T00:00:00Z', '2026-03-01T00:10:00Z', () => 'UP')
  await house.look('2026-03-01T00:10:00Z', '2026-03-01T00:12:00Z', () => 'DOWN')
  await house.look('2026-03-01T00:12:00Z', '2026-03-01T00:13:00Z', () => 'UP')
})
afterAll(() => house.t.stop())

const tenantOf = async (client: House['pm']) => (await client.call(api.bureaus, {})).items
const opened = (token: string) => house.t.anonymous.send(api.open, {}, { authorization: `Bearer ${token}` })

describe('the status page of a bureau', () => {
  test('tells its own people how things are, how they were, and what is planned', async () => {
    const [bureau] = await tenantOf(house.pm)
    const page = await house.pm.call(api.page, { tenantId: bureau?.tenantId ?? '' })
    expect(page).toMatchObject({ bureau: '省林草局', planned: [] })
    expect(page.applications).toMatchObject([{ name: '林权登记 lcj-lq', state: 'UP', since: '2026-03-01T00:12:00.000Z' }])
    expect(page.applications[0]?.days).toHaveLength(90)
    expect(page.applications[0]?.days.at(-1)).toEqual({ on: '2026-03-01', state: 'DOWN', downMs: 120_000 })
    expect(page.outages).toEqual([
      { application: '林权登记 lcj-lq', from: '2026-03-01T00:10:00.000Z', to: '2026-03-01T00:12:00.000Z', downMs: 120_000 },
    ])
    expect(JSON.stringify(page)).not.toContain(house.applicationId)
  })
  test('is not there for another bureau, and not in its list', async () => {
    const [bureau] = await tenantOf(house.pm)
    expect(await tenantOf(house.stranger)).toEqual([])
    expect((await house.stranger.send(api.page, { tenantId: bureau?.tenantId ?? '' })).status).toBe(404)
  })
  test('opens with a token of its own once a second person approved it, until that is revoked', async () => {
    const [bureau] = await tenantOf(house.ia)
    const { item, token } = await house.ia.call(api.createToken, { tenantId: bureau?.tenantId ?? '', name: '门户' })
    expect((await opened(token)).status).toBe(401)
    expect((await opened('cbt_wrong')).status).toBe(401)
    await house.se.call(api.decideToken, { tokenId: item.id, approve: true })
    const { status, reply } = await opened(token)
    expect([status, reply.bureau, reply.applications.length]).toEqual([200, '省林草局', 1])
    expect((await house.ia.call(api.tokens, {})).items).toMatchObject([{ tenantName: '省林草局', lastUsedAt: house.t.now().toString() }])
    await house.se.call(api.decideToken, { tokenId: item.id, approve: false })
    expect((await opened(token)).status).toBe(401)
  })
})
