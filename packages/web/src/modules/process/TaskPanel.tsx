import type { TaskDetail } from '@changbai/contract/process.ts'
import { useQuery } from '@tanstack/react-query'
import { ask } from '../../shared/call.ts'
import { stepWord } from '../../shared/steps.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import { Deadline, Loaded, Sheet } from '../../shared/ui/index.ts'
import { outcomeWord } from './names.ts'
import { processText } from './processText.ts'
import type { Done, Extra } from './step.ts'
import { pageForms } from './stepFields.ts'
import { TaskForm } from './TaskForm.tsx'
import { TaskMenu } from './TaskMenu.tsx'

interface Props {
  taskId: string
  /** What a form key asks for beyond words. */
  extraOf?: ((formKey: string) => Extra | undefined) | undefined
  onDone(done: Done): void
}

/** A step the reader acts on: what came back, what is asked, one button an outcome. Nothing for the steps of others. */
export function TaskPanel({ taskId, extraOf, onDone }: Props) {
  const say = useText(processText)
  const lang = useLanguage()
  const query = useQuery(ask('process.task', { taskId }))
  return (
    <Loaded query={query} rows={3}>
      {(task) =>
        !task.may.complete ? null : (
          <Sheet
            screenOnly
            title={say(task.kind === 'ADDED' ? 'decideAdded' : task.kind === 'EACH' ? 'decideEach' : 'decide', {
              step: stepWord(task.name, lang),
            })}
            note={<Deadline dueAt={task.dueAt} usedRatio={task.usedRatio} left={task.left} bar={false} />}
            acts={<TaskMenu task={task} />}
          >
            <div className="stack tight">
              <Returned task={task} />
              <Beside task={task} />
              {pageForms.has(task.formKey ?? '') ? (
                <p className="second">{say(task.returned ? 'correctOnPage' : 'fillOnPage')}</p>
              ) : (
                <TaskForm key={task.id} task={task} extra={extraOf?.(task.formKey ?? '')} onDone={onDone} />
              )}
            </div>
          </Sheet>
        )
      }
    </Loaded>
  )
}

/** Why it came back, point by point; or what the same person said before the return. */
function Returned({ task }: { task: TaskDetail }) {
  const say = useText(processText)
  const lang = useLanguage()
  const { returned, earlier } = task
  return (
    <>
      {returned && (
        <div className="notice risk">
          <strong>{say('returned', { by: returned.by.name, at: listTime(returned.at, lang), n: returned.reasons.length })}</strong>
          <ol className="numbered">
            {returned.reasons.map((reason) => (
              <li key={`${reason.field}${reason.text}`}>
                {reason.field && <b>{reason.field} </b>}
                {reason.text}
              </li>
            ))}
          </ol>
          {returned.comment}
        </div>
      )}
      {earlier && !pageForms.has(task.formKey ?? '') && (
        <p className="second">
          {say('earlier', { by: earlier.by.name, at: listTime(earlier.at, lang), outcome: outcomeWord(earlier.outcome, lang) })}
        </p>
      )}
    </>
  )
}

/** Countersigners and those who were asked to sign as well: who has spoken, whom it waits for. */
export function Beside({ task }: { task: Pick<TaskDetail, 'beside'> }) {
  const say = useText(processText)
  const lang = useLanguage()
  if (task.beside.length === 0) return null
  return (
    <p className="second">
      {say('beside')}
      {task.beside
        .map((one) =>
          say(one.outcome ? 'besideDone' : 'besideOpen', {
            who: one.assignee?.name ?? '—',
            outcome: one.outcome ? outcomeWord(one.outcome, lang) : '',
          }),
        )
        .join(lang === 'en-US' ? '; ' : '；')}
    </p>
  )
}
