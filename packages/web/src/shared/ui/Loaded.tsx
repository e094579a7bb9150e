import type { UseQueryResult } from '@tanstack/react-query'
import { type ReactNode, useEffect, useState } from 'react'
import { ProblemError } from '../problem.ts'
import { useText } from '../text.ts'
import { Button } from './Button.tsx'
import { EmptyState } from './EmptyState.tsx'
import { ProblemAlert } from './ProblemAlert.tsx'
import { uiText } from './uiText.ts'

/** Nothing for 300 ms, then bars of the final height; after one second how long it has taken. */
export function Skeleton({ rows = 6, height = 40 }: { rows?: number; height?: number }) {
  const t = useText(uiText)
  const [ms, setMs] = useState(0)
  useEffect(() => {
    const began = Date.now()
    const timer = setInterval(() => setMs(Date.now() - began), 100)
    return () => clearInterval(timer)
  }, [])
  if (ms < 300) return <div style={{ height: rows * height }} aria-busy="true" />
  return (
    <div aria-busy="true">
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: bars without identity
        <div key={row} style={{ height, padding: `${(height - 12) / 2}px 16px`, borderBottom: '1px solid var(--line)' }}>
          <i className="skeleton" style={{ width: `${40 + ((row * 17) % 45)}%` }} />
        </div>
      ))}
      {ms >= 1000 && (
        <p className="second sheet-line" role="status">
          {t('loading', { seconds: (ms / 1000).toFixed(1) })}
        </p>
      )}
    </div>
  )
}

/** A failed page: forbidden and gone have words of their own, the rest is the problem with a way to try again. */
export function Failed({ error, retry }: { error: unknown; retry: () => void }) {
  const t = useText(uiText)
  const problem = error instanceof ProblemError ? error : null
  if (problem?.is('forbidden')) {
    const capability = problem.body['capability']
    return <EmptyState title={t('forbidden')}>{typeof capability === 'string' && t('forbiddenNeeds', { capability })}</EmptyState>
  }
  if (problem?.status === 404)
    return (
      <EmptyState title={t('gone')} act={<Button onClick={() => history.back()}>←</Button>}>
        {t('goneHelp')}
      </EmptyState>
    )
  return (
    <div style={{ padding: 16 }}>
      <ProblemAlert error={error} title={t('loadFailed')} retry={retry} />
    </div>
  )
}

/** The states of one thing that is fetched: loading, failed, stale, there. */
export function Loaded<T>({
  query,
  rows,
  height,
  children,
}: {
  query: UseQueryResult<T>
  rows?: number
  height?: number
  children: (data: T) => ReactNode
}) {
  const t = useText(uiText)
  if (query.data === undefined) {
    if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />
    return <Skeleton rows={rows ?? 6} height={height ?? 40} />
  }
  return (
    <>
      {query.isError && <ProblemAlert flat error={query.error} title={t('stale')} retry={() => void query.refetch()} />}
      {children(query.data)}
    </>
  )
}
