import type { ReclaimCase, ReclaimPart } from '@changbai/contract/reclaim.ts'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, call, download } from '../../shared/call.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import {
  Button,
  DecisionDialog,
  Facts,
  Loaded,
  PageTitle,
  ProblemAlert,
  Sheet,
  type State,
  Status,
  Timeline,
  useAct,
} from '../../shared/ui/index.ts'
import { ActiveTasks, InstancePanel, outcomeWord } from '../process/index.ts'
import { Measured } from './Measured.tsx'
import { Amounts, CaseState, RuleName } from './parts.tsx'
import { reclaimText } from './reclaimText.ts'

/** While the cloud works the page looks again. */
const LOOK_MILLISECONDS = 4_000

export function ReclaimCasePage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useQuery({
    ...ask('reclaim.get', { caseId: id }),
    refetchInterval: (q) => (q.state.data?.status === 'FULFILLING' && !q.state.data.coolUntil ? LOOK_MILLISECONDS : false),
  })
  return (
    <div className="page">
      <Loaded query={query} rows={8}>
        {(reclaim) => <CaseView reclaim={reclaim} />}
      </Loaded>
    </div>
  )
}

function CaseView({ reclaim }: { reclaim: ReclaimCase }) {
  const say = useText(reclaimText)
  const lang = useLanguage()
  const act = useAct()
  const [recovering, setRecovering] = useState(false)
  return (
    <>
      <PageTitle
        title={`${reclaim.itemName} · ${say(reclaim.subject)}`}
        mark={<CaseState row={reclaim} />}
        sentence={
          <>
            <code>{reclaim.number}</code> · {reclaim.tenantName ?? '—'} · {reclaim.applicationName ?? '—'} · {say(reclaim.source)}
            {reclaim.rule && (
              <>
                {' '}
                <RuleName rule={reclaim.rule} />
              </>
            )}
            {reclaim.coolUntil && ` · ${say('coolUntil')} ${listTime(reclaim.coolUntil, lang)}`}
          </>
        }
        acts={
          <>
            {reclaim.may.includes('RECOVER') && (
              <Button kind="primary" onClick={() => setRecovering(true)}>
                {say('recover')}
              </Button>
            )}
            {reclaim.may.includes('PRINT') && (
              <Button busy={act.busy} onClick={() => void act.run(() => download('reclaim.print', { caseId: reclaim.id }))}>
                {say('print')}
              </Button>
            )}
          </>
        }
      />
      <ProblemAlert error={act.error} />
      <div className="split">
        <div className="stack">
          {reclaim.instanceId && <ActiveTasks instanceId={reclaim.instanceId} />}
          <Measured reclaim={reclaim} />
          <Opinions reclaim={reclaim} />
          {reclaim.parts.map((part) => (
            <Part key={part.seq} part={part} />
          ))}
          {reclaim.instanceId && <InstancePanel instanceId={reclaim.instanceId} />}
        </div>
        <div className="stack">
          <Sheet>
            <Facts
              items={[
                [say('item'), reclaim.itemName],
                [say('saving'), <Amounts key="saving" amounts={reclaim.saving} />],
                [say('created'), listTime(reclaim.createdAt, lang)],
                [say('why'), reclaim.reason],
              ]}
            />
          </Sheet>
          <Sheet title={say('course')}>
            <Timeline
              entries={reclaim.events.map((event, index) => ({
                key: `${index}`,
                at: event.at,
                state: stateOf(event.kind),
                system: event.system,
                // what was written down stays in its own words; English readers are told first what it was
                title:
                  lang === 'en-US'
                    ? `${event.byName} ${say(`ev_${event.kind}` as 'ev_opened')}`
                    : event.system
                      ? event.text
                      : `${event.byName} ${event.text}`,
                note: lang === 'en-US' && event.text,
              }))}
            />
          </Sheet>
        </div>
      </div>
      {recovering && (
        <DecisionDialog
          title={say('recoverTitle', { name: reclaim.itemName })}
          verb={say('recover')}
          reason={{ label: say('why'), help: say('recoverHelp') }}
          act={(reason) => act.runOrThrow(() => call('reclaim.recover', { caseId: reclaim.id, reason }))}
          onClose={() => setRecovering(false)}
        />
      )}
    </>
  )
}

