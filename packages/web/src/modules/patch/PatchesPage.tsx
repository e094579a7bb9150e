import type { PatchBaseline, PatchRound } from '@changbai/contract/patch.ts'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { ask } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { count, listTime, shortDay, windowWords } from '../../shared/time.ts'
import { Button, DataTable, EmptyState, type ListInput, Loaded, PageTitle, Sheet, type State, Status } from '../../shared/ui/index.ts'
import { PlanDialog, PublishDialog } from './dialogs.tsx'
import { patchText } from './patchText.ts'

export const roundStates: Record<PatchRound['state'], State> = { PLANNED: 'planned', RUNNING: 'running', CLOSED: 'kept', CANCELLED: 'none' }

/** What each image should be at, how far its servers are, and the rounds that bring them there. */
export function PatchesPage() {
  const say = useText(patchText)
  const may = useMay()
  const reads = may('patch.read:R')
  const query = useQuery({ ...ask('patch.baselines', {}), enabled: reads })
  const [publishing, setPublishing] = useState(false)
  const [planning, setPlanning] = useState<PatchBaseline | null>(null)
  const items = query.data?.items ?? []
  const sum = (of: (one: PatchBaseline) => number) => items.reduce((total, one) => total + of(one), 0)
  const [servers, patched] = [sum((one) => one.servers), sum((one) => one.patched)]
  return (
    <div className="page">
      <PageTitle
        title={say('patches')}
        sentence={
          query.data &&
          (items.length === 0
            ? say('sentenceNone')
            : patched === servers
              ? say('sentenceAll', { servers })
              : say('sentence', { servers, patched, behind: servers - patched }))
        }
        acts={
          may('patch.manage:C') && (
            <Button kind="primary" onClick={() => setPublishing(true)}>
              {say('publish')}
            </Button>
          )
        }
      />
      <div className="stack">
        {reads && (
          <Sheet title={say('baselines')} flush>
            <Loaded query={query} rows={3}>
              {(data) =>
                data.items.length === 0 ? (
                  <EmptyState title={say('sentenceNone')} />
                ) : (
                  <Baselines items={data.items} plan={may('patch.manage:C') ? setPlanning : undefined} />
                )
              }
            </Loaded>
          </Sheet>
        )}
        <Rounds />
      </div>
      {publishing && <PublishDialog onClose={() => setPublishing(false)} />}
      {planning && <PlanDialog baseline={planning} onClose={() => setPlanning(null)} />}
    </div>
  )
}

function Baselines({ items, plan }: { items: readonly PatchBaseline[]; plan: ((baseline: PatchBaseline) => void) | undefined }) {
  const say = useText(patchText)
  const lang = useLanguage()
  return (
    <div className="grid-scroll">
      <table className="grid">
        <thead>
          <tr>
            <th>{say('image')}</th>
            <th>{say('version')}</th>
            <th>{say('severity')}</th>
            <th>{say('summary')}</th>
            <th>{say('publishedOn')}</th>
            <th className="num">{say('reached')}</th>
            <th className="num">{say('plannedOn')}</th>
            <th />
          </tr>
        </thead>
        <tbody>
          {items.map((one) => (
            <tr key={one.id}>
              <td style={{ minWidth: '12em' }}>{one.imageName}</td>
              <td className="nowrap">{say('versionN', { n: one.version })}</td>
              <td>
                <Status state={one.severity === 'CRITICAL' ? 'risk' : 'none'}>{say(one.severity)}</Status>
              </td>
              <td style={{ minWidth: '20em' }}>
                {one.summary}
                {one.packages.length > 0 && (
                  <div className="second mono">{one.packages.map(({ name, version }) => `${name} ${version}`).join('　')}</div>
                )}
              </td>
              <td>{shortDay(one.publishedOn, lang)}</td>
              <td className="num">
                {count(one.patched)} / {count(one.servers)}
              </td>
              <td className="num">{count(one.planned)}</td>
              <td>
                {plan && one.patched + one.planned < one.servers && (
                  <Button size="small" onClick={() => plan(one)}>
                    {say('plan')}
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Rounds() {
  const say = useText(patchText)
  const lang = useLanguage()
  const navigate = useNavigate()
  const results = ({ counts }: PatchRound) => `${counts.DONE} / ${counts.DONE + counts.FAILED + counts.SKIPPED + counts.PENDING}`
  return (
    <DataTable
      name="patchRounds"
      what={say('rounds')}
      ask={(input: ListInput) => ask('patch.rounds', input as never)}
      about={['patch-round']}
      columns={[
        { key: 'number', title: say('number'), kind: 'id', cell: (row) => row.number },
        { key: 'title', title: say('title'), kind: 'name', cell: (row) => row.title },
        { key: 'image', title: say('image'), cell: (row) => `${row.imageName} · ${say('versionN', { n: row.baselineVersion })}` },
        { key: 'state', title: say('state'), cell: (row) => <Status state={roundStates[row.state]}>{say(row.state)}</Status> },
        { key: 'window', title: say('window'), cell: (row) => windowWords(row.windowFrom, row.windowTo, lang) },
        { key: 'results', title: say('DONE'), kind: 'num', cell: results },
        { key: 'failed', title: say('FAILED'), kind: 'num', cell: (row) => count(row.counts.FAILED) },
      ]}
      rowKey={(row: PatchRound) => row.id}
      open={(row) => void navigate({ to: `/duty/patches/${row.id}` as string })}
      views={[
        { key: 'open', label: say('openOnes'), filters: { open: 'true' } },
        { key: 'all', label: say('all'), filters: {} },
      ]}
      firstUse={{ title: say('none'), help: say('firstUse') }}
      phone={(row) => ({
        title: row.title,
        right: <Status state={roundStates[row.state]}>{say(row.state)}</Status>,
        below: `${row.number} · ${results(row)}`,
        belowRight: listTime(row.windowFrom, lang),
      })}
    />
  )
}
