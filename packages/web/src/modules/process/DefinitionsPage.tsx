import type { Proposal } from '@changbai/contract/process.ts'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import { Button, DecisionDialog, EmptyState, Loaded, PageTitle, Sheet, useAct } from '../../shared/ui/index.ts'
import { definitionText } from './definitionText.ts'

/** The processes in force, and the versions that wait for a second person. */
export function DefinitionsPage() {
  const say = useText(definitionText)
  const lang = useLanguage()
  const navigate = useNavigate()
  const query = useQuery(ask('process.definitions', {}))
  const proposals = useQuery(ask('process.proposals', { state: 'WAITING' }))
  return (
    <div className="page">
      <PageTitle title={say('processes')} sentence={say('sentence')} />
      <div className="stack">
        <Sheet flush>
          <Loaded query={query} rows={3}>
            {({ items }) => (
              <table className="grid">
                <thead>
                  <tr>
                    <th>{say('name')}</th>
                    <th>{say('key')}</th>
                    <th className="num">{say('version')}</th>
                    <th>{say('deployed')}</th>
                    <th>{say('by')}</th>
                    <th>{say('approvedBy')}</th>
                    <th className="num">{say('open')}</th>
                  </tr>
                </thead>
                <tbody>
                  {items.map((item) => (
                    <tr key={item.key} onDoubleClick={() => void navigate({ to: `/plan/processes/${item.key}` as string })}>
                      <td>
                        <Link to={`/plan/processes/${item.key}` as string}>{item.name}</Link>
                      </td>
                      <td>
                        <code>{item.key}</code>
                      </td>
                      <td className="num">{item.version}</td>
                      <td>{listTime(item.deployedAt, lang)}</td>
                      <td>{item.deployedBy.name}</td>
                      <td>{item.approvedBy?.name ?? '—'}</td>
                      <td className="num">{item.openInstances}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            )}
          </Loaded>
        </Sheet>
        <Sheet title={say('proposals')}>
          <Loaded query={proposals} rows={2}>
            {({ items }) =>
              items.length === 0 ? (
                <EmptyState title={say('noProposals')} />
              ) : (
                <ul className="plain-list">
                  {items.map((item) => (
                    <ProposalLine key={item.id} proposal={item} />
                  ))}
                </ul>
              )
            }
          </Loaded>
        </Sheet>
      </div>
    </div>
  )
}

function ProposalLine({ proposal }: { proposal: Proposal }) {
  const say = useText(definitionText)
  const lang = useLanguage()
  const may = useMay()
  const act = useAct()
  const [deciding, setDeciding] = useState<boolean | null>(null)
  const changes = useQuery({
    ...ask('process.compare', { key: proposal.key, from: proposal.baseVersion, to: proposal.id }),
    enabled: proposal.baseVersion > 0,
  })
  return (
    <li className="stack tight">
      <div>
        <strong>{proposal.name}</strong> · {proposal.proposedBy.name} · {listTime(proposal.proposedAt, lang)} · {proposal.reason}
      </div>
      {changes.data && <ChangeList changes={changes.data.changes} />}
      {may('process.definition.edit:A') && (
        <div className="page-acts">
          <Button kind="primary" busy={act.busy} onClick={() => setDeciding(true)}>
            {say('approve')}
          </Button>
          <Button onClick={() => setDeciding(false)}>{say('reject')}</Button>
        </div>
      )}
      {deciding !== null && (
        <DecisionDialog
          title={`${deciding ? say('approve') : say('reject')} · ${proposal.name}`}
          verb={deciding ? say('approve') : say('reject')}
          reason={{ label: say('reason'), optional: deciding }}
          act={async (comment) => {
            await call('process.decide', { proposalId: proposal.id, approve: deciding, comment })
            await act.run(async () => {})
          }}
          onClose={() => setDeciding(null)}
        />
      )}
    </li>
  )
}

interface Change {
  element: string
  type: string
  name: string
  kind: 'ADDED' | 'REMOVED' | 'CHANGED' | 'MOVED'
  attributes: readonly { name: string; from: string | null; to: string | null }[]
}

export function ChangeList({ changes }: { changes: readonly Change[] }) {
  const say = useText(definitionText)
  if (changes.length === 0) return <p className="second">{say('noChanges')}</p>
  return (
    <table className="grid">
      <thead>
        <tr>
          <th>{say('element')}</th>
          <th>{say('change')}</th>
        </tr>
      </thead>
      <tbody>
        {changes.map((change) => (
          <tr key={`${change.kind}${change.element}`}>
            <td>
              {change.name || change.type} <code>{change.element}</code>
            </td>
            <td>
              {say(change.kind)}
              {change.attributes.map((one) => (
                <div key={one.name} className="second">
                  <code>{one.name}</code>：{one.from ?? '—'} → {one.to ?? '—'}
                </div>
              ))}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
