import type { Downtime } from '@changbai/contract/availability.shapes.ts'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { useText } from '../../shared/text.ts'
import { fromWall, today } from '../../shared/time.ts'
import { Check, DecisionDialog, LongField, MinuteField, SelectField, useAct } from '../../shared/ui/index.ts'
import { availabilityText } from './availabilityText.ts'

export type DowntimeVerb = 'notice' | 'recognise' | 'refuse' | 'actual' | 'cancel'
const REASONS = ['UPGRADE', 'UPDATE', 'MAINTENANCE'] as const

export function ProposeDowntime({ onClose }: { onClose: () => void }) {
  const t = useText(availabilityText)
  const act = useAct()
  const measured = useQuery(ask('availability.list', { year: Number(today().slice(0, 4)) }))
  const [reason, setReason] = useState('')
  const [from, setFrom] = useState('')
  const [to, setTo] = useState('')
  const [impact, setImpact] = useState('')
  const [ids, setIds] = useState<readonly string[]>([])
  return (
    <DecisionDialog
      wide
      title={t('propose')}
      verb={t('propose')}
      reason={{ label: t('rollback') }}
      ready={reason !== '' && from !== '' && to !== '' && impact.trim() !== '' && ids.length > 0}
      act={(rollbackPlan) =>
        act.runOrThrow(() =>
          call('availability.proposeDowntime', {
            reason: reason as (typeof REASONS)[number],
            applicationIds: [...ids],
            plannedFrom: fromWall(from),
            plannedTo: fromWall(to),
            impact,
            rollbackPlan,
          }),
        )
      }
      onClose={onClose}
    >
      <SelectField label={t('reason')} value={reason} onChange={setReason} options={REASONS.map((one) => [one, t(one)] as const)} />
      <MinuteField label={t('from')} value={from} onChange={setFrom} />
      <MinuteField label={t('to')} value={to} onChange={setTo} />
      <fieldset className="stack tight">
        <legend className="second">{t('applications')}</legend>
        {(measured.data?.items ?? []).map((row) => (
          <Check
            key={row.applicationId}
            checked={ids.includes(row.applicationId)}
            onChange={(isChosen) => setIds(isChosen ? [...ids, row.applicationId] : ids.filter((id) => id !== row.applicationId))}
          >
            {row.name} <span className="note">{row.tenantName}</span>
          </Check>
        ))}
      </fieldset>
      <LongField label={t('impact')} value={impact} onChange={setImpact} maxLength={2000} />
    </DecisionDialog>
  )
}

/** The one dialog of each step; what is asked for follows from the step. */
export function DowntimeAct({ downtime, verb, onClose }: { downtime: Downtime; verb: DowntimeVerb; onClose: () => void }) {
  const t = useText(availabilityText)
  const act = useAct()
  const [from, setFrom] = useState('')
  const [to, setTo] = useState('')
  const key = { downtimeId: downtime.id, rev: downtime.rev }
  const words = { notice: 'recordNotice', recognise: 'recognise', refuse: 'refuse', actual: 'recordActual', cancel: 'cancel' } as const
  const send = (text: string): Promise<Downtime> => {
    if (verb === 'notice') return call('availability.noticeDowntime', { ...key, noticeSentAt: fromWall(from), proof: text })
    if (verb === 'actual') return call('availability.recordDowntime', { ...key, actualFrom: fromWall(from), actualTo: fromWall(to) })
    if (verb === 'cancel') return call('availability.cancelDowntime', { ...key, reason: text })
    return call('availability.decideDowntime', { ...key, recognised: verb === 'recognise', comment: text })
  }
  const reason = {
    notice: { label: t('proof') },
    actual: undefined,
    cancel: { label: t('reason') },
    recognise: { label: t('comment'), optional: true },
    refuse: { label: t('comment') },
  }[verb]
  return (
    <DecisionDialog
      title={t(words[verb])}
      verb={t(words[verb])}
      danger={verb === 'cancel' || verb === 'refuse'}
      {...(reason && { reason })}
      ready={verb === 'notice' ? from !== '' : verb === 'actual' ? from !== '' && to !== '' : true}
      act={(text) => act.runOrThrow(() => send(text))}
      onClose={onClose}
    >
      {verb === 'notice' && <MinuteField label={t('noticedAt')} value={from} onChange={setFrom} />}
      {verb === 'actual' && (
        <>
          <MinuteField label={t('from')} value={from} onChange={setFrom} />
          <MinuteField label={t('to')} value={to} onChange={setTo} />
        </>
      )}
    </DecisionDialog>
  )
}
