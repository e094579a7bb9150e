import type { Impact } from '@changbai/contract/inventory.ts'
import { Link } from '@tanstack/react-router'
import { useText } from '../../../shared/text.ts'
import { count } from '../../../shared/time.ts'
import { Sheet, type State, Status } from '../../../shared/ui/index.ts'
import { inventoryText } from '../inventoryText.ts'
import { redundancy } from './MapPicture.tsx'

const marks: Record<Impact['nodes'][number]['effect'], State> = { LOST: 'breach', WEAKENED: 'risk', VITAL: 'risk', SPARE: 'none' }
export const countOf = (impact: Impact, effect: Impact['nodes'][number]['effect']): number =>
  impact.counts.reduce((sum, one) => (one.effect === effect ? sum + one.count : sum), 0)

/** Everything that follows or is needed, nearest first: counts of all, then the nearest one by one. */
export function ImpactList({ impact }: { impact: Impact }) {
  const t = useText(inventoryText)
  const names = new Map([...impact.nodes, impact.start].map((one) => [one.id, one.name]))
  const isDown = impact.direction === 'DOWN'
  return (
    <Sheet flush title={t(isDown ? 'impactDown' : 'impactUp')}>
      {impact.counts.length > 0 && (
        <p className="second sheet-line">{impact.counts.map((one) => `${t(one.type)} ${t(one.effect)} ${count(one.count)}`).join(' · ')}</p>
      )}
      <ul className="list map-list">
        {impact.nodes.map((node) => (
          <li key={node.id} className="row apart">
            <span className="grow">
              <Link to={`/cloud/map/${node.id}`} aria-label={t('mapWalk', { name: node.name })}>
                {node.name}
              </Link>
              <div className="note">
                {[
                  t('impactHop', { n: node.hop }),
                  t(node.type),
                  node.via && node.hop > 1 && names.has(node.via) && t('impactVia', { name: names.get(node.via) ?? '' }),
                  redundancy(t, node),
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </div>
            </span>
            <Status state={marks[node.effect]} quiet={node.effect !== 'LOST'}>
              {t(node.effect)}
            </Status>
          </li>
        ))}
        {impact.nodes.length === 0 && (
          <li className="second">{t(isDown ? 'impactNothing' : 'impactNeedsNothing', { name: impact.start.name })}</li>
        )}
        {impact.stubs.length > 0 && <li className="note">{t('impactStub')}</li>}
        {impact.cut && <li className="note">{t('impactCut', { n: impact.nodes.length })}</li>}
      </ul>
    </Sheet>
  )
}
