import { searchApi as api } from '@changbai/contract/search.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Client, startTestServer, type TestServer } from '../../../test/harness.ts'
import { createTenant } from '../identity/index.ts'
import { seedDemoInventory } from '../inventory/index.ts'
import { searchEverywhere } from './search.service.ts'

let t: TestServer
let bureau: string
let operator: Client
let manager: Client
let foreigner: Client

beforeAll(async () => {
  t = await startTestServer()
  const open = async (code: string, name: string) => (await t.inTx((ctx) => createTenant(ctx, { code, name, shortName: name }))).id
  bureau = await open('LCJ', '省林业和草原局')
  const other = await open('RST', '省人力资源和社会保障厅')
  await t.inTx((ctx) =>
    seedDemoInventory(ctx, [
      { id: bureau, name: '省林业和草原局' },
      { id: other, name: '省人力资源和社会保障厅' },
    ]),
  )
  operator = await t.signedIn({ role: 'OPERATION_MANAGER', name: '周敏' })
  manager = await t.signedIn({ role: 'APP_PROJECT_MANAGER', tenantId: bureau })
  foreigner = await t.signedIn({ role: 'APP_PROJECT_MANAGER', tenantId: other })
})
afterAll(() => t.stop())

const kindsFound = async (who: Client, q: string) => (await who.call(api.everywhere, { q })).groups.map(({ kind }) => kind)

describe('the search', () => {
  test('finds by name, address and clause, each kind on its own, five of each at most', async () => {
    const { groups } = await operator.call(api.everywhere, { q: '10.' })
    expect(groups.map(({ kind }) => kind)).toContain('SERVER')
    for (const { items } of groups) expect(items.length).toBeLessThanOrEqual(5)
    expect(groups.some(({ more }) => more)).toBe(true)
    expect(await kindsFound(operator, '4.3-1a')).toEqual(['CLAUSE'])
  })

  test('a bureau finds its own things only, whatever it asks', async () => {
    const all = async (who: Client) =>
      (await who.call(api.everywhere, { q: '10.' })).groups.flatMap(({ kind, items }) =>
        kind === 'CLAUSE' ? [] : items.map(({ id }) => id),
      )
    const mine = await all(manager)
    expect(mine.length).toBeGreaterThan(0)
    expect((await all(foreigner)).filter((id) => mine.includes(id))).toEqual([])
  })

  test('people are found by those who may read accounts only', async () => {
    expect(await kindsFound(operator, '周敏')).not.toContain('PERSON')
    expect(await kindsFound(await t.signedIn({ role: 'SYSTEM_ADMIN' }), '周敏')).toEqual(['PERSON'])
  })

  test.each([
    ['one character', '林', 400],
    ['blanks', '   ', 400],
    ['like signs mean themselves', '%%', 200],
    ['markup', `<script>alert('x')</script>`, 200],
    ['a quote', `';--`, 200],
  ])('%s', async (_, q, status) => {
    const answer = await operator.send(api.everywhere, { q })
    expect(answer.status).toBe(status)
    if (status === 200) expect(answer.reply.groups).toEqual([])
  })

  test('nobody searches without signing in', async () => {
    expect((await t.anonymous.send(api.everywhere, { q: '林业' })).status).toBe(401)
  })

  test.each([
    ['OPERATION_MANAGER', 20],
    ['APP_PROJECT_MANAGER', 19],
    ['AUDIT_ADMIN', 2],
  ] as const)('as %s it takes %i statements, however much there is', async (role, exactly) => {
    const who = await t.signedIn({ role, tenantId: role === 'APP_PROJECT_MANAGER' ? bureau : null })
    let statements = 0
    const counting = {
      transformQuery<N>({ node }: { node: N }): N {
        statements += 1
        return node
      },
      transformResult: async <R>({ result }: { result: R }): Promise<R> => result,
    }
    const groups = await t.inTx(
      async (ctx) => (await searchEverywhere({ ...ctx, db: ctx.db.withPlugin(counting) }, { q: '10.' })).groups,
      who.actor,
    )
    expect(groups.length).toBeGreaterThan(0)
    expect(statements).toBe(exactly)
  })
})

describe('saved views', () => {
  const view = { list: 'servers', name: '到期的', query: { state: 'ACTIVE', sort: 'usageUntil' } }

  test('are one person’s own, replaced by name, and gone when dropped', async () => {
    const first = await manager.call(api.saveView, view)
    const again = await manager.call(api.saveView, { ...view, query: { state: 'STOPPED' } })
    expect(again).toEqual({ ...first, query: { state: 'STOPPED' } })
    expect((await manager.call(api.views, { list: 'servers' })).items).toEqual([again])
    expect((await manager.call(api.views, { list: 'volumes' })).items).toEqual([])
    expect((await foreigner.call(api.views, { list: 'servers' })).items).toEqual([])
    expect((await foreigner.send(api.dropView, { id: first.id })).status).toBe(404)
    await manager.call(api.dropView, { id: first.id })
    expect((await manager.call(api.views, { list: 'servers' })).items).toEqual([])
  })

  test('are limited in number; the one too many is not kept', async () => {
    for (let n = 0; n < 30; n++) await operator.call(api.saveView, { ...view, name: `第 ${n}` })
    expect((await operator.send(api.saveView, { ...view, name: '多出来的' })).problem.type).toContain('search.too-many-views')
    expect((await operator.call(api.views, { list: 'servers' })).items).toHaveLength(30)
  })

  test.each([
    ['a list with blanks', { ...view, list: 'the servers' }],
    ['no name', { ...view, name: ' ' }],
    ['a condition named as code', { ...view, query: { 'a;b': '1' } }],
    [
      'too many conditions',
      {
        ...view,
        query: Object.fromEntries(
          Array.from({ length: 31 }, (_, n) => [`k${'abcdefghijklmnopqrstuvwxyz'[n % 26]}${n > 25 ? 'x' : ''}`, '1']),
        ),
      },
    ],
  ])('%s is refused', async (_, input) => expect((await operator.send(api.saveView, input)).status).toBe(400))
})
