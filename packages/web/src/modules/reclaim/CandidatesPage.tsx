import type { Finding } from '@changbai/contract/reclaim.ts'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { pick, useLanguage, useText } from '../../shared/text.ts'
import { addDays, listTime, percent, today } from '../../shared/time.ts'
import {
  Button,
  type Column,
  DataTable,
  DayField,
  DecisionDialog,
  type ListInput,
  PageTitle,
  ProblemAlert,
  SelectField,
  type State,
  Status,
  useAct,
} from '../../shared/ui/index.ts'
import { Amounts, ReclaimTabs } from './parts.tsx'
import { reclaimText } from './reclaimText.ts'

const tones: Record<Finding['verdict'], State> = {
  RELEASE: 'breach',
  RIGHT_SIZE: 'risk',
  CLUSTER_SHRINK: 'risk',
  SHRINK: 'risk',
  NO_CONCLUSION: 'none',
}

/** What the last look named, and why; a case or an exemption begins here. */
export function CandidatesPage() {
  const say = useText(reclaimText)
  const lang = useLanguage()
  const may = useMay()
  const act = useAct()
  const navigate = useNavigate()
  const runs = useQuery(ask('reclaim.runs', {}))
  const [acting, setActing] = useState<{ what: 'start' | 'exempt'; finding: Finding } | null>(null)
  const [run] = runs.data?.items ?? []
  const shadow = runs.data?.shadowUntil
  const columns: Column<Finding>[] = [
    { key: 'item', title: say('item'), kind: 'name', cell: (row) => row.itemName },
    { key: 'subject', title: say('subject'), cell: (row) => say(row.subject) },
    { key: 'verdict', title: say('verdict'), cell: (row) => <Status state={tones[row.verdict]}>{say(row.verdict)}</Status> },
    { key: 'reason', title: say('reason'), cell: (row) => <span className="second">{pick(row.reason, lang)}</span> },
    {
      key: 'coverage',
      title: say('coverage'),
      kind: 'num',
      cell: (row) => (typeof row.figures.coverage === 'number' ? percent(row.figures.coverage) : '—'),
    },
    { key: 'size', title: say('saving'), extra: true, cell: (row) => <Amounts amounts={row} /> },
    { key: 'tenant', title: say('tenant'), cell: (row) => row.tenantName ?? '—' },
    { key: 'application', title: say('application'), extra: true, cell: (row) => row.applicationName ?? '—' },
    {
      key: 'act',
      title: say('assess'),
      cell: (row) =>
        row.caseId ? (
          <Link to={`/work/reclaim/${row.caseId}` as string}>{say('openCase')}</Link>
        ) : (
          <span className="row wrap">
            {row.excluded && <span className="second">{say(row.excluded)}</span>}
            {row.excluded !== 'OPEN_CASE' && row.verdict !== 'NO_CONCLUSION' && may('reclaim.initiate:C') && (
              <Button size="small" onClick={() => setActing({ what: 'start', finding: row })}>
                {say('start')}
              </Button>
            )}
            {row.excluded !== 'EXEMPT' && may('reclaim.report.write:A') && (
              <Button size="small" onClick={() => setActing({ what: 'exempt', finding: row })}>
                {say('exempt')}
              </Button>
            )}
          </span>
        ),
    },
  ]
  return (
    <div className="page">
      <PageTitle
        title={say('reclaim')}
        sentence={[
          run ? say('lastRun', { at: listTime(run.at, lang), by: run.byName, n: run.lookedAt }) : say('noRun'),
          shadow && say('shadowUntil', { day: shadow }),
        ]
          .filter(Boolean)
          .join(' · ')}
        acts={
          (may('reclaim.report.write:A') || may('reclaim.report.write:U')) && (
            <Button busy={act.busy} onClick={() => void act.run(() => call('reclaim.detect', {}))}>
              {say('detect')}
            </Button>
          )
        }
      />
      <ReclaimTabs />
      <ProblemAlert error={act.error} />
      <DataTable
        key={run?.id ?? ''}
        name="reclaim-candidates"
        what={say('candidates')}
        ask={(input: ListInput) => ask('reclaim.candidates', input as never)}
        about={['reclaim', 'reclaim-run']}
        columns={columns}
        rowKey={(row) => row.id}
        filters={[
          {
            key: 'subject',
            label: say('subject'),
            options: (['SERVER', 'CLUSTER', 'VOLUME'] as const).map((one) => [one, say(one)] as const),
          },
        ]}
        views={[
          { key: 'all', label: say('all'), filters: {} },
          ...(['RELEASE', 'RIGHT_SIZE', 'CLUSTER_SHRINK', 'SHRINK', 'NO_CONCLUSION'] as const).map((verdict) => ({
            key: verdict,
            label: say(verdict),
            filters: { verdict },
          })),
        ]}
        searchHint={say('item')}
        firstUse={{ title: say('noCandidates'), help: say('noCandidatesHelp') }}
        phone={(row) => ({
          title: row.itemName,
          right: <Status state={tones[row.verdict]}>{say(row.verdict)}</Status>,
          below: pick(row.reason, lang),
          belowRight: row.excluded ? say(row.excluded) : '',
        })}
      />
      {acting?.what === 'start' && (
        <DecisionDialog
          title={say('startOf', { name: acting.finding.itemName })}
          verb={say('start')}
          reason={{ label: say('why'), optional: true, initial: acting.finding.reason.zh }}
          act={async (reason) => {
            const { subject, itemId, id } = acting.finding
            const made = await act.runOrThrow(() => call('reclaim.start', { subject, itemId, reason, findingId: id }))
            void navigate({ to: `/work/reclaim/${made.id}` as string })
          }}
          onClose={() => setActing(null)}
        />
      )}
      {acting?.what === 'exempt' && (
        <ExemptDialog itemId={acting.finding.itemId} name={acting.finding.itemName} onClose={() => setActing(null)} />
      )}
    </div>
  )
}

export function ExemptDialog({ itemId, name, onClose }: { itemId: string; name: string; onClose(): void }) {
  const say = useText(reclaimText)
  const act = useAct()
  const [kind, setKind] = useState<'SEASONAL' | 'DR_STANDBY' | 'OTHER'>('SEASONAL')
  const [untilOn, setUntilOn] = useState(addDays(today(), 90))
  return (
    <DecisionDialog
      title={say('exemptOf', { name })}
      verb={say('exempt')}
      reason={{ label: say('why'), help: say('exemptionNote') }}
      ready={untilOn !== ''}
      act={(reason) => act.runOrThrow(() => call('reclaim.exempt', { itemIds: [itemId], kind, reason, untilOn }))}
      onClose={onClose}
    >
      <SelectField
        label={say('kind')}
        value={kind}
        options={(['SEASONAL', 'DR_STANDBY', 'OTHER'] as const).map((one) => [one, say(one)] as const)}
        onChange={(next) => setKind(next as 'SEASONAL')}
      />
      <DayField label={say('until')} value={untilOn} onChange={setUntilOn} />
    </DecisionDialog>
  )
}
