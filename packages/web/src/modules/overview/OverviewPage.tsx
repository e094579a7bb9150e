import { Link } from '@tanstack/react-router'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import { Loaded, PageTitle } from '../../shared/ui/index.ts'
import { Overview, useHeadline, useOverview } from './Overview.tsx'
import { overviewText } from './overviewText.ts'

/** For a leader with half a minute: is the cloud well, is the plan kept, what needs my decision. Prints on one page. */
export function OverviewPage() {
  const t = useText(overviewText)
  const lang = useLanguage()
  const data = useOverview()
  const headline = useHeadline(data)
  return (
    <div className="page">
      <Loaded query={data.board} rows={8}>
        {({ asOf }) => (
          <>
            <PageTitle
              title={headline}
              sentence={t('asOf', { at: listTime(asOf, lang) })}
              acts={<Link to="/overview/wall">{t('wall')}</Link>}
            />
            <Overview data={data} />
          </>
        )}
      </Loaded>
    </div>
  )
}
