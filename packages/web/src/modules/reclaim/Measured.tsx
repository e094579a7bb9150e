import type { MeasuredItem, MeasureFigure, ReclaimCase, ReclaimMetric } from '@changbai/contract/reclaim.ts'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { ask, callWithFile } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { pick, useLanguage, useText } from '../../shared/text.ts'
import { addDays, listTime, percent } from '../../shared/time.ts'
import { Button, Dialog, Loaded, ProblemAlert, SelectField, Sheet, Skeleton, useAct } from '../../shared/ui/index.ts'
import { figure, inUnit, UNITS } from './parts.tsx'
import { reclaimText } from './reclaimText.ts'

const CurveCanvas = lazy(() => import('./CurveCanvas.tsx'))

/** What was measured of everything the case is about: peaks decide, a row opens its curve. */
export function Measured({ reclaim }: { reclaim: ReclaimCase }) {
  const say = useText(reclaimText)
  const may = useMay()
  const [uploading, setUploading] = useState(false)
  const { figures } = reclaim
  const mayUpload =
    (may('reclaim.report.write:C') || may('reclaim.report.write:U') || may('reclaim.report.write:A')) && reclaim.closedAt === null
  return (
    <Sheet
      title={say('data')}
      note={figures && say('dataNote', { from: figures.from, to: figures.to, coverage: percent(figures.coverage) })}
      acts={mayUpload && <Button onClick={() => setUploading(true)}>{say('upload')}</Button>}
    >
      {figures ? (
        <div className="stack tight">
          <p className="notice plain">{pick(figures.reason)}</p>
          {figures.clusterPeaks && (
            <p className="second">
              {say('clusterPeaks', { cpu: figure(figures.clusterPeaks.cpu), memory: figure(figures.clusterPeaks.memory) })}
            </p>
          )}
          {figures.items.map((item) => (
            <ItemFigures key={item.itemId} item={item} from={figures.from} to={figures.to} first={figures.items.length === 1} />
          ))}
        </div>
      ) : (
        <p className="second">{say('noData')}</p>
      )}
      {uploading && figures && <Upload items={figures.items} onClose={() => setUploading(false)} />}
    </Sheet>
  )
}

function ItemFigures({ item, from, to, first }: { item: MeasuredItem; from: string; to: string; first: boolean }) {
  const say = useText(reclaimText)
  const lang = useLanguage()
  const taken = item.figures.filter((one) => one.peak !== null)
  const [shown, setShown] = useState<MeasureFigure | null>(first ? (taken[0] ?? null) : null)
  return (
    <>
      <div className="grid-scroll">
        <table className="grid">
          <caption className="left strong">{item.name}</caption>
          <thead>
            <tr>
              <th>{say('metric')}</th>
              <th className="num">{say('peak')}</th>
              <th>{say('peakAt')}</th>
              <th className="num">{say('p95')}</th>
              <th className="num">{say('mean')}</th>
              <th className="num">{say('coverage')}</th>
              <th>{say('source')}</th>
            </tr>
          </thead>
          <tbody>
            {item.figures.map((one) => {
              const value = (of: number | null) => (of === null ? '—' : figure(inUnit(one.metric, of, one.intervalSeconds)))
              return (
                <tr key={one.metric}>
                  <td className="nowrap">
                    {one.peak === null ? (
                      say(one.metric)
                    ) : (
                      <button
                        type="button"
                        className="link"
                        aria-expanded={shown === one}
                        onClick={() => setShown(shown === one ? null : one)}
                      >
                        {say(one.metric)}
                      </button>
                    )}{' '}
                    <span className="second">{UNITS[one.metric]}</span>
                  </td>
                  <td className="num strong">{value(one.peak)}</td>
                  <td className="nowrap">{one.peakAt ? listTime(one.peakAt, lang) : '—'}</td>
                  <td className="num">{value(one.p95)}</td>
                  <td className="num">{value(one.mean)}</td>
                  <td className="num">{percent(one.coverage)}</td>
                  <td>{one.source ? say(one.source) : say('notTaken')}</td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
      {shown && <Curve itemId={item.itemId} shown={shown} from={from} to={to} name={item.name} />}
    </>
  )
}

function Curve({ itemId, shown, from, to, name }: { itemId: string; shown: MeasureFigure; from: string; to: string; name: string }) {
  const say = useText(reclaimText)
  const query = useQuery(ask('reclaim.series', { itemId, metric: shown.metric, from, to: addDays(to, 1) }))
  return (
    <Loaded query={query} rows={3}>
      {({ points }) => (
        <Suspense fallback={<Skeleton rows={3} />}>
          <p className="second">
            {name} · {say(shown.metric)} {UNITS[shown.metric]}
          </p>
          <CurveCanvas
            label={`${name} ${say(shown.metric)}`}
            words={{ max: say('maximum'), mean: say('average') }}
            points={points.map((point) => ({
              at: point.at,
              max: inUnit(shown.metric, point.max, shown.intervalSeconds),
              mean: inUnit(shown.metric, point.mean, shown.intervalSeconds),
            }))}
            unit={UNITS[shown.metric]}
            bound={null}
          />
        </Suspense>
      )}
    </Loaded>
  )
}

function Upload({ items, onClose }: { items: readonly MeasuredItem[]; onClose(): void }) {
  const say = useText(reclaimText)
  const act = useAct()
  const [itemId, setItemId] = useState(items[0]?.itemId ?? '')
  const item = items.find((one) => one.itemId === itemId)
  const [metric, setMetric] = useState<ReclaimMetric>(item?.figures[0]?.metric ?? 'cpu')
  const [said, setSaid] = useState('')
  const send = (file: File) =>
    act.run(async () => {
      const done = await callWithFile('reclaim.measure', { itemId, metric, source: 'MANUAL' }, file)
      const [error] = done.errors
      setSaid(
        error ? say('uploadErrors', { row: error.row, message: error.message }) : say('uploaded', { rows: done.rows, days: done.days }),
      )
    })
  return (
    <Dialog title={say('upload')} onClose={onClose}>
      <div className="stack tight">
        <p className="second">{say('uploadHelp')}</p>
        {items.length > 1 && (
          <SelectField
            label={say('item')}
            value={itemId}
            options={items.map((one) => [one.itemId, one.name] as const)}
            onChange={setItemId}
          />
        )}
        <SelectField
          label={say('metric')}
          value={metric}
          options={(item?.figures ?? []).map((one) => [one.metric, `${say(one.metric)} ${UNITS[one.metric]}`] as const)}
          onChange={(next) => setMetric(next as ReclaimMetric)}
        />
        <input
          type="file"
          accept=".csv,.xlsx"
          aria-label={say('upload')}
          onChange={(event) => {
            const [file] = event.target.files ?? []
            if (file) void send(file)
          }}
        />
        {said && (
          <p className="notice" role="status">
            {said}
          </p>
        )}
        <ProblemAlert error={act.error} />
      </div>
    </Dialog>
  )
}
