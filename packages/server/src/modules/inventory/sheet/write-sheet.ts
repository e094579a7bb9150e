import type { Locale } from '../../../platform/ctx.ts'
import type { Column } from './columns.domain.ts'
import { csvLine } from './csv.domain.ts'

export type Cell = string | number | boolean | null

/** UTF-8 with a mark, because spreadsheet programs take csv without one for the local code page. */
export const writeCsv = (columns: readonly Column[], rows: readonly (readonly Cell[])[], locale: Locale): Uint8Array =>
  Buffer.from(`\ufeff${csvLine(titles(columns, locale))}${rows.map(csvLine).join('')}`, 'utf8')

export async function writeXlsx(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  locale: Locale,
  sheetName: string,
): Promise<Uint8Array> {
  const { default: excel } = await import('exceljs')
  const workbook = new excel.Workbook()
  const sheet = workbook.addWorksheet(sheetName, { views: [{ state: 'frozen', ySplit: 1 }] })
  sheet.columns = titles(columns, locale).map((header) => ({ header, width: Math.max(10, header.length * 2 + 4) }))
  sheet.getRow(1).font = { bold: true }
  for (const row of rows) sheet.addRow([...row])
  sheet.autoFilter = { from: { row: 1, column: 1 }, to: { row: 1, column: columns.length } }
  return new Uint8Array(await workbook.xlsx.writeBuffer())
}

const titles = (columns: readonly Column[], locale: Locale) =>
  columns.map(({ zh, en, required }) => `${locale === 'en-US' ? en : zh}${required ? '*' : ''}`)
