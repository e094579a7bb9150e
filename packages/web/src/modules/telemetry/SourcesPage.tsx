import type { TelemetrySource } from '@changbai/contract/telemetry.ts'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { count, listTime } from '../../shared/time.ts'
import {
  Button,
  DecisionDialog,
  Dialog,
  EmptyState,
  Facts,
  Loaded,
  PageTitle,
  Sheet,
  Status,
  TextField,
  useAct,
} from '../../shared/ui/index.ts'
import { bytes } from '../../shared/units.ts'
import { SourceState } from './SourceState.tsx'
import './telemetry.css'
import { telemetryText } from './telemetryText.ts'

/** Who sends measurements, how much, and what of it was refused. */
export function SourcesPage() {
  const t = useText(telemetryText)
  const may = useMay()
  const query = useQuery({ ...ask('telemetry.sources', {}), refetchInterval: 15_000 })
  const [isAdding, setAdding] = useState(false)
  const [token, setToken] = useState<string | null>(null)
  const base = window.location.origin
  return (
    <div className="page">
      <PageTitle
        title={t('sources')}
        sentence={t('sourcesSentence')}
        acts={
          may('source.token:C') && (
            <Button kind="primary" icon={<Plus size={16} strokeWidth={1.6} />} onClick={() => setAdding(true)}>
              {t('newSource')}
            </Button>
          )
        }
      />
      <div className="stack">
        <Loaded query={query} rows={4}>
          {({ items, store }) => (
            <>
              <Sheet flush>
                {items.length === 0 ? <EmptyState title={t('noSources')}>{t('noSourcesHelp')}</EmptyState> : <SourceTable items={items} />}
              </Sheet>
              <Sheet title={t('store')}>
                <Facts
                  items={[
                    [t('engine'), t(store.engine)],
                    [t('series'), `${count(store.series)} / ${count(store.seriesMax)}`],
                    [t('waiting'), count(store.waitingSamples)],
                    [t('disk'), bytes(store.chunkBytes + store.rollupBytes)],
                    [t('oldest'), store.oldestOn],
                  ]}
                />
              </Sheet>
            </>
          )}
        </Loaded>
        <Sheet title={t('addresses')}>
          <Facts
            items={[
              [t('remoteWrite'), <span key="w" className="mono">{`${base}/intake/prometheus/write`}</span>],
              [t('otlp'), <span key="o" className="mono">{`${base}/intake/otlp/v1/metrics`}</span>],
              [
                t('discovery'),
                <span key="d" className="mono">{`${base}/intake/sd/node | blackbox | snmp | ipmi | redfish | libvirt | smartctl`}</span>,
              ],
            ]}
          />
        </Sheet>
      </div>
      {isAdding && <NewSource onClose={() => setAdding(false)} onToken={setToken} />}
      {token && (
        <Dialog title={t('token')} onClose={() => setToken(null)} foot={<Button onClick={() => setToken(null)}>OK</Button>}>
          <p className="mono token-box">{token}</p>
          <p className="note">{t('tokenHelp')}</p>
        </Dialog>
      )}
    </div>
  )
}

function SourceTable({ items }: { items: readonly TelemetrySource[] }) {
  const t = useText(telemetryText)
  const lang = useLanguage()
  return (
    <div className="grid-scroll">
      <table className="grid">
        <thead>
          <tr>
            <th>{t('name')}</th>
            <th>{t('state')}</th>
            <th className="num">{t('rate')}</th>
            <th className="num">{t('day')}</th>
            <th className="num">{t('rejectedDay')}</th>
            <th>{t('lastSeen')}</th>
            <th>{t('sender')}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((source) => (
            <tr key={source.id}>
              <td>
                <Link to={`/settings/sources/${source.id}`}>{source.name}</Link>
                {source.note && <div className="note">{source.note}</div>}
              </td>
              <td>
                <SourceState source={source} />
              </td>
              <td className="num">{count(Math.round(source.samplesPerSecond))}</td>
              <td className="num">{count(source.samplesDay)}</td>
              <td className="num">
                {source.rejectedDay > 0 ? <Status state="risk">{count(source.rejectedDay)}</Status> : count(source.rejectedDay)}
              </td>
              <td>{source.lastSeenAt ? listTime(source.lastSeenAt, lang) : t('never')}</td>
              <td>
                {source.sender ?? '—'}
                {source.lastAddress && <div className="note mono">{source.lastAddress}</div>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function NewSource({ onClose, onToken }: { onClose: () => void; onToken: (token: string) => void }) {
  const t = useText(telemetryText)
  const act = useAct()
  const [name, setName] = useState('')
  const [note, setNote] = useState('')
  const [minutes, setMinutes] = useState('5')
  const silence = Number(minutes)
  return (
    <DecisionDialog
      title={t('newSource')}
      verb={t('newSource')}
      ready={name.trim() !== '' && Number.isInteger(silence) && silence >= 0 && silence <= 1440}
      act={async () => {
        const made = await act.runOrThrow(() => call('telemetry.createSource', { name, note, silenceSeconds: silence * 60 }))
        onToken(made.token)
      }}
      onClose={onClose}
    >
      <TextField label={t('name')} value={name} onChange={setName} maxLength={60} />
      <TextField label={t('note')} optional value={note} onChange={setNote} maxLength={300} />
      <TextField label={t('silenceMinutes')} type="number" value={minutes} onChange={setMinutes} />
    </DecisionDialog>
  )
}
