import { z } from 'zod'
import { can, endpoint, instant, page, pageInput, text } from './endpoint.ts'
import { problem } from './problem.ts'

export const ledgerProblems = {
  nothingSealed: problem('ledger.nothing-sealed', 409, {
    zh: '这段时间没有已封存的记录',
    en: 'Nothing was sealed in this span of time',
  }),
}

export const LedgerFact = z.object({
  id: z.uuid(),
  at: instant,
  actorKind: z.enum(['person', 'system', 'anonymous']),
  actorPersonId: z.uuid().nullable(),
  actorName: z.string(),
  sessionId: z.string().nullable(),
  address: z.string(),
  kind: z.string(),
  subjectType: z.string(),
  subjectId: z.string(),
  tenantId: z.uuid().nullable(),
  before: z.unknown(),
  after: z.unknown(),
  data: z.unknown(),
  digestAlgorithm: z.string(),
  digest: z.string(),
  /** Place in the chain; null until sealed. */
  position: z.int().nullable(),
  batchNo: z.int().nullable(),
})
export type LedgerFact = z.output<typeof LedgerFact>

export const LedgerBatch = z.object({
  no: z.int(),
  firstPosition: z.int(),
  lastPosition: z.int(),
  head: z.string(),
  sealedAt: instant,
  keyId: z.string(),
})

export const LedgerFinding = z.object({
  code: z.string(),
  batch: z.int().nullable(),
  position: z.int().nullable(),
  factId: z.string().nullable(),
  zh: z.string(),
  en: z.string(),
})

/** A span of time, half-open. */
const span = { from: instant.optional(), until: instant.optional() }

export const ledgerApi = {
  searchFacts: endpoint({
    method: 'POST',
    path: '/ledger/facts/search',
    summary: '查阅审计记录（查阅本身也留痕）',
    access: can('audit.log.read', 'R'),
    input: pageInput.extend({
      ...span,
      /** Beginning of the kind, e.g. `request.` or `request.submitted`. */
      kind: text(100).optional(),
      actorPersonId: z.uuid().optional(),
      subjectType: text(100).optional(),
      subjectId: text(200).optional(),
      tenantId: z.uuid().optional(),
      address: text(100).optional(),
    }),
    reply: page(LedgerFact),
  }),
  status: endpoint({
    method: 'GET',
    path: '/ledger/status',
    summary: '审计链现状：链端、待封存数、公钥',
    access: can('audit.log.read', 'R'),
    input: z.object({}),
    reply: z.object({
      last: LedgerBatch.nullable(),
      unsealed: z.int(),
      keys: z.array(z.object({ keyId: z.string(), algorithm: z.string(), publicKey: z.string(), firstUsedAt: instant })),
    }),
  }),
  batches: endpoint({
    method: 'GET',
    path: '/ledger/batches',
    summary: '封存批次，新的在前',
    access: can('audit.log.read', 'R'),
    input: pageInput,
    reply: page(LedgerBatch),
  }),
  verify: endpoint({
    method: 'POST',
    path: '/ledger/verify',
    summary: '当场复算审计链；每次至多二百批，由 nextBatch 续算',
    access: can('audit.log.verify', 'X'),
    input: z.object({ firstBatch: z.int().min(1).default(1) }),
    reply: z.object({
      ok: z.boolean(),
      facts: z.int(),
      batches: z.int(),
      firstBatch: z.int().nullable(),
      lastBatch: z.int().nullable(),
      head: z.string().nullable(),
      nextBatch: z.int().nullable(),
      findings: z.array(LedgerFinding),
    }),
  }),
  exportLedger: endpoint({
    method: 'POST',
    path: '/ledger/export',
    summary: '导出这段时间封存的批次（NDJSON，末行为签名清单），可用独立校验程序复算',
    access: can('audit.log.export', 'X'),
    input: z.object(span),
    reply: z.unknown(),
    problems: [ledgerProblems.nothingSealed],
    kind: 'download',
  }),
}
