import type { LifeAmounts, Lifecycle } from '@changbai/contract/lifecycle.ts'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { ask } from '../../shared/call.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { count, percent, shortDay } from '../../shared/time.ts'
import { ButtonLink, EmptyState, Loaded, PageTitle, Sheet, type State, Status, Timeline } from '../../shared/ui/index.ts'
import { lifecycleText } from './lifecycleText.ts'

const SOON_DAYS = 30
const ENDED_BADLY = new Set(['REJECTED', 'CANCELLED', 'WITHDRAWN', 'EXPIRED', 'FULFILL_FAILED'])
const DONE = new Set(['APPROVED', 'DELIVERED', 'ACCEPTED', 'CLOSED', 'TRIAL', 'RELEASED', 'RIGHT_SIZED', 'SHRUNK', 'TIERED', 'KEPT'])

/** One application: asked, approved, delivered, measured, changed, returned, and what ends next. */
export function LifecyclePage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useQuery(ask('lifecycle.get', { applicationId: id }))
  return (
    <div className="page">
      <Loaded query={query} rows={8}>
        {(life) => <View life={life} />}
      </Loaded>
    </div>
  )
}

function View({ life }: { life: Lifecycle }) {
  const say = useText(lifecycleText)
  const lang = useLanguage()
  const [first] = life.expiries
  return (
    <>
      <PageTitle
        title={life.application.name}
        sentence={[
          say('lifecycle'),
          life.application.tenantName,
          first
            ? say(first.daysLeft < 0 ? 'alreadyOver' : 'nextEnds', {
                name: first.name,
                on: shortDay(first.on, lang),
                days: Math.abs(first.daysLeft),
              })
            : say('nothingEnds'),
        ]
          .filter(Boolean)
          .join(' · ')}
        acts={<ButtonLink to={`/cloud/applications/${life.application.id}` as string}>{say('application')}</ButtonLink>}
      />
      <div className="split">
        <div className="stack">
          <Stages life={life} />
          <Measured life={life} />
        </div>
        <div className="stack">
          <Expiries life={life} />
          <Course life={life} />
        </div>
      </div>
    </>
  )
}

function Stages({ life }: { life: Lifecycle }) {
  const say = useText(lifecycleText)
  const rows: readonly (readonly ['ASKED' | 'APPROVED' | 'DELIVERED' | 'CHANGED' | 'RETURNED', LifeAmounts])[] = [
    ['ASKED', life.asked],
    ['APPROVED', life.approved],
    ['DELIVERED', life.delivered],
    ['CHANGED', life.changed],
    ['RETURNED', life.returned],
  ]
  const signed = (stage: string, n: number) =>
    stage === 'RETURNED' && n > 0 ? `−${count(n)}` : stage === 'CHANGED' && n > 0 ? `+${count(n)}` : count(n)
  const cells = (stage: string, amounts: LifeAmounts) =>
    (['vcpu', 'memGiB', 'storageGiB', 'baremetal'] as const).map((key) => (
      <td key={key} className="num">
        {signed(stage, amounts[key])}
      </td>
    ))
  return (
    <Sheet title={say('stages')} note={say('stagesNote')} flush>
      <div className="grid-scroll">
        <table className="grid">
          <thead>
            <tr>
              <th>{say('stage')}</th>
              <th className="num">{say('papers')}</th>
              <th className="num">{say('vcpu')}</th>
              <th className="num">{say('memGiB')}</th>
              <th className="num">{say('storageGiB')}</th>
              <th className="num">{say('baremetal')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(([stage, amounts]) => (
              <tr key={stage}>
                <td>{say(stage)}</td>
                <td className="num">{count(life.matters.filter((one) => one.stage === stage).length)}</td>
                {cells(stage, amounts)}
              </tr>
            ))}
            <tr>
              <td>
                <b>{say('HELD')}</b>
              </td>
              <td className="num">—</td>
              {cells('HELD', life.held)}
            </tr>
          </tbody>
        </table>
      </div>
    </Sheet>
  )
}

function Measured({ life }: { life: Lifecycle }) {
  const say = useText(lifecycleText)
  const peak = (value: number | null) => (value === null ? <Status state="unknown">{say('noData')}</Status> : `${value.toFixed(1)} %`)
  return (
    <Sheet title={say('measured')} note={say('measuredNote', { days: life.observeDays })} flush>
      {life.measured.length === 0 ? (
        <EmptyState title={say('noServers')} />
      ) : (
        <div className="grid-scroll">
          <table className="grid">
            <thead>
              <tr>
                <th>{say('server')}</th>
                <th>{say('size')}</th>
                <th className="num">{say('cpuPeak')}</th>
                <th className="num">{say('memoryPeak')}</th>
                <th className="num">{say('coverage')}</th>
              </tr>
            </thead>
            <tbody>
              {life.measured.map((server) => (
                <tr key={server.id}>
                  <td>
                    <Link className="mono nowrap" to={`/cloud/servers/${server.id}` as string}>
                      {server.name}
                    </Link>
                  </td>
                  <td className="nowrap">
                    {server.vcpu}C {server.memGiB}G
                  </td>
                  <td className="num">{peak(server.cpuPeak)}</td>
                  <td className="num">{peak(server.memoryPeak)}</td>
                  <td className="num">{percent(server.coverage)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Sheet>
  )
}

function Expiries({ life }: { life: Lifecycle }) {
  const say = useText(lifecycleText)
  const lang = useLanguage()
  const state = (days: number): State => (days < 0 ? 'breach' : days <= SOON_DAYS ? 'risk' : 'none')
  const left = (days: number) => (days < 0 ? say('overdue', { n: -days }) : days === 0 ? say('today') : say('daysLeft', { n: days }))
  return (
    <Sheet title={say('expiries')} flush>
      {life.expiries.length === 0 ? (
        <EmptyState title={say('expiriesNone')} />
      ) : (
        <ul className="list">
          {life.expiries.slice(0, 20).map((one) => (
            <li key={`${one.kind}${one.id}`} className="row apart">
              <span className="grow">
                <Link to={one.to as string}>{one.name}</Link> <span className="second nowrap">{say(`kind_${one.kind}`)}</span>
              </span>
              <Status state={state(one.daysLeft)}>
                {shortDay(one.on, lang)} · {left(one.daysLeft)}
              </Status>
            </li>
          ))}
        </ul>
      )}
    </Sheet>
  )
}

const AMOUNTS = [
  ['vcpu', 'vCPU'],
  ['memGiB', 'GiB RAM'],
  ['storageGiB', 'GiB'],
] as const
const amountsWord = (amounts: LifeAmounts): string =>
  AMOUNTS.flatMap(([key, unit]) => (amounts[key] === 0 ? [] : [`${count(amounts[key])} ${unit}`])).join(' / ')

function Course({ life }: { life: Lifecycle }) {
  const say = useText(lifecycleText)
  const word = (status: string) => say(`s_${status}` as 's_DRAFT')
  return (
    <Sheet title={say('history')}>
      {life.matters.length === 0 ? (
        <EmptyState title={say('historyNone')} />
      ) : (
        <Timeline
          entries={life.matters.map((one) => ({
            key: `${one.stage}${one.id}`,
            at: one.at,
            state: ENDED_BADLY.has(one.status) ? ('none' as const) : DONE.has(one.status) ? ('kept' as const) : ('running' as const),
            title: (
              <>
                {say(one.stage)} <Link to={one.to as string}>{one.number}</Link>
              </>
            ),
            note: [word(one.status), one.amounts && amountsWord(one.amounts)].filter(Boolean).join(' · '),
          }))}
        />
      )}
    </Sheet>
  )
}
