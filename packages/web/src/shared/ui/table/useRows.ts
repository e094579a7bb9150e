import { keepPreviousData, type UseQueryResult, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useChanges } from '../../changes.ts'
import { countChanges } from './changes.ts'
import type { DataTableProps, Page } from './types.ts'

export interface Rows<T> {
  query: UseQueryResult<Page<T>>
  /** Rows that changed while the page was read; they wait until the reader merges them. */
  changed: number
  merge: () => void
}

/** Rows stay as they are under the reader's eyes: what changes meanwhile is fetched, counted and offered. Own acts show at once. */
export function useRows<T>(
  props: Pick<DataTableProps<T>, 'name' | 'about' | 'rowKey'>,
  asked: ReturnType<DataTableProps<T>['ask']>,
): Rows<T> {
  const client = useQueryClient()
  const queryKey = ['list', props.name, ...asked.queryKey]
  const query = useQuery({
    queryKey,
    queryFn: asked.queryFn,
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  })
  const [waiting, setWaiting] = useState<{ page: Page<T>; since: number; key: string } | null>(null)
  const key = JSON.stringify(queryKey)
  const shown = query.data
  const fresh = waiting && waiting.key === key && waiting.since === query.dataUpdatedAt ? waiting.page : null
  const changed = fresh && shown ? countChanges(shown.items, fresh.items, props.rowKey) : 0

  const look = async () => {
    const since = query.dataUpdatedAt
    if (!shown || query.isPlaceholderData || query.isFetching) return
    const page = await asked.queryFn({ signal: AbortSignal.timeout(20_000) }).catch(() => null)
    if (!page) return
    if (countChanges(shown.items, page.items, props.rowKey) === 0) client.setQueryData(queryKey, page)
    else setWaiting({ page, since, key })
  }
  useChanges(props.about ?? NOTHING, () => void look())
  return {
    query,
    changed,
    merge: () => {
      if (fresh) client.setQueryData(queryKey, fresh)
      setWaiting(null)
    },
  }
}
const NOTHING: readonly string[] = []
