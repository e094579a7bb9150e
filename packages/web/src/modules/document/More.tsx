import type { UseInfiniteQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useText } from '../../shared/text.ts'
import { Button, Failed, Skeleton } from '../../shared/ui/index.ts'
import { documentText } from './documentText.ts'

interface Pages<T> {
  pages: readonly { items: T[]; next: string | null }[]
}

/** A list that grows downwards by pages of the server. */
export function More<T>({
  query,
  empty,
  children,
}: {
  query: UseInfiniteQueryResult<Pages<T>>
  empty: ReactNode
  children: (item: T) => ReactNode
}) {
  const t = useText(documentText)
  if (!query.data) return query.isError ? <Failed error={query.error} retry={() => void query.refetch()} /> : <Skeleton rows={3} />
  const items = query.data.pages.flatMap((page) => page.items)
  if (items.length === 0) return empty
  return (
    <>
      <ul className="list">{items.map(children)}</ul>
      {query.hasNextPage && (
        <div className="grid-foot">
          <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {t('more')}
          </Button>
        </div>
      )}
    </>
  )
}
