import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ask } from '../../shared/call.ts'
import { useText } from '../../shared/text.ts'
import { Loaded, Sheet, Status } from '../../shared/ui/index.ts'
import { homeText } from './homeText.ts'

/** The applications of the person's own bureau. */
export function ApplicationsSheet() {
  const t = useText(homeText)
  const query = useQuery(ask('inventory.listApplications', { limit: 8 }))
  return (
    <Sheet flush title={t('applications')} acts={<Link to="/cloud/applications">{t('seeAll')}</Link>}>
      <Loaded query={query} rows={3}>
        {(page) =>
          page.items.length === 0 ? (
            <p className="second sheet-line">{t('applicationsNone')}</p>
          ) : (
            <ul className="list">
              {page.items.map((application) => (
                <li key={application.id} className="row apart">
                  <Link to={`/cloud/applications/${application.id}`} className="cut">
                    {application.name}
                  </Link>
                  <span className="second nowrap row">
                    {t('servers', { count: application.serverCount })}
                    <Status state={application.state === 'PREPARING' ? 'todo' : application.state === 'RETIRED' ? 'none' : 'running'} quiet>
                      {t(application.state)}
                    </Status>
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Sheet>
  )
}
