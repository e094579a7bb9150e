import { factStatement } from '@changbai/verify/ledger.domain.ts'
import type { VerifyOptions } from '@changbai/verify/verify-export.ts'
import { verifyExport } from '@changbai/verify/verify-export.ts'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../../test/database.ts'
import { createCrypto } from '../crypto.ts'
import { openDatabase } from '../db.ts'
import { newId } from '../ids.ts'
import { appendFact, type NewFact } from './append.ts'
import { exportLines, planExport } from './export.ts'
import { keyIdOf, sealAll } from './seal.ts'

const crypto = createCrypto({ encryption: Buffer.alloc(32, 1), signing: Buffer.alloc(32, 2) })
const otherCrypto = createCrypto({ encryption: Buffer.alloc(32, 1), signing: Buffer.alloc(32, 3) })
const at = Temporal.Instant.from('2026-09-18T07:00:00.123Z')
const clock = () => at

const fact = (kind: string, more: Partial<NewFact> = {}): NewFact => ({
  at,
  actorKind: 'person',
  actorId: newId(),
  actorName: '王 建国',
  address: '10.0.0.7',
  kind,
  subjectType: 'request',
  subjectId: 'SQ-20260918-0001',
  tenantId: newId().toUpperCase(),
  ...more,
})

let t: TestDatabase
beforeAll(async () => {
  t = await testDatabase()
})
afterAll(() => t.drop())

const append = (...facts: NewFact[]) =>
  t.db.transaction().execute(async (db) => {
    for (const one of facts) await appendFact(db, crypto, one)
  })
const seal = (signer = crypto) => sealAll({ db: t.db, clock, crypto: signer })

async function exported(signer = crypto): Promise<string[]> {
  const plan = await t.db.transaction().execute((db) => planExport(db, at, signer, {}))
  if (!plan) throw new Error('nothing sealed')
  return Array.fromAsync(exportLines(t.db, plan))
}

/** What an intruder with the owner's password can do: the triggers do not stop him, the chain must. */
async function tamper(statement: string): Promise<void> {
  await t.db.transaction().execute(async (db) => {
    await sql`set local session_replication_role = replica`.execute(db)
    await sql.raw(statement).execute(db)
  })
}

/** Also without the constraints: whoever owns the tables can drop those first. */
async function tamperFreely(statement: string): Promise<void> {
  const { rows } = await sql<{ table: string; name: string }>`
    select conrelid::regclass::text as "table", conname as name from pg_constraint where contype = 'c' and conrelid::regclass::text like 'ledger_%'`.execute(
    t.db,
  )
  for (const { table, name } of rows) await sql.raw(`alter table ${table} drop constraint "${name}"`).execute(t.db)
  await tamper(statement)
}

const codes = async (lines: string[], options?: VerifyOptions) =>
  (await verifyExport(lines, options)).findings.map(({ code, position, batch }) => [code, position ?? batch])

const empty = () =>
  tamper('delete from ledger_entry; delete from ledger_batch; delete from ledger_key; delete from ledger_pending; delete from ledger_fact')

/** Three batches: positions 1-3, 4-5, 6-7. */
async function fill(): Promise<void> {
  await empty()
  await append(
    fact('request.created'),
    fact('request.saved', { before: { n: 1.5 }, after: { n: 1e21, s: 'a\u0000b\ud800' } }),
    fact('request.submitted'),
  )
  await seal()
  await append(fact('task.completed'), fact('task.returned', { data: { 理由: '缺附件', list: [1, null, { b: 1, a: 2 }] } }))
  await seal()
  await append(fact('request.approved'), fact('session.opened', { actorKind: 'system', actorId: null, tenantId: null }))
  await seal()
}

describe('the ledger takes facts and gives them back unchanged', () => {
  beforeAll(fill)

  test('a fresh export recomputes to itself', async () => {
    const report = await verifyExport(await exported())
    expect(report).toMatchObject({ ok: true, facts: 7, batches: 3, findings: [], keys: [keyIdOf(crypto.publicKey)] })
  })

  test.each([
    'update ledger_fact set kind = kind',
    'delete from ledger_fact',
    'truncate ledger_fact cascade',
    'delete from ledger_entry',
    "update ledger_batch set head = ''",
    'delete from ledger_key',
  ])('the database refuses: %s', async (statement) => {
    await expect(sql.raw(statement).execute(t.db)).rejects.toThrow(/append-only|foreign key/)
  })

  test('a fact of a transaction that was rolled back does not exist', async () => {
    await expect(
      t.db.transaction().execute(async (db) => {
        await appendFact(db, crypto, fact('never.happened'))
        throw new Error('rolled back')
      }),
    ).rejects.toThrow('rolled back')
    expect(await seal()).toBe(0)
  })
})

