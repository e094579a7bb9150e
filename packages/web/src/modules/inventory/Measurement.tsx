import type { Application } from '@changbai/contract/inventory.ts'
import { Plus, X } from 'lucide-react'
import { useState } from 'react'
import { call } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { addDays, fromWall, listTime, today, toWall } from '../../shared/time.ts'
import { Button, DecisionDialog, MinuteField, ProblemAlert, Sheet, Status, useAct } from '../../shared/ui/index.ts'
import { inventoryText } from './inventoryText.ts'

type Probe = NonNullable<Application['measurement']>['probes'][number]
const ways = ['HTTP', 'TCP', 'ICMP', 'DNS'] as const
const beginnings: Record<Probe['kind'], string> = { HTTP: 'https://', TCP: 'tcp://', ICMP: 'icmp://', DNS: 'dns://' }
const fresh: Probe = { kind: 'HTTP', url: 'https://', expect: { status: 200, contains: '' } }

function SetMeasurement({ application, onClose }: { application: Application; onClose: () => void }) {
  const t = useText(inventoryText)
  const refresh = useAct()
  const [probes, setProbes] = useState<readonly Probe[]>(application.measurement?.probes ?? [fresh])
  const [startsAt, setStartsAt] = useState(
    application.measurement ? toWall(application.measurement.startsAt) : `${addDays(today(), 1)}T00:00`,
  )
  const change = (index: number, next: Partial<Probe>) =>
    setProbes(probes.map((probe, at) => (at === index ? { ...probe, ...next } : probe)))
  return (
    <DecisionDialog
      wide
      title={application.measurement ? t('changeMeasurement') : t('setMeasurement')}
      verb={t('save')}
      ready={probes.length > 0 && probes.every((probe) => /^\w+:\/\/\S+$/.test(probe.url))}
      act={async () => {
        await call('inventory.setMeasurement', {
          id: application.id,
          rev: application.rev,
          measurement: { probes: probes.map((probe) => ({ ...probe, url: probe.url.trim() })), startsAt: fromWall(startsAt) },
        })
        await refresh.run(async () => {})
      }}
      onClose={onClose}
    >
      <MinuteField label={t('startsAt')} value={startsAt} onChange={setStartsAt} />
      <div className="grid-scroll">
        <table className="grid dense">
          <thead>
            <tr>
              <th>{t('probeKind')}</th>
              <th>{t('probeAddress')}</th>
              <th>{t('probeStatus')}</th>
              <th>{t('probeContains')}</th>
              <th aria-label={t('act')} />
            </tr>
          </thead>
          <tbody>
            {probes.map((probe, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: probes have no identity but their place
              <tr key={index}>
                <td>
                  <span className="box">
                    <select
                      aria-label={`${t('probeKind')} ${index + 1}`}
                      value={probe.kind}
                      onChange={(event) => {
                        const kind = event.target.value as Probe['kind']
                        change(index, { kind, url: `${beginnings[kind]}${probe.url.replace(/^\w+:\/\//, '')}` })
                      }}
                    >
                      {ways.map((way) => (
                        <option key={way}>{way}</option>
                      ))}
                    </select>
                  </span>
                </td>
                <td>
                  <span className="box">
                    <input
                      className="mono"
                      aria-label={`${t('probeAddress')} ${index + 1}`}
                      size={36}
                      value={probe.url}
                      onChange={(event) => change(index, { url: event.target.value })}
                    />
                  </span>
                </td>
                <td>
                  {probe.kind === 'HTTP' && (
                    <span className="box num">
                      <input
                        aria-label={`${t('probeStatus')} ${index + 1}`}
                        inputMode="numeric"
                        size={4}
                        value={String(probe.expect.status)}
                        onChange={(event) =>
                          change(index, { expect: { ...probe.expect, status: Number(event.target.value.replace(/\D/g, '').slice(0, 3)) } })
                        }
                      />
                    </span>
                  )}
                </td>
                <td>
                  {probe.kind === 'HTTP' && (
                    <span className="box">
                      <input
                        aria-label={`${t('probeContains')} ${index + 1}`}
                        value={probe.expect.contains}
                        onChange={(event) => change(index, { expect: { ...probe.expect, contains: event.target.value } })}
                      />
                    </span>
                  )}
                </td>
                <td>
                  <button
                    type="button"
                    className="btn plain icon small"
                    aria-label={t('removeProbe', { n: index + 1 })}
                    onClick={() => setProbes(probes.filter((_, at) => at !== index))}
                  >
                    <X size={14} strokeWidth={1.6} />
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        {probes.length < 20 && (
          <Button size="small" icon={<Plus size={14} strokeWidth={1.6} />} onClick={() => setProbes([...probes, fresh])}>
            {t('addProbe')}
          </Button>
        )}
      </div>
    </DecisionDialog>
  )
}

/** How the application's availability is measured, and who of the two has confirmed it (ruling 11). */
export function Measurement({ application }: { application: Application }) {
  const t = useText(inventoryText)
  const lang = useLanguage()
  const may = useMay()
  const act = useAct()
  const [open, setOpen] = useState(false)
  const measurement = application.measurement
  const open2 = measurement && (!measurement.projectManager || !measurement.customer)
  const side = (label: string, confirmation: NonNullable<Application['measurement']>['customer']) => (
    <li className="row apart">
      <span>{label}</span>
      {confirmation ? (
        <Status state="kept">{t('confirmedBy', { by: confirmation.by, at: listTime(confirmation.at, lang) })}</Status>
      ) : (
        <Status state="todo">{t('notConfirmed')}</Status>
      )}
    </li>
  )
  return (
    <Sheet
      flush
      title={t('measurement')}
      note={measurement && t('measuredFrom', { at: listTime(measurement.startsAt, lang) })}
      acts={
        <>
          {may('application.measurement:C') && (
            <Button size="small" onClick={() => setOpen(true)}>
              {measurement ? t('changeMeasurement') : t('setMeasurement')}
            </Button>
          )}
          {open2 && may('application.measurement:A') && (
            <Button
              size="small"
              kind="primary"
              busy={act.busy}
              onClick={() => void act.run(() => call('inventory.confirmMeasurement', { id: application.id, rev: application.rev }))}
            >
              {t('confirm')}
            </Button>
          )}
        </>
      }
    >
      <ProblemAlert flat error={act.error} />
      {measurement ? (
        <ul className="list">
          {measurement.probes.map((probe) => (
            <li key={probe.url}>
              <span className="chip">{probe.kind}</span> <span className="mono">{probe.url}</span>
              {probe.kind === 'HTTP' && (
                <span className="note">
                  {' '}
                  {probe.expect.status} {probe.expect.contains && `“${probe.expect.contains}”`}
                </span>
              )}
            </li>
          ))}
          {side(t('confirmPm'), measurement.projectManager)}
          {side(t('confirmCustomer'), measurement.customer)}
        </ul>
      ) : (
        <p className="second sheet-line">{t('measurementNone')}</p>
      )}
      {open && <SetMeasurement application={application} onClose={() => setOpen(false)} />}
    </Sheet>
  )
}
