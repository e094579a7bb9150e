import type { Input } from '@changbai/contract/endpoint.ts'
import type { Report } from '@changbai/contract/report.shapes.ts'
import { type reportApi, reportProblems } from '@changbai/contract/report.ts'
import { SECTION_TITLES } from '@changbai/contract/report.words.ts'
import { sha256Hex } from '../../platform/crypto.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import type { Download } from '../../platform/mount.ts'
import { findConverter, toPdf } from '../../platform/pdf.ts'
import { type Cell, spoolSheet } from '../../platform/sheets.ts'
import { getReport, previewReport } from './report.service.ts'
import { templateInForce } from './template.store.ts'
import { writeWord } from './word.ts'

type Api = typeof reportApi
const WORD = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'

/** The report of a month as a Word document on the template in force. */
export async function printMonth(ctx: Ctx, month: string): Promise<{ name: string; bytes: Uint8Array }> {
  // the command line prints a month nobody has opened, too
  const report = ctx.actor.kind === 'system' ? await previewReport(ctx, month) : await getReport(ctx, { month })
  const template = (await templateInForce(ctx.db)) ?? fail(reportProblems.templateMissing, {})
  const bytes = await writeWord(template.bytes, report)
  await ctx.record({
    kind: 'report.printed',
    subject: { type: 'report', id: report.id },
    data: { month, version: report.version, template: template.digest, digest: sha256Hex(bytes) },
  })
  return { name: `${report.number} 政务云运维月报 ${month}`, bytes }
}

export async function printReport(ctx: Ctx, { month, format }: Input<Api['print']>): Promise<Download> {
  const converter = format === 'pdf' ? (findConverter() ?? fail(reportProblems.noConverter, {})) : null
  const { name, bytes } = await printMonth(ctx, month)
  return converter
    ? { name: `${name}.pdf`, mediaType: 'application/pdf', bytes, convert: (word: Uint8Array) => toPdf(converter, word) }
    : { name: `${name}.docx`, mediaType: WORD, bytes }
}

interface Line {
  section: string
  title: string
  row: string
  column: string
  value: Cell
  unit: string
}
/** Every figure, table cell and chart point, a row each. */
function* linesOf(report: Report, zh: boolean): Iterable<Line> {
  const say = (both: { zh: string; en: string }): string => (zh ? both.zh : both.en)
  for (const { code, facts } of report.sections) {
    const section = say(SECTION_TITLES[code])
    for (const { label, value, unit } of facts.figures) yield { section, title: say(label), row: '', column: '', value, unit }
    for (const { title, columns, rows } of facts.tables)
      for (const row of rows)
        for (const [at, value] of row.entries())
          if (at > 0)
            yield {
              section,
              title: say(title),
              row: String(row[0] ?? ''),
              column: columns[at] ? say(columns[at].title) : '',
              value,
              unit: '',
            }
    for (const { title, labels, series, unit } of facts.charts)
      for (const { name, values } of series)
        for (const [at, value] of values.entries())
          yield { section, title: say(title), row: labels[at] ?? '', column: say(name), value, unit }
  }
}
async function* pagesOf(lines: Iterable<Line>): AsyncIterable<readonly Line[]> {
  let page: Line[] = []
  for (const line of lines) {
    page.push(line)
    if (page.length < 500) continue
    yield page
    page = []
  }
  yield page
}

export async function exportFigures(ctx: Ctx, { month, format }: Input<Api['figures']>): Promise<Download> {
  const report = await getReport(ctx, { month })
  const sheet = await spoolSheet<Line>(ctx, {
    format,
    name: `月报数字-${month}`,
    columns: [
      { zh: '章', en: 'Section', cell: (line) => line.section },
      { zh: '表或指标', en: 'Table or figure', cell: (line) => line.title },
      { zh: '行', en: 'Row', cell: (line) => line.row },
      { zh: '列', en: 'Column', cell: (line) => line.column },
      { zh: '值', en: 'Value', cell: (line) => line.value },
      { zh: '单位', en: 'Unit', cell: (line) => line.unit },
    ],
    pages: pagesOf(linesOf(report, ctx.locale !== 'en-US')),
  })
  await ctx.record({ kind: 'report.figures-exported', subject: { type: 'report', id: report.id }, data: { month, rows: sheet.rows } })
  return sheet
}
