import type { TaskDetail } from '@changbai/contract/process.ts'
import { X } from 'lucide-react'
import { useState } from 'react'
import { call } from '../../shared/call.ts'
import { stepWord } from '../../shared/steps.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { Button, DecisionDialog, Menu, PersonField, ProblemAlert, Segments, useAct } from '../../shared/ui/index.ts'
import { processText } from './processText.ts'

type Verb = 'transfer' | 'delegate' | 'addSign'
type When = 'BEFORE' | 'PARALLEL' | 'AFTER'

/** The rarer verbs of a step: 认领 转办 委派 加签. What the person may not do is not listed. */
export function TaskMenu({ task }: { task: TaskDetail }) {
  const say = useText(processText)
  const act = useAct()
  const [verb, setVerb] = useState<Verb | null>(null)
  const { may } = task
  const allowed = (['transfer', 'delegate', 'addSign'] as const).filter((one) => may[one])
  if (allowed.length === 0 && !may.claim && !may.release) return null
  return (
    <>
      {may.claim && task.roles.length > 0 && (
        <Button
          size="small"
          title={say('claimHelp')}
          busy={act.busy}
          onClick={() => void act.run(() => call('process.claim', { taskId: task.id }))}
        >
          {say('claim')}
        </Button>
      )}
      <Menu label={say('more')} button={say('more')} buttonClass="btn small">
        {allowed.map((one) => (
          <button key={one} type="button" onClick={() => setVerb(one)}>
            <span>
              {say(one)}
              <small className="note menu-note">{say(`${one}Note`)}</small>
            </span>
          </button>
        ))}
        {may.release && (
          <button type="button" onClick={() => void act.run(() => call('process.release', { taskId: task.id }))}>
            <span>
              {say('release')}
              <small className="note menu-note">{say('releaseNote')}</small>
            </span>
          </button>
        )}
      </Menu>
      {act.error !== null && <ProblemAlert error={act.error} />}
      {verb && <VerbDialog task={task} verb={verb} onClose={() => setVerb(null)} />}
    </>
  )
}

interface Person {
  personId: string
  name: string
}

function VerbDialog({ task, verb, onClose }: { task: TaskDetail; verb: Verb; onClose(): void }) {
  const say = useText(processText)
  const lang = useLanguage()
  const act = useAct()
  const [person, setPerson] = useState<Person | null>(null)
  const [signers, setSigners] = useState<Person[]>([])
  const [when, setWhen] = useState<When>('PARALLEL')
  const chosen = verb === 'addSign' ? signers : person ? [person] : []
  const send = (comment: string): Promise<unknown> =>
    act.runOrThrow<unknown>(() => {
      const taskId = task.id
      const toPersonId = person?.personId ?? ''
      if (verb === 'transfer') return call('process.transfer', { taskId, toPersonId, comment })
      if (verb === 'delegate') return call('process.delegate', { taskId, toPersonId, comment })
      return call('process.addSign', { taskId, personIds: signers.map((one) => one.personId), when, comment })
    })
  return (
    <DecisionDialog
      title={`${say(verb)} · ${stepWord(task.name, lang)} · ${task.title}`}
      verb={say(verb)}
      reason={{ label: say('reason') }}
      ready={chosen.length > 0}
      act={send}
      onClose={onClose}
    >
      <p>{say(`${verb}Help`)}</p>
      {verb === 'addSign' && (
        <Segments
          label={say('when')}
          value={when}
          onChange={setWhen}
          options={(['BEFORE', 'PARALLEL', 'AFTER'] as const).map((one) => [one, say(one)] as const)}
        />
      )}
      <PersonField
        label={say(verb === 'addSign' ? 'signers' : 'toPerson')}
        help={say('toPersonHelp')}
        value={verb === 'addSign' ? '' : (person?.personId ?? '')}
        onChange={(personId, name) => {
          if (verb !== 'addSign') return setPerson(personId ? { personId, name } : null)
          if (personId && !signers.some((one) => one.personId === personId)) setSigners([...signers, { personId, name }])
        }}
      />
      {signers.length > 0 && (
        <ul className="row wrap">
          {signers.map((one) => (
            <li key={one.personId} className="token">
              {one.name}
              <button
                type="button"
                aria-label={say('dropSigner', { name: one.name })}
                onClick={() => setSigners(signers.filter((other) => other !== one))}
              >
                <X size={14} strokeWidth={1.6} />
              </button>
            </li>
          ))}
        </ul>
      )}
    </DecisionDialog>
  )
}
