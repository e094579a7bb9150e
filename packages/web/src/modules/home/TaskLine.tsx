import type { TaskBrief } from '@changbai/contract/process.ts'
import { Link } from '@tanstack/react-router'
import { roleName } from '../../shared/roles.ts'
import { stepWord } from '../../shared/steps.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import { ButtonLink, ClauseChip, Deadline } from '../../shared/ui/index.ts'
import { homeText } from './homeText.ts'

/** One task: what, of which matter, why until when, and the way to it. */
export function TaskLine({ task, first, phone }: { task: TaskBrief; first: boolean; phone: boolean }) {
  const t = useText(homeText)
  const lang = useLanguage()
  const limit = /^(\d+)(wd|bh)$/.exec(task.limit ?? '')
  const limitWords = limit ? t(limit[2] === 'wd' ? 'limitWd' : 'limitBh', { n: limit[1] ?? '' }) : task.limit
  const why = [
    task.assignee ? '' : `${t('claim')} · ${task.roles.map((role) => roleName(role, lang)).join(' ')}`,
    limitWords ? t('limit', { limit: limitWords, from: listTime(task.fromAt, lang) }) : '',
  ].filter(Boolean)
  const to = `/tasks/${task.id}`
  const deadline = <Deadline dueAt={task.dueAt} usedRatio={task.usedRatio} left={task.left} />
  if (phone)
    return (
      <li>
        <Link to={to} className="task-phone">
          <span className="row apart">
            <b>{stepWord(task.name)}</b>
          </span>
          <span className="ink2 cut">
            {task.title} · {stepWord(task.processName)}
          </span>
          <span className="second">
            {task.clause && <span className="clause">{task.clause}</span>} {why.join(' · ')}
          </span>
          {deadline}
        </Link>
      </li>
    )
  return (
    <li className={first ? 'task first' : 'task'}>
      <div className="grow">
        <div className="cut">
          <Link to={to} className="task-name">
            {stepWord(task.name)}
          </Link>
          <span className="ink2">　{task.title}</span>
        </div>
        <div className="row second cut">
          {task.clause && <ClauseChip id={task.clause} />}
          <span className="cut">{[stepWord(task.processName), ...why].join(' · ')}</span>
        </div>
      </div>
      <div className="task-time">{deadline}</div>
      <ButtonLink to={to} {...(first && { kind: 'primary' as const })}>
        {t('act')}
      </ButtonLink>
    </li>
  )
}
