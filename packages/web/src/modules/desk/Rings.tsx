import type { Ring } from '@changbai/contract/desk-intake.ts'
import { useQuery } from '@tanstack/react-query'
import { ask } from '../../shared/call.ts'
import { useText } from '../../shared/text.ts'
import { clock } from '../../shared/time.ts'
import { Button, Sheet, Status } from '../../shared/ui/index.ts'
import { deskText } from './deskText.ts'

/** What the telephone system says rings or rang: one press fills the form. Absent without a telephone system. */
export function Rings({ chosen, onChoose }: { chosen: string | null; onChoose: (ring: Ring) => void }) {
  const say = useText(deskText)
  const query = useQuery({ ...ask('intake.rings', {}), refetchInterval: 3_000 })
  const rings = query.data?.items ?? []
  if (rings.length === 0) return null
  return (
    <Sheet title={say('rings')}>
      <ul className="plain-list">
        {rings.map((ring) => (
          <li key={ring.id} className="row wrap">
            <Status state={ring.isMissed ? 'breach' : ring.answeredAt ? 'running' : 'risk'}>
              {clock(ring.rangAt)}{' '}
              {say(ring.isMissed ? 'ringMissed' : ring.endedAt ? 'ringEnded' : ring.answeredAt ? 'ringTalking' : 'ringing')}
            </Status>
            <a href={`tel:${ring.phone.replace(/[^\d+]/g, '')}`}>{ring.phone}</a>
            <span>
              {ring.callerName ?? ''} {ring.callerOrg && `· ${ring.callerOrg}`} {ring.agent && <span className="second">{ring.agent}</span>}
            </span>
            <Button size="small" kind={chosen === ring.id ? 'primary' : 'plain'} onClick={() => onChoose(ring)}>
              {say('fillIn')}
            </Button>
          </li>
        ))}
      </ul>
    </Sheet>
  )
}
