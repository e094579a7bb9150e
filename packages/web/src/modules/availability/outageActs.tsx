import type { ApplicationAvailability } from '@changbai/contract/availability.shapes.ts'
import { useState } from 'react'
import { call } from '../../shared/call.ts'
import { useText } from '../../shared/text.ts'
import { fromWall, recordTime } from '../../shared/time.ts'
import { DecisionDialog, MinuteField, SelectField, useAct } from '../../shared/ui/index.ts'
import { availabilityText } from './availabilityText.ts'

type Outage = ApplicationAvailability['outages'][number]
interface Of {
  applicationId: string
  outage: Outage
  onClose: () => void
}
const DECISIONS = ['PROVIDER', 'NON_PROVIDER', 'PLANNED', 'NOT_DOWN', 'PENDING'] as const
const DOMAINS = ['FACILITY', 'NETWORK', 'SECURITY', 'VM', 'BAREMETAL', 'STORAGE', 'OPERATION'] as const

export function RuleOutage({ applicationId, outage, onClose }: Of) {
  const t = useText(availabilityText)
  const act = useAct()
  const [decision, setDecision] = useState<string>('')
  const [domain, setDomain] = useState<string>(outage.domain ?? '')
  return (
    <DecisionDialog
      title={t('decideTitle', { from: recordTime(outage.from) })}
      verb={t('decide')}
      reason={{ label: t('reason'), help: t('decideHelp') }}
      ready={decision !== ''}
      act={(reason) =>
        act.runOrThrow(() =>
          call('availability.rule', {
            applicationId,
            outageId: outage.id,
            decision: decision as (typeof DECISIONS)[number],
            domain: (domain || null) as (typeof DOMAINS)[number] | null,
            reason,
          }),
        )
      }
      onClose={onClose}
    >
      <SelectField label={t('decision')} value={decision} onChange={setDecision} options={DECISIONS.map((one) => [one, t(one)] as const)} />
      <SelectField
        label={t('domain')}
        optional
        value={domain}
        onChange={setDomain}
        options={DOMAINS.map((one) => [one, t(one)] as const)}
      />
    </DecisionDialog>
  )
}

export function DisputeRuling({ applicationId, outage, onClose }: Of) {
  const t = useText(availabilityText)
  const act = useAct()
  return (
    <DecisionDialog
      title={t('disputeTitle')}
      verb={t('dispute')}
      reason={{ label: t('reason'), help: t('disputeHelp') }}
      act={(reason) => act.runOrThrow(() => call('availability.dispute', { applicationId, outageId: outage.id, reason }))}
      onClose={onClose}
    />
  )
}

export function EndOutage({ applicationId, outage, onClose }: Of) {
  const t = useText(availabilityText)
  const act = useAct()
  const [to, setTo] = useState('')
  return (
    <DecisionDialog
      title={t('endIt')}
      verb={t('endIt')}
      reason={{ label: t('reason'), optional: true }}
      ready={to !== ''}
      act={(reason) => act.runOrThrow(() => call('availability.end', { applicationId, outageId: outage.id, to: fromWall(to), reason }))}
      onClose={onClose}
    >
      <MinuteField label={t('endedAt')} value={to} onChange={setTo} />
    </DecisionDialog>
  )
}

export function ReportOutage({ applicationId, onClose }: { applicationId: string; onClose: () => void }) {
  const t = useText(availabilityText)
  const act = useAct()
  const [from, setFrom] = useState('')
  const [to, setTo] = useState('')
  const [domain, setDomain] = useState('')
  return (
    <DecisionDialog
      title={t('reportTitle')}
      verb={t('report')}
      reason={{ label: t('whatHappened'), help: t('reportHelp') }}
      ready={from !== ''}
      act={(note) =>
        act.runOrThrow(() =>
          call('availability.report', {
            applicationId,
            from: fromWall(from),
            to: to === '' ? null : fromWall(to),
            domain: (domain || null) as (typeof DOMAINS)[number] | null,
            note,
          }),
        )
      }
      onClose={onClose}
    >
      <MinuteField label={t('from')} value={from} onChange={setFrom} />
      <MinuteField label={t('to')} optional help={t('stillDown')} value={to} onChange={setTo} />
      <SelectField
        label={t('domain')}
        optional
        value={domain}
        onChange={setDomain}
        options={DOMAINS.map((one) => [one, t(one)] as const)}
      />
    </DecisionDialog>
  )
}
