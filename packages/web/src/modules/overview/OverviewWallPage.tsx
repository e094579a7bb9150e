import { Link } from '@tanstack/react-router'
import { useNow } from '../../shared/clock.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { clock, dayOf, longDay } from '../../shared/time.ts'
import { Loaded } from '../../shared/ui/index.ts'
import { Overview, useHeadline, useOverview } from './Overview.tsx'
import { overviewText } from './overviewText.ts'

/** The same for the meeting room: large, without the frame, fresh by itself. */
export function OverviewWallPage() {
  const t = useText(overviewText)
  const lang = useLanguage()
  const now = useNow()
  const data = useOverview()
  const headline = useHeadline(data)
  return (
    <main className="overview-wall">
      <header className="row apart">
        <h1>{headline}</h1>
        <span>
          {longDay(dayOf(now), lang)} <b>{clock(now)}</b>{' '}
          <Link className="no-print" to="/overview">
            {t('back')}
          </Link>
        </span>
      </header>
      <Loaded query={data.board} rows={8}>
        {() => <Overview data={data} />}
      </Loaded>
    </main>
  )
}