describe('tampering in the database is found and named', () => {
  beforeEach(fill)

  test.each([
    ['a word changed', `update ledger_fact set kind = 'task.withdrawn' where kind = 'task.completed'`, [['fact-altered', 4]]],
    [
      'the time changed by a millisecond',
      `update ledger_fact set at = at + interval '1 ms' where kind = 'request.created'`,
      [['fact-altered', 1]],
    ],
    ['a value inside "after" changed', `update ledger_fact set after = '{"n":2}' where kind = 'request.saved'`, [['fact-altered', 2]]],
    [
      'a row and its digest changed',
      `update ledger_fact set actor_name = 'x', digest = repeat('0', 64) where kind = 'task.returned'`,
      [['fact-altered', 5]],
    ],
    [
      'a row removed',
      `delete from ledger_fact where kind = 'task.completed'`,
      [
        ['fact-missing', 4],
        ['manifest-mismatch', null],
      ],
    ],
    [
      'a row and its place removed',
      `delete from ledger_entry where position = 2; delete from ledger_fact where kind = 'request.saved'`,
      [
        ['fact-missing', 2],
        ['manifest-mismatch', null],
      ],
    ],
    [
      'two rows swapped',
      `update ledger_entry set position = 1009 - position where position in (4, 5); update ledger_entry set position = position - 1000 where position > 1000`,
      [
        ['fact-altered', 4],
        ['fact-altered', 5],
      ],
    ],
    ['a batch altered', `update ledger_batch set sealed_at = sealed_at - interval '1 day' where no = 2`, [['batch-signature', 2]]],
    [
      'a batch in the middle removed',
      `delete from ledger_entry where batch_no = 2; delete from ledger_batch where no = 2`,
      [
        ['batch-missing', 3],
        ['manifest-mismatch', null],
        ['manifest-mismatch', null],
      ],
    ],
  ])('%s', async (_what, statement, expected) => {
    await tamper(statement)
    expect(await codes(await exported())).toEqual(expected)
  })

  test('the tail removed with its batch: an end of chain kept earlier shows it', async () => {
    const before = await verifyExport(await exported())
    await tamper(
      'delete from ledger_entry where batch_no = 3; delete from ledger_batch where no = 3; delete from ledger_fact f where not exists (select from ledger_entry e where e.fact_id = f.id)',
    )
    const lines = await exported()
    expect((await verifyExport(lines)).ok).toBe(true)
    expect(await codes(lines, { anchors: [{ batch: 3, head: before.head ?? '' }] })).toEqual([['anchor-beyond', 2]])
  })

  test('the whole ledger written anew with the true key: an end of chain kept earlier shows it', async () => {
    const before = await verifyExport(await exported())
    await fill()
    expect(await codes(await exported(), { anchors: [{ batch: 3, head: before.head ?? '' }] })).toEqual([['anchor-differs', 3]])
  })

  test('the last batch signed by another key', async () => {
    await append(fact('request.closed'))
    await seal(otherCrypto)
    expect(await codes(await exported())).toEqual([['key-changed', 4]])
    expect(await codes(await exported(), { trustedKeys: [keyIdOf(crypto.publicKey)] })).toEqual([['untrusted-key', 4]])
    expect(await codes(await exported(), { trustedKeys: [keyIdOf(crypto.publicKey), keyIdOf(otherCrypto.publicKey)] })).toEqual([])
  })

  test('a public key put under the name of the true one', async () => {
    await tamper(`update ledger_key set public_key = '${otherCrypto.publicKey}'`)
    expect((await codes(await exported())).map(([code]) => code)).toContain('false-key')
  })
})

