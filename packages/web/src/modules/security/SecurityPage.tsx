import type { SecurityCover, SecurityHeld, SecurityOrder } from '@changbai/contract/security.ts'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime, shortDay } from '../../shared/time.ts'
import { Button, ButtonLink, DataTable, DecisionDialog, type ListInput, PageTitle, Status, Tabs, useAct } from '../../shared/ui/index.ts'
import { OrderDialog, RecordDialog } from './dialogs.tsx'
import { securityText } from './securityText.ts'
import { coverStates, orderStates } from './states.ts'

const PLACES = ['coverage', 'held', 'orders'] as const
type Place = (typeof PLACES)[number]
interface Wanted {
  applicationId: string
  applicationName: string
  code: string
}

/** What each application's level demands of security services, what is in force, what is on order. */
export function SecurityPage() {
  const say = useText(securityText)
  const may = useMay()
  const given = new URLSearchParams(location.search)
  const applicationId = given.get('applicationId') ?? undefined
  const [place, setPlace] = useState<Place>(applicationId ? 'held' : 'coverage')
  const [wanted, setWanted] = useState<Wanted | null>(null)
  const [recording, setRecording] = useState(false)
  const summary = useQuery(ask('security.coverage', { limit: '1' }))
  const sentence = summary.data
    ? summary.data.due === 0
      ? say('sentenceNone')
      : summary.data.covered === summary.data.due
        ? say('sentenceAll', { due: summary.data.due })
        : say('sentence', { covered: summary.data.covered, due: summary.data.due, lacking: summary.data.due - summary.data.covered })
    : undefined
  return (
    <div className="page">
      <PageTitle
        title={say('security')}
        sentence={sentence}
        acts={
          <>
            {may('plan.read:R') && <ButtonLink to={'/plan/parameters/security.services' as string}>{say('catalogue')}</ButtonLink>}
            {may('security.service.record:C') && <Button onClick={() => setRecording(true)}>{say('record')}</Button>}
            {may('security.service.order:C') && (
              <Button kind="primary" onClick={() => setWanted({ applicationId: '', applicationName: '', code: '' })}>
                {say('order')}
              </Button>
            )}
          </>
        }
      />
      <div className="stack">
        <Tabs
          label={say('security')}
          value={place}
          onChange={(to: string) => setPlace(to as Place)}
          options={PLACES.map((one) => [one, say(`${one}View`)] as const)}
        />
        {place === 'coverage' && <Coverage order={may('security.service.order:C') ? setWanted : undefined} />}
        {place === 'held' && <Held applicationId={applicationId} />}
        {place === 'orders' && <Orders />}
      </div>
      {wanted && <OrderDialog wanted={wanted} onClose={() => setWanted(null)} />}
      {recording && <RecordDialog onClose={() => setRecording(false)} />}
    </div>
  )
}

function Coverage({ order }: { order: ((wanted: Wanted) => void) | undefined }) {
  const say = useText(securityText)
  const lang = useLanguage()
  const marks = (row: SecurityCover) => (
    <span className="row wrap">
      {row.demanded.map((one) => {
        const lacks = one.state === 'MISSING' || one.state === 'EXPIRED'
        const word = `${say(one.code)} ${say(one.state)}${one.expiresOn && one.state !== 'HELD' ? ` ${shortDay(one.expiresOn, lang)}` : ''}`
        return (
          <span key={one.code}>
            <Status state={coverStates[one.state]}>
              {lacks && order ? (
                <button
                  type="button"
                  className="link"
                  onClick={(event) => {
                    event.stopPropagation()
                    order({ applicationId: row.applicationId, applicationName: row.applicationName, code: one.code })
                  }}
                >
                  {word}
                </button>
              ) : (
                word
              )}
            </Status>
          </span>
        )
      })}
    </span>
  )
  return (
    <DataTable
      name="securityCoverage"
      what={say('application')}
      ask={(input: ListInput) => ask('security.coverage', input as never)}
      about={['security-order', 'security-service']}
      columns={[
        {
          key: 'application',
          title: say('application'),
          kind: 'name',
          cell: (row) => <Link to={`/cloud/applications/${row.applicationId}` as string}>{row.applicationName}</Link>,
        },
        { key: 'tenant', title: say('tenant'), cell: (row) => row.tenantName ?? '—' },
        { key: 'level', title: say('level'), cell: (row) => say('levelN', { n: row.level }) },
        {
          key: 'covered',
          title: say('state'),
          cell: (row) => <Status state={row.covered ? 'kept' : 'breach'}>{say(row.covered ? 'covered' : 'lacking')}</Status>,
        },
        { key: 'demanded', title: say('demanded'), cell: marks },
      ]}
      rowKey={(row: SecurityCover) => row.applicationId}
      views={[
        { key: 'all', label: say('all'), filters: {} },
        { key: 'lacking', label: say('lacking'), filters: { lacking: 'true' } },
      ]}
      searchHint={say('searchApplication')}
      firstUse={{ title: say('coverNone'), help: say('coverFirst') }}
      phone={(row) => ({
        title: row.applicationName,
        right: <Status state={row.covered ? 'kept' : 'breach'}>{say(row.covered ? 'covered' : 'lacking')}</Status>,
        below: marks(row),
      })}
    />
  )
}

