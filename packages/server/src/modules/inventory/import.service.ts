import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import {
  ApplicationInput,
  type inventoryApi,
  inventoryProblems,
  NetworkInput,
  RackInput,
  ServerInput,
  type TableType,
  VolumeInput,
} from '@changbai/contract/inventory.ts'
import { commonProblems, type FieldError } from '@changbai/contract/problem.ts'
import type { z } from 'zod'
import { actorCan } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail, ProblemError } from '../../platform/fail.ts'
import { fieldErrors, problemBody } from '../../platform/problem.ts'
import { addApplication } from './application.service.ts'
import { addItem, changeItem, lockForChange } from './item.service.ts'
import { findByText, type Item } from './items.store.ts'
import { kinds } from './kinds.store.ts'
import { addResource, checkPlace } from './resource.service.ts'
import { attempt, rehearse } from './savepoint.store.ts'
import { type Column, cellValue, matchHeader } from './sheet/columns.domain.ts'
import { readSheet, type SheetRow } from './sheet/read-sheet.ts'
import { findTenantId } from './tenants.ts'

type Report = Reply<(typeof inventoryApi)['importItems']>
/** Errors named in a report; the rest are counted. */
const ERRORS_NAMED = 500

const inputs: Record<TableType, z.ZodType> = {
  application: ApplicationInput,
  server: ServerInput,
  volume: VolumeInput,
  network: NetworkInput,
  rack: RackInput,
}

interface RowError {
  row: number
  column: string
  message: string
}

/**
 * Brings in a sheet row by row: a row whose item exists (applications by code, the others by name within their application) changes it, any other
 * adds one. All or nothing: one wrong row and nothing is kept, and a rehearsal keeps nothing anyway, but reports what the database itself says.
 */
export async function importItems(
  ctx: Ctx,
  { type, dryRun }: Input<(typeof inventoryApi)['importItems']>,
  file: { name: string; bytes: Buffer },
): Promise<Report> {
  const [header, ...rows] = await readSheet(file)
  const { at, missing, unknown } = matchHeader(type, header?.cells ?? [])
  const title = (column: Column) => (ctx.locale === 'en-US' ? column.en : column.zh)
  if (missing.length > 0 || unknown.length > 0)
    fail(inventoryProblems.wrongColumns, { missing: missing.map(title).join('、') || '—', unknown: unknown.join('、') || '—' })

  const report = await rehearse(ctx.db, async () => {
    const counts = { created: 0, changed: 0, unchanged: 0 }
    const errors: RowError[] = []
    for (const row of rows) {
      const outcome = await attempt(ctx.db, () => importRow(ctx, type, at, row))
      if ('done' in outcome) counts[outcome.done] += 1
      else errors.push(...rowErrors(ctx, row, at, outcome.error, title))
    }
    const applied = !dryRun && errors.length === 0
    return {
      keep: applied,
      result: {
        applied,
        rows: rows.length,
        ...counts,
        errors: errors.slice(0, ERRORS_NAMED),
        errorCount: errors.length,
        sheet:
          errors.length === 0 ? null : { header: header?.cells ?? [], rows: rows.map(({ number, cells }) => ({ row: number, cells })) },
      },
    }
  })
  await ctx.record({
    kind: 'inventory.imported',
    subject: { type: 'inventory', id: type },
    data: {
      file: file.name,
      dryRun,
      applied: report.applied,
      rows: report.rows,
      created: report.created,
      changed: report.changed,
      errors: report.errorCount,
    },
  })
  return report
}

