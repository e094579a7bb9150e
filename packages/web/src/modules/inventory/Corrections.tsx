import { useState } from 'react'
import type { Received } from '../../shared/api.ts'
import { useText } from '../../shared/text.ts'
import { Button } from '../../shared/ui/index.ts'
import { correctedSheet } from './correct.ts'
import { inventoryText } from './inventoryText.ts'

type Report = Received<'inventory.importItems'>
/** Rows with problems, each cell to be written anew under what is wrong with it; the rest of the sheet stays as it was brought. */
export function Corrections({ report, busy, retry }: { report: Report; busy: boolean; retry: (sheet: File) => void }) {
  const t = useText(inventoryText)
  const [typed, setTyped] = useState<Record<string, string>>({})
  const { sheet, errors } = report
  if (!sheet) return null
  const wrongRows = new Set(errors.map(({ row }) => row))
  const titleOf = (head: string): string => head.replace(/\*$/, '').trim()
  const wrongColumns = new Set(errors.map(({ column }) => column))
  const shown = sheet.header
    .map((head, index) => ({ head, index }))
    .filter(({ head, index }) => index === 0 || wrongColumns.has(titleOf(head)))
  const about = (row: number, column: string) => errors.filter((one) => one.row === row && one.column === column).map((one) => one.message)
  return (
    <div className="stack tight">
      <h3>{t('correctTitle')}</h3>
      <p className="second">{t('correctHelp')}</p>
      <div className="grid-scroll">
        <table className="grid dense">
          <thead>
            <tr>
              <th className="num">{t('errorRow')}</th>
              {shown.map(({ head, index }) => (
                <th key={index}>{head}</th>
              ))}
              <th>{t('errorWhat')}</th>
            </tr>
          </thead>
          <tbody>
            {sheet.rows
              .filter(({ row }) => wrongRows.has(row))
              .map(({ row, cells }) => (
                <tr key={row}>
                  <td className="num">{row}</td>
                  {shown.map(({ head, index }) => {
                    const wrong = about(row, titleOf(head))
                    const key = `${row}/${index}`
                    return (
                      <td key={key}>
                        <span className={wrong.length > 0 ? 'box bad' : 'box'}>
                          <input
                            aria-label={`${head} ${row}`}
                            aria-invalid={wrong.length > 0}
                            value={typed[key] ?? cells[index] ?? ''}
                            onChange={(event) => setTyped({ ...typed, [key]: event.target.value })}
                          />
                        </span>
                        {wrong.map((message) => (
                          <div key={message} className="field-error">
                            {message}
                          </div>
                        ))}
                      </td>
                    )
                  })}
                  <td>
                    {errors
                      .filter((one) => one.row === row && !shown.some(({ head }) => titleOf(head) === one.column))
                      .map((one) => `${one.column || t('rowWhole')}：${one.message}`)
                      .join('；')}
                  </td>
                </tr>
              ))}
          </tbody>
        </table>
      </div>
      <div className="row">
        <Button kind="primary" busy={busy} onClick={() => retry(correctedSheet(sheet, typed))}>
          {t('tryCorrected')}
        </Button>
      </div>
    </div>
  )
}
