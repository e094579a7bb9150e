import { can, endpoint, instant, text } from '@changbai/contract/endpoint.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { type Actor, anonymous } from './actor.ts'
import { createCrypto } from './crypto.ts'
import type { Params } from './ctx.ts'
import { createDoor, type Door } from './door.ts'
import { fail, failKeepingWrites } from './fail.ts'
import { createHttp } from './http.ts'
import { createLog } from './log.ts'
import { type App, mount } from './mount.ts'

const api = {
  add: endpoint({
    method: 'POST',
    path: '/notes',
    summary: 'Add a note',
    access: 'signed-in',
    input: z.object({ text: text(20, 1), size: z.int().max(9) }),
    reply: z.object({ id: z.int(), at: instant }),
  }),
  guarded: endpoint({
    method: 'GET',
    path: '/guarded',
    summary: 'Guarded',
    access: can('request.approve', 'A'),
    input: z.object({}),
    reply: z.object({}),
  }),
  sneak: endpoint({
    method: 'GET',
    path: '/sneak',
    summary: 'Write while reading',
    access: 'public',
    input: z.object({}),
    reply: z.object({}),
  }),
  refuse: endpoint({
    method: 'POST',
    path: '/refuse',
    summary: 'Refuse',
    access: 'public',
    input: z.object({ keep: z.boolean() }),
    reply: z.object({}),
  }),
  lie: endpoint({
    method: 'GET',
    path: '/lie',
    summary: 'A reply off the contract',
    access: 'public',
    input: z.object({}),
    reply: z.object({ n: z.int() }),
  }),
}

const NOW = Temporal.Instant.from('2026-09-18T07:00:00Z')
const person = (grants: Actor['grants']): Actor => ({
  kind: 'person',
  personId: '01890000-0000-7000-8000-000000000001',
  name: '周敏',
  grants,
  address: '127.0.0.1',
  sessionId: null,
})
const actors: Record<string, Actor> = {
  pm: person([{ role: 'APP_PROJECT_MANAGER', tenantId: null, applicationId: null }]),
  cm: person([{ role: 'CUSTOMER_OM_MANAGER', tenantId: null, applicationId: null }]),
}
const noParams: Params = { number: () => 0, text: () => '', flag: () => false, duration: () => '', value: <T>() => undefined as T }

let database: TestDatabase
let app: App
let door: Door
const noteTexts = async () =>
  (await sql<{ text: string }>`select text from note order by id`.execute(database.db)).rows.map((row) => row.text)

beforeAll(async () => {
  database = await testDatabase()
  await sql`create table note (id serial primary key, text text)`.execute(database.db)
  door = createDoor({
    db: database.db,
    clock: () => NOW,
    crypto: createCrypto({ encryption: Buffer.alloc(32, 1), signing: Buffer.alloc(32, 2) }),
    jobs: { enqueue: async () => {} },
    reactions: {},
    loadParams: async () => noParams,
  })
  app = await createHttp({
    log: createLog('silent'),
    signIn: { resolveActor: async (_db, call) => actors[call.authorization] ?? anonymous(call.address) },
    trustProxy: false,
    files: { read: async () => Buffer.alloc(0) },
    level: '9999',
    origins: [],
    ready: async () => ({ database: true }),
  })
  mount(app, door, api.add, async (ctx, input) => {
    const { rows } = await sql<{ id: number }>`insert into note (text) values (${input.text}) returning id`.execute(ctx.db)
    return { id: rows[0]?.id as number, at: ctx.now.toString() }
  })
  mount(app, door, api.guarded, async () => ({}))
  mount(app, door, api.sneak, async (ctx) => {
    await sql`insert into note (text) values ('sneaked')`.execute(ctx.db)
    return {}
  })
  mount(app, door, api.refuse, async (ctx, { keep }) => {
    await sql`insert into note (text) values (${keep ? 'kept' : 'dropped'})`.execute(ctx.db)
    return keep ? failKeepingWrites(commonProblems.forbidden) : fail(commonProblems.forbidden)
  })
  mount(app, door, api.lie, async () => ({ n: 1.5 }))
  await app.ready()
})
afterAll(async () => {
  await app.close()
  await database.drop()
})

const post = (url: string, payload: unknown, headers: Record<string, string> = {}) =>
  app.inject({
    method: 'POST',
    url: `/api${url}`,
    headers: { authorization: 'pm', 'content-type': 'application/json', ...headers },
    payload: payload as string,
  })

