import type { Connection } from '@changbai/contract/cloud.ts'
import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { useMay, useSession } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { count, listTime } from '../../shared/time.ts'
import {
  Button,
  DecisionDialog,
  EmptyState,
  Loaded,
  PageTitle,
  ProblemAlert,
  Progress,
  SelectField,
  Sheet,
  Status,
  TextField,
  useAct,
} from '../../shared/ui/index.ts'
import { proposalStates } from './ChannelsPage.tsx'
import { settingsText } from './settingsText.ts'

const diskKinds = ['SSD', 'SAS', 'SATA'] as const

function ProposeConnection({ onClose }: { onClose: () => void }) {
  const t = useText(settingsText)
  const refresh = useAct()
  const [driver, setDriver] = useState('openstack')
  const [values, setValues] = useState<Record<string, string>>({ userName: 'admin', projectName: 'admin' })
  const field = (name: string) => ({ value: values[name] ?? '', onChange: (value: string) => setValues({ ...values, [name]: value }) })
  const v = (name: string): string => (values[name] ?? '').trim()
  const send = async () => {
    const name = v('name')
    if (driver === 'openstack')
      await call('cloud.proposeConnection', {
        connection: {
          driver,
          name,
          secret: v('secret'),
          settings: {
            authUrl: v('authUrl'),
            userName: v('userName'),
            projectName: v('projectName'),
            ...(v('region') && { region: v('region') }),
            ...(v('external') && { externalNetworkName: v('external') }),
            rootDisk: v('rootDisk') === 'image' ? 'image' : 'volume',
            ...(v('callSeconds') && { callSeconds: Number(v('callSeconds')) }),
            ...(v('settleSeconds') && { settleSeconds: Number(v('settleSeconds')) }),
            volumeTypes: Object.fromEntries(diskKinds.flatMap((kind) => (v(kind) ? [[kind, v(kind)]] : []))),
          },
        },
      })
    else if (driver === 'simulator') await call('cloud.proposeConnection', { connection: { driver, name, settings: {} } })
    else await call('cloud.proposeConnection', { connection: { driver: 'manual', name, settings: {} } })
    await refresh.run(async () => {})
  }
  return (
    <DecisionDialog title={t('addConnection')} verb={t('propose')} act={send} onClose={onClose}>
      <div className="fields">
        <SelectField
          label={t('driver')}
          value={driver}
          options={(['openstack', 'simulator', 'manual'] as const).map((one) => [one, t(one)] as const)}
          onChange={(next) => setDriver(next || 'openstack')}
        />
        <TextField label={t('name')} {...field('name')} />
        {driver === 'openstack' && (
          <>
            <TextField label={t('authUrl')} full placeholder="https://…:5000/v3" {...field('authUrl')} />
            <TextField label={t('user')} autoComplete="off" {...field('userName')} />
            <TextField label={t('secret')} type="password" autoComplete="new-password" {...field('secret')} />
            <TextField label={t('projectName')} {...field('projectName')} />
            <TextField label={t('region')} optional {...field('region')} />
            <TextField label={t('externalNetwork')} optional {...field('external')} />
            <SelectField
              label={t('rootDisk')}
              value={values.rootDisk ?? 'volume'}
              options={[
                ['volume', t('rootOnVolume')],
                ['image', t('rootOnHost')],
              ]}
              onChange={(rootDisk) => setValues({ ...values, rootDisk })}
            />
            {diskKinds.map((kind) => (
              <TextField key={kind} label={t('volumeType', { kind })} optional {...field(kind)} />
            ))}
            <TextField label={t('callSeconds')} optional placeholder="20" {...field('callSeconds')} />
            <TextField label={t('settleSeconds')} optional placeholder="75" help={t('settleHelp')} {...field('settleSeconds')} />
          </>
        )}
      </div>
    </DecisionDialog>
  )
}

function Capacity() {
  const t = useText(settingsText)
  const lang = useLanguage()
  const query = useQuery({ ...ask('cloud.capacity', {}), retry: false })
  if (!query.data) return null
  return (
    <Sheet title={t('capacity')} note={query.data.readAt ? listTime(query.data.readAt, lang) : t('checkNone')}>
      <div className="stack">
        {query.data.dimensions.map((one) => {
          const ratio = one.total > 0 ? one.allocated / one.total : 0
          return (
            <div key={one.name}>
              <div className="row apart">
                <span>{t(one.name)}</span>
                <span className="second">
                  {t('capacityOf', { allocated: count(one.allocated), total: count(one.total), free: count(one.free) })}
                </span>
              </div>
              <Progress ratio={ratio} tone={ratio >= 0.8 ? 'risk' : 'ink'} />
            </div>
          )
        })}
      </div>
    </Sheet>
  )
}

const faults = [
  'unauthorised',
  'forbidden',
  'conflict',
  'quota',
  'throttled',
  'error500',
  'timeout',
  'timeoutAfterCommit',
  'noValidHost',
  'stuckBuild',
  'busy',
  'actFails',
  'vanish',
] as const

