import './proposal.css'
import type { PlanDifference, PlanProposal } from '@changbai/contract/plan-proposal.ts'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { pick, useLanguage, useText } from '../../shared/text.ts'
import { addDays, listTime, shortDay, today } from '../../shared/time.ts'
import {
  Button,
  DayField,
  DecisionDialog,
  EmptyState,
  Evidence,
  Loaded,
  PageTitle,
  Sheet,
  type State,
  Status,
  useAct,
} from '../../shared/ui/index.ts'
import { proposalText } from './proposalText.ts'
import { wordValue } from './structure.ts'

export const proposalState: Record<PlanProposal['status'], State> = {
  PROPOSED: 'todo',
  REVIEWED: 'running',
  ADOPTED: 'kept',
  DECLINED: 'none',
  SUPERSEDED: 'none',
}
const PARTS: readonly PlanDifference['part'][] = ['PARAMETER', 'CLAUSE', 'ROLE', 'PROCESS', 'OTHER']

/** What an upgrade brought, against what is in force. */
export function ProposalsPage() {
  const t = useText(proposalText)
  const lang = useLanguage()
  const query = useQuery(ask('planProposal.list', {}))
  return (
    <div className="page">
      <Loaded query={query} rows={8}>
        {({ items: [latest, ...past] }) => (
          <>
            <PageTitle
              title={t('title')}
              mark={latest && <Status state={proposalState[latest.status]}>{t(latest.status)}</Status>}
              sentence={t('sentence')}
              acts={latest && <Verbs proposal={latest} />}
            />
            <div className="stack">
              {latest ? (
                <Proposal proposal={latest} />
              ) : (
                <Sheet>
                  <EmptyState title={t('none')}>{t('noneHelp')}</EmptyState>
                </Sheet>
              )}
              {past.length > 0 && (
                <Sheet flush title={t('past')}>
                  <ul className="list">
                    {past.map((one) => (
                      <li key={one.id} className="row wrap apart">
                        <span className="grow">
                          {t('basedOn', { n: one.basedOn, at: listTime(one.proposedAt, lang) })}{' '}
                          {one.settled && (
                            <span className="note">{`${t('settledBy', { name: one.settled.byName })} ${one.settled.comment}`}</span>
                          )}
                        </span>
                        <Evidence digest={one.digest} algorithm={one.digestAlgorithm} />
                        <Status state={proposalState[one.status]} quiet>
                          {t(one.status)}
                        </Status>
                      </li>
                    ))}
                  </ul>
                </Sheet>
              )}
            </div>
          </>
        )}
      </Loaded>
    </div>
  )
}

function Proposal({ proposal }: { proposal: PlanProposal }) {
  const t = useText(proposalText)
  const lang = useLanguage()
  const lines = [
    proposal.reviewed && [t('reviewedBy', { name: proposal.reviewed.byName }), proposal.reviewed.at, proposal.reviewed.comment],
    proposal.settled && [
      `${t(proposal.status)} ${t('settledBy', { name: proposal.settled.byName })}`,
      proposal.settled.at,
      proposal.settled.comment,
    ],
  ].filter((line): line is [string, string, string] => Array.isArray(line))
  return (
    <>
      <Sheet>
        <div className="row wrap apart">
          <span>{t('basedOn', { n: proposal.basedOn, at: listTime(proposal.proposedAt, lang) })}</span>
          <Evidence digest={proposal.digest} algorithm={proposal.digestAlgorithm} />
        </div>
        {lines.map(([who, at, words]) => (
          <div key={who} className="second">
            {who} {listTime(at, lang)} {words}
          </div>
        ))}
        {proposal.startsOn && (
          <p>
            {proposal.appliedAt
              ? t('applied', { at: listTime(proposal.appliedAt, lang) })
              : t('startsOn', { on: shortDay(proposal.startsOn, lang) })}
          </p>
        )}
        {proposal.differences.length === 0 && <p>{t('noDifferences')}</p>}
      </Sheet>
      {PARTS.map((part) => {
        const own = proposal.differences.filter((one) => one.part === part)
        return (
          own.length > 0 && (
            <Sheet key={part} flush title={t(part)} note={<span className="note">{own.length}</span>}>
              <ul className="list">
                {own.map((one) => (
                  <Difference key={`${one.change}${one.key}`} one={one} />
                ))}
              </ul>
            </Sheet>
          )
        )
      })}
    </>
  )
}

