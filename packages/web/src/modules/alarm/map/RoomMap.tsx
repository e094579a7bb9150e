import type { HouseMap } from '@changbai/contract/alarm.map.ts'
import { Link } from '@tanstack/react-router'
import { useText } from '../../../shared/text.ts'
import { mapText } from './mapText.ts'
import { type Placed, stack } from './place.ts'

type Room = HouseMap['rooms'][number]
type Rack = Room['racks'][number]

/** Pixels of one unit. */
const UNIT = 13

/** Where a thing's own page is. */
export const pageOf = ({ type, id }: Pick<Placed, 'type' | 'id'>): string => `/cloud/${type === 'server' ? 'servers' : 'components'}/${id}`

export function RoomMap({ room }: { room: Room }) {
  const t = useText(mapText)
  return (
    <section className="map-room">
      <h3>{room.name || t('noRoom')}</h3>
      <div className="map-racks">
        {room.racks.map((rack) => (
          <RackMap key={rack.id} rack={rack} />
        ))}
      </div>
    </section>
  )
}

function RackMap({ rack }: { rack: Rack }) {
  const t = useText(mapText)
  const { placed, loose } = stack(rack)
  const used = placed.reduce((sum, { height }) => sum + height, 0)
  return (
    <figure className="map-rack">
      <figcaption>
        <b>{rack.row ? `${rack.row} ${rack.name}` : rack.name}</b> <span className="second">{t('units', { used, all: rack.units })}</span>
      </figcaption>
      <ul className="map-frame" style={{ height: rack.units * UNIT }}>
        {placed.map((item) => (
          <li key={item.id} style={{ bottom: (item.unit - 1) * UNIT, height: item.height * UNIT - 1 }}>
            <Thing item={item} />
          </li>
        ))}
      </ul>
      {loose.length > 0 && (
        <ul className="map-loose" aria-label={t('elsewhere')}>
          {loose.map((item) => (
            <li key={item.id}>
              <Thing item={item} />
            </li>
          ))}
        </ul>
      )}
    </figure>
  )
}

function Thing({ item }: { item: Placed }) {
  const t = useText(mapText)
  const word = item.level ? t('alarms', { level: item.level, n: item.alarms }) : t('calm')
  return (
    <Link to={pageOf(item) as string} className={`map-thing ${item.level ? `map-${item.level}` : ''}`} title={`${item.name} · ${word}`}>
      <span>{item.name}</span>
      {item.level && <b>{item.level}</b>}
    </Link>
  )
}
