import type { Bilingual } from '@changbai/contract/form-words.ts'
import { type MigrationForm, type MigrationPlan, SizingLine, SurveyLine } from '@changbai/contract/migration.ts'
import type { z } from 'zod'

interface Gap {
  field: string
  message: Bilingual
}
const gapList = () => {
  const gaps: Gap[] = []
  return {
    gaps,
    need: (missing: boolean, field: string, zh: string, en: string) => void (missing && gaps.push({ field, message: { zh, en } })),
  }
}

/** What an application lacks before it is handed in. */
export function formGaps(form: MigrationForm, direction: string): Gap[] {
  const { gaps, need } = gapList()
  need(form.sourceLocation === '', 'sourceLocation', '源环境所在地', 'Where it runs now')
  need(form.sourcePlatform === '', 'sourcePlatform', '源平台', 'What it runs on now')
  need(form.sourceOwner === '', 'sourceOwner', '源环境管理单位', 'Who runs it now')
  need(direction === 'INBOUND' && form.mlpsCert === '', 'mlpsCert', '等保备案证明编号', 'Number of the filing of the protection level')
  need(form.maxDowntimeMin === 0, 'maxDowntimeMin', '可容忍停机（分钟）', 'Downtime that can be borne, minutes')
  return gaps
}

/** What a plan lacks before it can be reviewed. */
export function planGaps(plan: MigrationPlan, now: Temporal.Instant): Gap[] {
  const { gaps, need } = gapList()
  need(plan.steps.length === 0, 'steps', '割接步骤', 'Steps of the cut-over')
  need(plan.checks.length === 0, 'checks', '数据一致性校验', 'Checks of the data')
  need(plan.rollbackTrigger === '', 'rollbackTrigger', '回退条件', 'When it goes back')
  need(plan.securityMeasures === '', 'securityMeasures', '安全措施', 'Security measures')
  need(plan.contacts.length === 0, 'contacts', '联系人', 'Contacts')
  const { windowFrom, windowTo, rollbackDecisionAt } = plan
  need(!windowFrom || !windowTo, 'windowFrom', '割接窗口', 'The window')
  need(!rollbackDecisionAt, 'rollbackDecisionAt', '回退决策点', 'When it is decided whether to go back')
  if (windowFrom && windowTo) {
    const [from, to] = [Temporal.Instant.from(windowFrom), Temporal.Instant.from(windowTo)]
    need(
      Temporal.Instant.compare(to, from) <= 0 || Temporal.Instant.compare(from, now) <= 0,
      'windowFrom',
      '窗口须在将来',
      'The window must lie ahead',
    )
    if (rollbackDecisionAt) {
      const at = Temporal.Instant.from(rollbackDecisionAt)
      need(
        Temporal.Instant.compare(at, from) <= 0 || Temporal.Instant.compare(at, to) > 0,
        'rollbackDecisionAt',
        '决策点须在窗口之内',
        'The point of decision must lie in the window',
      )
    }
  }
  return gaps
}

/** Level 3, or a longer downtime than the plan allows without, is rehearsed first. */
export const needsRehearsal = (mlpsLevel: number, downtimeMinutes: number, aboveMinutes: number): boolean =>
  mlpsLevel >= 3 || downtimeMinutes > aboveMinutes

interface Column {
  field: string
  names: readonly string[]
  isNumber: boolean
}
const column = (field: string, isNumber: boolean, ...names: string[]): Column => ({ field, isNumber, names })
const COLUMNS: Record<'SURVEY' | 'SIZING', readonly Column[]> = {
  SURVEY: [
    column('host', false, '主机', '主机名', 'host'),
    column('os', false, '操作系统', 'os'),
    column('vcpu', true, 'CPU', 'vCPU', 'CPU核数', '核数'),
    column('memGiB', true, '内存', '内存GiB', '内存(GiB)', 'memory'),
    column('diskGiB', true, '磁盘', '磁盘GiB', '磁盘(GiB)', 'disk'),
    column('middleware', false, '中间件', 'middleware'),
    column('database', false, '数据库', 'database'),
    column('ports', false, '端口', 'ports'),
    column('dependsOn', false, '依赖', '依赖系统', 'depends on'),
  ],
  SIZING: [
    column('name', false, '资源名称', '名称', 'name'),
    column('purpose', false, '用途', 'purpose'),
    column('count', true, '数量', 'count'),
    column('vcpu', true, 'CPU', 'vCPU', 'CPU核数', '核数'),
    column('memGiB', true, '内存', '内存GiB', '内存(GiB)', 'memory'),
    column('diskGiB', true, '磁盘', '磁盘GiB', '磁盘(GiB)', 'disk'),
  ],
}
const REQUIRED = { SURVEY: ['host', 'os', 'vcpu', 'memGiB', 'diskGiB'], SIZING: ['name', 'count', 'vcpu', 'memGiB', 'diskGiB'] } as const
const plain = (text: string): string => text.replace(/[\s（）()]/g, '').toLowerCase()

export interface SheetError {
  row: number
  column: string
  message: string
}
export interface SheetRead<T> {
  lines: T[]
  errors: SheetError[]
}

/** Reads a sheet by its header; every wrong cell is named with its row and column. @param rows the header first */
export function readLines(kind: 'SURVEY', rows: readonly { number: number; cells: readonly string[] }[]): SheetRead<SurveyLine>
export function readLines(kind: 'SIZING', rows: readonly { number: number; cells: readonly string[] }[]): SheetRead<SizingLine>
export function readLines(
  kind: 'SURVEY' | 'SIZING',
  rows: readonly { number: number; cells: readonly string[] }[],
): SheetRead<SurveyLine | SizingLine> {
  const [header, ...body] = rows
  const places = new Map<string, number>()
  for (const one of COLUMNS[kind]) {
    const at = (header?.cells ?? []).findIndex((cell) => one.names.some((name) => plain(name) === plain(cell)))
    if (at >= 0) places.set(one.field, at)
  }
  const errors: SheetError[] = REQUIRED[kind]
    .filter((field) => !places.has(field))
    .map((field) => ({
      row: header?.number ?? 1,
      column: COLUMNS[kind].find((one) => one.field === field)?.names[0] ?? field,
      message: '缺少这一列',
    }))
  if (errors.length > 0) return { lines: [], errors }
  const shape: z.ZodType<SurveyLine | SizingLine> = kind === 'SURVEY' ? SurveyLine : SizingLine
  const lines: (SurveyLine | SizingLine)[] = []
  for (const { number, cells } of body) {
    const value = Object.fromEntries(
      COLUMNS[kind].flatMap((one) => {
        const at = places.get(one.field)
        const cell = at === undefined ? '' : (cells[at] ?? '').trim()
        return at === undefined ? [] : [[one.field, one.isNumber ? (cell === '' ? undefined : Number(cell.replace(/[,，\s]/g, ''))) : cell]]
      }),
    )
    const parsed = shape.safeParse(value)
    if (parsed.success) lines.push(parsed.data)
    else
      for (const issue of parsed.error.issues)
        errors.push({
          row: number,
          column: COLUMNS[kind].find((one) => one.field === issue.path[0])?.names[0] ?? String(issue.path[0] ?? ''),
          message: issue.message,
        })
  }
  if (lines.length === 0 && errors.length === 0) errors.push({ row: 2, column: '', message: '表里没有数据行' })
  return { lines, errors }
}
