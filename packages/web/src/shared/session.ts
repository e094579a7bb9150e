import type { Session } from '@changbai/contract/identity.ts'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { call } from './call.ts'

/** How far the history of the demonstration is, while it is being made. */
export type FilledWorld = { share: number; on: string } | null
export const worldKey = ['frame.world', {}]

/** Who is signed in; `null` while unknown. Pages below the shell always have one. What else stands around every page comes in the same answer. */
export const sessionQuery = queryOptions({
  queryKey: ['identity.session', {}],
  queryFn: async ({ client, signal }): Promise<Session> => {
    const { session, day, unread, tasks, incidents, maintenance, world } = await call('frame.read', {}, { signal })
    if (day) client.setQueryData(['calendar.day', day.on], day)
    if (unread) client.setQueryData(['notification.unread', {}], unread)
    if (tasks) client.setQueryData(['process.taskSummary', {}], tasks)
    if (incidents) client.setQueryData(['incident.running', {}], incidents)
    client.setQueryData(['upkeep.maintenance', {}], maintenance)
    client.setQueryData(worldKey, world)
    return session
  },
  staleTime: 5 * 60_000,
  retry: false,
})
export const useSession = (): Session | null => useQuery(sessionQuery).data ?? null

/** `capability:verb`, e.g. `request.submit:C`. Hides what need not be shown; the server decides. */
export function useMay(): (...words: string[]) => boolean {
  const held = useSession()?.capabilities ?? []
  return (...words) => words.some((word) => held.includes(word) || (word.endsWith(':r') && held.includes(`${word.slice(0, -1)}R`)))
}
