import type { TaskDetail } from '@changbai/contract/process.ts'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { DecisionDialog, Menu, SelectField, TextField } from '../../shared/ui/index.ts'
import { roleWords } from './names.ts'
import { processText } from './processText.ts'

type Verb = 'transfer' | 'delegate' | 'addSign' | 'recall' | 'withdraw'

/** The rarer verbs of a step: 转办 委派 加签 收回 撤回. What the person may not do is not listed. */
export function TaskMenu({ task }: { task: TaskDetail }) {
  const say = useText(processText)
  const [verb, setVerb] = useState<Verb | null>(null)
  const allowed = (['transfer', 'delegate', 'addSign', 'recall', 'withdraw'] as const).filter((one) => task.may[one])
  if (allowed.length === 0) return null
  return (
    <>
      <Menu label={say('more')} button={say('more')}>
        {allowed.map((one) => (
          <button key={one} type="button" role="menuitem" onClick={() => setVerb(one)}>
            {say(one)}
          </button>
        ))}
      </Menu>
      {verb && <VerbDialog task={task} verb={verb} onClose={() => setVerb(null)} />}
    </>
  )
}

function VerbDialog({ task, verb, onClose }: { task: TaskDetail; verb: Verb; onClose(): void }) {
  const say = useText(processText)
  const lang = useLanguage()
  const client = useQueryClient()
  const [q, setQ] = useState('')
  const [personId, setPersonId] = useState('')
  const needsPerson = verb === 'transfer' || verb === 'delegate' || verb === 'addSign'
  const found = useQuery({ ...ask('identity.directory', { q }), enabled: needsPerson })
  const people = found.data?.items ?? []
  const chosen = personId || (people[0]?.personId ?? '')

  const send = (reason: string): Promise<unknown> => {
    if (verb === 'recall') return call('process.recall', { taskId: task.id, comment: reason })
    if (verb === 'withdraw') return call('process.withdraw', { instanceId: task.instanceId, reason })
    if (verb === 'transfer') return call('process.transfer', { taskId: task.id, toPersonId: chosen, comment: reason })
    if (verb === 'delegate') return call('process.delegate', { taskId: task.id, toPersonId: chosen, comment: reason })
    return call('process.addSign', { taskId: task.id, personIds: [chosen], when: 'PARALLEL', comment: reason })
  }
  const go = async (reason: string): Promise<void> => {
    if (needsPerson && !chosen) throw new Error(say('pickPerson'))
    await send(reason)
    await client.invalidateQueries()
  }
  return (
    <DecisionDialog
      title={`${say(verb)} · ${task.name}`}
      verb={say(verb)}
      reason={{ label: say('reason'), optional: verb === 'recall' }}
      act={go}
      onClose={onClose}
    >
      {needsPerson && (
        <div className="fields">
          <TextField label={say('toPersonHelp')} value={q} onChange={setQ} />
          <SelectField
            label={say('toPerson')}
            value={chosen}
            options={people.map((one) => [one.personId, `${one.name} · ${one.unit ?? roleWords(one.roles, lang)}`] as const)}
            onChange={setPersonId}
          />
        </div>
      )}
    </DecisionDialog>
  )
}
