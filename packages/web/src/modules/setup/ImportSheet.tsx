import type { SheetKind } from '@changbai/contract/setup.ts'
import { useState } from 'react'
import type { Received } from '../../shared/api.ts'
import { callWithFile, download } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { useText } from '../../shared/text.ts'
import { Button, Field, ProblemAlert, SelectField, Sheet, Status, useAct } from '../../shared/ui/index.ts'
import { setupText } from './setupText.ts'

type Report = Received<'setup.importSheet'>
const rights = { bureau: 'tenant.manage:C', person: 'iam.account.lifecycle:C', grant: 'iam.grant:C' } as const
const kinds = Object.keys(rights) as SheetKind[]

function Outcome({ report }: { report: Report }) {
  const t = useText(setupText)
  const { applied, rows, created, unchanged, errorCount } = report
  if (errorCount === 0)
    return <Status state={applied ? 'kept' : 'planned'}>{t(applied ? 'created' : 'wouldCreate', { rows, created, unchanged })}</Status>
  return (
    <div className="stack">
      <Status state="breach">{t('errors', { count: report.errorCount })}</Status>
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
            {report.errors.map(({ row, column, message }) => (
              <tr key={`${row} ${column} ${message}`}>
                <td className="num">{row}</td>
                <td>{column || '—'}</td>
                <td>{message}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  )
}

/** Rehearsed first, written only when every row is right. */
export function ImportSheet() {
  const t = useText(setupText)
  const may = useMay()
  const act = useAct()
  const open = kinds.filter((kind) => may(rights[kind]))
  const [kind, setKind] = useState<SheetKind>(open[0] ?? 'grant')
  const [file, setFile] = useState<File | null>(null)
  const [report, setReport] = useState<Report | null>(null)
  const send = (dryRun: boolean) => {
    if (!file) return
    void act.run(async () => setReport(await callWithFile('setup.importSheet', { kind, dryRun: String(dryRun) }, file)))
  }
  const passed = report !== null && !report.applied && report.errorCount === 0
  return (
    <Sheet title={t('importTitle')} note={t('order')}>
      <div className="stack">
        <p className="note">{t('importHelp')}</p>
        <ProblemAlert error={act.error} />
        <div className="fields">
          <SelectField
            label={t('kind')}
            value={kind}
            options={open.map((one) => [one, t(one)] as const)}
            onChange={(next) => {
              setReport(null)
              setKind((next || kind) as SheetKind)
            }}
          />
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
          <Button onClick={() => void act.run(() => download('setup.template', { kind }))}>{t('template')}</Button>
          <Button kind={passed ? 'plain' : 'primary'} disabled={!file} busy={act.busy} onClick={() => send(true)}>
            {t('tryIt')}
          </Button>
          {passed && (
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
