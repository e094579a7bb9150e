import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { ask } from '../../shared/call.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { clock, count, listTime } from '../../shared/time.ts'
import { EmptyState, Facts, Loaded, PageTitle, Sheet } from '../../shared/ui/index.ts'
import { SourceState } from './SourceState.tsx'
import './telemetry.css'
import { telemetryText } from './telemetryText.ts'

const MINUTES = 360
const HEIGHT = 60

/** One sender: what arrived minute by minute, and why samples were refused. */
export function SourcePage() {
  const t = useText(telemetryText)
  const lang = useLanguage()
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useQuery({ ...ask('telemetry.source', { sourceId: id }), refetchInterval: 15_000 })
  return (
    <div className="page">
      <Loaded query={query} rows={6}>
        {({ source, minutes, rejects }) => (
          <>
            <PageTitle title={source.name} mark={<SourceState source={source} />} sentence={source.note} />
            <div className="stack">
              <Sheet title={t('minutes')}>
                <MinuteBars minutes={minutes} />
              </Sheet>
              <Sheet>
                <Facts
                  items={[
                    [t('rate'), count(Math.round(source.samplesPerSecond))],
                    [t('day'), count(source.samplesDay)],
                    [t('rejectedDay'), count(source.rejectedDay)],
                    [t('lastSeen'), source.lastSeenAt && listTime(source.lastSeenAt, lang)],
                    [t('sender'), source.sender],
                    [t('address'), source.lastAddress],
                  ]}
                />
              </Sheet>
              <Sheet flush title={t('rejects')}>
                {rejects.length === 0 ? (
                  <EmptyState title={t('noRejects')} />
                ) : (
                  <div className="grid-scroll">
                    <table className="grid">
                      <thead>
                        <tr>
                          <th>{t('reason')}</th>
                          <th className="num">{t('times')}</th>
                          <th>{t('lastSeen')}</th>
                          <th>{t('example')}</th>
                        </tr>
                      </thead>
                      <tbody>
                        {rejects.map((one) => (
                          <tr key={one.reason}>
                            <td>{t(`reason-${one.reason}`)}</td>
                            <td className="num">{count(one.count)}</td>
                            <td>{listTime(one.lastAt, lang)}</td>
                            <td className="mono reject-example">{one.example}</td>
                          </tr>
                        ))}
                      </tbody>
                    </table>
                  </div>
                )}
              </Sheet>
            </div>
          </>
        )}
      </Loaded>
    </div>
  )
}

function MinuteBars({ minutes }: { minutes: readonly { minute: string; samples: number; rejected: number }[] }) {
  const t = useText(telemetryText)
  const last = minutes.at(-1)
  if (!last) return <EmptyState title={t('never')} />
  const endMs = Date.parse(last.minute)
  const most = Math.max(...minutes.map(({ samples, rejected }) => samples + rejected), 1)
  return (
    <svg className="minute-bars" viewBox={`0 0 ${MINUTES} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={t('minutes')}>
      {minutes.map(({ minute, samples, rejected }) => {
        const x = MINUTES - 1 - (endMs - Date.parse(minute)) / 60_000
        const taken = (samples / most) * HEIGHT
        const refused = (rejected / most) * HEIGHT
        return (
          <g key={minute}>
            <title>{`${clock(minute)} ${count(samples)} / ${count(rejected)}`}</title>
            <rect className="taken" x={x} y={HEIGHT - taken} width={0.9} height={taken} />
            <rect className="refused" x={x} y={HEIGHT - taken - refused} width={0.9} height={refused} />
          </g>
        )
      })}
    </svg>
  )
}
