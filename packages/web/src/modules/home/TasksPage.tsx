import type { TaskBrief } from '@changbai/contract/process.ts'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { ask } from '../../shared/call.ts'
import { roleName } from '../../shared/roles.ts'
import { stepWord } from '../../shared/steps.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { ClauseChip, DataTable, Deadline, PageTitle, Status } from '../../shared/ui/index.ts'
import { ClaimSelected } from './ClaimSelected.tsx'
import { homeText } from './homeText.ts'

type Show = 'tasks' | 'waiting' | 'done'

/** All my tasks, what others have of mine, and what I have done. */
export function TasksPage() {
  const t = useText(homeText)
  const lang = useLanguage()
  const navigate = useNavigate()
  const { show = 'tasks' } = useSearch({ strict: false }) as { show?: Show }
  const who = (task: TaskBrief) => task.assignee?.name ?? task.roles.map((role) => roleName(role, lang)).join(' ')
  return (
    <div className="page">
      <PageTitle title={t('myTasks')} />
      <DataTable<TaskBrief>
        name="tasks"
        what={t('myTasks')}
        ask={({ q, limit, after, show: wanted, group, urgency }) => {
          const input = { q, limit, after }
          if (wanted === 'waiting') return ask('process.waiting', input as never)
          if (wanted === 'done') return ask('process.doneTasks', input as never)
          return ask('process.tasks', { ...input, group, urgency } as never)
        }}
        columns={[
          {
            key: 'name',
            title: t('step'),
            kind: 'name',
            cell: (task) => <Link to={`/tasks/${task.id}`}>{stepWord(task.name)}</Link>,
          },
          { key: 'title', title: t('matter'), cell: (task) => task.title },
          { key: 'process', title: t('process'), cell: (task) => stepWord(task.processName) },
          { key: 'clause', title: t('clause'), cell: (task) => (task.clause ? <ClauseChip id={task.clause} /> : '—') },
          { key: 'who', title: t('who'), cell: who },
          {
            key: 'due',
            title: t('due'),
            cell: (task) =>
              show === 'done' ? (
                <Status state="kept" quiet>
                  {t('doneView')}
                </Status>
              ) : (
                <Deadline dueAt={task.dueAt} usedRatio={task.usedRatio} left={task.left} />
              ),
          },
        ]}
        about={['task', 'instance', 'request', 'admission', 'work-order']}
        rowKey={(task) => task.id}
        {...(show === 'tasks' && { selection: (tasks: TaskBrief[], clear: () => void) => <ClaimSelected tasks={tasks} clear={clear} /> })}
        open={(task) => void navigate({ to: `/tasks/${task.id}` })}
        searchHint={t('taskSearch')}
        views={[
          { key: 'tasks', label: t('myTasks'), filters: {} },
          { key: 'claimable', label: t('claim'), filters: { group: 'claimable' } },
          { key: 'overdue', label: t('overdue'), filters: { urgency: 'overdue' } },
          { key: 'waiting', label: t('waiting'), filters: { show: 'waiting' } },
          { key: 'done', label: t('doneView'), filters: { show: 'done' } },
        ]}
        filters={[
          {
            key: 'urgency',
            label: t('due'),
            options: (['overdue', 'today', 'week', 'later', 'none'] as const).map((one) => [one, t(one)] as const),
          },
          {
            key: 'group',
            label: t('group'),
            options: [
              ['mine', t('mine')],
              ['claimable', t('claim')],
            ],
          },
          {
            key: 'show',
            label: t('show'),
            options: [
              ['waiting', t('waiting')],
              ['done', t('doneView')],
            ],
          },
        ]}
        firstUse={{ title: t('tasksFirst'), help: t('tasksFirstHelp') }}
        phone={(task) => ({
          title: stepWord(task.name),
          right: <Deadline dueAt={task.dueAt} usedRatio={task.usedRatio} left={task.left} bar={false} />,
          below: task.title,
          belowRight: who(task),
        })}
      />
    </div>
  )
}
