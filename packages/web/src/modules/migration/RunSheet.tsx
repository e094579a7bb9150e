import type { MigrationDetail } from '@changbai/contract/migration.ts'
import { useEffect, useState } from 'react'
import { call } from '../../shared/call.ts'
import { useText } from '../../shared/text.ts'
import { clock, serverNow, span } from '../../shared/time.ts'
import { Button, ProblemAlert, Sheet, Status, TextField, useAct } from '../../shared/ui/index.ts'
import { migrationText } from './migrationText.ts'

/** The run sheet of the cut-over with its clock: how long it runs, and how long until it is decided whether it goes back. */
export function RunSheet({ migration }: { migration: MigrationDetail }) {
  const say = useText(migrationText)
  const act = useAct()
  const running = migration.may.includes('RUN')
  const tick = (no: number, what: 'START' | 'END') =>
    void act.run(() => call('migration.tick', { migrationId: migration.id, no, act: what }))
  return (
    <Sheet title={say('run')} flush note={migration.endedAt === null && <Clock migration={migration} />}>
      <ProblemAlert error={act.error} />
      <ul className="list">
        {migration.run.map((step) => (
          <li key={step.no} className="row wrap apart">
            <span className="mono">{step.no}</span>
            <span className="grow">
              {step.action} <span className="second">{`${step.byName ?? step.owner} · ${step.minutes} min`}</span>
            </span>
            <span className="mono nowrap">
              {step.startedAt ? clock(step.startedAt) : ''} {step.endedAt ? `– ${clock(step.endedAt)}` : ''}
            </span>
            <Status state={step.endedAt ? 'kept' : step.startedAt ? 'running' : 'todo'} quiet>
              {step.startedAt && step.endedAt ? span(Date.parse(step.endedAt) - Date.parse(step.startedAt)) : ''}
            </Status>
            {running && step.endedAt === null && (
              <Button
                size="small"
                {...(step.startedAt && { kind: 'primary' as const })}
                busy={act.busy}
                onClick={() => tick(step.no, step.startedAt ? 'END' : 'START')}
              >
                {say(step.startedAt ? 'end' : 'begin')}
              </Button>
            )}
          </li>
        ))}
        {migration.checks.map((check, index) => (
          <CheckLine key={check.object} migration={migration} no={index + 1} />
        ))}
      </ul>
    </Sheet>
  )
}

function Clock({ migration }: { migration: MigrationDetail }) {
  const say = useText(migrationText)
  const [now, setNow] = useState(serverNow())
  useEffect(() => {
    const timer = setInterval(() => setNow(serverNow()), 1000)
    return () => clearInterval(timer)
  }, [])
  if (!migration.cutoverAt) return null
  const left = migration.decisionAt ? Date.parse(migration.decisionAt) - now : null
  return (
    <span className="mono">
      {say('elapsed')} {span(Math.max(0, now - Date.parse(migration.cutoverAt)))}{' '}
      {left !== null && (
        <Status state={left > 0 ? 'running' : 'breach'} quiet>
          {left > 0 ? `${say('toDecision')} ${span(left)}` : say('pastDecision')}
        </Status>
      )}
    </span>
  )
}

function CheckLine({ migration, no }: { migration: MigrationDetail; no: number }) {
  const say = useText(migrationText)
  const act = useAct()
  const [found, setFound] = useState('')
  const check = migration.checks[no - 1]
  if (!check) return null
  const note = (ok: boolean) =>
    void act.run(() => call('migration.check', { migrationId: migration.id, no, found: found.trim() || check.expected, ok }))
  return (
    <li className="row wrap apart">
      <span className="grow">
        {check.object} <span className="second">{`${check.method} ${say('expected', { value: check.expected })}`}</span>
      </span>
      {check.ok !== null && (
        <Status state={check.ok ? 'kept' : 'breach'}>
          {check.found} {say(check.ok ? 'ok' : 'differs')}
        </Status>
      )}
      {migration.may.includes('RUN') && check.ok !== true && (
        <span className="row">
          <TextField label={say('found')} value={found} maxLength={200} onChange={setFound} />
          <Button size="small" busy={act.busy} onClick={() => note(true)}>
            {say('ok')}
          </Button>
          <Button size="small" busy={act.busy} onClick={() => note(false)}>
            {say('differs')}
          </Button>
        </span>
      )}
    </li>
  )
}
