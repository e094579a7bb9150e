import { createWriteStream } from 'node:fs'
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Writable } from 'node:stream'
import type { SheetFormat } from '@changbai/contract/sheet.ts'
import { sheetProblems } from '@changbai/contract/sheet.ts'
import type { Ctx, Locale } from './ctx.ts'
import { type ExportMark, markWords } from './export-mark.ts'
import { fail } from './fail.ts'
import { maskText } from './mask.ts'
import type { Download } from './mount.ts'
import { sweeper } from './sweep.ts'
import { shanghaiDay } from './time.ts'

export type Cell = string | number | boolean | null
export interface SheetColumn<T> {
  readonly zh: string
  readonly en: string
  readonly cell: (row: T) => Cell
  /** Characters of Latin text that fit; by default what the title takes. */
  readonly width?: number
}
interface SheetOrder<T> {
  format: SheetFormat
  /** Name of the file and of its sheet, e.g. 资源申请. */
  name: string
  columns: readonly SheetColumn<T>[]
  /** Rows in order, a page at a time; only one page is held in memory. */
  pages: AsyncIterable<readonly T[]>
}

/** A workbook with more is opened by no program in a reasonable time; whoever wants more takes it out in parts. */
const ROWS_MAX = 200_000
const MEDIA = { csv: 'text/csv; charset=utf-8', xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' }

/** One line of RFC 4180. A text that a spreadsheet would run as a formula gets an apostrophe in front, as the program itself would put it. */
const csvLine = (cells: readonly Cell[]) => `${cells.map(csvCell).join(',')}\r\n`

function csvCell(value: Cell): string {
  if (value === null) return ''
  if (typeof value !== 'string') return String(value)
  const harmless = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}

/**
 * Writes rows to a file on disk while they are read, and gives the file as a stream: the transaction lasts as long as the reading, memory holds
 * one page, and a slow receiver keeps no transaction open. The file is unlinked before it is sent, so nothing stays behind.
 */
export async function spoolSheet<T>(ctx: Ctx, order: SheetOrder<T>): Promise<Download & { rows: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'changbai-sheet-'))
  const path = join(folder, 'sheet')
  try {
    const rows =
      order.format === 'csv'
        ? await writeCsv(path, order, ctx.locale)
        : await writeBook(createWriteStream(path, { flags: 'wx', mode: 0o600 }), order, ctx.locale, ctx.exportMark)
    const file = await open(path, 'r')
    return {
      name: `${order.name}-${shanghaiDay(ctx.now)}.${order.format}`,
      mediaType: MEDIA[order.format],
      bytes: bytesOf(file),
      rows,
      discard: () => file.close(),
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function* bytesOf(file: FileHandle): AsyncIterable<Uint8Array> {
  try {
    for await (const chunk of file.createReadStream({ autoClose: false })) yield chunk as Uint8Array
  } finally {
    await file.close()
  }
}

/** No file of ours carries a whole number of a telephone or an identity card, whatever the column is called. */
export const shown = (value: Cell): Cell => (typeof value === 'string' ? maskText(value) : value)
const titles = <T>({ columns }: Pick<SheetOrder<T>, 'columns'>, locale: Locale) =>
  columns.map(({ zh, en }) => (locale === 'en-US' ? en : zh))
const counted = (rows: number): number => (rows > ROWS_MAX ? fail(sheetProblems.tooLong, { max: ROWS_MAX }) : rows)

/** UTF-8 with a mark, because spreadsheet programs take csv without one for the local code page. */
async function writeCsv<T>(path: string, order: SheetOrder<T>, locale: Locale): Promise<number> {
  const file = await open(path, 'wx', 0o600)
  let rows = 0
  try {
    await file.write(`\ufeff${csvLine(titles(order, locale))}`)
    for await (const page of order.pages) {
      rows = counted(rows + page.length)
      await file.write(page.map((row) => csvLine(order.columns.map(({ cell }) => shown(cell(row))))).join(''))
    }
  } finally {
    await file.close()
  }
  return rows
}

/** The stream a sheet flows into on its way to the archive; our types of the library do not tell of it. */
interface Flowing {
  stream?: { pipes?: readonly { write(chunk: Uint8Array, done: () => void): unknown }[] }
}
const NOTHING = new Uint8Array(0)

/** The library takes rows faster than they are packed and written: waits until all that it was given has flowed on. */
const flowedOn = async (sheet: Flowing): Promise<void> => {
  for (const pipe of sheet.stream?.pipes ?? []) await new Promise<void>((resolve) => pipe.write(NOTHING, resolve))
}

/**
 * A workbook into a file, whatever the file is. @returns rows
 * @throws what the file said, e.g. ENOSPC: the library itself would wait for ever
 */
export async function writeBook<T>(
  file: Writable,
  order: Pick<SheetOrder<T>, 'name' | 'columns' | 'pages'>,
  locale: Locale,
  mark?: ExportMark,
): Promise<number> {
  const broken = new Promise<never>((_resolve, reject) => {
    file.once('error', reject)
  })
  broken.catch(() => {})
  try {
    return await fillBook(file, order, locale, mark, (step) => Promise.race([step, broken]))
  } finally {
    file.destroy()
  }
}

async function fillBook<T>(
  file: Writable,
  order: Pick<SheetOrder<T>, 'name' | 'columns' | 'pages'>,
  locale: Locale,
  mark: ExportMark | undefined,
  unlessBroken: <R>(step: Promise<R>) => Promise<R>,
): Promise<number> {
  const { default: excel } = await import('exceljs')
  const book = new excel.stream.xlsx.WorkbookWriter({ stream: file, useStyles: true })
  const sheet = book.addWorksheet(order.name, {
    views: [{ state: 'frozen', ySplit: 1 }],
    // A4 across, every column on the page, its title on each
    pageSetup: { paperSize: 9, orientation: 'landscape', fitToPage: true, fitToWidth: 1, fitToHeight: 0, printTitlesRow: '1:1' },
    ...(mark ? { headerFooter: { oddHeader: markWords(mark), oddFooter: `${mark.number}　第 &P / &N 页` } } : {}),
  })
  sheet.columns = titles(order, locale).map((header, at) => ({
    header,
    width: order.columns[at]?.width ?? Math.max(10, header.length * 2 + 4),
  }))
  sheet.autoFilter = { from: { row: 1, column: 1 }, to: { row: 1, column: order.columns.length } }
  const head = sheet.getRow(1)
  head.font = { bold: true }
  head.commit()
  let rows = 0
  const sweep = sweeper()
  for await (const page of order.pages) {
    rows = counted(rows + page.length)
    for (const row of page) sheet.addRow(order.columns.map(({ cell }) => shown(cell(row)))).commit()
    await unlessBroken(flowedOn(sheet as Flowing))
    sweep()
  }
  sheet.commit()
  if (mark) {
    // a page of its own, because a header is seen only in print, and the first page is read back by our own import
    const about = book.addWorksheet('导出说明')
    about.addRow([markWords(mark)]).commit()
    about.commit()
  }
  await unlessBroken(book.commit())
  return rows
}

/** All pages of a list, asked one after another as the screen would ask. */
export async function* allPages<T>(
  ask: (after: string | undefined) => Promise<{ items: readonly T[]; next?: string | null }>,
): AsyncIterable<readonly T[]> {
  for (let after: string | undefined; ; ) {
    const { items, next } = await ask(after)
    yield items
    if (!next) return
    after = next
  }
}

/** Instants in sheets are Shanghai wall time to the minute, as people read them; days stay days. */
export const wallTime = (at: string | null): string | null =>
  at === null
    ? null
    : Temporal.Instant.from(at).toZonedDateTimeISO('Asia/Shanghai').toPlainDateTime().toString({ smallestUnit: 'minute' }).replace('T', ' ')
