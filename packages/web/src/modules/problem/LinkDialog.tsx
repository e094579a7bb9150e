import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { useText } from '../../shared/text.ts'
import { DecisionDialog, SelectField, TextField, useAct } from '../../shared/ui/index.ts'
import { problemText } from './problemText.ts'

const CHOICES = 20
/** Looks an incident up by number or title and adds it. */
export function LinkDialog({ problemId, onClose }: { problemId: string; onClose: () => void }) {
  const say = useText(problemText)
  const { runOrThrow } = useAct()
  const [typed, setTyped] = useState('')
  const [incidentId, setIncident] = useState('')
  const q = typed.trim()
  const query = useQuery(ask('incident.list', { limit: CHOICES, ...(q.length > 1 && { q }) } as never))
  const items = (query.data as { items: { id: string; number: string; title: string }[] } | undefined)?.items ?? []
  return (
    <DecisionDialog
      title={say('link')}
      verb={say('link')}
      ready={incidentId !== ''}
      act={() => runOrThrow(() => call('problem.link', { problemId, incidentId }))}
      onClose={onClose}
    >
      <TextField label={say('search')} optional value={typed} onChange={setTyped} maxLength={100} />
      <SelectField
        label={say('incidentId')}
        value={incidentId}
        onChange={setIncident}
        options={items.map((one) => [one.id, `${one.number} ${one.title}`] as const)}
      />
    </DecisionDialog>
  )
}
