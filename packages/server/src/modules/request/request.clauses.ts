import type { Obligation } from '@changbai/verify/clauses.domain.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { admissionsGranted, type CatalogFor, catalogGaps, type HandedIn, papersHandedIn } from '../admission/index.ts'
import { type ClauseSource, type ClauseSpan, obligation } from '../plan/index.ts'
import { requestsHandedIn } from './clause.store.ts'

type Row = Awaited<ReturnType<typeof requestsHandedIn>>[number]

/** A request is judged as it was handed in, at that moment. */
const judged = (row: Row, kept: boolean, evidence: Obligation['evidence'] = []): Obligation => {
  const at = row.submitted_at?.toString() ?? ''
  return obligation({
    id: `request:${row.id}`,
    subject: { type: 'request', id: row.id, label: row.number },
    tenantId: row.tenant_id,
    applicationId: row.application_id,
    dueAt: at,
    doneAt: at,
    kept,
    evidence: [{ type: 'request', id: row.id }, ...evidence],
  })
}

/** @clause 2 */
const readOnline = async (ctx: Ctx, span: ClauseSpan) =>
  (await requestsHandedIn(ctx.db, span)).map((row) =>
    judged(row, row.instance_id !== null, row.instance_id ? [{ type: 'process-instance', id: row.instance_id }] : []),
  )

/** @clause 4.1 */
async function readAdmitted(ctx: Ctx, span: ClauseSpan): Promise<Obligation[]> {
  const rows = await requestsHandedIn(ctx.db, span)
  const granted = await admissionsGranted(
    ctx,
    rows.map((row) => row.admission_id),
  )
  return rows.map((row) => {
    const at = granted.get(row.admission_id)
    const before = at !== undefined && row.submitted_at !== null && Temporal.Instant.compare(at, row.submitted_at) <= 0
    return judged(row, before, [{ type: 'admission', id: row.admission_id }])
  })
}

const gapsIn = (paper: HandedIn, kind: CatalogFor): string[] =>
  catalogGaps(paper.content, new Set(paper.attachments.map((one) => one.field)), kind).map((gap) => gap.section)

/** @param counts which sections of the catalogue this clause speaks of */
const readCatalogs =
  (counts: (section: string) => boolean, only?: CatalogFor) =>
  async (ctx: Ctx, span: ClauseSpan): Promise<Obligation[]> => {
    const rows = (await requestsHandedIn(ctx.db, span)).filter((row) => only === undefined || kindOf(row) === only)
    const papers = await papersHandedIn(
      ctx,
      rows.map((row) => row.catalog_id),
    )
    return rows.map((row) => {
      const paper = papers.get(row.catalog_id)
      return judged(row, paper !== undefined && !gapsIn(paper, kindOf(row)).some(counts), [{ type: 'form', id: row.catalog_id }])
    })
  }

/** A migrated system assesses its load like a new one. */
const kindOf = (row: Row): CatalogFor => (row.kind === 'EXPANSION' ? 'EXPANSION' : 'NEW')
const LOAD = '4'
const EXPANSION = '5'
const inSection = (id: string) => (section: string) => section === id || section.startsWith(`${id}.`)

/** @clause 4.2-4 */
async function readForms(ctx: Ctx, span: ClauseSpan): Promise<Obligation[]> {
  const rows = await requestsHandedIn(ctx.db, span)
  const papers = await papersHandedIn(
    ctx,
    rows.map((row) => row.form_id),
  )
  return rows.map((row) => judged(row, papers.has(row.form_id), [{ type: 'form', id: row.form_id }]))
}

/** What requests record of sections 2, 4.1 and 4.2. */
export const requestClauses: readonly ClauseSource[] = [
  { of: 'handled-online', meter: 'complete', read: readOnline },
  { of: 'request-admitted', meter: 'complete', read: readAdmitted },
  {
    of: 'catalog-complete',
    meter: 'complete',
    read: readCatalogs((section) => !inSection(LOAD)(section) && !inSection(EXPANSION)(section)),
  },
  { of: 'load-assessed', meter: 'complete', read: readCatalogs(inSection(LOAD), 'NEW') },
  { of: 'expansion-assessed', meter: 'complete', read: readCatalogs(inSection(EXPANSION), 'EXPANSION') },
  { of: 'provision-form', meter: 'complete', read: readForms },
]
