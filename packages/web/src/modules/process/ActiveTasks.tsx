import type { InstanceView, TaskDetail } from '@changbai/contract/process.ts'
import { useQueries, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { useSession } from '../../shared/session.ts'
import { stepWord } from '../../shared/steps.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { Button, Deadline, ProblemAlert, Sheet, StatusGlyph, useAct } from '../../shared/ui/index.ts'
import { ageWords } from './age.ts'
import { outcomeWord, roleWords } from './names.ts'
import { processText } from './processText.ts'
import type { Done, Extra } from './step.ts'
import { TaskPanel } from './TaskPanel.tsx'

interface Props {
  instanceId: string
  extraOf?(formKey: string): Extra | undefined
}

/** The open steps of one process: those of the reader with their buttons, those of others with who has them and since when. */
export function ActiveTasks({ instanceId, extraOf }: Props) {
  const say = useText(processText)
  const lang = useLanguage()
  const { data } = useQuery(ask('process.instance', { instanceId }))
  const [done, setDone] = useState<Done | null>(null)
  const taskIds = [...new Set((data?.badges ?? []).flatMap((badge) => badge.taskIds))]
  const tasks = useQueries({ queries: taskIds.map((taskId) => ask('process.task', { taskId })) })
  const mine = new Set(tasks.flatMap(({ data: task }) => (task?.may.complete ? [task.node] : [])))
  if (!data) return null
  return (
    <>
      {done && (
        <div className="notice" role="status">
          {say('doneNow', { step: stepWord(done.step, lang), outcome: outcomeWord(done.outcome, lang) })}
          {data.may.recallTaskId && ` ${say('mayRecall')}`} <Link to={'/tasks' as string}>{say('nextTask')}</Link>
        </div>
      )}
      {data.cancelRequest && (
        <p className="notice risk">{say('cancelWaits', { by: data.cancelRequest.by.name, reason: data.cancelRequest.reason })}</p>
      )}
      {taskIds.map((taskId) => (
        <TaskPanel key={taskId} taskId={taskId} extraOf={extraOf} onDone={setDone} />
      ))}
      {tasks.every((query) => !query.isLoading) && (
        <WithOthers view={data} mine={mine} tasks={tasks.flatMap(({ data: task }) => task ?? [])} />
      )}
    </>
  )
}

/** Where it is and who has it: the steps that wait for somebody else. */
function WithOthers({ view, mine, tasks }: { view: InstanceView; mine: ReadonlySet<string>; tasks: readonly TaskDetail[] }) {
  const say = useText(processText)
  const lang = useLanguage()
  const me = useSession()?.person?.id
  const act = useAct()
  const [urged, setUrged] = useState<string | null>(null)
  const waits = view.badges.filter((badge) => badge.taskIds.length > 0 && !mine.has(badge.node))
  const involved = view.instance.starter.personId === me || view.steps.some((step) => step.doneBy?.personId === me)
  const nameOf = (node: string): string => stepWord(view.steps.find((step) => step.node === node)?.name ?? node, lang)
  if (waits.length === 0) return null
  return (
    <Sheet title={say('withOthers')} flush>
      <ul className="list">
        {waits.map((badge) => {
          const [taskId] = badge.taskIds
          const limit = tasks.find((task) => task.id === taskId)
          const names = badge.waitingFor.map((one) => one.name).join(lang === 'en-US' ? ', ' : '、')
          return (
            <li key={badge.node} className="row wrap apart">
              <span className="row grow">
                <StatusGlyph state="running" />
                <span>
                  <span className="strong">{nameOf(badge.node)}</span>
                  {'　'}
                  {names || say('anyOf', { roles: roleWords(badge.roles, lang) })}
                  <span className="note"> {say('waited', { age: ageWords(badge.since, lang) })}</span>
                </span>
              </span>
              {limit?.dueAt && <Deadline dueAt={limit.dueAt} usedRatio={limit.usedRatio} left={limit.left} bar={false} />}
              {involved && taskId && (
                <Button
                  size="small"
                  busy={act.busy}
                  onClick={() =>
                    void act
                      .run(() => call('process.remind', { taskId }))
                      .then((reply) => {
                        if (reply) setUrged(badge.node)
                      })
                  }
                >
                  {say('remind')}
                </Button>
              )}
              {urged === badge.node && (
                <span className="note" role="status">
                  {say('reminded')}
                </span>
              )}
            </li>
          )
        })}
      </ul>
      <ProblemAlert error={act.error} flat />
    </Sheet>
  )
}
