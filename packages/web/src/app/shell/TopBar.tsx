import type { Session } from '@changbai/contract/identity.ts'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useLocation, useNavigate } from '@tanstack/react-router'
import { ChevronDown, ChevronLeft, Footprints, Keyboard, KeyRound, Languages, LogOut, Search } from 'lucide-react'
import { Fragment } from 'react'
import { RunningBadge } from '../../modules/incident/badge/index.ts'
import { call } from '../../shared/call.ts'
import { useNow } from '../../shared/clock.ts'
import { roleName } from '../../shared/roles.ts'
import { setLanguage, useLanguage, useText } from '../../shared/text.ts'
import { clock, dayOf, listTime, longDay } from '../../shared/time.ts'
import { Menu } from '../../shared/ui/Dialog.tsx'
import { Avatar } from '../../shared/ui/Marks.tsx'
import { appText } from '../appText.ts'
import { placeOf } from '../areas.ts'
import { InboxBell } from './InboxBell.tsx'

function Crumb({ phone }: { phone: boolean }) {
  const t = useText(appText)
  const path = useLocation().pathname
  const place = placeOf(path)
  const parts: { to: string; word: string }[] = []
  if (path === '/') parts.push({ to: '/', word: t('home') })
  else if (path === '/notices') parts.push({ to: '/notices', word: t('notices') })
  else if (place) {
    parts.push({ to: place.area.to, word: t(place.area.key) })
    if (place.page) parts.push({ to: place.page.to, word: t(place.page.label) })
  }
  const last = parts.at(-1)
  if (phone) {
    const up = last && path !== last.to ? last.to : parts.length > 1 ? parts[0]?.to : undefined
    return (
      <div className="row grow">
        {up && (
          <Link to={up} className="btn plain icon" aria-label={t('keyBack')}>
            <ChevronLeft size={20} strokeWidth={1.6} />
          </Link>
        )}
        <span className="phone-title cut">{(up ? parts.at(path === last?.to ? 0 : -1) : last)?.word}</span>
      </div>
    )
  }
  return (
    <nav className="crumb" aria-label="breadcrumb">
      {parts.map((part, index) => (
        <Fragment key={part.to}>
          {index > 0 && <span aria-hidden="true">/</span>}
          <Link to={part.to} aria-current={part.to === path ? 'page' : undefined}>
            {part.word}
          </Link>
        </Fragment>
      ))}
    </nav>
  )
}

/** Date and time by the server's clock, and whether today is worked. */
function WorkingNow({ mayAsk }: { mayAsk: boolean }) {
  const t = useText(appText)
  const lang = useLanguage()
  const now = useNow()
  const day = dayOf(now)
  const { data: kind } = useQuery({
    queryKey: ['calendar.day', day],
    queryFn: async ({ signal }) =>
      (await call('calendar.year', { year: Number(day.slice(0, 4)) }, { signal })).days.find(({ on }) => on === day),
    enabled: mayAsk,
    staleTime: 6 * 3_600_000,
  })
  const word = !kind
    ? ''
    : kind.kind === 'MAKEUP_WORK'
      ? t('makeup')
      : kind.isWorkday
        ? t('workday')
        : kind.name && lang === 'zh-CN'
          ? kind.name
          : t('restDay')
  return (
    <span className="topbar-time">
      {longDay(day, lang)}
      {word && <span className="ink3"> {word}</span>} <b>{clock(now)}</b>
    </span>
  )
}

export function TopBar({
  session,
  phone,
  onSearch,
  onKeys,
  onTour,
}: {
  session: Session
  phone: boolean
  onSearch: () => void
  onKeys: () => void
  onTour: () => void
}) {
  const t = useText(appText)
  const lang = useLanguage()
  const navigate = useNavigate()
  const roles = [...new Set(session.grants.map((grant) => grant.role))]
  const role = roles[0] ? roleName(roles[0], lang) : ''
  const client = useQueryClient()
  const changeLanguage = async () => {
    const locale = lang === 'zh-CN' ? 'en-US' : 'zh-CN'
    setLanguage(locale)
    client.setQueryData(['identity.session', {}], { ...session, locale })
    await call('identity.setLocale', { locale }).catch(() => {})
  }
  const lent = session.grants.filter((grant) => grant.onBehalfOf)
  const signOut = async () => {
    await call('identity.signOut', {}).catch(() => {})
    location.assign('/sign-in')
  }
  return (
    <header className="topbar">
      <Crumb phone={phone} />
      {phone ? (
        <button type="button" className="btn plain icon" aria-label={t('searchShort')} onClick={onSearch}>
          <Search size={20} strokeWidth={1.6} />
        </button>
      ) : (
        <button type="button" className="topbar-search" onClick={onSearch}>
          <Search size={16} strokeWidth={1.6} aria-hidden="true" />
          <span className="grow cut">{t('search')}</span>
          <kbd>Ctrl K</kbd>
        </button>
      )}
      {!phone && <WorkingNow mayAsk={session.capabilities.includes('calendar.read:R')} />}
      {session.capabilities.some((word) => word === 'incident.read:R' || word === 'incident.read:r') && <RunningBadge short={phone} />}
      <InboxBell />
      <Menu
        label={t('personMenu')}
        buttonClass="topbar-person"
        button={
          <>
            <Avatar name={session.person.name} />
            {!phone && (
              <span className="cut">
                <b>{session.person.name}</b>
                {role && <span className="ink2"> · {role}</span>}
                {lent[0] && (
                  <span className="chip lake">{t('actsFor', { name: [...new Set(lent.map((one) => one.onBehalfOf))].join('、') })}</span>
                )}
              </span>
            )}
            {!phone && <ChevronDown size={14} strokeWidth={1.6} aria-hidden="true" />}
          </>
        }
      >
        <div className="person-head">
          <b>{session.person.name}</b>
          {session.grants.map((grant) => (
            <div className="note" key={`${grant.role}${grant.tenantId}${grant.applicationId}${grant.onBehalfOf}`}>
              {roleName(grant.role, lang)}
              {grant.tenantName && ` · ${grant.tenantName}`}
              {grant.onBehalfOf && ` · ${t('onBehalf', { name: grant.onBehalfOf, until: grant.until ? listTime(grant.until, lang) : '' })}`}
            </div>
          ))}
        </div>
        <hr />
        <button type="button" onClick={() => void changeLanguage()}>
          <Languages size={16} strokeWidth={1.6} aria-hidden="true" /> {t('language')}
        </button>
        <button type="button" onClick={() => void navigate({ to: '/settings/account' })}>
          <KeyRound size={16} strokeWidth={1.6} aria-hidden="true" /> {t('account')}
        </button>
        <button type="button" onClick={onTour}>
          <Footprints size={16} strokeWidth={1.6} aria-hidden="true" /> {t('tour')}
        </button>
        {!phone && (
          <button type="button" onClick={onKeys}>
            <Keyboard size={16} strokeWidth={1.6} aria-hidden="true" /> {t('keysHelp')}
          </button>
        )}
        <hr />
        <button type="button" onClick={() => void signOut()}>
          <LogOut size={16} strokeWidth={1.6} aria-hidden="true" /> {t('signOut')}
        </button>
      </Menu>
    </header>
  )
}
