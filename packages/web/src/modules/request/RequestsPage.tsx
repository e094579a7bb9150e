import type { RequestSummary } from '@changbai/contract/request.ts'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, download } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { pick, useLanguage, useText } from '../../shared/text.ts'
import { count, listTime } from '../../shared/time.ts'
import { Button, type Column, DataTable, type ListInput, PageTitle } from '../../shared/ui/index.ts'
import { matterFilters, matterViews } from './lists.ts'
import { HandlerCell, kindWord, LeftCell, MatterState } from './matter.tsx'
import { requestText } from './requestText.ts'
import { StartRequest } from './StartRequest.tsx'

const sizeWords = (row: RequestSummary, vcpu: string, baremetal: string): string =>
  [
    row.totals.vcpu > 0 && `${count(row.totals.vcpu)} ${vcpu}`,
    row.totals.baremetalCount > 0 && `${baremetal} ${row.totals.baremetalCount}`,
    row.totals.blockGiB > 0 && `${count(row.totals.blockGiB)} GiB`,
  ]
    .filter(Boolean)
    .join(' · ') || '—'

export function RequestsPage() {
  const say = useText(requestText)
  const lang = useLanguage()
  const may = useMay()
  const navigate = useNavigate()
  const [starting, setStarting] = useState(false)
  const open = (row: RequestSummary): void => void navigate({ to: `/work/requests/${row.id}` as string })
  const columns: Column<RequestSummary>[] = [
    { key: 'number', title: say('number'), kind: 'id', sort: 'number', cell: (row) => row.number },
    { key: 'app', title: say('application'), kind: 'name', cell: (row) => row.appName },
    { key: 'tenant', title: say('tenant'), cell: (row) => row.tenantName },
    { key: 'kind', title: say('kind'), cell: (row) => kindWord(row.kind) },
    { key: 'size', title: say('size'), kind: 'num', cell: (row) => sizeWords(row, say('vcpu'), say('baremetal')) },
    { key: 'status', title: say('status'), cell: (row) => <MatterState status={row.status} /> },
    { key: 'handler', title: say('handler'), cell: (row) => <HandlerCell step={row.step} /> },
    { key: 'left', title: say('left'), cell: (row) => <LeftCell step={row.step} /> },
    { key: 'updated', title: say('updated'), sort: 'updatedAt', cell: (row) => listTime(row.updatedAt, lang) },
    { key: 'applicant', title: say('applicant'), extra: true, cell: (row) => row.applicantName },
    { key: 'admissionNo', title: say('admissionNo'), extra: true, cell: (row) => row.admissionNo },
  ]
  return (
    <div className="page">
      <PageTitle
        title={say('requests')}
        acts={
          may('request.submit:C') && (
            <Button kind="primary" onClick={() => setStarting(true)}>
              {say('newRequest')}
            </Button>
          )
        }
      />
      <DataTable
        name="requests"
        what={say('requests')}
        ask={(input: ListInput) => ask('request.list', input as never)}
        about={['request', 'task', 'instance', 'form']}
        onExport={(input, format) => download('request.exportList', { ...input, format } as never)}
        columns={columns}
        rowKey={(row) => row.id}
        open={open}
        filters={matterFilters(say, pick)}
        views={matterViews(say)}
        searchHint={say('search')}
        defaultSort="-updatedAt"
        firstUse={{ title: say('requests'), help: say('firstUse') }}
        phone={(row) => ({
          title: row.appName,
          right: <MatterState status={row.status} />,
          below: `${row.number} · ${row.tenantName}`,
          belowRight: <LeftCell step={row.step} />,
        })}
      />
      {starting && <StartRequest onClose={() => setStarting(false)} />}
    </div>
  )
}
