import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ask } from '../../shared/call.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import { Loaded, Sheet } from '../../shared/ui/index.ts'
import { homeText } from './homeText.ts'

/** What reached the person since they were last here. */
export function SinceSheet({ since }: { since: string | null }) {
  const t = useText(homeText)
  const lang = useLanguage()
  const query = useQuery(ask('notification.inbox', { limit: 20 }))
  return (
    <Sheet
      flush
      title={t('since')}
      note={since && t('sinceAt', { at: listTime(since, lang) })}
      acts={<Link to="/notices">{t('allNotices')}</Link>}
    >
      <Loaded query={query} rows={4}>
        {(inbox) => {
          const fresh = inbox.items.filter((notice) => !since || notice.createdAt > since).slice(0, 8)
          if (fresh.length === 0) return <p className="second sheet-line">{t('sinceNone')}</p>
          return (
            <ul className="list">
              {fresh.map((notice) => (
                <li key={notice.id} className="since-line">
                  <time className="note" dateTime={notice.createdAt}>
                    {listTime(notice.createdAt, lang)}
                  </time>
                  <div>
                    {notice.link ? <Link to={notice.link}>{notice.title}</Link> : notice.title}
                    <div className="second">{notice.body}</div>
                  </div>
                </li>
              ))}
            </ul>
          )
        }}
      </Loaded>
    </Sheet>
  )
}