const stateOf = (kind: string): State =>
  kind === 'no-reply' || kind === 'by-hand'
    ? 'risk'
    : kind === 'objected' || kind === 'data-refused'
      ? 'breach'
      : kind === 'released'
        ? 'planned'
        : 'kept'

function Opinions({ reclaim }: { reclaim: ReclaimCase }) {
  const say = useText(reclaimText)
  const lang = useLanguage()
  const { report, assessment, reply, ruling } = reclaim
  if (!report) return null
  const outcome = (word: string): string => outcomeWord(word, lang)
  return (
    <Sheet title={say('report')} note={say('prepared', { by: report.preparedBy.name, at: listTime(report.preparedAt, lang) })}>
      <Facts
        items={[
          [say('gapReason'), report.gapReason],
          [say('recommendation'), `${outcome(report.recommendation)} · ${report.recommendationText}`],
          report.target !== '' && [say('target'), report.target],
        ]}
      />
      <ul className="plain-list">
        {assessment && (
          <li>
            {say('assessed', {
              outcome: outcome(assessment.outcome),
              by: assessment.assessedBy.name,
              at: listTime(assessment.assessedAt, lang),
            })}
            {assessment.confirmedAgain && ` · ${say('assessedAgain')}`}
            {assessment.comment && <div className="second">{assessment.comment}</div>}
          </li>
        )}
        {reply && (
          <li>
            {say('replied', { decision: say(reply.decision), by: reply.by.name, at: listTime(reply.at, lang) })}
            {reply.minNodes && ` · ${say('minNodes', { n: reply.minNodes })}`}
            {reply.reason && <div className="second">{reply.reason}</div>}
          </li>
        )}
        {ruling && (
          <li>
            {say('ruled', { outcome: outcome(ruling.outcome), by: ruling.by.name, at: listTime(ruling.at, lang) })}
            <div className="second">{ruling.reason}</div>
          </li>
        )}
      </ul>
    </Sheet>
  )
}

const partStates: Record<ReclaimPart['state'], State> = {
  WAITING: 'todo',
  BACKED_UP: 'running',
  COOLING: 'risk',
  RELEASED: 'kept',
  RECOVERED: 'none',
}

function Part({ part }: { part: ReclaimPart }) {
  const say = useText(reclaimText)
  const lang = useLanguage()
  const at = (instant: string | null) => (instant ? listTime(instant, lang) : null)
  return (
    <Sheet title={`${say('parts')} · ${part.name}`} note={<Status state={partStates[part.state]}>{say(part.state)}</Status>}>
      <Facts
        items={[
          [say('backup'), part.backup && `${part.backup.ref} · ${part.backup.by} ${at(part.backup.at)}`],
          [
            say('declaration'),
            part.declaration &&
              `${say(part.declaration.statement === 'BACKED_UP' ? 'DECLARED_BACKED_UP' : 'DECLARED_NOT_NEEDED')} · ${part.declaration.by} ${at(part.declaration.at)}`,
          ],
          [say('stopped'), at(part.stoppedAt)],
          [say('coolUntil'), at(part.coolUntil)],
          [say('released'), at(part.releasedAt)],
          part.proof !== null && [say('proof'), `${part.proof.method} · ${part.proof.by} · ${part.proof.witness}`],
          part.proof !== null && [say('digest'), <code key="digest">{part.proof.digest.slice(0, 16)}</code>],
          part.backupUntil !== null && [
            say('backupUntil'),
            part.backupGoneAt ? say('backupGone', { at: at(part.backupGoneAt) ?? '' }) : at(part.backupUntil),
          ],
        ]}
      />
    </Sheet>
  )
}
