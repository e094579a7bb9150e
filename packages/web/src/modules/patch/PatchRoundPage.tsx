import type { PatchResult, PatchRoundDetail } from '@changbai/contract/patch.ts'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime, recordTime, windowWords } from '../../shared/time.ts'
import { Button, DecisionDialog, Facts, Loaded, PageTitle, ProblemAlert, Sheet, type State, Status, useAct } from '../../shared/ui/index.ts'
import { roundStates } from './PatchesPage.tsx'
import { patchText } from './patchText.ts'

const resultStates: Record<PatchResult, State> = { PENDING: 'todo', DONE: 'kept', FAILED: 'breach', SKIPPED: 'none' }

export function PatchRoundPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useQuery(ask('patch.get', { roundId: id }))
  return (
    <div className="page">
      <Loaded query={query} rows={8}>
        {(round) => <View round={round} />}
      </Loaded>
    </div>
  )
}

function View({ round }: { round: PatchRoundDetail }) {
  const say = useText(patchText)
  const lang = useLanguage()
  const { downtime } = round
  return (
    <>
      <PageTitle
        title={round.title}
        mark={<Status state={roundStates[round.state]}>{say(round.state)}</Status>}
        sentence={
          <>
            <code>{round.number}</code> · {round.imageName} {say('versionN', { n: round.baselineVersion })} ·{' '}
            {say('roundSentence', { done: round.counts.DONE, all: round.targets.length, pending: round.counts.PENDING })}
          </>
        }
        acts={<Acts round={round} />}
      />
      <div className="split">
        <Targets round={round} />
        <Sheet>
          <Facts
            items={[
              [say('window'), windowWords(round.windowFrom, round.windowTo, lang)],
              [say('dueAt'), listTime(round.dueAt, lang)],
              round.restart && [
                say('downtime'),
                downtime && (
                  <Status key="downtime" state={downtime.recognised === null ? 'running' : downtime.recognised ? 'kept' : 'breach'}>
                    {say(downtime.recognised === null ? 'downtimeWaiting' : downtime.recognised ? 'downtimeYes' : 'downtimeNo')}
                  </Status>
                ),
              ],
              [say('rollbackPlan'), round.rollbackPlan],
              [say('plannedBy'), round.plannedBy],
              round.cancelReason !== '' && [say('reason'), round.cancelReason],
              round.conflicts.length > 0 && [
                say('conflicts'),
                <span key="conflicts">
                  {round.conflicts.map((one) => (
                    <div key={one.id}>
                      <Link to={`/work/changes/${one.id}` as string}>{one.number}</Link> {one.title}
                    </div>
                  ))}
                </span>,
              ],
            ]}
          />
        </Sheet>
      </div>
    </>
  )
}

function Targets({ round }: { round: PatchRoundDetail }) {
  const say = useText(patchText)
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [asking, setAsking] = useState<'FAILED' | 'SKIPPED' | null>(null)
  const { busy, error, run, runOrThrow } = useAct()
  const writes = round.may.includes('RESULT')
  const toggle = (id: string) =>
    setChosen((held) => {
      const next = new Set(held)
      if (!next.delete(id)) next.add(id)
      return next
    })
  const send = async (result: 'DONE' | 'FAILED' | 'SKIPPED', note: string) => {
    await call('patch.result', { roundId: round.id, targetIds: [...chosen], result, note })
    setChosen(new Set())
  }
  return (
    <Sheet
      title={say('results')}
      note={chosen.size > 0 ? say('chosen', { n: chosen.size }) : undefined}
      acts={
        writes && (
          <span className="row wrap">
            <Button
              size="small"
              onClick={() => setChosen(new Set(round.targets.filter((one) => one.result === 'PENDING').map((one) => one.id)))}
            >
              {say('chooseAll')}
            </Button>
            {chosen.size > 0 && (
              <>
                <Button size="small" kind="primary" busy={busy} onClick={() => void run(() => send('DONE', ''))}>
                  {say('setDone')}
                </Button>
                <Button size="small" onClick={() => setAsking('FAILED')}>
                  {say('setFailed')}
                </Button>
                <Button size="small" onClick={() => setAsking('SKIPPED')}>
                  {say('setSkipped')}
                </Button>
              </>
            )}
          </span>
        )
      }
      flush
    >
      <ProblemAlert error={error} />
      <div className="grid-scroll">
        <table className="grid">
          <thead>
            <tr>
              {writes && <th />}
              <th>{say('server')}</th>
              <th>{say('application')}</th>
              <th>{say('results')}</th>
              <th>{say('note')}</th>
              <th>{say('by')}</th>
            </tr>
          </thead>
          <tbody>
            {round.targets.map((one) => (
              <tr key={one.id}>
                {writes && (
                  <td>
                    <input
                      type="checkbox"
                      aria-label={say('choose', { name: one.name })}
                      checked={chosen.has(one.id)}
                      onChange={() => toggle(one.id)}
                    />
                  </td>
                )}
                <td>
                  <Link className="mono" to={`/cloud/servers/${one.serverId}` as string}>
                    {one.name}
                  </Link>
                </td>
                <td>{one.applicationName || '—'}</td>
                <td>
                  <Status state={resultStates[one.result]}>{say(one.result)}</Status>
                </td>
                <td>{one.note || '—'}</td>
                <td>{one.at ? `${one.byName ?? ''} ${recordTime(one.at)}` : '—'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {asking && (
        <DecisionDialog
          title={say(asking === 'FAILED' ? 'setFailed' : 'setSkipped')}
          verb={say(asking === 'FAILED' ? 'setFailed' : 'setSkipped')}
          reason={{ label: say('reason') }}
          act={(note) => runOrThrow(() => send(asking, note))}
          onClose={() => setAsking(null)}
        />
      )}
    </Sheet>
  )
}

function Acts({ round }: { round: PatchRoundDetail }) {
  const say = useText(patchText)
  const [cancelling, setCancelling] = useState(false)
  const { busy, error, run, runOrThrow } = useAct()
  const roundId = round.id
  const may = (act: PatchRoundDetail['may'][number]) => round.may.includes(act)
  return (
    <>
      {may('CANCEL') && <Button onClick={() => setCancelling(true)}>{say('cancel')}</Button>}
      {may('BEGIN') && (
        <Button kind="primary" busy={busy} onClick={() => void run(() => call('patch.begin', { roundId }))}>
          {say('begin')}
        </Button>
      )}
      {may('CLOSE') && (
        <Button kind="primary" busy={busy} onClick={() => void run(() => call('patch.close', { roundId }))}>
          {say('close')}
        </Button>
      )}
      <ProblemAlert error={error} />
      {cancelling && (
        <DecisionDialog
          title={say('cancel')}
          verb={say('cancel')}
          reason={{ label: say('reason') }}
          act={(reason) => runOrThrow(() => call('patch.cancel', { roundId, reason }))}
          onClose={() => setCancelling(false)}
        />
      )}
    </>
  )
}
