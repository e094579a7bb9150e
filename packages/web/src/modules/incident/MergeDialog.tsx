import type { IncidentDetail } from '@changbai/contract/incident.ts'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { useText } from '../../shared/text.ts'
import { DecisionDialog, Segments, SelectField, useAct } from '../../shared/ui/index.ts'
import { incidentText } from './incidentText.ts'

/** Two ways of being one of many: a duplicate ends, an incident of a storm goes under its parent and keeps its own clocks. */
export function MergeDialog({ incident, onClose }: { incident: IncidentDetail; onClose: () => void }) {
  const say = useText(incidentText)
  const { runOrThrow } = useAct()
  const [otherId, setOtherId] = useState('')
  const [way, setWay] = useState<'merge' | 'group'>('merge')
  const open = useQuery(ask('incident.list', { state: 'open', limit: 100 }))
  const others = (open.data?.items ?? []).filter((one) => one.id !== incident.id)
  const act = () =>
    way === 'merge'
      ? call('incident.merge', { incidentId: incident.id, intoId: otherId })
      : call('incident.setParent', { incidentId: incident.id, parentId: otherId })
  return (
    <DecisionDialog
      title={say('merge')}
      verb={say(way)}
      danger={way === 'merge'}
      ready={otherId !== ''}
      act={() => runOrThrow(act)}
      onClose={onClose}
    >
      <Segments
        label={say('merge')}
        value={way}
        onChange={setWay}
        options={[
          ['merge', say('merge')],
          ['group', say('group')],
        ]}
      />
      <p className="second">{say(way === 'merge' ? 'mergeHelp' : 'groupHelp')}</p>
      <SelectField
        label={say('pickIncident')}
        value={otherId}
        onChange={setOtherId}
        options={others.map((one) => [one.id, `${one.number} ${one.title}`] as const)}
      />
    </DecisionDialog>
  )
}
