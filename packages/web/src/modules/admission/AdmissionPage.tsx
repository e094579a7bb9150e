import type { AdmissionDetail } from '@changbai/contract/admission.ts'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { useText } from '../../shared/text.ts'
import { Button, ButtonLink, DecisionDialog, Loaded, ProblemAlert, useAct } from '../../shared/ui/index.ts'
import { FormTab, MatterFrame, ProcessCourse, Reviews, requestText, StartRequest } from '../request/index.ts'

export function AdmissionPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useQuery(ask('admission.get', { admissionId: id }))
  return (
    <div className="page">
      <Loaded query={query}>{(admission) => <AdmissionView admission={admission} />}</Loaded>
    </div>
  )
}

function AdmissionView({ admission }: { admission: AdmissionDetail }) {
  const say = useText(requestText)
  return (
    <MatterFrame
      matter={admission}
      marks={
        admission.admissionNo && (
          <>
            {say('admissionNo')} <code>{admission.admissionNo}</code>
            {admission.validUntil && ` ${say('validUntil', { on: admission.validUntil })}`}
          </>
        )
      }
      acts={<Acts admission={admission} />}
      papers={[
        ['form', say('admissionForm'), () => <FormTab formId={admission.formId} />],
        ['catalog', say('catalog'), () => <FormTab formId={admission.catalogId} />],
        ['reviews', `${say('reviews')} ${admission.reviews.length}`, () => <Reviews reviews={admission.reviews} />],
      ]}
      onward={say('admitted')}
      course={admission.instanceId && <ProcessCourse instanceId={admission.instanceId} />}
    />
  )
}

function Acts({ admission }: { admission: AdmissionDetail }) {
  const say = useText(requestText)
  const act = useAct()
  const [open, setOpen] = useState<'withdraw' | 'request' | null>(null)
  const admissionId = admission.id
  const { may } = admission
  const submit = async (): Promise<unknown> => {
    const { form, catalog } = await call('admission.gaps', { admissionId })
    return call('admission.submit', { admissionId, rev: form.rev, catalogRev: catalog.rev })
  }
  return (
    <>
      {may.includes('EDIT') && <ButtonLink to={`/work/forms/${admission.catalogId}`}>{`${say('edit')} · ${say('catalog')}`}</ButtonLink>}
      {may.includes('EDIT') && <ButtonLink to={`/work/forms/${admission.formId}`}>{`${say('edit')} · ${say('admissionForm')}`}</ButtonLink>}
      {may.includes('SUBMIT') && (
        <Button kind="primary" busy={act.busy} onClick={() => void act.run(submit)}>
          {say('submit')}
        </Button>
      )}
      {may.includes('START_REQUEST') && (
        <Button kind="primary" onClick={() => setOpen('request')}>
          {say('newRequest')}
        </Button>
      )}
      {may.includes('WITHDRAW') && <Button onClick={() => setOpen('withdraw')}>{say('withdraw')}</Button>}
      {act.error !== null && <ProblemAlert error={act.error} />}
      {open === 'withdraw' && (
        <DecisionDialog
          title={`${say('withdraw')} ${admission.number}`}
          verb={say('withdraw')}
          danger
          reason={{ label: say('reason') }}
          act={(reason) => act.runOrThrow(() => call('admission.withdraw', { admissionId, reason }))}
          onClose={() => setOpen(null)}
        />
      )}
      {open === 'request' && <StartRequest admissionId={admissionId} onClose={() => setOpen(null)} />}
    </>
  )
}
