import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import type { adoptionApi } from '@changbai/contract/inventory.adoption.ts'
import { inventoryProblems } from '@changbai/contract/inventory.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail, ProblemError } from '../../platform/fail.ts'
import type { Download } from '../../platform/mount.ts'
import { problemBody } from '../../platform/problem.ts'
import { type SheetColumn, spoolSheet } from '../../platform/sheets.ts'
import { bureaus } from '../identity/index.ts'
import { sizeOf, suggestOwner } from './adoption.domain.ts'
import { type Proposed, proposeThings } from './adoption.service.ts'
import { type FreeThing, freeProjects, freeThings, knownApplications } from './adoption.store.ts'
import { attempt, rehearse } from './savepoint.store.ts'
import { readSheet } from './sheet/read-sheet.ts'

type Report = Reply<(typeof adoptionApi)['importSheet']>
const THINGS_LISTED = 20_000
const ERRORS_NAMED = 200
const ENVS = { PROD: '生产', TEST: '测试', DEV: '开发', DR: '灾备' } as const

interface Line extends FreeThing {
  bureau: string
  code: string
  application: string
}
const columns: readonly SheetColumn<Line>[] = [
  { zh: '云标识', en: 'Cloud id', cell: (row) => row.external_id },
  { zh: '类型', en: 'Kind', cell: (row) => row.kind },
  { zh: '资源名称', en: 'Resource', cell: (row) => row.name },
  { zh: '规格', en: 'Size', cell: (row) => sizeOf(row.kind, row.facts) },
  { zh: '云', en: 'Cloud', cell: (row) => row.cloud },
  { zh: '项目', en: 'Project', cell: (row) => row.project_name },
  { zh: '单位代码', en: 'Bureau code', cell: (row) => row.bureau },
  { zh: '应用编码', en: 'Application code', cell: (row) => row.code },
  { zh: '应用名称', en: 'Application', cell: (row) => row.application },
  { zh: '环境', en: 'Environment', cell: () => '' },
  { zh: '等保级别', en: 'MLPS level', cell: () => '' },
]
/** What is read back; the others are for the eyes. */
const needed = ['云标识', '单位代码', '应用编码'] as const

/** Everything that is left, with the bureau and the application that are suggested; filled in and brought back it proposes all of it. */
export async function adoptionSheet(ctx: Ctx): Promise<Download> {
  const applications = await knownApplications(ctx.db)
  const tenants = await bureaus(ctx)
  const suggested = new Map(
    (await freeProjects(ctx.db, THINGS_LISTED)).map((row) => [
      `${row.connection_id} ${row.project_id}`,
      suggestOwner(
        { projectId: row.project_id, projectName: row.project_name, applicationIds: row.application_ids },
        applications,
        tenants,
      ),
    ]),
  )
  const lines = (await freeThings(ctx.db, {}, THINGS_LISTED)).map((row): Line => {
    const owner = suggested.get(`${row.connection_id} ${row.project_id}`)
    const bureau = tenants.find((one) => one.id === owner?.tenantId)?.code ?? ''
    return { ...row, bureau, code: owner?.code ?? '', application: owner?.name ?? '' }
  })
  await ctx.record({ kind: 'adoption.listed', subject: { type: 'adoption', id: 'sheet' }, data: { rows: lines.length } })
  return spoolSheet<Line>(ctx, {
    format: 'xlsx',
    name: ctx.locale === 'en-US' ? 'To be taken over' : '待接管资源',
    columns,
    pages: (async function* () {
      yield lines
    })(),
  })
}

interface Row {
  number: number
  externalId: string
  bureau: string
  wanted: Omit<Proposed, 'tenantId' | 'how'>
}

const said = (ctx: Ctx, zh: string, en: string): string => (ctx.locale === 'en-US' ? en : zh)

