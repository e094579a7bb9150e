import type { TableType } from '@changbai/contract/inventory.ts'
import { Download, FileUp } from 'lucide-react'
import { useState } from 'react'
import type { Received } from '../../shared/api.ts'
import { callWithFile, download } from '../../shared/call.ts'
import { usePhone } from '../../shared/clock.ts'
import { useMay } from '../../shared/session.ts'
import { useText } from '../../shared/text.ts'
import { Button, EmptyState, Field, PageTitle, ProblemAlert, SelectField, Sheet, Status, useAct } from '../../shared/ui/index.ts'
import { uiText } from '../../shared/ui/uiText.ts'
import { Corrections } from './Corrections.tsx'
import { inventoryText } from './inventoryText.ts'

const types = ['application', 'server', 'volume', 'network', 'rack'] as const
const words = { application: 'applications', server: 'servers', volume: 'volumes', network: 'networks', rack: 'racks' } as const

/** Tried first, written only when every row is right. */
function Import() {
  const t = useText(inventoryText)
  const act = useAct()
  const [type, setType] = useState<TableType>('server')
  const [file, setFile] = useState<File | null>(null)
  const [report, setReport] = useState<Received<'inventory.importItems'> | null>(null)
  const send = (dryRun: boolean, sheet: File | null = file) => {
    if (!sheet) return
    setFile(sheet)
    void act.run(async () => setReport(await callWithFile('inventory.importItems', { type, dryRun: String(dryRun) }, sheet)))
  }
  return (
    <Sheet title={t('importTitle')}>
      <div className="stack">
        <div className="fields">
          <SelectField
            label={t('type')}
            value={type}
            options={types.map((one) => [one, t(words[one])] as const)}
            onChange={(next) => {
              setReport(null)
              setType((next || 'server') as TableType)
            }}
          />
          <Field label={t('fileLabel')} help={t('fileHelp')}>
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
          <Button
            icon={<Download size={16} strokeWidth={1.6} />}
            onClick={() => void act.run(() => download('inventory.exportItems', { type, empty: true }))}
          >
            {t('template')}
          </Button>
          <Button icon={<FileUp size={16} strokeWidth={1.6} />} busy={act.busy} onClick={() => send(true)}>
            {t('dryRun')}
          </Button>
          {report && report.errorCount === 0 && !report.applied && (
            <Button kind="primary" busy={act.busy} onClick={() => send(false)}>
              {t('importNow')}
            </Button>
          )}
        </div>
        <ProblemAlert error={act.error} />
        {report && (
          <div role="status">
            <Status state={report.errorCount > 0 ? 'breach' : 'kept'}>
              {report.errorCount > 0
                ? t('reportErrors', { count: report.errorCount })
                : report.applied
                  ? t('reportApplied')
                  : t('reportDry')}
            </Status>
            <p className="second">
              {t('report', { rows: report.rows, created: report.created, changed: report.changed, unchanged: report.unchanged })}
            </p>
            {report.sheet && (
              <Corrections
                key={report.sheet.rows.length + report.errorCount}
                report={report}
                busy={act.busy}
                retry={(sheet) => send(true, sheet)}
              />
            )}
          </div>
        )}
      </div>
    </Sheet>
  )
}

function Export() {
  const t = useText(inventoryText)
  const act = useAct()
  const [type, setType] = useState<TableType>('server')
  const [format, setFormat] = useState('xlsx')
  return (
    <Sheet title={t('exportTitle')}>
      <div className="stack">
        <SelectField
          label={t('type')}
          value={type}
          options={types.map((one) => [one, t(words[one])] as const)}
          onChange={(next) => setType((next || 'server') as TableType)}
        />
        <SelectField
          label={t('format')}
          value={format}
          options={[
            ['xlsx', 'xlsx'],
            ['csv', 'csv'],
          ]}
          onChange={(next) => setFormat(next || 'xlsx')}
        />
        <ProblemAlert error={act.error} />
        <div>
          <Button
            busy={act.busy}
            icon={<Download size={16} strokeWidth={1.6} />}
            onClick={() => void act.run(() => download('inventory.exportItems', { type, format: format === 'csv' ? 'csv' : 'xlsx' }))}
          >
            {t('export')}
          </Button>
        </div>
      </div>
    </Sheet>
  )
}

export function ExchangePage() {
  const t = useText(inventoryText)
  const ui = useText(uiText)
  const may = useMay()
  const phone = usePhone()
  return (
    <div className="page">
      <PageTitle title={t('exchange')} sentence={t('exchangeSentence')} />
      {phone ? (
        <Sheet>
          <EmptyState title={ui('onlyOnComputer')} />
        </Sheet>
      ) : (
        <div className="split">
          <div className="stack">{may('cmdb.import:X') && <Import />}</div>
          {may('cmdb.export:X') && <Export />}
        </div>
      )}
    </div>
  )
}
