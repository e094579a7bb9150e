import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { admissionApi } from '@changbai/contract/admission.ts'
import {
  capabilities,
  capabilityMatrix,
  isCapability,
  ROLES,
  type Role,
  roleCodes,
  roleHolds,
  rolesWith,
  verbs,
} from '@changbai/contract/capability.ts'
import type { Endpoint } from '@changbai/contract/endpoint.ts'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTenant } from '../src/modules/identity/index.ts'
import { type Client, startTestServer, type TestServer } from './harness.ts'
import { pathParameters, sampleInput } from './sample-input.ts'

/**
 * Walks every endpoint of every contract file as every role, of this and of another bureau, and without signing in. What is expected is read
 * from the permission matrix alone.
 */
const CONTRACT = join(import.meta.dirname, '../../contract/src')

const isEndpoint = (value: unknown): value is Endpoint =>
  typeof value === 'object' && value !== null && 'method' in value && 'path' in value && 'access' in value && 'reply' in value

const stated: { name: string; e: Endpoint }[] = []
for (const file of readdirSync(CONTRACT).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))) {
  const contract: Record<string, unknown> = await import(join(CONTRACT, file))
  for (const [group, members] of Object.entries(contract)) {
    if (!group.endsWith('Api') || typeof members !== 'object' || members === null) continue
    for (const e of Object.values(members)) if (isEndpoint(e)) stated.push({ name: `${e.method} ${e.path}`, e })
  }
}

const NOBODY = '0198f0a0-0000-7000-8000-00000000dead'
const TENANT_ROLES = roleCodes.filter((role) => ROLES[role].scope === 'TENANT')
const holds = (role: Role, e: Endpoint): boolean =>
  typeof e.access === 'string' || e.access.anyOf.some(({ capability, verb }) => roleHolds(role, capability, verb))

let t: TestServer
const own = new Map<Role, Client>()
const foreign = new Map<Role, Client>()
/** Ids of everything that belongs to the first bureau. */
let ownIds: string[] = []

beforeAll(async () => {
  t = await startTestServer()
  const [ours, theirs] = await t.inTx(async (ctx) => [
    (await createTenant(ctx, { code: 'ours', name: '本局', shortName: '本局' })).id,
    (await createTenant(ctx, { code: 'theirs', name: '他局', shortName: '他局' })).id,
  ])
  for (const role of roleCodes) own.set(role, await t.signedIn({ role, tenantId: TENANT_ROLES.includes(role) ? (ours as string) : null }))
  for (const role of TENANT_ROLES) foreign.set(role, await t.signedIn({ role, tenantId: theirs as string }))
  const manager = own.get('APP_PROJECT_MANAGER') as Client
  await manager.call(admissionApi.start, { tenantId: ours as string, kind: 'NEW', appName: '本局的应用' })
  ownIds = await idsOf(ours as string)
}, 120_000)
afterAll(() => t.stop())

/** Every row of a table that carries a bureau, whichever module it belongs to. */
async function idsOf(tenantId: string): Promise<string[]> {
  return t.inTx(async (ctx) => {
    const { rows: tables } = await sql<{ name: string }>`
      select a.table_name as name from information_schema.columns a join information_schema.columns b using (table_schema, table_name)
      where table_schema = 'public' and a.column_name = 'tenant_id' and b.column_name = 'id' and b.data_type = 'uuid'`.execute(ctx.db)
    const ids = [tenantId]
    for (const { name } of tables) {
      const { rows } = await sql<{ id: string }>`select id from ${sql.table(name)} where tenant_id = ${tenantId}`.execute(ctx.db)
      ids.push(...rows.map((row) => row.id))
    }
    return ids
  })
}

/** A small input with `id` for every path parameter; people named in it are the caller, who exists. */
const input = (e: Endpoint, id: string, client: Client): Record<string, unknown> => {
  const path = pathParameters(e)
  const given = Object.entries(sampleInput(e)).map(([name, value]) => [name, /personId$/i.test(name) ? client.personId || NOBODY : value])
  return { ...Object.fromEntries(given), ...Object.fromEntries(path.map((name) => [name, id])) }
}
const refusal = (answer: { status: number; problem: { type?: string } }): string => `${answer.status} ${answer.problem?.type ?? ''}`

