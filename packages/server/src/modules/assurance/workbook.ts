import { type Cell, shown } from '../../platform/sheets.ts'

export interface Page {
  name: string
  head: readonly string[]
  rows: readonly (readonly Cell[])[]
  /** What is said instead of rows where there are none. */
  empty?: string
}

const WIDTH_MAX = 60
const CELL_MAX = 32_000
const LINE_POINTS = 15
/** A row higher than that is shown by no program. */
const LINES_MAX = 27

/** A text that a spreadsheet would run as a formula is kept a text. */
const safe = (cell: Cell): Cell => {
  const value = shown(cell)
  return typeof value === 'string' ? value.slice(0, CELL_MAX) : value
}

/** A workbook of several pages, each with who took it and when on top: what is printed of it says where it came from. */
export async function writeWorkbook(pages: readonly Page[], mark: { takenBy: string; takenAt: string; number: string }): Promise<Buffer> {
  const { default: excel } = await import('exceljs')
  const book = new excel.Workbook()
  for (const { name, head, rows, empty } of pages) {
    const sheet = book.addWorksheet(name, {
      views: [{ state: 'frozen', ySplit: 2 }],
      pageSetup: { orientation: 'landscape', fitToPage: true, fitToWidth: 1, fitToHeight: 0, paperSize: 9 },
      headerFooter: { oddFooter: `${name}　${mark.takenBy} ${mark.takenAt} ${mark.number}　第 &P / &N 页` },
    })
    sheet.addRow([`${mark.takenBy} 于 ${mark.takenAt} 导出 编号 ${mark.number}`]).font = { color: { argb: 'FF6B7280' } }
    sheet.addRow([...head]).font = { bold: true }
    const widths = head.map((title, index) => {
      const longest = Math.max(title.length * 2, ...rows.slice(0, 500).map((row) => widthOf(row[index] ?? null)))
      return Math.min(WIDTH_MAX, longest + 3)
    })
    for (const [index, width] of widths.entries()) sheet.getColumn(index + 1).width = width
    for (const row of rows) {
      const added = sheet.addRow(row.map(safe))
      added.alignment = { vertical: 'top', wrapText: true }
      // programs do not make a row higher by themselves when they open a file: a second line would not be seen
      added.height = LINE_POINTS * Math.max(1, ...row.map((cell, index) => linesOf(cell, widths[index] ?? WIDTH_MAX)))
    }
    if (rows.length === 0 && empty) sheet.addRow([empty])
    sheet.autoFilter = { from: { row: 2, column: 1 }, to: { row: 2, column: head.length } }
  }
  return Buffer.from(await book.xlsx.writeBuffer())
}

const linesOf = (value: Cell, width: number): number =>
  Math.min(
    LINES_MAX,
    String(value ?? '')
      .split('\n')
      .reduce((sum, line) => sum + Math.max(1, Math.ceil(widthOf(line) / (width - 2))), 0),
  )

/** Columns of a fixed-width face: a Chinese character takes two. */
const widthOf = (value: Cell): number =>
  Math.max(
    0,
    ...String(value ?? '')
      .split('\n')
      .map((line) => [...line].reduce((sum, char) => sum + (char > '\u2e7f' ? 2 : 1), 0)),
  )
