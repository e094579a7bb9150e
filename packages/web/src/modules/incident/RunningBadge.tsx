import './incident.css'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ask } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { NextClock, SeverityMark } from './Clocks.tsx'

/** On every page: the incident whose clock falls due next, counting down by the server's time. Nothing runs, nothing is shown. */
export function RunningBadge({ short }: { short: boolean }) {
  const may = useMay()
  const query = useQuery({
    ...ask('incident.running', {}),
    enabled: may('incident.read:r'),
    refetchInterval: 15_000,
    retry: false,
  })
  const items = query.data?.items ?? []
  const [next] = items
  if (!next) return null
  return (
    <Link className="btn plain small clock-badge" to={`/duty/incidents/${next.id}` as string} title={`${next.number} ${next.title}`}>
      <SeverityMark level={next.topSeverity} />
      {!short && <NextClock clocks={next.clocks} />}
      {items.length > 1 && <span className="second">+{items.length - 1}</span>}
    </Link>
  )
}
