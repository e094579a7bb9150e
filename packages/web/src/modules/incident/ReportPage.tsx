import './incident.css'
import { Criterion, severityOf } from '@changbai/contract/incident.shapes.ts'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { useSession } from '../../shared/session.ts'
import { useText } from '../../shared/text.ts'
import {
  Button,
  Check,
  FormSection,
  LongField,
  PageTitle,
  ProblemAlert,
  SelectField,
  Sheet,
  TenantField,
  TextField,
  useAct,
} from '../../shared/ui/index.ts'
import { SeverityMark } from './Clocks.tsx'
import { incidentText } from './incidentText.ts'

/** Ticks that decide the severity, with what it will be. */
export function Criteria({ value, onChange }: { value: readonly Criterion[]; onChange: (value: Criterion[]) => void }) {
  const say = useText(incidentText)
  const level = severityOf(value)
  return (
    <div className="stack tight">
      <div className="ticks">
        {Criterion.options.map((one) => (
          <Check
            key={one}
            checked={value.includes(one)}
            onChange={(on) => onChange(on ? [...value, one] : value.filter((other) => other !== one))}
          >
            {say(one)}
          </Check>
        ))}
      </div>
      {value.length > 0 && (
        <p className="row">
          <SeverityMark level={level} /> {say('becomes', { level })}
        </p>
      )}
    </div>
  )
}

/** A bureau's report: a page one fills in a minute. */
export function ReportPage() {
  const say = useText(incidentText)
  const session = useSession()
  const navigate = useNavigate()
  const { busy, error, run } = useAct()
  const own = session?.grants.find((grant) => grant.tenantId)?.tenantId ?? ''
  const [title, setTitle] = useState('')
  const [symptom, setSymptom] = useState('')
  const [criteria, setCriteria] = useState<Criterion[]>([])
  const [tenantId, setTenantId] = useState(own)
  const [applicationId, setApplicationId] = useState('')
  const [phone, setPhone] = useState('')
  const [isSecurity, setSecurity] = useState(false)
  const applications = useQuery(ask('inventory.listApplications', { limit: 200 } as never))
  const items = (applications.data as { items: { id: string; name: string; tenantId: string }[] } | undefined)?.items ?? []
  const choices = items.filter((one) => !tenantId || one.tenantId === tenantId)

  const send = () =>
    run(async () => {
      const made = await call('incident.report', {
        title,
        symptom,
        criteria,
        tenantId: tenantId || null,
        applicationId: applicationId || null,
        reporterName: session?.person.name ?? '',
        reporterPhone: phone,
        isSecurity,
      })
      await navigate({ to: `/duty/incidents/${made.id}` as string })
    })
  return (
    <div className="page">
      <PageTitle title={say('reportOne')} sentence={say('criteriaHelp')} />
      <Sheet>
        <div className="stack">
          <FormSection title={say('symptom')}>
            <TextField label={say('title')} value={title} onChange={setTitle} maxLength={120} full />
            <LongField label={say('symptom')} help={say('symptomHelp')} value={symptom} onChange={setSymptom} maxLength={4000} full />
          </FormSection>
          <section className="form-section">
            <h3>{say('criteria')}</h3>
            <Criteria value={criteria} onChange={setCriteria} />
          </section>
          <FormSection title={say('reporter')}>
            {!own && <TenantField label={say('tenant')} optional value={tenantId} onChange={setTenantId} />}
            <SelectField
              label={say('application')}
              optional
              value={applicationId}
              empty={say('noApplication')}
              options={choices.map((one) => [one.id, one.name] as const)}
              onChange={setApplicationId}
            />
            <TextField label={say('phone')} value={phone} onChange={setPhone} type="tel" autoComplete="tel" maxLength={30} optional />
          </FormSection>
          <Check checked={isSecurity} onChange={setSecurity}>
            {say('isSecurity')}
          </Check>
          <ProblemAlert error={error} />
          <p>
            <Button kind="primary" busy={busy} onClick={() => void send()}>
              {say('send')}
            </Button>
          </p>
        </div>
      </Sheet>
    </div>
  )
}
