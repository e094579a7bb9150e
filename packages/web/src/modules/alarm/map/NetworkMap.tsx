import type { HouseMap } from '@changbai/contract/alarm.map.ts'
import { Link } from '@tanstack/react-router'
import { useText } from '../../../shared/text.ts'
import { mapText } from './mapText.ts'
import { type Node, spread, type Tier, tierOf, tiers } from './place.ts'
import { pageOf } from './RoomMap.tsx'

const MIDDLE: Readonly<Record<Tier, number>> = { tierOutside: 10, tierCore: 45, tierHosts: 85 }
const percentOf = (value: number | null): string => (value === null ? '—' : `${Math.round(value)} %`)

/** A row for each tier; lines show what hangs on what, each device how full its fullest link is. */
export function NetworkMap({ nodes, links }: Pick<HouseMap, 'nodes' | 'links'>) {
  const t = useText(mapText)
  const places = spread(nodes)
  return (
    <div className="map-network">
      <svg className="map-links" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
        {links.map(({ from, to }) => {
          const [a, b] = [places.get(from), places.get(to)]
          return (
            a &&
            b && (
              <line
                key={`${from} ${to}`}
                x1={a.x * 100}
                y1={MIDDLE[a.tier]}
                x2={b.x * 100}
                y2={MIDDLE[b.tier]}
                vectorEffect="non-scaling-stroke"
              />
            )
          )
        })}
      </svg>
      {tiers.map((tier) => {
        const own = nodes.filter((node) => tierOf(node) === tier)
        return (
          own.length > 0 && (
            <section key={tier} className={`map-tier ${tier}`} aria-label={t(tier)}>
              <h3>{t(tier)}</h3>
              <ul>
                {own.map((node) => (
                  <li key={node.id}>
                    <Device node={node} />
                  </li>
                ))}
              </ul>
            </section>
          )
        )
      })}
    </div>
  )
}

function Device({ node }: { node: Node }) {
  const t = useText(mapText)
  const word = node.level ? t('alarms', { level: node.level, n: node.alarms }) : t('calm')
  const isKnown = node.inPercent !== null || node.outPercent !== null
  const fullest = Math.max(node.inPercent ?? 0, node.outPercent ?? 0)
  return (
    <Link to={pageOf(node) as string} className={`map-device ${node.level ? `map-${node.level}` : ''}`} title={`${node.name} · ${word}`}>
      <span className="map-name">
        {node.name} {node.level && <b>{node.level}</b>}
      </span>
      <span className="second">{t(node.kind as 'SWITCH')}</span>
      {node.kind !== 'baremetal' &&
        (isKnown ? (
          <>
            <meter min={0} max={100} high={80} value={Math.min(100, fullest)} title={t('fullest')} />
            <span className="second num">{t('inOut', { in: percentOf(node.inPercent), out: percentOf(node.outPercent) })}</span>
          </>
        ) : (
          <span className="second">{t('notReported')}</span>
        ))}
    </Link>
  )
}
