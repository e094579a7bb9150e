import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Bell } from 'lucide-react'
import { useEffect, useState } from 'react'
import { ask, onSignedIn, streamAddress } from '../../shared/call.ts'
import { tellChanged } from '../../shared/changes.ts'
import { useText } from '../../shared/text.ts'
import { appText } from '../appText.ts'

/** Unread notices, live: the server pushes; after a break everything is fetched anew, so nothing is missed. */
export function InboxBell() {
  const t = useText(appText)
  const client = useQueryClient()
  const { data } = useQuery({ ...ask('notification.unread', {}), staleTime: 60_000 })
  // a refused stream stays closed: it is opened anew after signing in again
  const [opened, setOpened] = useState(0)
  useEffect(() => onSignedIn(() => setOpened((times) => times + 1)), [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: opened anew when the person returned
  useEffect(() => {
    const stream = new EventSource(streamAddress('notification.stream', {}))
    const anew = () => {
      void client.invalidateQueries({ queryKey: ['notification.unread'] })
      void client.invalidateQueries({ queryKey: ['notification.inbox'] })
    }
    let broken = false
    stream.addEventListener('unread', (event) => client.setQueryData(['notification.unread', {}], JSON.parse(event.data as string)))
    stream.addEventListener('notice', () => {
      anew()
      void client.invalidateQueries({ queryKey: ['process.tasks'] })
      void client.invalidateQueries({ queryKey: ['process.taskSummary'] })
    })
    stream.addEventListener('changed', (event) => tellChanged((JSON.parse(event.data as string) as { subjects: string[] }).subjects))
    stream.addEventListener('look-again', () => {
      anew()
      tellChanged([])
    })
    // rights or session changed: ask who one is; a session that ended is then told to the whole page
    stream.addEventListener('access-changed', () => void client.invalidateQueries({ queryKey: ['identity.session'] }))
    stream.addEventListener('error', () => {
      broken = true
    })
    stream.addEventListener('open', () => {
      if (broken) anew()
      broken = false
    })
    return () => stream.close()
  }, [client, opened])
  const unread = data?.unread ?? 0
  return (
    <Link to="/notices" className="btn plain icon bell" aria-label={unread > 0 ? t('inboxUnread', { count: unread }) : t('inbox')}>
      <Bell size={18} strokeWidth={1.6} />
      {unread > 0 && <b className="badge">{unread > 99 ? '99+' : unread}</b>}
    </Link>
  )
}
