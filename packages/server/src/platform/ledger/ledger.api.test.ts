import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ledgerApi } from '@changbai/contract/ledger.ts'
import { verifyExport } from '@changbai/verify/verify-export.ts'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { takeApproved } from '../../../test/approved-export.ts'
import { type Client, startTestServer, type TestServer } from '../../../test/harness.ts'
import { sealAll } from './seal.ts'

let t: TestServer
let auditor: Client
let folder: string
beforeAll(async () => {
  t = await startTestServer()
  auditor = await t.signedIn({ role: 'AUDIT_ADMIN', name: '审计员' })
  folder = await mkdtemp(join(tmpdir(), 'changbai-ledger-'))
  for (let n = 0; n < 12; n++)
    await t.inTx((ctx) => ctx.record({ kind: `probe.n${n}`, subject: { type: 'probe', id: 'p-1' }, before: { n }, after: { n: n + 1 } }))
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
  await t.stop()
})

const download = async (): Promise<string> =>
  ((await takeApproved(t, auditor, ledgerApi.exportLedger, {})).reply as Buffer).toString('utf8')
const sealNow = () => sealAll({ db: t.server.runtime.door.db, clock: t.server.runtime.door.clock, crypto: t.server.runtime.crypto })

describe('reading the ledger', () => {
  test('is the audit administrator’s alone', async () => {
    for (const role of ['SYSTEM_ADMIN', 'SECURITY_ADMIN', 'IAAS_ADMIN', 'CUSTOMER_LEADER', 'THIRD_PARTY'] as const) {
      const other = await t.signedIn({ role })
      for (const e of [ledgerApi.searchFacts, ledgerApi.status, ledgerApi.batches, ledgerApi.verify, ledgerApi.exportLedger])
        expect([role, e.path, (await other.send(e, {})).status]).toEqual([role, e.path, 403])
    }
  })

  test('filters, pages newest first, and leaves a fact itself', async () => {
    const seen: string[] = []
    for (let after: string | undefined; ; ) {
      const page = await auditor.call(ledgerApi.searchFacts, { kind: 'probe.', subjectId: 'p-1', limit: 5, ...(after ? { after } : {}) })
      seen.push(...page.items.map(({ kind }) => kind))
      if (!page.next) break
      after = page.next
    }
    expect(seen).toEqual(Array.from({ length: 12 }, (_, n) => `probe.n${11 - n}`))
    const reads = await auditor.call(ledgerApi.searchFacts, { kind: 'ledger.read', actorPersonId: auditor.personId })
    expect(reads.items.length).toBeGreaterThanOrEqual(3)
    expect(reads.items[0]).toMatchObject({ actorName: '审计员', address: '127.0.0.1', position: null })
    expect((await auditor.call(ledgerApi.searchFacts, { kind: 'pro%' })).items).toEqual([])
    const before = t.now().toString()
    expect((await auditor.call(ledgerApi.searchFacts, { kind: 'probe.', until: before })).items).toEqual([])
  })
})

describe('an export', () => {
  test('seals what waits, is whole, and is itself on record', async () => {
    const lines = (await download()).trim().split('\n')
    expect(await verifyExport(lines)).toMatchObject({ ok: true, findings: [] })
    expect(lines.some((line) => line.includes('probe.n11'))).toBe(true)
    const { items } = await auditor.call(ledgerApi.searchFacts, { kind: 'ledger.exported' })
    expect(items[0]).toMatchObject({ actorPersonId: auditor.personId, data: { firstBatch: 1 } })
    const status = await auditor.call(ledgerApi.status, {})
    expect(status).toMatchObject({ last: { no: expect.any(Number) }, unsealed: expect.any(Number) })
    expect(status.keys).toHaveLength(1)
    expect((await auditor.call(ledgerApi.batches, {})).items[0]).toEqual(status.last)
  })

  test('of a time in which nothing was sealed is refused', async () => {
    const answer = await auditor.send(ledgerApi.exportLedger, { until: '2020-01-01T00:00:00Z' })
    expect(answer.problem.type).toBe('urn:changbai:problem:ledger.nothing-sealed')
  })

  test('is checked by the verifier alone: exit 0; altered: exit 1 and the row’s name; no file: exit 2', async () => {
    const cli = fileURLToPath(new URL('../../../../verify/src/cli.ts', import.meta.url))
    const run = (...args: string[]) =>
      new Promise<{ code: number; out: string }>((done) => {
        execFile(process.execPath, [cli, ...args], (error, out) => done({ code: error ? Number(error.code) : 0, out }))
      })
    const file = join(folder, 'ledger.ndjson')
    const text = await download()
    await writeFile(file, text)
    expect(await run(file)).toMatchObject({ code: 0 })
    await writeFile(file, text.replace('probe.n7', 'probe.n8'))
    const altered = await run(file, '--json')
    expect(altered.code).toBe(1)
    const position = JSON.parse(text.split('\n').find((line) => line.includes('probe.n7')) ?? '{}').position
    expect(JSON.parse(altered.out).findings).toMatchObject([{ code: 'fact-altered', position }])
    expect(await run(join(folder, 'missing.ndjson'))).toMatchObject({ code: 2 })
    expect(await run()).toMatchObject({ code: 2 })
  })
})

test('the chain is recomputed in place, and a change made around the triggers is named', async () => {
  await sealNow()
  const sound = await auditor.call(ledgerApi.verify, {})
  expect(sound).toMatchObject({ ok: true, nextBatch: null, findings: [] })
  await t.inTx(async (ctx) => {
    await sql`set local session_replication_role = replica`.execute(ctx.db)
    await sql`update ledger_fact set after = '{"n": 99}' where kind = 'probe.n3'`.execute(ctx.db)
    await sql`insert into ledger_fact select gen_random_uuid(), at, actor_kind, actor_person_id, actor_name, session_id, address, 'smuggled.in',
      subject_type, subject_id, tenant_id, before, after, data, digest_algorithm, digest from ledger_fact where kind = 'probe.n4'`.execute(
      ctx.db,
    )
  })
  const { ok, findings } = await auditor.call(ledgerApi.verify, {})
  expect(ok).toBe(false)
  expect(findings.map(({ code }) => code).toSorted()).toEqual(['fact-altered', 'fact-unplaced'])
})

test('the sealing job seals by itself', async () => {
  await t.inTx(async (ctx) => {
    await ctx.record({ kind: 'job.seen', subject: { type: 'probe', id: 'p-2' } })
    await ctx.enqueue('ledger.seal', {})
  })
  await t.runJobs()
  expect((await auditor.call(ledgerApi.searchFacts, { kind: 'job.seen' })).items[0]?.position).toEqual(expect.any(Number))
})
