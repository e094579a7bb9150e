import type { PlanningPaper } from '@changbai/contract/document.ts'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { call } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime, today } from '../../shared/time.ts'
import {
  Button,
  DecisionDialog,
  EmptyState,
  PageTitle,
  Sheet,
  type State,
  Status,
  TenantField,
  TextField,
  useAct,
} from '../../shared/ui/index.ts'
import { documentText } from './documentText.ts'
import { More } from './More.tsx'

export const paperState: Record<PlanningPaper['status'], State> = { DRAFT: 'running', SENT: 'todo', ACKNOWLEDGED: 'kept' }

/** All papers to the operator and the customer, its own to a bureau. */
export function PapersPage() {
  const t = useText(documentText)
  const lang = useLanguage()
  const may = useMay()
  const [making, setMaking] = useState(false)
  const writes = may('document.write:C')
  const query = useInfiniteQuery({
    queryKey: ['document.papers', {}],
    queryFn: ({ pageParam, signal }) => call('document.papers', { limit: 30, ...(pageParam && { after: pageParam }) }, { signal }),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
  })
  const make = writes && (
    <Button kind="primary" onClick={() => setMaking(true)}>
      {t('make')}
    </Button>
  )
  return (
    <div className="page">
      <PageTitle title={t('papers')} sentence={t(may('document.acknowledge:A') ? 'papersOwn' : 'papersSentence')} acts={make} />
      <Sheet flush>
        <More query={query} empty={<EmptyState title={t('noPapers')}>{t('noPapersHelp')}</EmptyState>}>
          {(one) => (
            <li key={one.id} className="row wrap apart">
              <span className="grow">
                <Link to={`/records/papers/${one.id}` as never}>{t('paperTitle', { tenant: one.tenantName, year: one.year })}</Link>{' '}
                <span className="note">{one.number}</span>
              </span>
              <Status state={paperState[one.status]}>
                {one.ackAt
                  ? t('ackBy', { name: one.ackByName ?? '', at: listTime(one.ackAt, lang) })
                  : one.sentAt
                    ? `${t('SENT')} · ${t('sentAt', { at: listTime(one.sentAt, lang) })}`
                    : t('DRAFT')}
              </Status>
            </li>
          )}
        </More>
      </Sheet>
      {making && <Make onClose={() => setMaking(false)} />}
    </div>
  )
}

function Make({ onClose }: { onClose: () => void }) {
  const t = useText(documentText)
  const act = useAct()
  const navigate = useNavigate()
  const [tenantId, setTenantId] = useState('')
  const [year, setYear] = useState(today().slice(0, 4))
  return (
    <DecisionDialog
      title={t('makeTitle')}
      verb={t('make')}
      ready={tenantId !== '' && /^\d{4}$/.test(year)}
      act={async () => {
        const { id } = await act.runOrThrow(() => call('document.makePaper', { tenantId, year: Number(year) }))
        void navigate({ to: `/records/papers/${id}` as never })
      }}
      onClose={onClose}
    >
      <TenantField label={t('tenant')} value={tenantId} onChange={setTenantId} />
      <TextField label={t('year')} value={year} onChange={setYear} inputMode="numeric" maxLength={4} />
    </DecisionDialog>
  )
}
