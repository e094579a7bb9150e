import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ask } from '../../shared/call.ts'
import { useText } from '../../shared/text.ts'
import { Status } from '../../shared/ui/index.ts'
import { settingsText } from './settingsText.ts'

const LOOK_MS = 1_500

/** How a test sending went, as soon as it is known: a first failure is told although it will be tried again. */
export function TestOutcome({ deliveryId, to }: { deliveryId: string; to: string }) {
  const t = useText(settingsText)
  const query = useQuery({
    ...ask('notification.deliveries', { limit: 20 }),
    refetchInterval: ({ state }) => {
      const row = state.data?.items.find(({ id }) => id === deliveryId)
      return row && row.state !== 'PENDING' ? false : LOOK_MS
    },
  })
  const row = query.data?.items.find(({ id }) => id === deliveryId)
  const failed = row?.state === 'FAILED' || (row?.state === 'PENDING' && row.lastError !== null)
  return (
    <p role="status" className="second">
      <Status state={failed ? 'breach' : row && row.state !== 'PENDING' ? 'kept' : 'running'}>
        {failed
          ? t('testFailed', { why: row?.lastError ?? '—' })
          : row && row.state !== 'PENDING'
            ? t('testArrived', { to: row.address ?? to })
            : t('testSending')}
      </Status>{' '}
      <Link to="/settings/deliveries">{t('deliveries')}</Link>
    </p>
  )
}
