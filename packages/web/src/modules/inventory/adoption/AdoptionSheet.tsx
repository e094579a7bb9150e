import { useState } from 'react'
import type { Received } from '../../../shared/api.ts'
import { callWithFile, download } from '../../../shared/call.ts'
import { useText } from '../../../shared/text.ts'
import { Button, Field, ProblemAlert, Sheet, Status, useAct } from '../../../shared/ui/index.ts'
import { adoptionText } from './adoptionText.ts'

type Report = Received<'adoption.importSheet'>

function Outcome({ report }: { report: Report }) {
  const t = useText(adoptionText)
  const { applied, rows, adoptions, errorCount, errors } = report
  if (errorCount === 0) return <Status state={applied ? 'kept' : 'planned'}>{t(applied ? 'did' : 'would', { rows, adoptions })}</Status>
  return (
    <div className="stack">
      <Status state="breach">{t('errors', { count: errorCount })}</Status>
      <div className="grid-scroll">
        <table className="grid fit">
          <thead>
            <tr>
              <th className="num">{t('row')}</th>
              <th>{t('column')}</th>
              <th>{t('what')}</th>
            </tr>
          </thead>
          <tbody>
            {errors.map(({ row, column, message }) => (
              <tr key={`${row} ${column} ${message}`}>
                <td className="num">{row}</td>
                <td>{column}</td>
                <td>{message}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  )
}

/** The list goes out filled with suggestions and comes back decided; rehearsed first. */
export function AdoptionSheet() {
  const t = useText(adoptionText)
  const act = useAct()
  const [file, setFile] = useState<File | null>(null)
  const [report, setReport] = useState<Report | null>(null)
  const passed = report !== null && !report.applied && report.errorCount === 0
  const send = (dryRun: boolean) => {
    if (file) void act.run(async () => setReport(await callWithFile('adoption.importSheet', { dryRun: String(dryRun) }, file)))
  }
  return (
    <Sheet title={t('sheetTitle')}>
      <div className="stack">
        <p className="note">{t('sheetHelp')}</p>
        <ProblemAlert error={act.error} />
        <div className="fields">
          <Field label={t('file')} help={t('fileHelp')}>
            {(ids) => (
              <input
                {...ids}
                type="file"
                accept=".xlsx,.csv"
                onChange={(event) => {
                  setReport(null)
                  setFile(event.target.files?.[0] ?? null)
                }}
              />
            )}
          </Field>
        </div>
        <div className="row wrap">
          <Button onClick={() => void act.run(() => download('adoption.sheet', {}))}>{t('sheetOut')}</Button>
          <Button disabled={!file} busy={act.busy} onClick={() => send(true)}>
            {t('tryIt')}
          </Button>
          {passed && report.adoptions > 0 && (
            <Button kind="primary" busy={act.busy} onClick={() => send(false)}>
              {t('bringIn')}
            </Button>
          )}
        </div>
        {report && <Outcome report={report} />}
      </div>
    </Sheet>
  )
}
