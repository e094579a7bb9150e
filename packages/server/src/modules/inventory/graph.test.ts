import { inventoryApi as api, type ImpactEffect } from '@changbai/contract/inventory.ts'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Client, startTestServer, type TestServer } from '../../../test/harness.ts'
import { createTenant } from '../identity/index.ts'
import { findItemsByWord, impactOf } from './index.ts'

let t: TestServer
let iaas: Client
let ours: Client
let theirs: Client
/** Ids by name. */
const at: Record<string, string> = {}

/** Two cores, one switch in a rack on both, three hosts on it, three web servers and a database of ours, one server of theirs on the first host. */
beforeAll(async () => {
  t = await startTestServer({ plan: false })
  const [a = '', b = ''] = await t.inTx(async (ctx) => [
    (await createTenant(ctx, { code: 'A', name: '甲局', shortName: '甲' })).id,
    (await createTenant(ctx, { code: 'B', name: '乙局', shortName: '乙' })).id,
  ])
  iaas = await t.signedIn({ role: 'IAAS_ADMIN' })
  const om = await t.signedIn({ role: 'OPERATION_MANAGER' })
  ours = await t.signedIn({ role: 'APP_PROJECT_MANAGER', tenantId: a })
  theirs = await t.signedIn({ role: 'APP_PROJECT_MANAGER', tenantId: b })
  const application = async (tenantId: string, code: string) => {
    at[code] = (await om.call(api.createApplication, { tenantId, name: `应用${code}`, code, mlpsLevel: 2 })).id
  }
  await application(a, 'portal')
  await application(b, 'other')
  at.r1 = (await iaas.call(api.createRack, { name: 'r1', room: '301' })).id
  for (const name of ['core1', 'core2', 'leaf', 'ups'])
    at[name] = (await iaas.call(api.createComponent, { kind: name === 'ups' ? 'POWER' : 'SWITCH', name })).id
  at.room = (await iaas.call(api.listComponents, { kind: 'ROOM' })).items[0]?.id ?? ''
  for (const name of ['h1', 'h2', 'h3'])
    at[name] = (await iaas.call(api.createServer, { kind: 'baremetal', name, vcpu: 96, memGiB: 512, rackId: at.r1 })).id
  const vm = async (name: string, code: string) => {
    at[name] = (await iaas.call(api.createServer, { kind: 'vm', name, vcpu: 4, memGiB: 8, applicationId: at[code] ?? null })).id
  }
  for (const name of ['web1', 'web2', 'web3', 'db']) await vm(name, 'portal')
  await vm('foreign', 'other')
  at.disk = (await iaas.call(api.createVolume, { kind: 'block', name: 'disk', gib: 100, serverId: at.db ?? null })).id
  await relate('leaf', 'CONNECTS_TO', 'core1')
  await relate('leaf', 'CONNECTS_TO', 'core2')
  for (const host of ['h1', 'h2', 'h3']) await relate(host, 'CONNECTS_TO', 'leaf')
  await relate('web1', 'RUNS_ON', 'h1')
  await relate('web2', 'RUNS_ON', 'h2')
  await relate('web3', 'RUNS_ON', 'h3')
  await relate('db', 'RUNS_ON', 'h3')
  await relate('foreign', 'RUNS_ON', 'h1')
  await relate('room', 'DEPENDS_ON', 'ups')
})
afterAll(() => t.stop())

const typeOf = (name: string) =>
  ['portal', 'other'].includes(name)
    ? 'application'
    : name === 'r1'
      ? 'rack'
      : ['core1', 'core2', 'leaf', 'ups', 'room', 'pair'].includes(name)
        ? 'component'
        : ('server' as const)
const relate = (from: string, kind: 'RUNS_ON' | 'CONNECTS_TO' | 'DEPENDS_ON' | 'PART_OF', to: string, more = {}) =>
  iaas.call(api.relate, { kind, from: { type: typeOf(from), id: at[from] ?? '' }, to: { type: typeOf(to), id: at[to] ?? '' }, ...more })

