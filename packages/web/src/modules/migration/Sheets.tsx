import type { MigrationDetail } from '@changbai/contract/migration.ts'
import { useState } from 'react'
import { callWithFile } from '../../shared/call.ts'
import { useText } from '../../shared/text.ts'
import { ProblemAlert, Sheet, useAct } from '../../shared/ui/index.ts'
import { migrationText } from './migrationText.ts'

type Kind = 'SURVEY' | 'SIZING'
interface Report {
  rows: number
  kept: boolean
  errors: readonly { row: number; column: string; message: string }[]
}
const HEAD: Record<Kind, string> = {
  SURVEY: '主机、操作系统、CPU、内存、磁盘、中间件、数据库、端口、依赖',
  SIZING: '名称、用途、数量、CPU、内存、磁盘',
}

/** The two sheets people fill in a spreadsheet: imported whole, or not at all with every error named. */
export function Sheets({ migration }: { migration: MigrationDetail }) {
  return (
    <>
      <OneSheet migration={migration} kind="SURVEY" />
      <OneSheet migration={migration} kind="SIZING" />
    </>
  )
}

function OneSheet({ migration, kind }: { migration: MigrationDetail; kind: Kind }) {
  const say = useText(migrationText)
  const act = useAct()
  const [report, setReport] = useState<Report | null>(null)
  const rows =
    kind === 'SURVEY'
      ? migration.survey.map((one) => [
          one.host,
          one.os,
          String(one.vcpu),
          String(one.memGiB),
          String(one.diskGiB),
          `${one.middleware} ${one.database}`,
        ])
      : migration.sizing.map((one) => [one.name, one.purpose, String(one.count), String(one.vcpu), String(one.memGiB), String(one.diskGiB)])
  const heads =
    kind === 'SURVEY'
      ? [say('host'), say('os'), 'vCPU', say('memGiB'), say('diskGiB'), say('middleware')]
      : [say('name'), say('purpose'), say('count'), 'vCPU', say('memGiB'), say('diskGiB')]
  return (
    <Sheet
      title={say(kind === 'SURVEY' ? 'survey' : 'sizing')}
      acts={
        migration.may.includes('EDIT_SHEETS') && (
          <label className="btn small">
            {say('importSheet')}
            <input
              type="file"
              accept=".xlsx,.csv"
              hidden
              onChange={(event) => {
                const [file] = event.target.files ?? []
                event.target.value = ''
                if (file)
                  void act.run(async () =>
                    setReport(await callWithFile('migration.importSheet', { migrationId: migration.id, sheet: kind }, file)),
                  )
              }}
            />
          </label>
        )
      }
    >
      <ProblemAlert error={act.error} />
      {report?.kept && <p className="second">{say('imported', { n: report.rows })}</p>}
      {report && !report.kept && (
        <div className="notice risk">
          {say('notImported', { n: report.rows })}
          <ul>
            {report.errors.map((one) => (
              <li key={`${one.row}/${one.column}`}>{say('rowError', { row: one.row, column: one.column, message: one.message })}</li>
            ))}
          </ul>
        </div>
      )}
      {rows.length === 0 ? (
        <p className="second">{say('noLines', { head: HEAD[kind] })}</p>
      ) : (
        <div className="grid-scroll">
          <table className="grid">
            <thead>
              <tr>
                {heads.map((head, at) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: columns stand still
                  <th key={at}>{head}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.join('|')}>
                  {row.map((cell, at) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: columns stand still
                    <td key={at}>{cell || '—'}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Sheet>
  )
}
