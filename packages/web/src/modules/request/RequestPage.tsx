import type { RequestDetail } from '@changbai/contract/request.ts'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { pick, useText } from '../../shared/text.ts'
import { count } from '../../shared/time.ts'
import { Button, ButtonLink, DecisionDialog, Loaded, ProblemAlert, Status, useAct } from '../../shared/ui/index.ts'
import { WorkOrdersOf } from '../provisioning/index.ts'
import { RequestCourse } from './Course.tsx'
import { FormTab } from './FormTab.tsx'
import { MatterFrame } from './MatterFrame.tsx'
import { Reviews } from './matter.tsx'
import { requestText } from './requestText.ts'
import { splitExtra } from './split.tsx'

export function RequestPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useQuery(ask('request.get', { requestId: id }))
  return (
    <div className="page">
      <Loaded query={query}>{(request) => <RequestView request={request} />}</Loaded>
    </div>
  )
}

function RequestView({ request }: { request: RequestDetail }) {
  const say = useText(requestText)
  return (
    <MatterFrame
      matter={request}
      marks={<code>{request.admissionNo}</code>}
      acts={<Acts request={request} />}
      papers={[
        ['form', say('form'), () => <FormTab formId={request.formId} />],
        ['catalog', say('catalog'), () => <FormTab formId={request.catalogId} />],
        ['check', say('check'), () => <TotalsCheckTable request={request} />],
        ['reviews', `${say('reviews')} ${request.reviews.length}`, () => <Reviews reviews={request.reviews} />],
        ['orders', say('workOrders'), () => <WorkOrdersOf requestId={request.id} />],
      ]}
      onward={say('inOrders')}
      extraOf={(formKey) => splitExtra(formKey, request)}
      course={<RequestCourse requestId={request.id} />}
    />
  )
}

function Acts({ request }: { request: RequestDetail }) {
  const say = useText(requestText)
  const act = useAct()
  const [leaving, setLeaving] = useState<'WITHDRAW' | 'CANCEL' | null>(null)
  const { may } = request
  const requestId = request.id
  return (
    <>
      {may.includes('EDIT_CATALOG') && (
        <ButtonLink to={`/work/forms/${request.catalogId}`}>{`${say('edit')} · ${say('catalog')}`}</ButtonLink>
      )}
      {may.includes('EDIT_FORM') && (
        <ButtonLink kind={may.includes('SUBMIT') ? 'plain' : 'primary'} to={`/work/forms/${request.formId}`}>
          {`${say('edit')} · ${say('form')}`}
        </ButtonLink>
      )}
      {may.includes('SUBMIT') && (
        <Button kind="primary" busy={act.busy} onClick={() => void act.run(() => call('request.submit', { requestId, rev: request.rev }))}>
          {say('submit')}
        </Button>
      )}
      {may.includes('WITHDRAW') && <Button onClick={() => setLeaving('WITHDRAW')}>{say('withdraw')}</Button>}
      {may.includes('CANCEL') && <Button onClick={() => setLeaving('CANCEL')}>{say('cancel')}</Button>}
      {act.error !== null && <ProblemAlert error={act.error} />}
      {leaving && (
        <DecisionDialog
          title={`${leaving === 'WITHDRAW' ? say('withdraw') : say('cancel')} ${request.number}`}
          verb={leaving === 'WITHDRAW' ? say('withdraw') : say('cancel')}
          danger
          reason={{ label: say('reason') }}
          act={(reason) =>
            act.runOrThrow<unknown>(() =>
              leaving === 'WITHDRAW' ? call('request.withdraw', { requestId, reason }) : call('request.cancel', { requestId, reason }),
            )
          }
          onClose={() => setLeaving(null)}
        />
      )}
    </>
  )
}

function TotalsCheckTable({ request }: { request: RequestDetail }) {
  const say = useText(requestText)
  const ok = request.totalsCheck.every((row) => row.within)
  return (
    <>
      <Status state={ok ? 'kept' : 'risk'}>{ok ? say('consistent') : say('inconsistent')}</Status>
      <table className="grid">
        <thead>
          <tr>
            <th>{say('check')}</th>
            <th className="num">{say('inForm')}</th>
            <th className="num">{say('inCatalog')}</th>
            <th className="num">{say('deviation')}</th>
          </tr>
        </thead>
        <tbody>
          {request.totalsCheck.map((row) => (
            <tr key={row.key}>
              <td>{pick(row.label)}</td>
              <td className="num">
                {count(row.form)} {row.unit}
              </td>
              <td className="num">
                {count(row.catalog)} {row.unit}
              </td>
              <td className="num">
                {row.deviationPct === null ? '—' : <Status state={row.within ? 'kept' : 'risk'}>{`${row.deviationPct}%`}</Status>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}
