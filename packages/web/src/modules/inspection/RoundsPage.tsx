import type { RoundKind, RoundWindow } from '@changbai/contract/inspection.ts'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { clock, listTime } from '../../shared/time.ts'
import {
  Button,
  ButtonLink,
  DataTable,
  DecisionDialog,
  Loaded,
  PageTitle,
  Sheet,
  type State,
  Status,
  TextField,
  useAct,
} from '../../shared/ui/index.ts'
import './inspection.css'
import { inspectionText } from './inspectionText.ts'
import { ScanDialog } from './ScanDialog.tsx'

const KINDS = ['FACILITY', 'PLATFORM', 'TENANT_SERVICE'] as const
const states: Record<RoundWindow['state'], State> = { DONE: 'kept', RUNNING: 'running', OPEN: 'todo', MISSED: 'breach', AHEAD: 'planned' }
/** A window may end at midnight: 24:00 of that day, not 00:00 of the next. */
const endClock = (at: string): string => (clock(at) === '00:00' ? '24:00' : clock(at))

/** What is owed today by window, and everything that was walked. */
export function RoundsPage() {
  const t = useText(inspectionText)
  const lang = useLanguage()
  const navigate = useNavigate()
  const may = useMay()
  const query = useQuery(ask('inspection.today', {}))
  // a sheet scanned by the phone's own camera leads here
  const [scanned] = useState(() => new URLSearchParams(location.search).get('point') ?? '')
  const [starting, setStarting] = useState<RoundKind | null>(scanned === '' ? null : 'FACILITY')
  const windows = query.data?.windows ?? []
  const missed = windows.filter((one) => one.state === 'MISSED').length
  const done = windows.filter((one) => one.state === 'DONE').length
  const next = windows.find((one) => one.state === 'OPEN' || one.state === 'RUNNING')
  const sentence = [
    windows.length > 0 ? t('todayKept', { count: windows.length, total: windows.length, done }) : t('nothingOwed'),
    missed > 0 && t('missed', { count: missed }),
    next && t('nextUntil', { at: endClock(next.to) }),
  ].filter(Boolean)
  return (
    <div className="page">
      <PageTitle
        title={t('rounds')}
        sentence={sentence
          .join(lang === 'zh-CN' ? '。' : '. ')
          .replaceAll('。。', '。')
          .replaceAll('.. ', '. ')}
        acts={
          (may('inspection.facility.execute:X') || may('inspection.facility.execute:R')) && (
            <ButtonLink to="/duty/rounds/points">{t('points')}</ButtonLink>
          )
        }
      />
      <Loaded query={query} rows={4}>
        {(day) => (
          <div className="rounds">
            {KINDS.map((kind) => {
              const own = day.windows.filter((one) => one.kind === kind)
              return (
                own.length > 0 && (
                  <Sheet key={kind} flush title={t(kind)}>
                    <ul className="list">
                      {own.map((window) => (
                        <WindowLine key={window.key} window={window} onStart={() => setStarting(kind)} />
                      ))}
                    </ul>
                  </Sheet>
                )
              )
            })}
          </div>
        )}
      </Loaded>
      <DataTable
        name="rounds"
        what={t('noun')}
        ask={({ after, limit, kind, valid, abnormal }) => ask('inspection.list', { after, limit, kind, valid, abnormal } as never)}
        columns={[
          {
            key: 'number',
            title: t('number'),
            kind: 'id',
            cell: (round) => <Link to={`/duty/rounds/${round.id}` as never}>{round.number}</Link>,
          },
          { key: 'kind', title: t('kind'), cell: (round) => t(round.kind) },
          { key: 'by', title: t('by'), cell: (round) => round.inspectorName },
          { key: 'startedAt', title: t('startedAt'), cell: (round) => listTime(round.startedAt, lang) },
          { key: 'doneAt', title: t('doneAt'), cell: (round) => (round.doneAt ? listTime(round.doneAt, lang) : '—') },
          {
            key: 'conclusion',
            title: t('conclusion'),
            cell: (round) =>
              round.conclusion === null ? (
                <Status state="running">{t('writing')}</Status>
              ) : round.abnormal > 0 ? (
                <Status state="risk">{t('abnormalN', { count: round.abnormal })}</Status>
              ) : (
                <Status state="kept">{t('NORMAL')}</Status>
              ),
          },
          {
            key: 'counts',
            title: t('counts'),
            cell: (round) =>
              round.valid === null ? (
                '—'
              ) : round.valid ? (
                t('valid')
              ) : (
                <span title={round.invalid.map((one) => t(one)).join('、')}>
                  <Status state="breach">{t('invalid')}</Status>
                </span>
              ),
          },
        ]}
        rowKey={(round) => round.id}
        open={(round) => void navigate({ to: `/duty/rounds/${round.id}` } as never)}
        views={[
          { key: 'all', label: t('all'), filters: {} },
          { key: 'abnormal', label: t('only'), filters: { abnormal: 'true' } },
          { key: 'invalid', label: t('notCounted'), filters: { valid: 'false' } },
        ]}
        filters={[{ key: 'kind', label: t('kind'), options: KINDS.map((kind) => [kind, t(kind)] as const) }]}
        firstUse={{ title: t('firstUse') }}
        phone={(round) => ({
          title: `${t(round.kind)} ${round.inspectorName}`,
          right: <span className="mono second">{round.number}</span>,
          below: round.doneAt ? listTime(round.doneAt, lang) : t('writing'),
          belowRight: round.valid === false ? t('invalid') : round.abnormal > 0 ? t('abnormalN', { count: round.abnormal }) : '',
        })}
      />
      {starting && <StartDialog kind={starting} scanned={scanned} onClose={() => setStarting(null)} />}
    </div>
  )
}

