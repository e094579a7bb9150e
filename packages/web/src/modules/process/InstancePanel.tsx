import type { InstanceView } from '@changbai/contract/process.ts'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { ask } from '../../shared/call.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import { Loaded, Segments, Sheet, Skeleton, type State, StatusGlyph } from '../../shared/ui/index.ts'
import { outcomeWord, roleWords } from './names.ts'
import { processText } from './processText.ts'

const DiagramCanvas = lazy(() => import('./DiagramCanvas.tsx'))
const isNarrow = (): boolean => matchMedia('(max-width: 767px)').matches

const STATES: Record<InstanceView['steps'][number]['state'], State> = {
  PASSED: 'kept',
  ACTIVE: 'running',
  FAILED: 'breach',
  NOT_REACHED: 'todo',
}

/** One running process: the diagram it runs by, or the same as a list of steps. Phones begin with the list. */
export function InstancePanel({ instanceId }: { instanceId: string }) {
  const say = useText(processText)
  const query = useQuery(ask('process.instance', { instanceId }))
  const [shown, setShown] = useState<'diagram' | 'steps'>(isNarrow() ? 'steps' : 'diagram')
  const view = query.data
  return (
    <Sheet
      title={say('diagram')}
      note={view ? `${view.instance.processName} ${say('version', { n: view.instance.version })}` : undefined}
      acts={
        <Segments
          label={say('diagram')}
          value={shown}
          onChange={setShown}
          options={[
            ['diagram', say('asDiagram')],
            ['steps', say('asSteps')],
          ]}
        />
      }
      flush
    >
      <Loaded query={query} rows={5}>
        {(data) =>
          shown === 'diagram' ? (
            <Suspense fallback={<Skeleton rows={5} />}>
              <DiagramCanvas view={data} />
            </Suspense>
          ) : (
            <StepList steps={data.steps} />
          )
        }
      </Loaded>
    </Sheet>
  )
}

function StepList({ steps }: { steps: InstanceView['steps'] }) {
  const say = useText(processText)
  const lang = useLanguage()
  const human = steps.filter((step) => /Task|CallActivity/.test(step.type))
  return (
    <table className="grid">
      <thead>
        <tr>
          <th>{say('step')}</th>
          <th>{say('who')}</th>
          <th>{say('when')}</th>
          <th>{say('outcome')}</th>
        </tr>
      </thead>
      <tbody>
        {human.map((step) => (
          <tr key={step.node}>
            <td>
              <StatusGlyph state={STATES[step.state]} /> {step.name}
            </td>
            <td>
              {step.doneBy?.name ??
                (step.state === 'ACTIVE'
                  ? say('waitingFor', { who: step.waitingFor.map((one) => one.name).join('、') || roleWords(step.roles, lang) })
                  : roleWords(step.roles, lang))}
            </td>
            <td>{step.leftAt ? listTime(step.leftAt, lang) : step.dueAt ? listTime(step.dueAt, lang) : '—'}</td>
            <td>{step.outcome ? outcomeWord(step.outcome, lang) : '—'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
