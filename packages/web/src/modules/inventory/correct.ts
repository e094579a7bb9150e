import type { Received } from '../../shared/api.ts'

type Sheet = NonNullable<Received<'inventory.importItems'>['sheet']>
const quoted = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)

/** The sheet with its corrections, as the file that is tried next. */
export function correctedSheet(sheet: Sheet, typed: Readonly<Record<string, string>>): File {
  const width = sheet.header.length
  const lines = sheet.rows.map(({ row, cells }) =>
    Array.from({ length: width }, (_, column) => quoted(typed[`${row}/${column}`] ?? cells[column] ?? '')).join(','),
  )
  return new File([`\ufeff${[sheet.header.map(quoted).join(','), ...lines].join('\r\n')}\r\n`], 'corrected.csv', { type: 'text/csv' })
}
