import { useQuery } from '@tanstack/react-query'
import { Navigate, useParams } from '@tanstack/react-router'
import { ask } from '../../shared/call.ts'
import { Loaded } from '../../shared/ui/index.ts'

const PLACES: Record<string, string> = { admission: '/work/admissions', 'resource-request': '/work/requests', provisioning: '/work/orders' }
const addressOf = ({ processKey, businessKey }: { processKey: string; businessKey: string }): string =>
  `${PLACES[processKey] ?? '/work'}/${businessKey}`

/** Where a task is acted on: the page of its matter. Links in mails and notices name the task only. */
export function TaskPage() {
  const { taskId } = useParams({ strict: false }) as { taskId: string }
  const query = useQuery(ask('process.task', { taskId }))
  return <Loaded query={query}>{(task) => <Navigate to={addressOf(task) as string} replace />}</Loaded>
}

/** The same for a notice about a whole process. */
export function InstancePage() {
  const { instanceId } = useParams({ strict: false }) as { instanceId: string }
  const query = useQuery(ask('process.instance', { instanceId }))
  return <Loaded query={query}>{({ instance }) => <Navigate to={addressOf(instance) as string} replace />}</Loaded>
}
