import { useQuery } from '@tanstack/react-query'
import { ask } from '../../shared/call.ts'
import { useText } from '../../shared/text.ts'
import { Loaded, Sheet } from '../../shared/ui/index.ts'
import './alarm.css'
import { alarmText } from './alarmText.ts'
import { AlarmLine } from './marks.tsx'

/** Alarms of one incident, for its page and its war room; nothing where there are none. */
export function RelatedAlarms({ incidentId }: { incidentId: string }) {
  const t = useText(alarmText)
  const query = useQuery({ ...ask('alarm.list', { incidentId, state: 'all', limit: 100 }), refetchInterval: 10_000 })
  if (query.data?.items.length === 0) return null
  return (
    <Sheet flush title={t('relatedAlarms')}>
      <Loaded query={query} rows={2}>
        {({ items }) => (
          <ul className="list">
            {items.map((alarm) => (
              <AlarmLine key={alarm.id} alarm={alarm} />
            ))}
          </ul>
        )}
      </Loaded>
    </Sheet>
  )
}
