import { inventoryProblems } from '@changbai/contract/inventory.ts'
import { fail } from '../../../platform/fail.ts'
import { decodeText, readCsv } from './csv.domain.ts'
import { judgeZip } from './zip-guard.domain.ts'

/** What an xlsx of 5,000 rows may expand to, MiB; the library needs several times that in memory. */
const EXPANDED_MIB = 48
export const ROWS_MAX = 5_000
const COLUMNS_MAX = 100

export interface SheetRow {
  /** As the spreadsheet program shows it; the header is row 1. */
  number: number
  cells: string[]
}

/**
 * The first sheet of an xlsx, or a csv, as texts; rows without content are left out.
 * @throws inventoryProblems.notSheet, inventoryProblems.bomb, inventoryProblems.tooManyRows
 */
export async function readSheet({ name, bytes }: { name: string; bytes: Buffer }): Promise<SheetRow[]> {
  const isXlsx = name.toLowerCase().endsWith('.xlsx')
  if (!isXlsx && !name.toLowerCase().endsWith('.csv')) fail(inventoryProblems.notSheet, { name })
  const rows = isXlsx ? await xlsxRows(name, bytes) : csvRows(name, bytes)
  const filled = rows.filter(({ cells }) => cells.some((cell) => cell !== ''))
  if (filled.length > ROWS_MAX + 1) fail(inventoryProblems.tooManyRows, { limit: ROWS_MAX })
  return filled
}

function csvRows(name: string, bytes: Buffer): SheetRow[] {
  if (bytes.includes(0)) fail(inventoryProblems.notSheet, { name })
  return readCsv(decodeText(bytes)).map((cells, index) => ({ number: index + 1, cells: cells.map((cell) => cell.trim()) }))
}

async function xlsxRows(name: string, bytes: Buffer): Promise<SheetRow[]> {
  const verdict = judgeZip(bytes, EXPANDED_MIB * 1024 * 1024)
  if (verdict === 'BOMB') fail(inventoryProblems.bomb, { name, limitMiB: EXPANDED_MIB })
  if (verdict === 'NOT_ZIP') fail(inventoryProblems.notSheet, { name })
  const { default: excel } = await import('exceljs')
  const workbook = new excel.Workbook()
  try {
    await workbook.xlsx.load(new Uint8Array(bytes).buffer)
  } catch {
    fail(inventoryProblems.notSheet, { name })
  }
  const sheet = workbook.worksheets[0] ?? fail(inventoryProblems.notSheet, { name })
  const rows: SheetRow[] = []
  sheet.eachRow((row, number) => {
    const cells: string[] = []
    for (let column = 1; column <= Math.min(row.cellCount, COLUMNS_MAX); column++) cells.push(cellText(row.getCell(column).value))
    rows.push({ number, cells })
  })
  return rows
}

/** What a person sees in the cell. A formula counts by its stored result, a date by its day. */
function cellText(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (value instanceof Date) return value.toISOString().slice(0, 10)
  if (typeof value !== 'object') return String(value).trim()
  if ('result' in value) return cellText(value.result)
  if ('richText' in value && Array.isArray(value.richText))
    return value.richText
      .map((part: { text?: string }) => part.text ?? '')
      .join('')
      .trim()
  if ('text' in value) return cellText(value.text)
  return ''
}
