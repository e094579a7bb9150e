import { useQuery } from '@tanstack/react-query'
import { ask } from '../../../shared/call.ts'
import { useText } from '../../../shared/text.ts'
import { EmptyState, Loaded, PageTitle, Sheet } from '../../../shared/ui/index.ts'
import './map.css'
import { mapText } from './mapText.ts'
import { NetworkMap } from './NetworkMap.tsx'
import { RoomMap } from './RoomMap.tsx'

/** The house as it is now; asked again twice a minute. */
export function MapPage() {
  const t = useText(mapText)
  const query = useQuery({ ...ask('alarm.map', {}), refetchInterval: 30_000 })
  return (
    <div className="page">
      <PageTitle title={t('houseMap')} sentence={t('sentence')} />
      <Loaded query={query} rows={8}>
        {({ rooms, nodes, links }) => (
          <div className="stack">
            <Sheet title={t('network')}>
              {nodes.length === 0 ? <EmptyState title={t('noNetwork')} /> : <NetworkMap nodes={nodes} links={links} />}
            </Sheet>
            <Sheet title={t('rooms')}>
              {rooms.length === 0 ? <EmptyState title={t('noRacks')} /> : rooms.map((room) => <RoomMap key={room.name} room={room} />)}
            </Sheet>
          </div>
        )}
      </Loaded>
    </div>
  )
}
