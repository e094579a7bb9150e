import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { type FilledWorld, sessionQuery, worldKey } from '../../shared/session.ts'
import { useText } from '../../shared/text.ts'
import { appText } from '../appText.ts'

const LOOK_MILLISECONDS = 2_500

/** While the history of the demonstration fills in: how far it is. When it is there, every page reads anew. */
export function WorldBand() {
  const t = useText(appText)
  const client = useQueryClient()
  const { data: world } = useQuery<FilledWorld>({ queryKey: worldKey, queryFn: () => null, enabled: false })
  const fills = world !== null && world !== undefined
  useEffect(() => {
    if (!fills) return
    const timer = setInterval(() => {
      void client.refetchQueries({ queryKey: sessionQuery.queryKey }).then(() => {
        if (client.getQueryData(worldKey) === null) void client.invalidateQueries()
      })
    }, LOOK_MILLISECONDS)
    return () => clearInterval(timer)
  }, [fills, client])
  if (!fills) return null
  const percent = Math.round(world.share * 100)
  return (
    <p className="band world-band">
      <progress max={100} value={percent} aria-label={t('worldFills', { on: world.on, percent })} />
      <span>{t('worldFills', { on: world.on, percent })}</span>
    </p>
  )
}
