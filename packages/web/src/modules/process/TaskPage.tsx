import { useQuery } from '@tanstack/react-query'
import { Navigate, useParams } from '@tanstack/react-router'
import { ask } from '../../shared/call.ts'
import { Loaded } from '../../shared/ui/index.ts'
import { matterAddress } from './matterAddress.ts'

/** Where a task is acted on: the page of its matter. Links in mails and notices name the task only. */
export function TaskPage() {
  const { taskId } = useParams({ strict: false }) as { taskId: string }
  const query = useQuery(ask('process.task', { taskId }))
  return <Loaded query={query}>{(task) => <Navigate to={matterAddress(task) as string} replace />}</Loaded>
}

/** The same for a notice about a whole process. */
export function InstancePage() {
  const { instanceId } = useParams({ strict: false }) as { instanceId: string }
  const query = useQuery(ask('process.instance', { instanceId }))
  return <Loaded query={query}>{({ instance }) => <Navigate to={matterAddress(instance) as string} replace />}</Loaded>
}
