import type { InstanceView } from '@changbai/contract/process.ts'
import { useState } from 'react'
import { call } from '../../shared/call.ts'
import { useText } from '../../shared/text.ts'
import { Button, DecisionDialog, Menu, useAct } from '../../shared/ui/index.ts'
import { processText } from './processText.ts'

type Verb = 'recall' | 'requestCancel' | 'consent' | 'refuse'

/**
 * Verbs that concern the whole course: 收回 of what I just did, 申请撤销 once somebody has reviewed, and the answer to it. 撤回 before any
 * review stands with the matter itself.
 */
export function InstanceMenu({ view }: { view: InstanceView }) {
  const say = useText(processText)
  const act = useAct()
  const [verb, setVerb] = useState<Verb | null>(null)
  const { may, cancelRequest } = view
  const instanceId = view.instance.id
  const send = (reason: string): Promise<unknown> =>
    act.runOrThrow<unknown>(() => {
      if (verb === 'recall') return call('process.recall', { taskId: may.recallTaskId ?? '', comment: reason })
      if (verb === 'requestCancel') return call('process.requestCancel', { instanceId, reason })
      return call('process.answerCancel', { instanceId, consent: verb === 'consent', comment: reason })
    })
  return (
    <>
      {may.recallTaskId && (
        <Button size="small" onClick={() => setVerb('recall')}>
          {say('recall')}
        </Button>
      )}
      {may.answerCancel && cancelRequest && (
        <>
          <Button size="small" kind="danger" onClick={() => setVerb('consent')}>
            {say('consent')}
          </Button>
          <Button size="small" onClick={() => setVerb('refuse')}>
            {say('refuse')}
          </Button>
        </>
      )}
      {may.requestCancel && (
        <Menu label={say('more')} button={say('more')} buttonClass="btn small">
          <button type="button" onClick={() => setVerb('requestCancel')}>
            {say('requestCancel')}
          </button>
        </Menu>
      )}
      {verb && (
        <DecisionDialog
          title={say(`${verb}Title`, { title: view.instance.title })}
          verb={say(verb)}
          danger={verb === 'consent'}
          reason={{ label: say('reason'), optional: verb === 'recall' || verb === 'consent' }}
          act={send}
          onClose={() => setVerb(null)}
        >
          <p>{say(`${verb}Help`, { by: cancelRequest?.by.name ?? '', reason: cancelRequest?.reason ?? '' })}</p>
        </DecisionDialog>
      )}
    </>
  )
}