/** `name: effect up/members`, sorted. */
async function said(name: string, direction: 'DOWN' | 'UP' = 'DOWN', hops = 8, as: Client = iaas): Promise<Record<string, string>> {
  const { nodes } = await as.call(api.impact, { id: at[name] ?? '', direction, hops })
  return Object.fromEntries(
    nodes.map((node) => [node.name, `${node.effect}${node.bundle && node.up !== null ? ` ${node.up}/${node.members}` : ''}`]),
  )
}

describe('what follows if something is lost', () => {
  test('a host takes its servers down and leaves the application three of four', async () => {
    expect(await said('h1')).toEqual({ web1: 'LOST', foreign: 'LOST', 应用portal: 'WEAKENED 3/4', 应用other: 'LOST 0/1' })
  })

  test('one of two cores weakens everything behind it and takes nothing down', async () => {
    const effects = await said('core1')
    expect(effects.leaf).toBe('WEAKENED 1/2')
    expect(new Set(Object.values(effects).map((one) => one.split(' ')[0]))).toEqual(new Set(['WEAKENED']))
    expect(Object.keys(effects)).toContain('应用other')
  })

  test('what is faulty already does not stand in', async () => {
    const { rev } = await iaas.call(api.getComponent, { id: at.core2 ?? '' })
    const faulty = await iaas.call(api.updateComponent, { id: at.core2 ?? '', rev, change: { state: 'FAULTY' } })
    expect(await said('core1')).toMatchObject({ leaf: 'LOST 0/2', h1: 'LOST 0/1', 应用portal: 'LOST 0/4' })
    await iaas.call(api.updateComponent, { id: at.core2 ?? '', rev: faulty.rev, change: { state: 'ACTIVE' } })
    expect(await said('core1')).toMatchObject({ leaf: 'WEAKENED 1/2' })
  })

  test('a room takes its racks, they their hosts; power comes before the room', async () => {
    expect(await said('ups', 'DOWN', 3)).toEqual({ '301': 'LOST', '301 r1': 'LOST', h1: 'LOST', h2: 'LOST', h3: 'LOST' })
  })

  test('a volume takes its server down; hops end the walk', async () => {
    expect(await said('disk')).toEqual({ db: 'LOST', 应用portal: 'WEAKENED 3/4' })
    expect(await said('disk', 'DOWN', 1)).toEqual({ db: 'LOST' })
  })

  test('so many must be up: of a cluster of three that needs two, one may go, not two', async () => {
    at.pair = (await iaas.call(api.createComponent, { kind: 'CLUSTER', name: 'pair' })).id
    for (const part of ['web1', 'web2', 'web3']) await relate(part, 'PART_OF', 'pair', { needed: 2 })
    expect((await said('h1')).pair).toBe('WEAKENED 2/3')
    const { rev } = await iaas.call(api.getServer, { id: at.web2 ?? '' })
    const stopped = await iaas.call(api.updateServer, { id: at.web2 ?? '', rev, change: { state: 'STOPPED' } })
    expect((await said('h1')).pair).toBe('LOST 1/3')
    await iaas.call(api.updateServer, { id: at.web2 ?? '', rev: stopped.rev, change: { state: 'ACTIVE' } })
  })

  test('weakened near by and lost further away counts as lost, once', async () => {
    await relate('portal', 'DEPENDS_ON', 'h1', { bundle: 'either' })
    await relate('portal', 'DEPENDS_ON', 'db', { bundle: 'either' })
    const { nodes } = await iaas.call(api.impact, { id: at.leaf ?? '', hops: 8 })
    const mine = nodes.filter(({ id }) => id === at.portal)
    expect(mine).toHaveLength(1)
    expect(mine[0]?.effect).toBe('LOST')
  })

  test('circles end', async () => {
    await relate('web1', 'DEPENDS_ON', 'web2')
    await relate('web2', 'DEPENDS_ON', 'web1')
    expect(Object.keys(await said('web1'))).not.toContain('web1')
  })
})

