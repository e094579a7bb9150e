import './home.css'
import type { TaskBrief } from '@changbai/contract/process.ts'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { ask } from '../../shared/call.ts'
import { usePhone } from '../../shared/clock.ts'
import { useKeys } from '../../shared/keys.ts'
import { roleName } from '../../shared/roles.ts'
import { useMay, useSession } from '../../shared/session.ts'
import { stepWord } from '../../shared/steps.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { dayOf, listTime, longDay, serverNow, span } from '../../shared/time.ts'
import { Deadline, EmptyState, Loaded, PageTitle, Segments, Sheet, StatusGlyph } from '../../shared/ui/index.ts'
import { ApplicationsSheet } from './ApplicationsSheet.tsx'
import { homeText } from './homeText.ts'
import { SinceSheet } from './SinceSheet.tsx'
import { TaskLine } from './TaskLine.tsx'

type Grouping = 'urgency' | 'matter' | 'process'
const DAY = 86_400_000

const urgencyOf = (task: TaskBrief): 'overdue' | 'today' | 'week' | 'later' | 'none' => {
  if (!task.dueAt) return 'none'
  const due = Date.parse(task.dueAt)
  if (due < serverNow()) return 'overdue'
  if (dayOf(due) === dayOf(serverNow())) return 'today'
  return due < serverNow() + 7 * DAY ? 'week' : 'later'
}

function Tasks() {
  const t = useText(homeText)
  const phone = usePhone()
  const navigate = useNavigate()
  const [grouping, setGrouping] = useState<Grouping>('urgency')
  const query = useQuery({ ...ask('process.tasks', { limit: 20 }), refetchInterval: 60_000 })
  const items = query.data?.items ?? []
  const first = items[0]
  useKeys(useMemo(() => ({ Enter: first ? () => void navigate({ to: `/tasks/${first.id}` }) : undefined }), [first, navigate]))
  const groups = new Map<string, TaskBrief[]>()
  for (const task of items) {
    const name = grouping === 'urgency' ? t(urgencyOf(task)) : grouping === 'matter' ? task.title : stepWord(task.processName)
    groups.set(name, [...(groups.get(name) ?? []), task])
  }
  return (
    <Sheet
      flush
      title={t('myTasks')}
      note={items.length > 0 ? (query.data?.next ? `${items.length}+` : items.length) : ''}
      acts={
        <span className="row">
          {!phone && (
            <Segments
              label={t('grouping')}
              value={grouping}
              onChange={setGrouping}
              options={[
                ['urgency', t('byUrgency')],
                ['matter', t('byApplication')],
                ['process', t('byProcess')],
              ]}
            />
          )}
          {query.data?.next && <Link to="/tasks">{t('seeAll')}</Link>}
        </span>
      }
    >
      <Loaded query={query} rows={5} height={62}>
        {() =>
          items.length === 0 ? (
            <EmptyState title={t('tasksFirst')}>{t('tasksFirstHelp')}</EmptyState>
          ) : (
            [...groups].map(([name, tasks]) => (
              <section key={name}>
                <h3 className="task-group">{name}</h3>
                <ul>
                  {tasks.map((task) => (
                    <TaskLine key={task.id} task={task} first={task === first} phone={phone} />
                  ))}
                </ul>
              </section>
            ))
          )
        }
      </Loaded>
      <Waiting />
    </Sheet>
  )
}

function Waiting() {
  const t = useText(homeText)
  const lang = useLanguage()
  const query = useQuery(ask('process.waiting', { limit: 5 }))
  if (!query.data) return null
  return (
    <section className="waiting">
      <h3 className="task-group row apart">
        <span>{t('waiting')}</span>
        {query.data.next && <Link to="/tasks">{t('seeAll')}</Link>}
      </h3>
      {query.data.items.length === 0 && <p className="second">{t('waitingNone')}</p>}
      <ul>
        {query.data.items.map((task) => {
          const late = task.dueAt !== null && Date.parse(task.dueAt) < serverNow()
          return (
            <li key={task.id} className="waiting-line">
              <StatusGlyph state={late ? 'breach' : (task.usedRatio ?? 0) >= 0.8 ? 'risk' : 'todo'} />
              <Link to={`/tasks/${task.id}`} className="cut grow">
                <b>{stepWord(task.name)}</b>
                <span className="ink2">　{task.title}</span>
              </Link>
              <span className="second cut">{task.assignee?.name ?? task.roles.map((role) => roleName(role, lang)).join(' ')}</span>
              <span className="second">{t('waitingSince', { span: span(serverNow() - Date.parse(task.createdAt), lang) })}</span>
              <Deadline dueAt={task.dueAt} usedRatio={task.usedRatio} left={task.left} bar={false} />
            </li>
          )
        })}
      </ul>
    </section>
  )
}

/** Mine, today, changed: only what the server really knows. */
export function HomePage() {
  const t = useText(homeText)
  const lang = useLanguage()
  const may = useMay()
  const session = useSession()
  const works = may('process.task:X')
  const summary = useQuery({ ...ask('process.taskSummary', {}), enabled: works })
  const nearest = useQuery({ ...ask('process.tasks', { limit: 20 }), enabled: works }).data?.items.find((task) => task.dueAt)
  const counts = summary.data
  const title = !counts
    ? longDay(dayOf(serverNow()), lang)
    : counts.overdue > 0 && counts.today > 0
      ? t('lateAndBusy', { late: counts.overdue, today: counts.today })
      : counts.overdue > 0
        ? t('late', { count: counts.overdue })
        : counts.today > 0
          ? t('busy', { count: counts.today })
          : t('clear')
  const sentence = !counts
    ? ''
    : counts.overdue + counts.today > 0 && nearest?.dueAt
      ? t('nearest', { at: listTime(nearest.dueAt, lang), what: nearest.name })
      : counts.nextDueAt
        ? t('nextDue', { at: listTime(counts.nextDueAt, lang) })
        : t('nothingDue')
  if (!session) return null
  return (
    <div className="page home">
      <PageTitle title={title} sentence={sentence} />
      <div className="split home-split">
        <div className="stack">{works && <Tasks />}</div>
        <div className="stack">
          <SinceSheet since={session.lastSignInAt} />
          {may('application.read:r') && session.grants.some((grant) => grant.tenantId) && <ApplicationsSheet />}
        </div>
      </div>
    </div>
  )
}
