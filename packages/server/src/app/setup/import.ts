import type { Capability } from '@changbai/contract/capability.ts'
import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { SignInName } from '@changbai/contract/identity.ts'
import { inventoryProblems } from '@changbai/contract/inventory.ts'
import { commonProblems, type FieldError } from '@changbai/contract/problem.ts'
import type { SheetKind, setupApi } from '@changbai/contract/setup.ts'
import { z } from 'zod'
import { addPerson, addTenant, approveGrant, proposeGrant } from '../../modules/identity/index.ts'
import { readSheet } from '../../modules/inventory/index.ts'
import { actorCan } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail, ProblemError } from '../../platform/fail.ts'
import { fieldErrors, problemBody } from '../../platform/problem.ts'
import { applicationOf, attemptRow, hasGrant, keepOrUndo, personIdOf, tenantIdOf } from './checklist.store.ts'
import { matchColumns, roleNamed, sheetColumns } from './sheet.domain.ts'

type Report = Reply<typeof setupApi.importSheet>
type Outcome = 'created' | 'unchanged'
/** Errors named in a report; the rest are counted. */
const ERRORS_NAMED = 200

const line = (max: number) => z.string().trim().min(1).max(max)
const optional = <T extends z.ZodType>(schema: T) => z.preprocess((value) => (value === '' ? undefined : value), schema.optional())
const shapes = {
  bureau: z.object({
    code: line(40).regex(/^[A-Za-z0-9_-]+$/, '代码只用字母、数字和短横|Letters, digits and hyphens only'),
    name: line(100),
    shortName: line(40),
    creditCode: optional(z.string().regex(/^[0-9A-Z]{18}$/, '统一社会信用代码为 18 位|A credit code has 18 characters')),
  }),
  person: z.object({
    signIn: SignInName,
    name: line(40),
    unit: optional(line(100)),
    phone: optional(line(30)),
    email: optional(z.email().max(200)),
  }),
  grant: z.object({
    signIn: z.string().trim().toLowerCase().min(1).max(40),
    role: line(60),
    bureauCode: optional(line(40)),
    applicationCode: optional(line(60)),
    reason: optional(line(500)),
  }),
}
const rights: Record<SheetKind, Capability> = { bureau: 'tenant.manage', person: 'iam.account.lifecycle', grant: 'iam.grant' }

const wrong = (ctx: Ctx, path: string, zh: string, en: string): never =>
  fail(commonProblems.invalid, {}, [{ path, code: 'unknown', message: ctx.locale === 'en-US' ? en : zh }])

async function importBureau(ctx: Ctx, row: z.output<typeof shapes.bureau>): Promise<Outcome> {
  if (await tenantIdOf(ctx.db, row.code)) return 'unchanged'
  // a bureau becomes one with its first grant, which the security administrator approves
  await addTenant(ctx, { ...row, creditCode: row.creditCode ?? null }, 'PROPOSED')
  return 'created'
}

async function importPerson(ctx: Ctx, row: z.output<typeof shapes.person>): Promise<Outcome> {
  if (await personIdOf(ctx.db, row.signIn)) return 'unchanged'
  // without a password: the way in comes with the first grant that takes effect
  await addPerson(ctx, row, { temporary: false })
  return 'created'
}

async function importGrant(ctx: Ctx, row: z.output<typeof shapes.grant>): Promise<Outcome> {
  const personId =
    (await personIdOf(ctx.db, row.signIn)) ?? wrong(ctx, 'signIn', `没有用户 ${row.signIn}`, `There is no account ${row.signIn}`)
  const role = roleNamed(row.role) ?? wrong(ctx, 'role', `不认识的角色：${row.role}`, `Unknown role: ${row.role}`)
  const application = row.applicationCode
    ? ((await applicationOf(ctx.db, row.applicationCode)) ??
      wrong(ctx, 'applicationCode', `没有应用 ${row.applicationCode}`, `There is no application ${row.applicationCode}`))
    : null
  const named = row.bureauCode
    ? ((await tenantIdOf(ctx.db, row.bureauCode)) ??
      wrong(ctx, 'bureauCode', `没有单位 ${row.bureauCode}`, `There is no bureau ${row.bureauCode}`))
    : null
  if (application && named && application.tenantId !== named)
    wrong(ctx, 'applicationCode', '应用不属于该单位', 'The application belongs to another bureau')
  const wanted = { personId, role, tenantId: named ?? application?.tenantId ?? null, applicationId: application?.id ?? null }
  if (await hasGrant(ctx.db, wanted)) return 'unchanged'
  await proposeGrant(ctx, { ...wanted, reason: row.reason ?? (ctx.locale === 'en-US' ? 'Imported in bulk' : '批量导入') })
  return 'created'
}

