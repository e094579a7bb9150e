import { useQuery } from '@tanstack/react-query'
import { Navigate, Outlet, useLocation, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useMemo, useState } from 'react'
import { Tour } from '../../modules/tour/index.ts'
import { usePhone } from '../../shared/clock.ts'
import { useKeys } from '../../shared/keys.ts'
import { MaintenanceBand } from '../../shared/MaintenanceBand.tsx'
import { isPractising } from '../../shared/practice.ts'
import { ProblemError } from '../../shared/problem.ts'
import { sessionQuery } from '../../shared/session.ts'
import { setLanguage, useLanguage, useText } from '../../shared/text.ts'
import { recordTime, serverNow } from '../../shared/time.ts'
import { EmptyState } from '../../shared/ui/EmptyState.tsx'
import { Failed } from '../../shared/ui/Loaded.tsx'
import { appText } from '../appText.ts'
import { areasFor, mayOpen, placeOf, settingsArea } from '../areas.ts'
import { HeldExportDialog } from './HeldExportDialog.tsx'
import { KeysDialog } from './KeysDialog.tsx'
import { PhoneBar } from './PhoneBar.tsx'
import { Rail } from './Rail.tsx'
import { useReached } from './reach.ts'
import { SessionWatch } from './SessionWatch.tsx'
import { TopBar } from './TopBar.tsx'
import { WorldBand } from './WorldBand.tsx'

const PracticePanel = lazy(() => import('../../modules/training/index.ts').then((face) => ({ default: face.PracticePanel })))
const SearchDialog = lazy(() => import('./SearchDialog.tsx').then((face) => ({ default: face.SearchDialog })))

/** A round goes on in a machine room without network: it needs nothing but what this device keeps of it. */
const WITHOUT_NETWORK = /^\/duty\/rounds\/[0-9a-f-]{36}$/

const settingsMay = (to: string, held: readonly string[]): boolean =>
  settingsArea.pages.some((page) => page.to === to && mayOpen(page, held))

/** Rail, top bar and page. Whoever is not signed in goes to the sign-in page and comes back here. */
export function Frame() {
  const t = useText(appText)
  const lang = useLanguage()
  const phone = usePhone()
  const location = useLocation()
  const navigate = useNavigate()
  const session = useQuery(sessionQuery)
  const reached = useReached()
  const [searching, setSearching] = useState(false)
  const [showKeys, setShowKeys] = useState(false)
  const [tour, setTour] = useState<'offered' | 'asked' | 'closed'>('offered')
  const held = session.data?.capabilities
  const locale = session.data?.locale
  useEffect(() => {
    if (locale) setLanguage(locale)
  }, [locale])
  const mine = useMemo(() => areasFor(held ?? []), [held])

  const acts = useMemo(
    () => ({
      '/': () => {
        const box = document.querySelector<HTMLInputElement>('[data-list-search]')
        if (box) box.focus()
        else setSearching(true)
      },
      'Ctrl+k': () => setSearching(true),
      '?': () => setShowKeys(true),
      e: () => document.querySelector<HTMLElement>('main .btn.primary')?.click(),
      ...Object.fromEntries([...mine, settingsArea].map((area) => [`g ${area.letter}`, () => void navigate({ to: area.to })])),
    }),
    [mine, navigate],
  )
  useKeys(acts)

  // somebody who opened the page without a network is signed in again as soon as there is one
  const { refetch, isError } = session
  useEffect(() => {
    if (!isError) return
    const again = () => void refetch()
    addEventListener('online', again)
    return () => removeEventListener('online', again)
  }, [isError, refetch])

  const place = placeOf(location.pathname)
  const title = place?.page ? t(place.page.label) : place ? t(place.area.key) : t('product')
  useEffect(() => {
    document.title = `${title} · ${t('product')}`
  }, [title, t])

  if (session.isError && session.data === undefined) {
    if (session.error instanceof ProblemError && session.error.status === 401)
      return <Navigate to="/sign-in" search={{ next: location.pathname === '/' ? undefined : location.href } as never} replace />
    // the exercise is over, or somebody typed the address: the list of exercises is in the real world
    if (isPractising && session.error instanceof ProblemError && session.error.status === 404) {
      window.location.replace('/records/practice')
      return null
    }
    if (WITHOUT_NETWORK.test(location.pathname)) return <Outlet />
    return (
      <div className="page">
        <Failed error={session.error} retry={() => void session.refetch()} />
      </div>
    )
  }
  if (!session.data) return <div aria-busy="true" />
  const me = session.data
  if (me.mustChangePassword && location.pathname !== '/settings/account')
    return <Navigate to="/settings/account" search={{ change: '1' } as never} replace />
  // whoever has no tasks starts where their duty is: the audit administrator among the records, the other two at accounts and grants
  const start = mine.find((area) => area.key === 'records') ?? mine.find((area) => area.key !== 'plan')
  const firstPage = start?.pages[0]?.to ?? settingsArea.pages.find((page) => mayOpen(page, me.capabilities))?.to
  if (location.pathname === '/' && mine[0]?.key !== 'home' && firstPage && me.grants.length > 0) return <Navigate to={firstPage} replace />

  return (
    <div className={lang === 'en-US' ? 'frame english' : 'frame'}>
      <a className="skip" href="#content">
        {t('skip')}
      </a>
      {!phone && <Rail areas={mine} />}
      <div className="frame-main">
        <TopBar
          session={me}
          phone={phone}
          onSearch={() => setSearching(true)}
          onKeys={() => setShowKeys(true)}
          onTour={() => setTour('asked')}
        />
        <MaintenanceBand />
        <WorldBand />
        {isPractising && (
          <Suspense fallback={null}>
            <PracticePanel />
          </Suspense>
        )}
        {(tour === 'asked' || (tour === 'offered' && !me.tour.done)) && (
          <Tour
            key={tour}
            session={me}
            asked={tour === 'asked'}
            mayVisit={(to) => mine.some((area) => area.pages.some((page) => page.to === to)) || settingsMay(to, me.capabilities)}
            onClose={() => setTour('closed')}
          />
        )}
        {!reached && (
          <p className="band" role="status">
            {t('offline')}
          </p>
        )}
        <div className="print-head">
          <span>{title}</span>
          <span>
            {me.person.name} · {recordTime(serverNow())}
          </span>
        </div>
        <main id="content" tabIndex={-1}>
          {me.grants.length === 0 && location.pathname === '/' ? (
            <div className="page">
              <EmptyState title={t('noArea')}>{t('noAreaHelp')}</EmptyState>
            </div>
          ) : (
            <Suspense fallback={null}>
              <Outlet />
            </Suspense>
          )}
        </main>
      </div>
      {phone && <PhoneBar areas={mine} />}
      <SessionWatch session={me} />
      <HeldExportDialog />
      {searching && (
        <Suspense fallback={null}>
          <SearchDialog session={me} onClose={() => setSearching(false)} />
        </Suspense>
      )}
      {showKeys && <KeysDialog areas={mine} onClose={() => setShowKeys(false)} />}
    </div>
  )
}
