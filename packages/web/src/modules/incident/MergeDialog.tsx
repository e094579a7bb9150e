import type { IncidentDetail } from '@changbai/contract/incident.ts'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { useText } from '../../shared/text.ts'
import { DecisionDialog, SelectField, useAct } from '../../shared/ui/index.ts'
import { incidentText } from './incidentText.ts'

export function MergeDialog({ incident, onClose }: { incident: IncidentDetail; onClose: () => void }) {
  const say = useText(incidentText)
  const { runOrThrow } = useAct()
  const [intoId, setIntoId] = useState('')
  const open = useQuery(ask('incident.list', { state: 'open', limit: 100 }))
  const others = (open.data?.items ?? []).filter((one) => one.id !== incident.id)
  return (
    <DecisionDialog
      title={say('merge')}
      verb={say('merge')}
      danger
      ready={intoId !== ''}
      act={() => runOrThrow(() => call('incident.merge', { incidentId: incident.id, intoId }))}
      onClose={onClose}
    >
      <p className="second">{say('mergeHelp')}</p>
      <SelectField
        label={say('pickIncident')}
        value={intoId}
        onChange={setIntoId}
        options={others.map((one) => [one.id, `${one.number} ${one.title}`] as const)}
      />
    </DecisionDialog>
  )
}