function Faults({ connectionId }: { connectionId: string }) {
  const t = useText(settingsText)
  const act = useAct()
  const query = useQuery(ask('cloud.faults', {}))
  const [fault, setFault] = useState<string>('timeoutAfterCommit')
  const [times, setTimes] = useState('1')
  return (
    <Sheet title={t('faults')}>
      <div className="stack">
        <p className="second">{t('faultsHelp')}</p>
        <div className="fields">
          <SelectField label={t('fault')} value={fault} options={faults.map((one) => [one, one] as const)} onChange={setFault} />
          <TextField label={t('times')} inputMode="numeric" value={times} onChange={setTimes} />
        </div>
        <div>
          <Button
            busy={act.busy}
            onClick={() =>
              void act.run(() =>
                call('cloud.injectFault', { connectionId, fault: fault as (typeof faults)[number], times: Number(times) || 1 }),
              )
            }
          >
            {t('inject')}
          </Button>
        </div>
        <ProblemAlert error={act.error} />
        <ul>
          {(query.data?.items ?? []).map((one) => (
            <li key={one.id} className="row apart">
              <span>
                <span className="mono">{one.fault}</span> {one.resource ?? t('anyResource')} {t('remaining', { n: one.remaining })}
              </span>
              <Button size="small" onClick={() => void act.run(() => call('cloud.clearFault', { faultId: one.id }))}>
                {t('clear')}
              </Button>
            </li>
          ))}
        </ul>
      </div>
    </Sheet>
  )
}

export function ConnectionsPage() {
  const t = useText(settingsText)
  const lang = useLanguage()
  const may = useMay()
  const me = useSession()
  const act = useAct()
  const [adding, setAdding] = useState(false)
  const [deciding, setDeciding] = useState<{ row: Connection; approve: boolean } | null>(null)
  const query = useQuery({ ...ask('cloud.connections', {}), refetchInterval: 15_000 })
  const simulator = query.data?.items.find((row) => row.driver === 'simulator' && row.status === 'ACTIVE')
  const hasSide = may('pool.read:R', 'cloud.read:R') || (simulator !== undefined && may('cloud.simulate:R'))
  return (
    <div className="page">
      <PageTitle
        title={t('connections')}
        sentence={t('connectionsSentence')}
        acts={
          may('settings.cloud:C') && (
            <Button kind="primary" icon={<Plus size={16} strokeWidth={1.6} />} onClick={() => setAdding(true)}>
              {t('addConnection')}
            </Button>
          )
        }
      />
      <div className={hasSide ? 'split' : undefined}>
        <div className="stack">
          <ProblemAlert error={act.error} />
          <Sheet flush>
            <Loaded query={query}>
              {({ items }) =>
                items.length === 0 ? (
                  <EmptyState title={t('connectionsNone')} />
                ) : (
                  <ul className="list">
                    {items.map((row) => (
                      <li key={row.id} className="row wrap apart">
                        <div className="grow">
                          <b>{row.name}</b>　{t(row.driver)}
                          {typeof row.settings['authUrl'] === 'string' && <div className="second mono">{row.settings['authUrl']}</div>}
                          <div className="note">
                            {t('proposed', { by: row.proposedBy.name, at: listTime(row.proposedAt, lang) })}
                            {row.decidedBy &&
                              row.decidedAt &&
                              ` · ${t('decided', { by: row.decidedBy.name, at: listTime(row.decidedAt, lang) })}`}
                          </div>
                          <div className="second">
                            {row.check ? (
                              <Status state={row.check.ok ? 'kept' : 'breach'}>
                                {t(row.check.ok ? 'checkOk' : 'checkBad', { at: listTime(row.check.at, lang) })}
                              </Status>
                            ) : (
                              <Status state="unknown">{t('checkNone')}</Status>
                            )}
                            {row.check?.problems.map((problem) => (
                              <div key={problem}>{problem}</div>
                            ))}
                            {row.check && row.check.services.length > 0 && (
                              <span className="note">
                                {' · '}
                                {row.check.services.map((service) => `${service.type} ${service.version ?? ''}`.trim()).join(' · ')}
                              </span>
                            )}
                          </div>
                        </div>
                        <Status state={proposalStates[row.status]}>{t(row.status)}</Status>
                        {row.status === 'PROPOSED' && may('settings.cloud:A') && row.proposedBy.id !== me?.person.id && (
                          <>
                            <Button size="small" onClick={() => setDeciding({ row, approve: true })}>
                              {t('approve')}
                            </Button>
                            <Button size="small" onClick={() => setDeciding({ row, approve: false })}>
                              {t('reject')}
                            </Button>
                          </>
                        )}
                        {row.status === 'ACTIVE' && may('settings.cloud:C', 'settings.cloud:A', 'cloud.operate:X') && (
                          <Button
                            size="small"
                            busy={act.busy}
                            onClick={() => void act.run(() => call('cloud.checkConnection', { connectionId: row.id }))}
                          >
                            {t('check')}
                          </Button>
                        )}
                      </li>
                    ))}
                  </ul>
                )
              }
            </Loaded>
          </Sheet>
        </div>
        {hasSide && (
          <div className="stack">
            {may('pool.read:R', 'cloud.read:R') && <Capacity />}
            {simulator && may('cloud.simulate:R') && <Faults connectionId={simulator.id} />}
          </div>
        )}
      </div>
      {adding && <ProposeConnection onClose={() => setAdding(false)} />}
      {deciding && (
        <DecisionDialog
          title={`${deciding.approve ? t('approve') : t('reject')}：${deciding.row.name}`}
          verb={deciding.approve ? t('approve') : t('reject')}
          danger={!deciding.approve}
          reason={{ label: t('comment'), optional: deciding.approve }}
          act={async (comment) => {
            await call('cloud.decideConnection', { connectionId: deciding.row.id, approve: deciding.approve, comment })
            await act.run(async () => {})
          }}
          onClose={() => setDeciding(null)}
        />
      )}
    </div>
  )
}