/** Rows by application: one proposal for each. All or nothing, and a rehearsal keeps nothing anyway. */
export async function importAdoptions(
  ctx: Ctx,
  { dryRun }: Input<(typeof adoptionApi)['importSheet']>,
  file: { name: string; bytes: Buffer },
): Promise<Report> {
  const [header, ...body] = await readSheet(file)
  const at = new Map(columns.map((column) => [column.zh, (header?.cells ?? []).findIndex((title) => isTitle(title, column))]))
  const missing = needed.filter((name) => (at.get(name) ?? -1) < 0)
  if (missing.length > 0) fail(inventoryProblems.wrongColumns, { missing: missing.join('、'), unknown: '—' })
  const errors: Report['errors'] = []
  const wrong = (row: number, column: string, zh: string, en: string): void => void errors.push({ row, column, message: said(ctx, zh, en) })
  const rows = body.flatMap(({ number, cells }) => {
    const cell = (name: string): string => (cells[at.get(name) ?? -1] ?? '').trim()
    // a row without an application is one that nobody has decided yet: it stays where it is
    if (cell('应用编码') === '') return []
    const env = Object.entries(ENVS).find(
      ([key, word]) => [key, word, ''].includes(cell('环境')) && (cell('环境') !== '' || key === 'PROD'),
    )?.[0]
    const mlpsLevel = cell('等保级别') === '' ? 2 : Number(cell('等保级别'))
    if (!env) wrong(number, '环境', '环境应为 生产、测试、开发、灾备 之一', 'One of PROD, TEST, DEV, DR')
    if (![1, 2, 3].includes(mlpsLevel)) wrong(number, '等保级别', '等保级别应为 1 至 3', '1 to 3')
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$/.test(cell('应用编码')))
      wrong(number, '应用编码', '编码只用字母、数字、点与短横', 'Letters, digits, dots and hyphens only')
    const wanted = {
      code: cell('应用编码'),
      name: (cell('应用名称') || cell('应用编码')).slice(0, 100),
      env: (env ?? 'PROD') as 'PROD',
      mlpsLevel,
      note: '',
    }
    return [{ number, externalId: cell('云标识'), bureau: cell('单位代码'), wanted }]
  })
  const adoptions = await rehearse(ctx.db, async () => {
    const result = errors.length > 0 ? 0 : await proposeRows(ctx, rows, wrong, errors)
    return { keep: !dryRun && errors.length === 0, result }
  })
  const applied = !dryRun && errors.length === 0
  return { applied, rows: rows.length, adoptions, errorCount: errors.length, errors: errors.slice(0, ERRORS_NAMED) }
}

const isTitle = (title: string, { zh, en }: { zh: string; en: string }): boolean =>
  [zh, en].some(
    (name) =>
      name.toLowerCase() ===
      title
        .replace(/[*＊\s]+$/, '')
        .trim()
        .toLowerCase(),
  )

async function proposeRows(
  ctx: Ctx,
  rows: readonly Row[],
  wrong: (row: number, column: string, zh: string, en: string) => void,
  errors: Report['errors'],
): Promise<number> {
  const tenants = await bureaus(ctx)
  const groups = Map.groupBy(rows, (row) => row.wanted.code.toLowerCase())
  let made = 0
  for (const group of groups.values()) {
    const [first] = group
    if (!first) continue
    const tenant = tenants.find((one) => [one.code, one.name, one.shortName].includes(first.bureau))
    for (const row of group) {
      if (row.bureau !== first.bureau)
        wrong(row.number, '单位代码', '同一应用的行写了不同的单位', 'Rows of one application name different bureaus')
    }
    if (!tenant) {
      wrong(first.number, '单位代码', `没有单位 ${first.bureau || '（空）'}`, `There is no bureau ${first.bureau || '(empty)'}`)
      continue
    }
    const found = await freeThings(ctx.db, { externalIds: group.map((row) => row.externalId) }, THINGS_LISTED)
    for (const row of group) {
      const n = found.filter((one) => one.external_id === row.externalId).length
      if (n !== 1)
        wrong(
          row.number,
          '云标识',
          n === 0 ? '云里没有这项，或已有台账、已在接管单里' : '有多个云用了这个标识',
          n === 0 ? 'Not in the cloud, on record already, or in another take-over' : 'Several clouds use this id',
        )
    }
    if (errors.length > 0) continue
    const outcome = await attempt(ctx.db, () => proposeThings(ctx, { ...first.wanted, tenantId: tenant.id, how: 'SHEET' }, found))
    if ('done' in outcome) made += 1
    else if (outcome.error instanceof ProblemError) {
      const { title } = problemBody(outcome.error.kind, ctx.locale, outcome.error.params)
      errors.push({ row: first.number, column: '应用编码', message: title })
    } else throw outcome.error
  }
  return made
}
