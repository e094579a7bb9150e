import { useQuery } from '@tanstack/react-query'
import { ask } from '../../shared/call.ts'

/** What must be acted on today or is late already: the number on 办理. */
export function useOverdue(held: readonly string[]): number {
  const { data } = useQuery({
    ...ask('process.taskSummary', {}),
    enabled: held.includes('process.task:X'),
    staleTime: 30_000,
    refetchInterval: 60_000,
  })
  return data ? data.overdue + data.today : 0
}
