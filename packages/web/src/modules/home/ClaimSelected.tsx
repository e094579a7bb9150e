import type { TaskBrief } from '@changbai/contract/process.ts'
import { useState } from 'react'
import { call } from '../../shared/call.ts'
import { ProblemError } from '../../shared/problem.ts'
import { useText } from '../../shared/text.ts'
import { Button, useAct } from '../../shared/ui/index.ts'
import { homeText } from './homeText.ts'

/** Claims the selected tasks that are open to a role; says which are left out and why, before and after. */
export function ClaimSelected({ tasks, clear }: { tasks: readonly TaskBrief[]; clear: () => void }) {
  const t = useText(homeText)
  const act = useAct()
  const [refused, setRefused] = useState<readonly string[]>([])
  const open = tasks.filter((task) => task.assignee === null && task.state === 'OPEN')
  const taken = tasks.length - open.length
  const claim = async () => {
    const reasons: string[] = []
    for (const task of open) {
      await call('process.claim', { taskId: task.id }).catch((error: unknown) => {
        if (!(error instanceof ProblemError) || error.status >= 500) throw error
        reasons.push(`${task.title}：${error.message}`)
      })
    }
    setRefused(reasons)
    if (reasons.length === 0) clear()
  }
  return (
    <>
      {open.length > 0 && (
        <Button size="small" kind="primary" busy={act.busy} onClick={() => void act.run(claim)}>
          {t('claimSelected', { count: open.length })}
        </Button>
      )}
      {taken > 0 && <span className="second">{t('claimLeftOut', { count: taken })}</span>}
      {refused.map((reason) => (
        <span key={reason} className="risk" role="alert">
          {reason}
        </span>
      ))}
    </>
  )
}
