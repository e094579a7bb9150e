import { ServiceState, type ServiceSummary } from '@changbai/contract/service-request.ts'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { ask } from '../../shared/call.ts'
import { roleName } from '../../shared/roles.ts'
import { useMay } from '../../shared/session.ts'
import { pick, useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import { ButtonLink, type Column, DataTable, type ListInput, PageTitle, Sheet, Status } from '../../shared/ui/index.ts'
import { serviceText } from './serviceText.ts'
import { limitWord, serviceState } from './states.ts'

/** What can be asked for, and everything that was. */
export function ServicesPage() {
  const say = useText(serviceText)
  const lang = useLanguage()
  const may = useMay()
  const navigate = useNavigate()
  const columns: Column<ServiceSummary>[] = [
    { key: 'number', title: say('number'), kind: 'id', cell: (row) => row.number },
    { key: 'title', title: say('title'), kind: 'name', cell: (row) => row.title },
    { key: 'item', title: say('item'), cell: (row) => pick(row.itemName, lang) },
    { key: 'state', title: say('state'), cell: (row) => <Status state={serviceState[row.state]}>{say(row.state)}</Status> },
    { key: 'tenant', title: say('tenant'), cell: (row) => row.tenantName ?? '—' },
    { key: 'requester', title: say('requester'), cell: (row) => row.requesterName },
    { key: 'handler', title: say('handler'), cell: (row) => row.handlerName ?? say('nobody') },
    {
      key: 'due',
      title: say('dueAt'),
      cell: (row) =>
        row.isLate ? (
          <Status state="breach">
            {listTime(row.dueAt, lang)} {say('late')}
          </Status>
        ) : (
          listTime(row.dueAt, lang)
        ),
    },
    { key: 'submitted', title: say('submittedAt'), extra: true, cell: (row) => listTime(row.submittedAt, lang) },
    { key: 'rating', title: say('rating'), extra: true, cell: (row) => row.rating ?? '—' },
  ]
  return (
    <div className="page">
      <PageTitle
        title={say('services')}
        acts={
          may('serviceRequest.catalogue:U') && (
            <ButtonLink to={'/plan/parameters/service.catalogue' as string}>{say('editCatalogue')}</ButtonLink>
          )
        }
      />
      <div className="stack">
        {may('serviceRequest.submit:C') && <Catalogue />}
        <DataTable
          name="services"
          what={say('services')}
          ask={(input: ListInput) => ask('serviceRequest.list', input as never)}
          about={['service-request']}
          columns={columns}
          rowKey={(row) => row.id}
          open={(row) => void navigate({ to: `/work/services/${row.id}` as string })}
          filters={[{ key: 'state', label: say('state'), options: ServiceState.options.map((one) => [one, say(one)] as const) }]}
          views={[
            { key: 'open', label: say('open'), filters: { open: 'true' } },
            { key: 'mine', label: say('mine'), filters: { mine: 'true' } },
            { key: 'all', label: say('all'), filters: {} },
          ]}
          searchHint={say('search')}
          firstUse={{ title: say('none'), help: say('firstUse') }}
          phone={(row) => ({
            title: row.title,
            right: say(row.state),
            below: `${row.number} · ${row.requesterName}`,
            belowRight: listTime(row.dueAt, lang),
          })}
        />
      </div>
    </div>
  )
}

function Catalogue() {
  const say = useText(serviceText)
  const lang = useLanguage()
  const query = useQuery({ ...ask('serviceRequest.catalogue', {}), staleTime: 60_000 })
  const items = query.data?.items ?? []
  if (items.length === 0) return null
  return (
    <Sheet title={say('catalogue')} flush>
      <ul className="list">
        {items.map((item) => (
          <li key={item.code} className="row wrap apart">
            <span className="grow">
              <Link to={`/work/services/new/${item.code}` as string}>{pick(item, lang)}</Link>{' '}
              <span className="second">{pick(item.help, lang)}</span>
            </span>
            <span className="second">
              {say('limitNote', {
                limit: limitWord(item.limit, lang),
                roles: item.roles.map((role) => roleName(role, lang)).join(lang === 'en-US' ? ', ' : '、'),
              })}
            </span>
          </li>
        ))}
      </ul>
    </Sheet>
  )
}
