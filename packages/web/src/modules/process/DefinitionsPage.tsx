import type { Proposal } from '@changbai/contract/process.ts'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { useMay, useSession } from '../../shared/session.ts'
import { stepWord } from '../../shared/steps.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import { Button, DecisionDialog, EmptyState, Loaded, PageTitle, Sheet, useAct } from '../../shared/ui/index.ts'
import { ChangeList } from './ChangeList.tsx'
import { definitionText } from './definitionText.ts'
import { makerWord } from './names.ts'

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
              <div className="grid-scroll">
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
                          <Link to={`/plan/processes/${item.key}` as string}>{stepWord(item.name, lang)}</Link>
                        </td>
                        <td>
                          <code>{item.key}</code>
                        </td>
                        <td className="num">{item.version}</td>
                        <td>{listTime(item.deployedAt, lang)}</td>
                        <td>{makerWord(item.deployedBy, lang)}</td>
                        <td>{item.approvedBy?.name ?? '—'}</td>
                        <td className="num">{item.openInstances}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
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
  const me = useSession()?.person?.id
  const act = useAct()
  const [deciding, setDeciding] = useState<boolean | null>(null)
  const changes = useQuery({
    ...ask('process.compare', { key: proposal.key, from: proposal.baseVersion, to: proposal.id }),
    enabled: proposal.baseVersion > 0,
  })
  return (
    <li className="stack tight">
      <div>
        <strong>{stepWord(proposal.name, lang)}</strong>　
        {say('proposedBy', {
          by: proposal.proposedBy.name,
          at: listTime(proposal.proposedAt, lang),
          n: proposal.baseVersion,
          reason: proposal.reason,
        })}
      </div>
      {changes.data && <ChangeList changes={changes.data.changes} />}
      {proposal.proposedBy.personId === me ? (
        <p className="second">{say('ownProposal')}</p>
      ) : (
        may('process.definition.edit:A') && (
          <div className="page-acts">
            <Button kind="primary" busy={act.busy} onClick={() => setDeciding(true)}>
              {say('approve')}
            </Button>
            <Button onClick={() => setDeciding(false)}>{say('reject')}</Button>
          </div>
        )
      )}
      {deciding !== null && (
        <DecisionDialog
          title={`${deciding ? say('approve') : say('reject')} · ${stepWord(proposal.name, lang)}`}
          verb={deciding ? say('approve') : say('reject')}
          reason={{ label: say(deciding ? 'opinion' : 'rejectReason'), optional: deciding }}
          act={async (comment) => {
            await act.runOrThrow(() => call('process.decide', { proposalId: proposal.id, approve: deciding, comment }))
          }}
          onClose={() => setDeciding(null)}
        />
      )}
    </li>
  )
}