function Held({ applicationId }: { applicationId: string | undefined }) {
  const say = useText(securityText)
  const lang = useLanguage()
  const may = useMay()
  const [ending, setEnding] = useState<SecurityHeld | null>(null)
  const { runOrThrow } = useAct()
  const mark = (row: SecurityHeld) => <Status state={coverStates[row.state]}>{say(row.state)}</Status>
  return (
    <>
      <DataTable
        name="securityHeld"
        what={say('security')}
        ask={(input: ListInput) => ask('security.held', { ...input, ...(applicationId && { applicationId }) } as never)}
        about={['security-service']}
        columns={[
          { key: 'service', title: say('service'), kind: 'name', cell: (row) => say(row.code) },
          { key: 'application', title: say('application'), cell: (row) => row.applicationName },
          { key: 'tenant', title: say('tenant'), cell: (row) => row.tenantName ?? '—' },
          { key: 'product', title: say('product'), cell: (row) => row.product },
          { key: 'owner', title: say('owner'), cell: (row) => row.ownerName },
          { key: 'state', title: say('state'), cell: mark },
          { key: 'expires', title: say('expiresOn'), cell: (row) => shortDay(row.expiresOn, lang) },
          { key: 'begins', title: say('beginsOn'), extra: true, cell: (row) => shortDay(row.beginsOn, lang) },
          { key: 'scope', title: say('scope'), extra: true, cell: (row) => row.scope || '—' },
          { key: 'source', title: say('source'), cell: (row) => [say(row.source), row.sourceNumber].filter(Boolean).join(' ') },
          {
            key: 'acts',
            title: '',
            cell: (row) =>
              may('security.service.record:C') &&
              row.state !== 'ENDED' && (
                <Button size="small" onClick={() => setEnding(row)}>
                  {say('end')}
                </Button>
              ),
          },
        ]}
        rowKey={(row: SecurityHeld) => row.id}
        views={[
          { key: 'now', label: say('heldView'), filters: {} },
          { key: 'all', label: say('all'), filters: { ended: 'true' } },
        ]}
        firstUse={{ title: say('heldNone'), help: say('heldFirst') }}
        phone={(row) => ({
          title: `${say(row.code)} · ${row.applicationName}`,
          right: mark(row),
          below: `${row.product} · ${row.ownerName}`,
          belowRight: shortDay(row.expiresOn, lang),
        })}
      />
      {ending && (
        <DecisionDialog
          title={`${say('end')} ${say(ending.code)} · ${ending.applicationName}`}
          verb={say('end')}
          danger
          reason={{ label: say('endReason') }}
          act={(reason) => runOrThrow(() => call('security.end', { serviceId: ending.id, reason }))}
          onClose={() => setEnding(null)}
        />
      )}
    </>
  )
}

function Orders() {
  const say = useText(securityText)
  const lang = useLanguage()
  const navigate = useNavigate()
  return (
    <DataTable
      name="securityOrders"
      what={say('ordersView')}
      ask={(input: ListInput) => ask('security.orders', input as never)}
      about={['security-order']}
      columns={[
        { key: 'number', title: say('number'), kind: 'id', cell: (row) => row.number },
        { key: 'service', title: say('service'), kind: 'name', cell: (row) => say(row.code) },
        { key: 'application', title: say('application'), cell: (row) => row.applicationName },
        { key: 'tenant', title: say('tenant'), cell: (row) => row.tenantName ?? '—' },
        { key: 'state', title: say('state'), cell: (row) => <Status state={orderStates[row.state]}>{say(row.state)}</Status> },
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
      ]}
      rowKey={(row: SecurityOrder) => row.id}
      open={(row) => void navigate({ to: `/cloud/security/orders/${row.id}` as string })}
      views={[
        { key: 'open', label: say('open'), filters: { open: 'true' } },
        { key: 'all', label: say('all'), filters: {} },
      ]}
      firstUse={{ title: say('ordersNone'), help: say('ordersFirst') }}
      phone={(row) => ({
        title: `${say(row.code)} · ${row.applicationName}`,
        right: <Status state={orderStates[row.state]}>{say(row.state)}</Status>,
        below: `${row.number} · ${row.requesterName}`,
        belowRight: listTime(row.dueAt, lang),
      })}
    />
  )
}
