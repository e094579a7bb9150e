import type { AdmissionDetail } from '@changbai/contract/admission.ts'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { pick, useLanguage, useText } from '../../shared/text.ts'
import {
  Button,
  ButtonLink,
  DecisionDialog,
  Loaded,
  PageTitle,
  ProblemAlert,
  Sheet,
  Tabs,
  Timeline,
  useAct,
} from '../../shared/ui/index.ts'
import { ActiveTasks, InstancePanel, outcomeWord } from '../process/index.ts'
import { FormTab, kindWord, MatterState, NextStep, Reviews, requestText, StartRequest, StepDeadline } from '../request/index.ts'

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
  const [shown, setShown] = useState<'form' | 'catalog' | 'reviews'>('form')
  const { instanceId, rejection } = admission
  return (
    <>
      <PageTitle
        title={`${admission.appName || admission.number} · ${kindWord(admission.kind)}`}
        mark={<MatterState status={admission.status} />}
        sentence={
          <>
            <code>{admission.number}</code> · {admission.tenantName} · {say('applicant')} {admission.applicantName}
            {admission.admissionNo && (
              <>
                {' '}
                · {say('admissionNo')} <code>{admission.admissionNo}</code>
                {admission.validUntil && ` ${say('validUntil', { on: admission.validUntil })}`}
              </>
            )}{' '}
            · <NextStep step={admission.step} />
          </>
        }
        acts={<Acts admission={admission} />}
      />
      {rejection && (
        <div className="notice breach">
          {say('rejected', { reason: rejection.reason })}
          {rejection.advice && ` ${say('advice', { advice: rejection.advice })}`}
        </div>
      )}
      {admission.leaderReasons.length > 0 && !rejection && (
        <div className="notice risk">
          {say('leaderNeeded')}：{admission.leaderReasons.map((one) => pick(one.message)).join('；')}
        </div>
      )}
      <div className="split">
        <div className="stack">
          {instanceId && <InstancePanel instanceId={instanceId} />}
          {instanceId && <ActiveTasks instanceId={instanceId} />}
          <Sheet flush>
            <Tabs
              label={say('admissionForm')}
              value={shown}
              onChange={setShown}
              options={[
                ['form', say('admissionForm')],
                ['catalog', say('catalog')],
                ['reviews', `${say('reviews')} ${admission.reviews.length}`],
              ]}
            />
            <div className="sheet-body">
              {shown === 'form' && <FormTab formId={admission.formId} />}
              {shown === 'catalog' && <FormTab formId={admission.catalogId} />}
              {shown === 'reviews' && <Reviews reviews={admission.reviews} />}
            </div>
          </Sheet>
        </div>
        <div className="stack">
          <StepDeadline step={admission.step} />
          {instanceId && <Course instanceId={instanceId} />}
        </div>
      </div>
    </>
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
          act={(reason) => act.run(() => call('admission.withdraw', { admissionId, reason }))}
          onClose={() => setOpen(null)}
        />
      )}
      {open === 'request' && <StartRequest admissionId={admissionId} onClose={() => setOpen(null)} />}
    </>
  )
}

function Course({ instanceId }: { instanceId: string }) {
  const say = useText(requestText)
  const lang = useLanguage()
  const query = useQuery(ask('process.history', { instanceId }))
  return (
    <Sheet title={say('course')}>
      <Loaded query={query} rows={4}>
        {({ items }) => (
          <Timeline
            entries={items.map((event) => ({
              key: `${event.instanceId}-${event.seq}`,
              at: event.at,
              state: event.kind === 'incident' || event.kind === 'error' ? 'breach' : 'kept',
              title:
                [event.actor?.name, event.nodeName, event.outcome && outcomeWord(event.outcome, lang)].filter(Boolean).join(' · ') ||
                event.kind,
              note: event.comment,
            }))}
          />
        )}
      </Loaded>
    </Sheet>
  )
}
