import { useQuery } from '@tanstack/react-query'
import { ask } from '../../shared/call.ts'
import { type Extra, TaskPanel } from './TaskPanel.tsx'

interface Props {
  instanceId: string
  extraOf?(formKey: string): Extra | undefined
}

/** The open steps of one process, those of the reader with their buttons. Two reviews at once are two panels. */
export function ActiveTasks({ instanceId, extraOf }: Props) {
  const { data } = useQuery(ask('process.instance', { instanceId }))
  const taskIds = [...new Set((data?.badges ?? []).flatMap((badge) => badge.taskIds))]
  return taskIds.map((taskId) => <TaskPanel key={taskId} taskId={taskId} extraOf={extraOf} />)
}
