import type { Ctx } from '../../platform/ctx.ts'
import { readFacts } from './facts.store.ts'
import { computed, formulas } from './formulas.domain.ts'

export interface JudgedClause {
  id: string
  due: number
  met: number
}

const letter = (index: number): string => String.fromCharCode(65 + index)

/**
 * A workbook that judges a month anew: the bare records on sheets of their own, and formulas that a spreadsheet program works out, beside what
 * the board says. No figure of the product goes into a formula.
 */
export async function writeWorkbook(ctx: Ctx, month: string, board: readonly JudgedClause[], path: string): Promise<void> {
  const { default: excel } = await import('exceljs')
  const first = Temporal.PlainYearMonth.from(month).toPlainDate({ day: 1 })
  const instant = (on: Temporal.PlainDate) => on.toZonedDateTime('Asia/Shanghai').toInstant()
  const next = first.add({ months: 1 })
  const book = new excel.Workbook()
  const check = book.addWorksheet('check')
  check.addRow(['from', new Date(`${first}T00:00:00Z`)])
  check.addRow(['to', new Date(`${next}T00:00:00Z`)])
  check.addRow([])
  check.addRow(['clause', 'due', 'met', 'board: due', 'board: met', 'agrees', 'what is counted'])
  const judged = new Map(board.map((one) => [one.id, one]))
  for (const { clause, due, met, says } of formulas) {
    const said = judged.get(clause)
    const { number } = check.addRow([clause, { formula: due }, { formula: met }, said?.due ?? null, said?.met ?? null, null, says])
    check.getCell(`F${number}`).value = { formula: `IF(AND(B${number}=D${number},C${number}=E${number}),"yes","NO")` }
  }
  for (const { name, head, rows } of await readFacts(ctx, { from: instant(first), to: instant(next) })) {
    const sheet = book.addWorksheet(name)
    const own = computed[name]
    sheet.addRow(own ? [...head, own.head] : [...head])
    for (const row of rows) {
      const { number } = sheet.addRow([...row])
      if (own)
        sheet.getCell(`${letter(head.length)}${number}`).value = {
          formula: own.formula.replaceAll('#', String(number)).replaceAll('^', String(number - 1)),
        }
    }
  }
  for (const sheet of book.worksheets) for (const column of sheet.columns) column.width = 20
  check.getColumn(7).width = 50
  await book.xlsx.writeFile(path)
}