describe('what something needs', () => {
  test('without a stand-in it is vital, with one it is spare, and what is behind a spare is spare', async () => {
    const needs = await said('web3', 'UP')
    expect(needs).toMatchObject({ h3: 'VITAL', leaf: 'VITAL 1/1', core1: 'SPARE 2/2', core2: 'SPARE 2/2', '301 r1': 'VITAL', ups: 'VITAL' })
    expect((await said('portal', 'UP')).web3).toMatch(/^SPARE/)
    expect((await said('portal', 'UP')).leaf).toMatch(/^SPARE/)
  })
})

describe('who sees what of it', () => {
  test('another bureau’s things, and the house, are one stub, without name, kind or number', async () => {
    const seen = await ours.call(api.impact, { id: at.web1 ?? '', direction: 'UP' })
    expect(seen.nodes.map(({ name }) => name)).toEqual(['web2'])
    expect(seen.stubs.sort()).toEqual([at.web1, at.web2].sort())
    expect(JSON.stringify(seen)).not.toContain('core1')
    expect(seen.counts.reduce((sum, { count }) => sum + count, 0)).toBe(1)
  })

  test('the walk goes on behind what is hidden, and comes back to what is not', async () => {
    await relate('foreign', 'DEPENDS_ON', 'db')
    await relate('web2', 'DEPENDS_ON', 'foreign')
    const seen = await ours.call(api.impact, { id: at.db ?? '' })
    const web2 = seen.nodes.find(({ name }) => name === 'web2')
    expect(web2).toMatchObject({ effect: 'LOST', via: null })
    expect(seen.stubs).toContain(at.db)
  })

  test('what one may not see cannot be asked about; the map shows a stub', async () => {
    expect((await theirs.send(api.impact, { id: at.web1 ?? '' })).status).toBe(404)
    expect((await ours.send(api.impact, { id: at.core1 ?? '' })).status).toBe(404)
    const map = await ours.call(api.relations, { type: 'server', id: at.web1 ?? '', depth: 1 })
    expect(map.stubs).toContain(at.web1)
    expect(JSON.stringify(map)).not.toContain(at.h1)
  })
})

describe('the needs follow the items', () => {
  const needs = (name: string) =>
    t.inTx(async ({ db }) => {
      const { rows } = await sql<{ kind: string }>`
        select kind from item_need n join item_node p on p.no in (n.needer, n.provider) where p.id = ${at[name] ?? ''} order by 1`.execute(
        db,
      )
      return rows.map(({ kind }) => kind)
    })

  test('a server that moves, a relation that ends, a thing that retires', async () => {
    at.tmp = (await iaas.call(api.createServer, { kind: 'vm', name: 'tmp', vcpu: 1, memGiB: 1, applicationId: at.portal ?? null })).id
    const { id } = await relate('tmp', 'RUNS_ON', 'h2')
    expect(await needs('tmp')).toEqual(['RUNS_ON', 'RUNS_ON'])
    await iaas.call(api.unrelate, { id })
    expect(await needs('tmp')).toEqual(['RUNS_ON'])
    const moved = await iaas.call(api.updateServer, { id: at.tmp, rev: 1, change: { rackId: at.r1 ?? null } })
    expect(await needs('tmp')).toEqual(['IN_RACK', 'RUNS_ON'])
    await iaas.call(api.retireServer, { id: at.tmp, rev: moved.rev, reason: '到期' })
    expect(await needs('tmp')).toEqual([])
  })

  test('a room that is named later finds its racks', async () => {
    at.late = (await iaas.call(api.createRack, { name: 'late', room: '302' })).id
    expect(await needs('late')).toEqual(['IN_ROOM'])
  })
})

test('a word finds what people mean; the face answers modules above', async () => {
  await t.inTx(async (ctx) => {
    expect((await findItemsByWord(ctx, 'PORTAL')).map(({ type }) => type)).toEqual(['application'])
    expect(await findItemsByWord(ctx, at.h1 ?? '')).toEqual([{ type: 'server', id: at.h1, name: 'h1' }])
    expect(await findItemsByWord(ctx, 'nothing of the sort')).toEqual([])
    const { applications } = await impactOf(ctx, at.h1 ?? '', 'DOWN', 5)
    const effects: Record<string, ImpactEffect> = Object.fromEntries(applications.map(({ code, effect }) => [code, effect]))
    expect(effects.other).toBe('LOST')
  })
})
