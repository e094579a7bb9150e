import type { ReportDeadline, ReportSummary } from '@changbai/contract/report.shapes.ts'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useRef } from 'react'
import { ask, call, callWithFile } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime, shortDay } from '../../shared/time.ts'
import { Button, DataTable, Evidence, Loaded, PageTitle, ProblemAlert, Sheet, type State, Status, useAct } from '../../shared/ui/index.ts'
import { reportText } from './reportText.ts'

export const stateOf: Record<ReportSummary['status'], State> = {
  DRAFT: 'running',
  INTERNAL: 'todo',
  APPROVED: 'planned',
  PRESENTED: 'kept',
}

/** A day of the report: what is written, where it moved, whether it was kept. */
export function Due({ one }: { one: ReportDeadline }) {
  const t = useText(reportText)
  const lang = useLanguage()
  const state: State = one.doneAt ? (one.late ? 'breach' : 'kept') : one.late ? 'breach' : 'planned'
  return (
    <span title={one.moved ? t('moved', { day: one.writtenOn, why: one.moved }) : undefined}>
      <Status state={state} quiet={state === 'kept' || state === 'planned'}>
        {shortDay(one.dueOn, lang)}
        {one.late && ` ${t('late')}`}
      </Status>
      {one.moved && <span className="note"> {t('moved', { day: shortDay(one.writtenOn, lang), why: one.moved })}</span>}
    </span>
  )
}

/** All reports, newest month first; whoever leads opens the month that is over. */
export function ReportsPage() {
  const t = useText(reportText)
  const may = useMay()
  const act = useAct()
  const navigate = useNavigate()
  const first = useQuery(ask('report.list', { limit: 1 }))
  const openable = first.data?.openable ?? null
  const go = (month: string) => void navigate({ to: `/proof/reports/${month}` as never })
  const due = (row: ReportSummary, step: ReportDeadline['step']) => {
    const one = row.deadlines.find((each) => each.step === step)
    return one ? <Due one={one} /> : '—'
  }
  return (
    <div className="page">
      <PageTitle
        title={t('reports')}
        sentence={t('reportsSentence')}
        acts={
          openable && (
            <Button
              kind="primary"
              busy={act.busy}
              onClick={() =>
                void act.run(async () => {
                  await call('report.open', { month: openable })
                  go(openable)
                })
              }
            >
              {t('open', { month: openable })}
            </Button>
          )
        }
      />
      <ProblemAlert error={act.error} />
      <div className="stack">
        <DataTable
          name="reports"
          what={t('noun')}
          about={['report']}
          ask={({ after, limit }) => ask('report.list', { after, limit } as never)}
          columns={[
            {
              key: 'month',
              title: t('month'),
              kind: 'id',
              cell: (row: ReportSummary) => <Link to={`/proof/reports/${row.month}` as never}>{row.month}</Link>,
            },
            { key: 'status', title: t('status'), cell: (row) => <Status state={stateOf[row.status]}>{t(row.status)}</Status> },
            { key: 'draft', title: t('stepDRAFT'), cell: (row) => due(row, 'DRAFT') },
            { key: 'internal', title: t('stepINTERNAL'), cell: (row) => due(row, 'INTERNAL') },
            { key: 'present', title: t('stepPRESENT'), cell: (row) => due(row, 'PRESENT') },
            { key: 'signed', title: t('signed'), kind: 'num', cell: (row) => t('of5', { n: row.signed.length }) },
            { key: 'approvals', title: t('approvals'), kind: 'num', cell: (row) => t('of4', { n: row.approved.length }) },
            { key: 'number', title: t('number'), cell: (row) => row.number, extra: true },
          ]}
          rowKey={(row) => row.id}
          open={(row) => go(row.month)}
          firstUse={{ title: t('firstUse'), help: t('firstUseHelp') }}
          phone={(row) => ({ title: row.month, right: <Status state={stateOf[row.status]}>{t(row.status)}</Status>, below: row.number })}
        />
        {may('document.template:R') && <Templates />}
      </div>
    </div>
  )
}

function Templates() {
  const t = useText(reportText)
  const lang = useLanguage()
  const act = useAct()
  const may = useMay()
  const picker = useRef<HTMLInputElement>(null)
  const query = useQuery(ask('report.templates', {}))
  return (
    <Sheet
      flush
      title={t('templates')}
      note={<span className="note">{t('templatesNote', { open: '{{', close: '}}' })}</span>}
      acts={
        may('document.template:C') && (
          <>
            <Button size="small" busy={act.busy} onClick={() => picker.current?.click()}>
              {t('upload')}
            </Button>
            <input
              ref={picker}
              type="file"
              accept=".docx"
              hidden
              onChange={(event) => {
                const file = event.target.files?.[0]
                event.target.value = ''
                if (file) void act.run(() => callWithFile('report.proposeTemplate', {}, file))
              }}
            />
          </>
        )
      }
    >
      <ProblemAlert error={act.error} />
      <Loaded query={query} rows={2}>
        {({ items }) => (
          <ul className="list">
            {items.map((one) => (
              <li key={one.id} className="row wrap apart">
                <span className="grow">
                  {/* the one that came with the plan was handed in by nobody */}
                  {one.source === 'PLAN' ? t('fromPlan') : `${t('fromUpload')} · ${one.byName}`} · {listTime(one.at, lang)}{' '}
                  <Evidence digest={one.digest.value} algorithm={one.digest.algorithm} />
                </span>
                <Status state={one.inForce ? 'kept' : one.approvedAt ? 'none' : 'todo'}>
                  {t(one.inForce ? 'inForce' : one.approvedAt ? 'replaced' : 'waitsApproval')}
                </Status>
                {one.may.includes('APPROVE') && (
                  <Button size="small" onClick={() => void act.run(() => call('report.approveTemplate', { templateId: one.id }))}>
                    {t('approve')}
                  </Button>
                )}
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Sheet>
  )
}
