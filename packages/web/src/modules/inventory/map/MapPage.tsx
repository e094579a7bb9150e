import type { ItemType } from '@changbai/contract/inventory.ts'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { ask } from '../../../shared/call.ts'
import { useText } from '../../../shared/text.ts'
import { Loaded, PageTitle, SelectField, Sheet } from '../../../shared/ui/index.ts'
import { RefField } from '../edit/RefField.tsx'
import { inventoryText } from '../inventoryText.ts'
import { places } from '../Relations.tsx'
import { countOf, ImpactList } from './ImpactList.tsx'
import { MapPicture } from './MapPicture.tsx'
import './map.css'

/** As far as the picture goes; the list goes further. */
const DRAWN = 2
const kinds = ['application', 'server', 'component', 'rack', 'volume', 'network'] as const satisfies readonly ItemType[]

/** Where to begin: a thing by its kind and name. */
function MapStart() {
  const t = useText(inventoryText)
  const navigate = useNavigate()
  const [kind, setKind] = useState<(typeof kinds)[number]>('application')
  return (
    <Sheet title={t('mapPick')}>
      <div className="fields">
        <SelectField
          label={t('kind')}
          value={kind}
          options={kinds.map((one) => [one, t(one)] as const)}
          onChange={(next) => setKind(kinds.find((one) => one === next) ?? 'application')}
        />
        <RefField key={kind} label={t('name')} of={kind} value="" onChange={(id) => id && void navigate({ to: `/cloud/map/${id}` })} />
      </div>
    </Sheet>
  )
}

function MapOf({ id }: { id: string }) {
  const t = useText(inventoryText)
  const [hops, setHops] = useState('5')
  const down = useQuery(ask('inventory.impact', { id, direction: 'DOWN', hops: Number(hops) }))
  const up = useQuery(ask('inventory.impact', { id, direction: 'UP', hops: Number(hops) }))
  return (
    <Loaded query={down} rows={8}>
      {(below) => {
        const { start } = below
        const [lost, weak] = [countOf(below, 'LOST'), countOf(below, 'WEAKENED')]
        const place = places[start.type]
        return (
          <>
            <PageTitle
              title={lost + weak > 0 ? t('impactLost', { name: start.name, lost, weak }) : t('impactNothing', { name: start.name })}
              sentence={
                <>
                  {t(start.type)} · {place ? <Link to={`${place}/${start.id}`}>{start.name}</Link> : start.name} ·{' '}
                  <Link to="/cloud/map">{t('mapPick')}</Link>
                </>
              }
              acts={
                <SelectField
                  label={t('impactHops')}
                  value={hops}
                  options={['1', '2', '3', '4', '5', '6', '7', '8'].map((n) => [n, n] as const)}
                  onChange={(next) => setHops(next || '5')}
                />
              }
            />
            <div className="split">
              <div className="stack">
                <Loaded query={up} rows={8}>
                  {(above) => (
                    <Sheet>
                      <MapPicture down={below} up={above} hops={DRAWN} />
                    </Sheet>
                  )}
                </Loaded>
                {below.applications.length > 0 && (
                  <Sheet flush title={t('impactApplications')}>
                    <ul className="list">
                      {below.applications.map((one) => (
                        <li key={one.id} className="row apart">
                          <Link to={`/cloud/applications/${one.id}`} className="grow">
                            {one.name}
                          </Link>
                          <span className="second">{t(one.effect)}</span>
                        </li>
                      ))}
                    </ul>
                  </Sheet>
                )}
              </div>
              <div className="stack">
                <ImpactList impact={below} />
                <Loaded query={up} rows={4}>
                  {(above) => <ImpactList impact={above} />}
                </Loaded>
              </div>
            </div>
          </>
        )
      }}
    </Loaded>
  )
}

/** What stands on what, from any one thing, and what follows if it is lost. */
export function MapPage() {
  const t = useText(inventoryText)
  const { id } = useParams({ strict: false }) as { id?: string }
  return (
    <div className="page">
      {id ? (
        <MapOf key={id} id={id} />
      ) : (
        <>
          <PageTitle title={t('map')} sentence={t('mapSentence')} />
          <MapStart />
        </>
      )}
    </div>
  )
}
