import './inspection.css'
import { useQuery } from '@tanstack/react-query'
import { Printer } from 'lucide-react'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { useText } from '../../shared/text.ts'
import { Button, DecisionDialog, EmptyState, Loaded, PageTitle, ProblemAlert, QrPicture, TextField, useAct } from '../../shared/ui/index.ts'
import { inspectionText } from './inspectionText.ts'
import { addressOfPoint } from './scan.ts'

/** The points of the walk, each with the sheet that is printed and hung up there. */
export function PointsPage() {
  const t = useText(inspectionText)
  const act = useAct()
  const query = useQuery(ask('inspection.points', {}))
  const [adding, setAdding] = useState(false)
  return (
    <div className="page">
      <PageTitle
        title={t('points')}
        sentence={t('pointsSentence')}
        acts={
          <>
            {(query.data?.items.length ?? 0) > 0 && (
              <Button onClick={() => window.print()}>
                <Printer size={16} strokeWidth={1.6} /> {t('printSheets')}
              </Button>
            )}
            {query.data?.mayEdit && (
              <Button kind="primary" onClick={() => setAdding(true)}>
                {t('addPoint')}
              </Button>
            )}
          </>
        }
      />
      <ProblemAlert error={act.error} />
      <Loaded query={query} rows={6}>
        {({ items, mayEdit }) =>
          items.length === 0 ? (
            <section className="sheet">
              <EmptyState title={t('noPoints')}>{t('noPointsHelp')}</EmptyState>
            </section>
          ) : (
            <ul className="round-points">
              {items.map((point) => (
                <li key={point.id} className={point.retired ? 'sheet no-print' : 'sheet'}>
                  <div className="round-point">
                    {!point.retired && <QrPicture text={addressOfPoint(location.origin, point.code)} />}
                    <b>{point.title}</b>
                    <span className="second">{`${point.room} · ${point.seq}`}</span>
                    <span className="mono">{point.code}</span>
                    {point.retired ? (
                      <span className="note">{t('pointRetired')}</span>
                    ) : (
                      mayEdit && (
                        <Button
                          size="small"
                          kind="plain"
                          onClick={() => void act.run(() => call('inspection.retirePoint', { pointId: point.id }))}
                        >
                          {t('retirePoint')}
                        </Button>
                      )
                    )}
                  </div>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      {adding && <AddPoint next={(query.data?.items.at(-1)?.seq ?? 0) + 1} onClose={() => setAdding(false)} />}
    </div>
  )
}

function AddPoint({ next, onClose }: { next: number; onClose: () => void }) {
  const t = useText(inspectionText)
  const act = useAct()
  const [code, setCode] = useState('')
  const [title, setTitle] = useState('')
  const [room, setRoom] = useState('')
  const [seq, setSeq] = useState(String(next))
  return (
    <DecisionDialog
      title={t('addPoint')}
      verb={t('addPoint')}
      ready={/^[A-Z0-9][A-Z0-9-]{1,39}$/.test(code) && title.trim() !== '' && room.trim() !== '' && /^[1-9]\d{0,3}$/.test(seq)}
      act={() => act.runOrThrow(() => call('inspection.addPoint', { code, title, room, seq: Number(seq) }))}
      onClose={onClose}
    >
      <TextField label={t('pointCode')} help={t('pointCodeHelp')} value={code} maxLength={40} onChange={(v) => setCode(v.toUpperCase())} />
      <TextField label={t('pointTitle')} value={title} maxLength={100} onChange={setTitle} />
      <TextField label={t('pointRoom')} value={room} maxLength={100} onChange={setRoom} />
      <TextField label={t('pointSeq')} value={seq} maxLength={4} inputMode="numeric" onChange={setSeq} />
    </DecisionDialog>
  )
}