function WindowLine({ window, onStart }: { window: RoundWindow; onStart: () => void }) {
  const t = useText(inspectionText)
  const open = window.rounds.find((one) => one.doneAt === null)
  const kept = window.rounds.find((one) => one.valid) ?? window.rounds[window.rounds.length - 1]
  return (
    <li className="row wrap apart">
      <span className="mono nowrap">{t('window', { from: clock(window.from), to: endClock(window.to) })}</span>
      <Status state={states[window.state]}>{t(window.state)}</Status>
      <span className="grow second right">
        {kept && kept !== open && (
          <Link to={`/duty/rounds/${kept.id}` as never}>
            {kept.inspectorName} {kept.doneAt && clock(kept.doneAt)}
          </Link>
        )}
      </span>
      {window.mine && (window.state === 'OPEN' || window.state === 'RUNNING' || (window.state === 'MISSED' && !open)) && (
        <span>
          {open ? (
            <Link className="btn small" to={`/duty/rounds/${open.id}` as never}>
              {t('resume')}
            </Link>
          ) : (
            window.state !== 'MISSED' && (
              <Button size="small" kind="primary" onClick={onStart}>
                {t('start')}
              </Button>
            )
          )}
        </span>
      )}
    </li>
  )
}

function StartDialog({ kind, scanned, onClose }: { kind: RoundKind; scanned: string; onClose: () => void }) {
  const t = useText(inspectionText)
  const act = useAct()
  const navigate = useNavigate()
  const [point, setPoint] = useState(scanned)
  const [method, setMethod] = useState<'QR' | 'NFC'>('QR')
  const [scanning, setScanning] = useState(false)
  // one press, one round, however often the network makes it repeat
  const [clientKey] = useState(() => `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`)
  if (scanning)
    return (
      <ScanDialog
        onScan={({ method: how, code }) => {
          setMethod(how)
          setPoint(code)
          setScanning(false)
        }}
        onClose={() => setScanning(false)}
      />
    )
  return (
    <DecisionDialog
      title={t('startTitle', { kind: t(kind) })}
      verb={t('start')}
      act={async () => {
        const pointCode = point.trim()
        const checkIn = pointCode === '' ? { method: 'NONE' as const, pointCode } : { method, pointCode }
        const round = await act.runOrThrow(() => call('inspection.start', { kind, clientKey, checkIn }))
        void navigate({ to: `/duty/rounds/${round.id}` } as never)
      }}
      onClose={onClose}
    >
      {kind === 'FACILITY' && (
        <>
          <Button block onClick={() => setScanning(true)}>
            {t('scan')}
          </Button>
          <TextField label={t('point')} help={t('pointHelp')} optional value={point} onChange={setPoint} maxLength={80} />
        </>
      )}
    </DecisionDialog>
  )
}