describe('the matrix', () => {
  test.each(capabilities)('%s is held by somebody, in known verbs', (capability) => {
    const row = Object.entries(capabilityMatrix[capability])
    expect(row.length).toBeGreaterThan(0)
    for (const [role, letters] of row) {
      expect(roleCodes).toContain(role)
      expect(letters.length).toBeGreaterThan(0)
      for (const letter of letters) expect(verbs).toContain(letter)
    }
  })
  test('the three administrators hold no right of the business, the audit administrator none to write', () => {
    for (const capability of capabilities) {
      if (/^(admission|request|provisioning|credential|change|reclaim|migration|incident|cmdb|monitor)\./.test(capability)) {
        for (const role of ['SYSTEM_ADMIN', 'SECURITY_ADMIN', 'AUDIT_ADMIN'] as const)
          expect(capabilityMatrix[capability][role]).toBeUndefined()
      }
      const audit = capabilityMatrix[capability].AUDIT_ADMIN ?? []
      if (!capability.startsWith('audit.')) expect(audit.filter((verb) => verb !== 'R' && verb !== 'r')).toEqual([])
    }
  })
  test('only the audit administrator reads the ledger', () => expect(rolesWith('audit.log.read', 'R')).toEqual(['AUDIT_ADMIN']))
})

test('every endpoint of the contract is served, and nothing besides', () => {
  const served = t.server.app.endpoints.map((e) => `${e.method} ${e.path}`).sort()
  expect(new Set(served).size).toBe(served.length)
  expect(served).toEqual(stated.map(({ name }) => name).sort())
})

describe.each(stated)('$name', ({ e }) => {
  test('asks for rights that stand in the matrix', () => {
    if (typeof e.access === 'string') return expect(['public', 'signed-in']).toContain(e.access)
    for (const { capability, verb } of e.access.anyOf) {
      expect(isCapability(capability), capability).toBe(true)
      expect(rolesWith(capability, verb), `${capability}:${verb}`).not.toEqual([])
    }
  })

  test('lets in whom the matrix lets in, and nobody else', async () => {
    const nameless = await t.anonymous.send(e, input(e, NOBODY, t.anonymous))
    if (e.access === 'public') expect(refusal(nameless)).not.toMatch(/problem:(not-signed-in|forbidden)$/)
    else expect(refusal(nameless)).toBe('401 urn:changbai:problem:not-signed-in')

    for (const [role, client] of own) {
      // an open stream does not end by itself
      if (e.kind === 'events' && holds(role, e)) continue
      const answer = await client.send(e, input(e, NOBODY, client))
      expect(answer.status, `${role}: ${JSON.stringify(answer.problem)}`).not.toBe(500)
      expect(refusal(answer), role).not.toMatch(/problem:not-signed-in$/)
      if (!holds(role, e)) expect(refusal(answer), role).toBe('403 urn:changbai:problem:forbidden')
      else if (typeof e.access === 'object' && answer.status === 403) {
        const asked = e.access.anyOf.filter((right) => roleHolds(role, right.capability, right.verb)).map((right) => right.capability)
        if (refusal(answer).endsWith('problem:forbidden')) expect(asked, role).not.toContain(answer.problem.capability)
      }
    }
  }, 60_000)

  test('what is another bureau’s answers like what does not exist', async () => {
    if (pathParameters(e).length === 0 || e.kind === 'events') return
    for (const [role, client] of foreign) {
      // refused before anything is looked up, as shown above
      if (!holds(role, e)) continue
      const plain = (answer: { status: number; problem: object }, id: string): string => {
        const { instance: _, ...body } = { instance: '', ...answer.problem }
        return `${answer.status} ${JSON.stringify(body).replaceAll(id, 'ID')}`
      }
      const unknown = plain(await client.send(e, input(e, NOBODY, client)), NOBODY)
      for (const id of ownIds) {
        expect(plain(await client.send(e, input(e, id, client)), id), `${role} ${id}`).toBe(unknown)
      }
    }
  }, 60_000)
})