const MARK: Record<PlanDifference['change'], string> = { ADDED: '+', CHANGED: '±', REMOVED: '−' }
function Difference({ one }: { one: PlanDifference }) {
  const t = useText(proposalText)
  const lang = useLanguage()
  const word = (value: unknown) => (value === null ? t('nothing') : wordValue(value as never, null, lang))
  const field = (name: string) => {
    const key = `f_${name}` as Parameters<typeof t>[0]
    const said = t(key)
    return said === key ? name : said
  }
  return (
    <li>
      <div className="row wrap apart">
        <span className="grow">
          <span className="chip" data-change={one.change}>{`${MARK[one.change]} ${t(one.change)}`}</span> <b>{pick(one.title, lang)}</b>{' '}
          <span className="mono note">{one.key}</span>
        </span>
        {one.yours && <Status state="risk">{t('yours')}</Status>}
        {one.holdsAlready && <span className="note">{t('holds')}</span>}
        <span className="note mono">{one.line === null ? one.file : t('line', { file: one.file, line: one.line })}</span>
      </div>
      {one.yours && (
        <p className="second">
          {t('yoursValue', { yours: word(one.yours.value), theirs: word(one.yours.theirs) })} {t('yoursHelp')}
        </p>
      )}
      {one.fields.length > 0 && (
        <dl className="plan-fields">
          {one.fields.map((change) => (
            <div key={change.field}>
              <dt>
                {field(change.field)} {change.line !== null && <span className="note">{t('lineNo', { line: change.line })}</span>}
              </dt>
              <dd>
                <del>{word(change.before)}</del>
                <span aria-hidden="true"> → </span>
                <ins>{word(change.after)}</ins>
              </dd>
            </div>
          ))}
        </dl>
      )}
    </li>
  )
}

type Verb = PlanProposal['may'][number]
function Verbs({ proposal }: { proposal: PlanProposal }) {
  const t = useText(proposalText)
  const lang = useLanguage()
  const act = useAct()
  const [verb, setVerb] = useState<Verb | null>(null)
  const [startsOn, setStartsOn] = useState(addDays(today(), 1))
  const proposalId = proposal.id
  const decide = (comment: string) =>
    act.runOrThrow(() => {
      if (verb === 'REVIEW') return call('planProposal.review', { proposalId, startsOn, comment })
      if (verb === 'ADOPT') return call('planProposal.adopt', { proposalId, comment })
      return call('planProposal.decline', { proposalId, comment })
    })
  return (
    <>
      {proposal.may.map((one) => (
        <Button key={one} kind={one === 'DECLINE' ? 'plain' : 'primary'} onClick={() => setVerb(one)}>
          {t(one)}
        </Button>
      ))}
      {verb && (
        <DecisionDialog
          title={t(verb)}
          verb={t(verb)}
          ready={verb !== 'REVIEW' || startsOn !== ''}
          reason={{ label: t(verb === 'DECLINE' ? 'reason' : 'comment'), optional: verb !== 'DECLINE' }}
          act={decide}
          onClose={() => setVerb(null)}
        >
          {verb === 'REVIEW' && (
            <DayField label={t('firstDay')} help={t('firstDayHelp')} value={startsOn} onChange={setStartsOn} min={addDays(today(), 1)} />
          )}
          {verb === 'ADOPT' && <p>{t('adoptHelp', { on: shortDay(proposal.startsOn ?? today(), lang) })}</p>}
        </DecisionDialog>
      )}
    </>
  )
}
