import type { ReplyReceived } from '@changbai/contract/endpoint.ts'
import type { BackupRow, DrillRow, upkeepApi } from '@changbai/contract/upkeep.ts'
import { useQuery } from '@tanstack/react-query'
import { ask, call } from '../../shared/call.ts'
import { usePhone } from '../../shared/clock.ts'
import { useMay } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { count, listTime } from '../../shared/time.ts'
import { Button, DataTable, Facts, Loaded, PageTitle, ProblemAlert, Sheet, type State, Status, useAct } from '../../shared/ui/index.ts'
import { upkeepText } from './upkeepText.ts'

const backupStates: Record<BackupRow['state'], State> = { RUNNING: 'running', DONE: 'kept', FAILED: 'breach', REMOVED: 'none' }
const drillStates: Record<DrillRow['state'], State> = { RUNNING: 'running', PASSED: 'kept', FAILED: 'breach' }
const MIB = 1024 * 1024
/** Megabytes are what people compare with a disk. */
const sizeText = (bytes: number | null): string => (bytes === null ? '—' : `${(bytes / MIB).toFixed(1)} MiB`)
const fileName = (file: string): string => file.split('/').at(-1) ?? file

function Now({ state }: { state: ReplyReceived<typeof upkeepApi.backupState> }) {
  const t = useText(upkeepText)
  const lang = useLanguage()
  const { last, lastDrill } = state
  return (
    <Sheet title={t('state')} note={t('pointInTime')}>
      <Facts
        items={[
          [
            t('lastBackup'),
            <span className="row" key="b">
              {last?.takenAt ? listTime(last.takenAt, lang) : t('never')}
              {(last || state.backupLate) && (
                <Status state={state.backupLate ? 'breach' : 'kept'}>{state.backupLate ? t('backupLate') : t('backupOk')}</Status>
              )}
            </span>,
          ],
          [
            t('lastDrill'),
            <span className="row" key="d">
              {lastDrill ? listTime(lastDrill.startedAt, lang) : t('never')}
              {lastDrill && <Status state={drillStates[lastDrill.state]}>{t(lastDrill.state)}</Status>}
              {state.drillLate && <Status state="risk">{t('drillLate')}</Status>}
            </span>,
          ],
          [
            t('place'),
            <span className="mono" key="p">
              {state.folder}
            </span>,
          ],
          [t('kept'), t('keptFor', { days: state.keepDays, months: state.keepMonths })],
        ]}
      />
    </Sheet>
  )
}

/** Is there something to go back to, and was that tried? */
export function BackupsPage() {
  const t = useText(upkeepText)
  const lang = useLanguage()
  const may = useMay()
  const act = useAct()
  const phone = usePhone()
  const state = useQuery({ ...ask('upkeep.backupState', {}), refetchInterval: 5_000 })
  const running = state.data?.lastDrill?.state === 'RUNNING'
  return (
    <div className="page">
      <PageTitle
        title={t('backups')}
        sentence={t('backupsSentence')}
        acts={
          may('backup.run:X') && (
            <>
              <Button busy={act.busy} onClick={() => void act.run(() => call('upkeep.drill', {}))} disabled={running}>
                {t('drillNow')}
              </Button>
              <Button kind="primary" busy={act.busy} onClick={() => void act.run(() => call('upkeep.backUp', {}))}>
                {t('backUpNow')}
              </Button>
            </>
          )
        }
      />
      <ProblemAlert error={act.error} />
      <div className="stack">
        <Loaded query={state}>{(data) => <Now state={data} />}</Loaded>
        <h2 style={{ paddingInline: phone ? 16 : 0 }}>{t('history')}</h2>
        <DataTable<BackupRow>
          name="backups"
          what={t('nounBackups')}
          ask={({ q: _q, sort: _sort, ...input }) => ask('upkeep.backups', input as never)}
          columns={[
            { key: 'at', title: t('startedAt'), cell: (b) => listTime(b.startedAt, lang) },
            { key: 'kind', title: t('kind'), cell: (b) => t(b.kind) },
            { key: 'state', title: t('result'), cell: (b) => <Status state={backupStates[b.state]}>{t(b.state)}</Status> },
            { key: 'size', title: t('size'), kind: 'num', cell: (b) => sizeText(b.sizeBytes) },
            {
              key: 'content',
              title: t('content'),
              cell: (b) => (b.rows === null ? (b.error ?? '—') : t('tablesRows', { tables: b.tables ?? 0, rows: count(b.rows) })),
            },
            { key: 'file', title: t('file'), kind: 'id', cell: (b) => <span title={`${b.host}:${b.file}`}>{fileName(b.file)}</span> },
            { key: 'by', title: t('by'), cell: (b) => (b.kind === 'MANUAL' ? b.by : t('system')) },
          ]}
          rowKey={(b) => b.id}
          firstUse={{ title: t('noBackups') }}
          phone={(b) => ({
            title: listTime(b.startedAt, lang),
            right: <Status state={backupStates[b.state]}>{t(b.state)}</Status>,
            below: b.error ?? `${t(b.kind)} · ${sizeText(b.sizeBytes)}`,
          })}
        />
        <h2 style={{ paddingInline: phone ? 16 : 0 }}>{t('drillHistory')}</h2>
        <DataTable<DrillRow>
          name="drills"
          what={t('nounDrills')}
          ask={({ q: _q, sort: _sort, ...input }) => ask('upkeep.drills', input as never)}
          columns={[
            { key: 'at', title: t('startedAt'), cell: (d) => listTime(d.startedAt, lang) },
            { key: 'state', title: t('result'), cell: (d) => <Status state={drillStates[d.state]}>{t(d.state)}</Status> },
            {
              key: 'content',
              title: t('content'),
              cell: (d) => (d.rows === null ? '—' : t('tablesRows', { tables: d.tables ?? 0, rows: count(d.rows) })),
            },
            {
              key: 'ledger',
              title: t('ledger'),
              cell: (d) => (d.facts === null ? '—' : t('facts', { facts: count(d.facts), batches: count(d.batches ?? 0) })),
            },
            { key: 'findings', title: t('findings'), cell: (d) => d.findings.join('；') || '—' },
            { key: 'file', title: t('file'), kind: 'id', cell: (d) => (d.backupFile ? fileName(d.backupFile) : '—') },
          ]}
          rowKey={(d) => d.id}
          firstUse={{ title: t('noDrills') }}
          phone={(d) => ({
            title: listTime(d.startedAt, lang),
            right: <Status state={drillStates[d.state]}>{t(d.state)}</Status>,
            below: d.findings[0] ?? (d.rows === null ? '—' : t('tablesRows', { tables: d.tables ?? 0, rows: count(d.rows) })),
          })}
        />
      </div>
    </div>
  )
}
