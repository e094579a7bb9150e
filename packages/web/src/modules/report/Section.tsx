import type { ReportSection, ReportTable } from '@changbai/contract/report.shapes.ts'
import { SECTION_TITLES } from '@changbai/contract/report.words.ts'
import { roleName } from '../../shared/roles.ts'
import { pick, useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import { Button, Sheet } from '../../shared/ui/index.ts'
import { Chart } from './Charts.tsx'
import { reportText } from './reportText.ts'

function Table({ table }: { table: ReportTable }) {
  const t = useText(reportText)
  const lang = useLanguage()
  return (
    <div className="report-table">
      <table className="grid fit">
        <caption>{pick(table.title, lang)}</caption>
        <thead>
          <tr>
            {table.columns.map((column) => (
              <th key={column.title.zh} className={column.figures ? 'num' : ''}>
                {pick(column.title, lang)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row) => (
            <tr key={row.join('|')}>
              {row.map((cell, at) => (
                <td key={table.columns[at]?.title.zh} className={table.columns[at]?.figures ? 'num' : ''}>
                  {cell ?? '—'}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {table.rows.length === 0 && <p className="second">{t('nothing')}</p>}
      {table.total > table.rows.length && <p className="note">{t('cut', { total: table.total, n: table.rows.length })}</p>}
    </div>
  )
}

/** One of the fourteen: what the records say, and what the parties say of it. */
export function SectionSheet({ section, index, onWrite }: { section: ReportSection; index: number; onWrite: (() => void) | null }) {
  const t = useText(reportText)
  const lang = useLanguage()
  const { facts, comments } = section
  const empty = facts.figures.length + facts.tables.length + facts.charts.length + comments.length === 0
  return (
    <Sheet
      id={section.code}
      title={`${index + 1} ${pick(SECTION_TITLES[section.code], lang)}`}
      acts={
        onWrite && (
          <Button size="small" onClick={onWrite}>
            {t('write')}
          </Button>
        )
      }
    >
      {empty && <p className="second">{t('nothing')}</p>}
      {facts.figures.length > 0 && (
        <dl className="report-figures">
          {facts.figures.map(({ label, value, unit }) => (
            <div key={label.zh}>
              <dt>{pick(label, lang)}</dt>
              <dd>
                {value ?? '—'} <span className="note">{lang === 'zh-CN' ? unit : ''}</span>
              </dd>
            </div>
          ))}
        </dl>
      )}
      {facts.tables.map((table) => (
        <Table key={table.title.zh} table={table} />
      ))}
      {facts.charts.map((chart) => (
        <Chart key={chart.title.zh} chart={chart} />
      ))}
      {comments.map((one) => (
        <div key={one.author} className="report-comment">
          <b>{roleName(one.author, lang)}</b> <span className="note">{`${one.byName} ${listTime(one.at, lang)}`}</span>
          <p>{one.text}</p>
        </div>
      ))}
    </Sheet>
  )
}
