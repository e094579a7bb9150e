import type { Notice } from '@changbai/contract/notification.ts'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime, recordTime } from '../../shared/time.ts'
import {
  Button,
  ButtonLink,
  EmptyState,
  Failed,
  PageTitle,
  ProblemAlert,
  Segments,
  Sheet,
  Skeleton,
  type State,
  StatusGlyph,
  useAct,
} from '../../shared/ui/index.ts'
import { notificationText } from './notificationText.ts'

type Show = 'all' | 'unread' | 'unacknowledged'
const glyphs: Record<Notice['urgency'], State> = { LOW: 'todo', NORMAL: 'running', HIGH: 'risk', CRITICAL: 'breach' }

function NoticeLine({ notice }: { notice: Notice }) {
  const t = useText(notificationText)
  const lang = useLanguage()
  const act = useAct()
  const read = () => {
    if (!notice.readAt) void act.run(() => call('notification.markRead', { ids: [notice.id] }))
  }
  return (
    <li>
      <div className="row" style={{ alignItems: 'flex-start' }}>
        <span style={{ paddingTop: 3 }}>
          <StatusGlyph state={notice.readAt ? 'todo' : glyphs[notice.urgency]} label={t(notice.topic)} />
        </span>
        <div className="grow">
          <div className={notice.readAt ? '' : 'strong'}>
            {notice.link ? (
              <Link to={notice.link} onClick={read}>
                {notice.title}
              </Link>
            ) : (
              notice.title
            )}
          </div>
          <div className="second">{notice.body}</div>
          {notice.ackAt && <div className="note">{t('acknowledged', { at: recordTime(notice.ackAt) })}</div>}
          <ProblemAlert error={act.error} />
        </div>
        {notice.needsAck && !notice.ackAt && (
          <Button
            size="small"
            kind="primary"
            busy={act.busy}
            onClick={() => void act.run(() => call('notification.acknowledge', { noticeId: notice.id }))}
          >
            {t('acknowledge')}
          </Button>
        )}
        <time className="note nowrap" dateTime={notice.createdAt}>
          {listTime(notice.createdAt, lang)}
        </time>
      </div>
    </li>
  )
}

export function InboxPage() {
  const t = useText(notificationText)
  const act = useAct()
  const [show, setShow] = useState<Show>('all')
  const counts = useQuery(ask('notification.unread', {})).data
  const query = useInfiniteQuery({
    queryKey: ['notification.inbox', { show }],
    queryFn: ({ pageParam, signal }) => call('notification.inbox', { show, limit: 30, ...(pageParam && { after: pageParam }) }, { signal }),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
  })
  const items = query.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <div className="page">
      <PageTitle
        title={counts && counts.unread > 0 ? t('title', { count: counts.unread }) : t('allRead')}
        sentence={counts && counts.unacknowledged > 0 && t('ack', { count: counts.unacknowledged })}
        acts={
          <>
            <ButtonLink to="/settings/preferences">{t('toPreferences')}</ButtonLink>
            {counts && counts.unread > 0 && (
              <Button busy={act.busy} onClick={() => void act.run(() => call('notification.markRead', {}))}>
                {t('readAll')}
              </Button>
            )}
          </>
        }
      />
      <Sheet
        flush
        title={
          <Segments
            label={t('show')}
            value={show}
            onChange={setShow}
            options={[
              ['all', t('all')],
              ['unread', t('unread')],
              ['unacknowledged', t('unacknowledged')],
            ]}
          />
        }
      >
        <ProblemAlert flat error={act.error} />
        {query.isPending ? (
          <Skeleton />
        ) : query.isError && items.length === 0 ? (
          <Failed error={query.error} retry={() => void query.refetch()} />
        ) : items.length === 0 ? (
          <EmptyState title={show === 'all' ? t('none') : t('noneUnread')}>{show === 'all' && t('noneHelp')}</EmptyState>
        ) : (
          <ul className="list">
            {items.map((notice) => (
              <NoticeLine key={notice.id} notice={notice} />
            ))}
          </ul>
        )}
        {query.hasNextPage && (
          <div className="grid-foot">
            <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
              {t('more')}
            </Button>
          </div>
        )}
      </Sheet>
    </div>
  )
}