describe('an endpoint', () => {
  test('answers in the shape of the contract', async () => {
    const answer = await post('/notes', { text: ' 第一条 ', size: 3 })
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toMatchObject({ at: '2026-09-18T07:00:00Z' })
    expect(await noteTexts()).toContain('第一条')
  })

  test.each([
    ['too long', { text: '长'.repeat(21), size: 1 }, 'text', '不超过 20 个字'],
    ['wrong type', { text: 'a', size: '3' }, 'size', '类型不对或未填写'],
    ['missing', { size: 1 }, 'text', '类型不对或未填写'],
    ['over the limit', { text: 'a', size: 10 }, 'size', '不大于 9'],
    ['a control character', { text: 'a\u0000b', size: 1 }, 'text', '格式不对'],
  ])('names the field that is %s', async (_, payload, path, message) => {
    const answer = await post('/notes', payload)
    expect(answer.statusCode).toBe(400)
    expect(answer.headers['content-type']).toContain('application/problem+json')
    expect(answer.json().errors).toEqual([expect.objectContaining({ path, message })])
  })

  test('speaks the language of the reader', async () => {
    const answer = await post('/notes', { text: '', size: 1 }, { 'accept-language': 'en-GB' })
    expect(answer.json()).toMatchObject({ title: 'Some fields need attention', errors: [{ path: 'text', message: 'Required' }] })
  })

  test.each([
    ['malformed JSON', '{"text":', 400],
    ['an array', '[]', 400],
    ['a body of 9 MB', JSON.stringify({ text: 'x'.repeat(9 * 1024 * 1024) }), 413],
  ])('refuses %s', async (_, payload, status) => {
    const answer = await post('/notes', payload)
    expect(answer.statusCode).toBe(status)
    expect(answer.headers['content-type']).toContain('application/problem+json')
  })

  test('asks who calls, then whether they may', async () => {
    const as = (authorization: string) =>
      app.inject({ url: '/api/guarded', headers: { authorization } }).then((answer) => answer.statusCode)
    expect([await as(''), await as('pm'), await as('cm')]).toEqual([401, 403, 200])
  })

  test('cannot write while it only reads', async () => {
    expect((await app.inject({ url: '/api/sneak' })).statusCode).toBe(500)
    expect(await noteTexts()).not.toContain('sneaked')
  })

  test('answers 500 with a reference when its own reply is off the contract', async () => {
    const answer = await app.inject({ url: '/api/lie' })
    expect(answer.statusCode).toBe(500)
    expect(answer.json().title).toContain(answer.headers['x-request-id'])
  })
})

describe('a command', () => {
  test('sent again with its key takes effect once', async () => {
    const headers = { 'idempotency-key': 'key-00000001' }
    const answers = await Promise.all([1, 2, 3].map(() => post('/notes', { text: 'once', size: 1 }, headers)))
    expect(new Set(answers.map((answer) => answer.body)).size).toBe(1)
    expect((await noteTexts()).filter((text) => text === 'once')).toHaveLength(1)
    expect((await post('/notes', { text: 'other', size: 1 }, headers)).statusCode).toBe(409)
  })

  test('that is refused leaves nothing, unless the refusal must be remembered', async () => {
    expect((await post('/refuse', { keep: false })).statusCode).toBe(403)
    expect((await post('/refuse', { keep: true })).statusCode).toBe(403)
    const texts = await noteTexts()
    expect(texts).toContain('kept')
    expect(texts).not.toContain('dropped')
  })

  test.each([
    ['another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }, 403],
    ['a sister site', { 'sec-fetch-site': 'same-site', origin: 'http://other.localhost' }, 403],
    ['an old browser elsewhere', { origin: 'https://evil.example' }, 403],
    ['our own page', { 'sec-fetch-site': 'same-origin', origin: 'http://localhost' }, 200],
    ['our own page in an old browser', { origin: 'http://localhost:80' }, 200],
  ])('from %s', async (_, headers, status) => {
    const answer = await post(
      '/notes',
      { text: 'from', size: 1 },
      { cookie: 'changbai.session=x', host: 'localhost:80', ...(headers as unknown as Record<string, string>) },
    )
    expect(answer.statusCode).toBe(status)
  })
})

test('health, metrics and headers', async () => {
  expect((await app.inject({ url: '/livez' })).statusCode).toBe(200)
  expect((await app.inject({ url: '/readyz' })).json()).toEqual({ status: 'ok', checks: { database: true } })
  const metrics = await app.inject({ url: '/metrics' })
  expect(metrics.body).toContain('changbai_http_request_seconds')
  expect(metrics.headers['content-security-policy']).toContain("default-src 'none'")
  expect(metrics.headers['x-frame-options']).toBeDefined()
})
