import type { Session } from '@changbai/contract/identity.ts'
import { useQuery } from '@tanstack/react-query'
import { ask } from './call.ts'

/** Who is signed in; `null` while unknown. Pages below the shell always have one. */
export const sessionQuery = { ...ask('identity.session', {}), staleTime: 5 * 60_000, retry: false }
export const useSession = (): Session | null => useQuery(sessionQuery).data ?? null

/** `capability:verb`, e.g. `request.submit:C`. Hides what need not be shown; the server decides. */
export function useMay(): (...words: string[]) => boolean {
  const held = useSession()?.capabilities ?? []
  return (...words) => words.some((word) => held.includes(word) || (word.endsWith(':r') && held.includes(`${word.slice(0, -1)}R`)))
}