async function importRow(ctx: Ctx, kind: SheetKind, said: Record<string, string>): Promise<Outcome> {
  const parsed = shapes[kind].safeParse(said)
  if (!parsed.success) fail(commonProblems.invalid, {}, fieldErrors(parsed.error, ctx.locale))
  if (kind === 'bureau') return importBureau(ctx, parsed.data as z.output<typeof shapes.bureau>)
  if (kind === 'person') return importPerson(ctx, parsed.data as z.output<typeof shapes.person>)
  return importGrant(ctx, parsed.data as z.output<typeof shapes.grant>)
}

/** A refusal in the words of a row; anything else is a fault of ours and goes on. */
function errorsOf(ctx: Ctx, error: unknown): FieldError[] {
  if (!(error instanceof ProblemError)) throw error
  if (error.errors) return error.errors
  return [{ path: '', code: error.kind.kind, message: problemBody(error.kind, ctx.locale, error.params).title }]
}

/** All or nothing: one wrong row and nothing is kept; a rehearsal keeps nothing anyway, and what is there already stays as it is. */
export async function importSheet(
  ctx: Ctx,
  { kind, dryRun }: Input<typeof setupApi.importSheet>,
  file: { name: string; bytes: Buffer },
): Promise<Report> {
  if (!actorCan(ctx.actor, rights[kind], 'C')) fail(commonProblems.forbidden, { capability: rights[kind] })
  const [header, ...rows] = await readSheet(file)
  const { at, missing, unknown } = matchColumns(kind, header?.cells ?? [])
  const title = ({ zh, en }: { zh: string; en: string }) => (ctx.locale === 'en-US' ? en : zh)
  if (missing.length > 0 || unknown.length > 0)
    fail(inventoryProblems.wrongColumns, { missing: missing.map(title).join('、') || '—', unknown: unknown.join('、') || '—' })
  const titles = new Map(sheetColumns[kind].map((one) => [one.field, title(one)]))

  const report = await keepOrUndo(ctx.db, async () => {
    const counts = { created: 0, unchanged: 0 }
    const errors: Report['errors'] = []
    for (const { number, cells } of rows) {
      const said = Object.fromEntries([...at].map(([field, index]) => [field, cells[index] ?? '']))
      const outcome = await attemptRow(ctx.db, () => importRow(ctx, kind, said))
      if ('done' in outcome) counts[outcome.done] += 1
      else
        for (const { path, message } of errorsOf(ctx, outcome.error))
          errors.push({ row: number, column: titles.get(path.split('.')[0] ?? '') ?? '', message })
    }
    const applied = !dryRun && errors.length === 0
    const result = { applied, rows: rows.length, ...counts, errorCount: errors.length, errors: errors.slice(0, ERRORS_NAMED) }
    return { keep: applied, result }
  })
  const { errors: _, ...figures } = report
  await ctx.record({ kind: 'setup.imported', subject: { type: 'installation', id: kind }, data: { file: file.name, dryRun, ...figures } })
  return report
}

/** Each grant for itself: what may not be approved stays as it is and says why. */
export async function approveGrants(
  ctx: Ctx,
  { grantIds }: Input<typeof setupApi.approveGrants>,
): Promise<Reply<typeof setupApi.approveGrants>> {
  const refused: { grantId: string; message: string }[] = []
  for (const grantId of new Set(grantIds)) {
    const outcome = await attemptRow(ctx.db, () => approveGrant(ctx, { grantId }))
    if ('error' in outcome) refused.push({ grantId, message: errorsOf(ctx, outcome.error)[0]?.message ?? '' })
  }
  return { approved: new Set(grantIds).size - refused.length, refused }
}
