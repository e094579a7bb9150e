import type { Drift, Reading } from '@changbai/contract/inventory.drift.ts'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, call } from '../../../shared/call.ts'
import { useMay } from '../../../shared/session.ts'
import { useLanguage, useText } from '../../../shared/text.ts'
import { count, listTime } from '../../../shared/time.ts'
import { Button, DataTable, type FilterChoice, PageTitle, type State, Status, useAct } from '../../../shared/ui/index.ts'
import { inventoryText } from '../inventoryText.ts'
import { DecideDrift } from './DecideDrift.tsx'
import { fieldWord, kindWord, type T } from './driftWords.ts'

const LISTED = 50
const verdicts = ['UNRECORDED', 'MISSING', 'DIFFERS'] as const
const kinds = ['server', 'volume', 'network', 'address', 'quota'] as const
const marks: Record<Drift['status'], State> = { OPEN: 'risk', REPORTED: 'breach', KEPT: 'waived', SETTLED: 'none', CLEARED: 'none' }

/** The last reading in one sentence: what was read and when, or why it was not. */
function readingSentence(t: T, reading: Reading | undefined, at: (instant: string) => string): string {
  if (!reading) return t('driftNever')
  const { cloud, status, startedAt, endedAt, requests, counts, error } = reading
  if (status === 'RUNNING') return t('driftReading', { cloud, at: at(startedAt) })
  if (status === 'FAILED' || error) return t('driftReadFailed', { cloud, at: at(startedAt), error: error ?? '—' })
  const told = kinds.flatMap((kind) => (counts[kind] ? [`${kindWord(t, kind)} ${count(counts[kind])}`] : []))
  return t('driftRead', { cloud, at: at(endedAt ?? startedAt), requests, counts: told.join(' · ') || '0' })
}

const valuesOf = (t: T, drift: Drift): string =>
  drift.differences.map(({ field, here, there }) => `${fieldWord(t, field)} ${here || '—'} → ${there || '—'}`).join('；')
/** Where the cloud and the records differ; a line is decided by whoever may. */
export function DriftPage() {
  const t = useText(inventoryText)
  const lang = useLanguage()
  const may = useMay()
  const reading = useAct()
  const [asked, setAsked] = useState(false)
  const [chosen, setChosen] = useState<Drift | null>(null)
  const readings = useQuery(ask('drift.readings', { limit: 1 }))
  const open = useQuery(ask('drift.drifts', { limit: LISTED }))
  const found = open.data?.items.length ?? 0
  const title = found === 0 ? t('driftNone') : t(open.data?.next ? 'driftMany' : 'driftSome', { n: found })
  const filters: FilterChoice[] = [
    {
      key: 'status',
      label: t('state'),
      options: [
        ['OPEN', t('driftOpen')],
        ['REPORTED', t('REPORTED')],
        ['KEPT', t('KEPT')],
        ['SETTLED', t('SETTLED')],
        ['CLEARED', t('CLEARED')],
      ],
    },
    { key: 'verdict', label: t('driftVerdict'), options: verdicts.map((one) => [one, t(one)] as const) },
    { key: 'kind', label: t('kind'), options: kinds.map((one) => [one, kindWord(t, one)] as const) },
  ]
  const status = (drift: Drift) => (
    <Status state={marks[drift.status]} quiet={drift.status !== 'REPORTED'}>
      {drift.status === 'OPEN' ? t('driftOpen') : t(drift.status)}
    </Status>
  )
  return (
    <div className="page">
      <PageTitle
        title={open.data ? title : t('drift')}
        sentence={asked ? t('driftAsked') : readingSentence(t, readings.data?.items[0], (instant) => listTime(instant, lang))}
        acts={
          (may('cloud.operate:X') || may('drift.decide:A')) && (
            <Button
              busy={reading.busy}
              onClick={() =>
                void reading.run(async () => {
                  await call('cloudRead.readNow', {})
                  setAsked(true)
                })
              }
            >
              {t('driftReadNow')}
            </Button>
          )
        }
      />
      <DataTable<Drift>
        name="drifts"
        what={t('drift')}
        about={['drift', 'cloud-connection']}
        ask={(input) => ask('drift.drifts', input as never)}
        rowKey={(row) => row.id}
        open={setChosen}
        filters={filters}
        searchHint={t('searchName')}
        firstUse={{ title: t('driftFirstUse'), help: t('driftFirstUseHelp') }}
        columns={[
          { key: 'name', title: t('name'), kind: 'name', cell: (d) => d.name || <span className="mono">{d.externalId.slice(0, 13)}</span> },
          { key: 'kind', title: t('kind'), cell: (d) => kindWord(t, d.kind) },
          { key: 'verdict', title: t('driftVerdict'), cell: (d) => t(d.verdict) },
          { key: 'what', title: t('driftWhat'), cell: (d) => valuesOf(t, d) || '—' },
          { key: 'found', title: t('driftFound'), cell: (d) => listTime(d.firstSeenAt, lang) },
          { key: 'status', title: t('state'), cell: status },
          { key: 'id', title: t('externalId'), extra: true, cell: (d) => <span className="mono">{d.externalId}</span> },
          {
            key: 'by',
            title: t('driftDecide'),
            extra: true,
            cell: (d) => (d.decision ? `${t(d.decision)} ${d.decidedBy?.name ?? ''}` : '—'),
          },
          {
            key: 'act',
            title: t('act'),
            cell: (d) => (
              <button
                type="button"
                className="link"
                onClick={(event) => {
                  event.stopPropagation()
                  setChosen(d)
                }}
              >
                {may('drift.decide:A') && d.proposals.length > 0 ? t('driftDecide') : t('mapOpen')}
              </button>
            ),
          },
        ]}
        phone={(d) => ({
          title: d.name || d.externalId,
          right: status(d),
          below: `${kindWord(t, d.kind)} · ${t(d.verdict)}`,
          belowRight: listTime(d.firstSeenAt, lang),
          acts: (
            <button type="button" className="link" onClick={() => setChosen(d)}>
              {may('drift.decide:A') && d.proposals.length > 0 ? t('driftDecide') : t('mapOpen')}
            </button>
          ),
        })}
      />
      {chosen && <DecideDrift key={chosen.id} drift={chosen} onClose={() => setChosen(null)} />}
    </div>
  )
}