async function importRow(
  ctx: Ctx,
  type: TableType,
  at: ReadonlyMap<Column, number>,
  row: SheetRow,
): Promise<'created' | 'changed' | 'unchanged'> {
  const said: Record<string, unknown> = {}
  for (const [column, index] of at) {
    const value = cellValue(column, row.cells[index] ?? '')
    if (value !== undefined) said[column.field] = value
  }
  const values = await resolveReferences(ctx, said)
  const known = await findKnown(ctx, type, values)
  if (known && Array.isArray(values.addresses)) values.addresses = keepAddressDetails(values.addresses, known.addresses)
  const parsed = inputs[type].safeParse(known ? { ...known, ...values } : values)
  if (!parsed.success) fail(commonProblems.invalid, {}, fieldErrors(parsed.error, ctx.locale))
  const full = parsed.data as Record<string, unknown>
  if (!known) {
    if (type === 'application') await addApplication(ctx, full as unknown as Parameters<typeof addApplication>[1], 'IMPORT')
    else if (type === 'rack') await addItem(ctx, 'rack', full, 'IMPORT')
    else await addResource(ctx, type, full, 'IMPORT')
    return 'created'
  }
  const item = await lockForChange(
    ctx,
    type,
    known.id,
    undefined,
    type === 'application' && actorCan(ctx.actor, 'cmdb.import', 'X') ? null : ['cmdb.write', 'U'],
  )
  const change = Object.fromEntries(kinds[type].fields.filter((field) => field in values).map((field) => [field, full[field]]))
  if (type === 'server') await checkPlace(ctx, 'server', { ...item, ...change })
  const after = await changeItem(ctx, type, item, change, 'IMPORT')
  return after.rev === item.rev ? 'unchanged' : 'changed'
}

/** Turns what people write (codes, names, plain addresses) into what the input takes. */
async function resolveReferences(ctx: Ctx, said: Record<string, unknown>): Promise<Record<string, unknown>> {
  const { applicationCode, serverName, poolCode, rackName, tenant, addresses, ...values } = said
  const find = async (column: string, kind: 'application' | 'server' | 'pool' | 'rack', field: string, value: unknown) => {
    const item = await findByText(ctx.db, kinds[kind], field, String(value), {})
    if (!item || item.retiredAt !== null) fail(commonProblems.invalid, {}, [notFound(ctx, column, value)])
    return item.id
  }
  if (applicationCode !== undefined) values.applicationId = await find('applicationCode', 'application', 'code', applicationCode)
  if (serverName !== undefined) values.serverId = await find('serverName', 'server', 'name', serverName)
  if (poolCode !== undefined) values.poolId = await find('poolCode', 'pool', 'code', poolCode)
  if (rackName !== undefined) values.rackId = await find('rackName', 'rack', 'name', rackName)
  if (tenant !== undefined)
    values.tenantId = (await findTenantId(ctx, String(tenant))) ?? fail(commonProblems.invalid, {}, [notFound(ctx, 'tenant', tenant)])
  if (Array.isArray(addresses)) values.addresses = addresses.map((address: string) => ({ address }))
  return values
}

/** A sheet knows addresses only; their zone and whether they are public stay as they were. */
const keepAddressDetails = (said: { address: string }[], known: unknown) =>
  said.map((one) => (Array.isArray(known) ? known.find((old: { address: string }) => old.address === one.address) : undefined) ?? one)

const notFound = (ctx: Ctx, path: string, value: unknown): FieldError => ({
  path,
  code: 'unknown',
  message: ctx.locale === 'en-US' ? `There is no “${value}”` : `没有“${value}”`,
})

const findKnown = (ctx: Ctx, type: TableType, values: Record<string, unknown>): Promise<Item | undefined> => {
  if (type === 'application') return findByText(ctx.db, kinds.application, 'code', String(values.code ?? ''))
  const within = type === 'rack' ? {} : { applicationId: values.applicationId ?? null, kind: values.kind }
  return findByText(ctx.db, kinds[type], 'name', String(values.name ?? ''), within)
}

/** What is wrong with a row, by the columns of the sheet. @throws whatever is not the row's fault */
function rowErrors(
  ctx: Ctx,
  row: SheetRow,
  at: ReadonlyMap<Column, number>,
  error: unknown,
  title: (column: Column) => string,
): RowError[] {
  if (!(error instanceof ProblemError)) throw error
  if (!error.errors) return [{ row: row.number, column: '', message: problemBody(error.kind, ctx.locale, error.params).title }]
  return error.errors.map(({ path, message }) => {
    const field = path.split('.')[0] ?? ''
    const column = [...at.keys()].find((one) => one.field === field)
    return { row: row.number, column: column ? title(column) : field, message }
  })
}
