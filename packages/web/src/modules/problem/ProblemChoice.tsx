import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../../shared/call.ts'
import { useText } from '../../shared/text.ts'
import { SelectField, TextField } from '../../shared/ui/index.ts'
import { problemText } from './problemText.ts'

const CHOICES = 20
const NONE = 'none'
/** Whether an incident repeats a cause that is known: nothing is chosen beforehand. `null` is the answer "no", `undefined` that nobody has answered. */
export function ProblemChoice({ value, onChange }: { value: string | null | undefined; onChange: (id: string | null) => void }) {
  const say = useText(problemText)
  const [typed, setTyped] = useState('')
  const q = typed.trim()
  const query = useQuery({ ...ask('problem.list', { limit: CHOICES, ...(q.length > 1 && { q }) }), retry: false })
  const found = (query.data?.items ?? []).map((one) => [one.id, `${one.number} ${one.title}`] as const)
  return (
    <div className="fields">
      <SelectField
        label={say('repeats')}
        value={value === undefined ? '' : (value ?? NONE)}
        onChange={(id) => onChange(id === NONE ? null : id)}
        options={[[NONE, say('repeatsNone')] as const, ...found]}
      />
      <TextField label={say('repeatsSearch')} optional value={typed} onChange={setTyped} maxLength={100} />
    </div>
  )
}