describe('an export that was changed is found out line by line', () => {
  let lines: string[]
  beforeAll(async () => {
    await fill()
    lines = await exported()
  })
  // header, facts 1-3, batch 1, facts 4-5, batch 2, facts 6-7, batch 3, manifest
  const edit = (index: number, from: string, to: string) => lines.map((line, i) => (i === index ? line.replace(from, to) : line))

  test.each([
    ['cut after the second batch', () => lines.slice(0, 8), [['no-manifest', null]]],
    [
      'cut inside a batch',
      () => lines.slice(0, 6),
      [
        ['fact-unsealed', 4],
        ['no-manifest', null],
      ],
    ],
    [
      'the last batch left out, the manifest kept',
      () => [...lines.slice(0, 8), ...lines.slice(-1)],
      [
        ['manifest-mismatch', null],
        ['manifest-mismatch', null],
        ['manifest-mismatch', null],
        ['manifest-mismatch', null],
        ['manifest-mismatch', null],
      ],
    ],
    [
      'one fact left out',
      () => lines.toSpliced(5, 1),
      [
        ['fact-missing', 4],
        ['manifest-mismatch', null],
      ],
    ],
    [
      'one fact doubled',
      () => lines.toSpliced(5, 0, lines[5] as string),
      [
        ['fact-repeated', 4],
        ['manifest-mismatch', null],
      ],
    ],
    [
      'two facts in the wrong order',
      () => [...lines.slice(0, 5), lines[6] as string, lines[5] as string, ...lines.slice(7)],
      [['fact-order', 4]],
    ],
    ['two batches in the wrong order', () => [lines[0] as string, ...lines.slice(5, 8), ...lines.slice(1, 5), ...lines.slice(8)], 'any'],
    ['a word in a fact', () => edit(1, 'request.created', 'request.deleted'), [['fact-altered', 1]]],
    ['a member slipped in', () => edit(1, '{"type":"fact"', '{"type":"fact","approved":true'), 'any'],
    ['a broken line', () => edit(2, '{', '['), 'any'],
    [
      'the manifest says fewer',
      () => edit(11, '"facts":7', '"facts":6'),
      [
        ['manifest-signature', null],
        ['manifest-mismatch', null],
      ],
    ],
    ['something after the end', () => [...lines, lines[1] as string], 'any'],
    ['nothing at all', () => [], [['empty', null]]],
  ] as const)('%s', async (_what, changed, expected) => {
    const found = await codes(changed())
    if (expected === 'any') expect(found).not.toEqual([])
    else expect(found).toEqual(expected)
  })
})

test('any one character changed anywhere in an export is found', async () => {
  await fill()
  const lines = await exported()
  const place = fc
    .nat(lines.length - 1)
    .chain((line) => fc.tuple(fc.constant(line), fc.nat((lines[line] as string).length - 1), fc.constantFrom(...'0a"{},:Z9 ')))
  await fc.assert(
    fc.asyncProperty(place, async ([line, column, character]) => {
      const before = lines[line] as string
      const after = before.slice(0, column) + character + before.slice(column + 1)
      fc.pre(after !== before)
      expect((await verifyExport(lines.with(line, after))).ok).toBe(false)
    }),
    { numRuns: 400 },
  )
})

describe('SM3 by configuration', () => {
  const national = createCrypto({ encryption: Buffer.alloc(32, 1), signing: Buffer.alloc(32, 2) }, { digest: 'SM3' })
  const appendBy = (by: typeof crypto, ...facts: NewFact[]) =>
    t.db.transaction().execute(async (db) => {
      for (const one of facts) await appendFact(db, by, one)
    })

  test('facts and chain change over between two seals; each row says by what, and the whole verifies', async () => {
    await fill()
    await append(fact('still.sha'))
    await appendBy(national, fact('first.sm3'), fact('second.sm3'))
    await seal(national)
    await appendBy(national, fact('third.sm3'))
    await seal(national)
    const lines = await exported(national)
    expect(await verifyExport(lines)).toMatchObject({ ok: true, facts: 11, batches: 5, findings: [] })
    const algorithms = lines.map((line) => JSON.parse(line)).filter((line) => line.type === 'fact' || line.type === 'batch')
    expect(algorithms.slice(10).map(({ type, digestAlgorithm }) => `${type} ${digestAlgorithm}`)).toEqual([
      'fact SHA-256',
      'fact SM3',
      'fact SM3',
      'batch SM3',
      'fact SM3',
      'batch SM3',
    ])
    await tamper(`update ledger_fact set kind = 'third.SM3' where kind = 'third.sm3'`)
    expect(await codes(await exported(national))).toEqual([['fact-altered', 11]])
  })

  test('a row that claims the other algorithm, with a digest that fits it, is found', async () => {
    await fill()
    const lines = await exported()
    const stored = lines.map((line) => JSON.parse(line)).find((line) => line.type === 'fact' && line.position === 4)
    const digest = national.digest(factStatement(stored.fact))
    await tamper(`update ledger_fact set digest_algorithm = 'SM3', digest = '${digest}' where kind = 'task.completed'`)
    expect(await codes(await exported())).toEqual([['fact-altered', 4]])
  })
})

test('every column of every row is covered: a change of any is found', async () => {
  await fill()
  const { rows } = await sql<{ table: string; column: string; type: string }>`
    select table_name as "table", column_name as "column", data_type as type from information_schema.columns
    where table_schema = 'public' and table_name in ('ledger_fact', 'ledger_batch', 'ledger_entry', 'ledger_key') order by 1, ordinal_position`.execute(
    t.db,
  )
  const changed: Record<string, string> = {
    uuid: `gen_random_uuid()`,
    bigint: `%c + 100`,
    jsonb: `'{"put":"in"}'`,
    'timestamp with time zone': `%c + interval '1 ms'`,
  }
  // the day a key was first used is told to the reader, nothing rests on it; names of keys hang together by their constraints
  const apart = new Set(['ledger_key.first_used_at'])
  expect(rows.length).toBeGreaterThan(30)
  for (const { table, column, type } of rows) {
    if (apart.has(`${table}.${column}`)) continue
    await fill()
    const value = (changed[type] ?? `case when %c ~ '^[0-9a-f]{16,}$' then reverse(%c) || '' else coalesce(%c, '') || 'x' end`).replaceAll(
      '%c',
      `"${column}"`,
    )
    const row =
      table === 'ledger_fact'
        ? `kind = 'request.approved'`
        : table === 'ledger_key'
          ? 'true'
          : table === 'ledger_batch'
            ? 'no = 3'
            : 'position = 6'
    await tamperFreely(`update ${table} set "${column}" = ${value} where ${row}`)
    const report = await codes(await exported()).catch((error: Error) => error.message)
    expect([`${table}.${column}`, report.length > 0]).toEqual([`${table}.${column}`, true])
  }
})

describe('several processes', () => {
  test('a fact whose transaction began first and committed last gets a later place, and none is lost', async () => {
    await empty()
    const second = openDatabase(t.url, { poolSize: 2 })
    try {
      let release = () => {}
      const held = new Promise<void>((resolve) => {
        release = resolve
      })
      let inserted = () => {}
      const started = new Promise<void>((resolve) => {
        inserted = resolve
      })
      const slow = second.db.transaction().execute(async (db) => {
        await appendFact(db, crypto, fact('slow.first'))
        inserted()
        await held
      })
      await started
      await append(fact('fast.second'))
      expect(await seal()).toBe(1)
      release()
      await slow
      expect(await seal()).toBe(1)
      expect(await verifyExport(await exported())).toMatchObject({ ok: true, facts: 2, batches: 2 })
    } finally {
      await second.close()
    }
  })

  test('sealing at the same time from several connections makes one chain', async () => {
    await empty()
    for (let i = 0; i < 30; i++) await append(fact(`burst.n${i}`), fact(`burst.m${i}`))
    const sealed = await Promise.all([seal(), append(fact('meanwhile')).then(() => seal()), seal(), seal()])
    await seal()
    expect(Math.max(...sealed)).toBeGreaterThan(0)
    expect(await verifyExport(await exported())).toMatchObject({ ok: true, facts: 61 })
  })

  test('1,201 facts make three batches', async () => {
    await empty()
    await append(...Array.from({ length: 1201 }, (_, i) => fact('bulk.added', { subjectId: String(i) })))
    expect(await seal()).toBe(1201)
    expect(await verifyExport(await exported())).toMatchObject({ ok: true, facts: 1201, batches: 3 })
  })
})
