import type { MigrationDetail } from '@changbai/contract/migration.ts'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { ask, download } from '../../shared/call.ts'
import { pick, useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import { Button, ClauseChip, Facts, Loaded, PageTitle, Sheet, Status, Timeline, useAct } from '../../shared/ui/index.ts'
import { ActiveTasks, InstancePanel, outcomeWord } from '../process/index.ts'
import { extraFor, FormSheet, PlanSheet } from './Editors.tsx'
import { STATES } from './MigrationsPage.tsx'
import { migrationText } from './migrationText.ts'
import { RunSheet } from './RunSheet.tsx'
import { Sheets } from './Sheets.tsx'

export function MigrationPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useQuery({
    ...ask('migration.get', { migrationId: id }),
    refetchInterval: (q) => (q.state.data?.status === 'FULFILLING' ? 5_000 : false),
  })
  return (
    <div className="page">
      <Loaded query={query}>{(migration) => <View migration={migration} />}</Loaded>
    </div>
  )
}

function View({ migration }: { migration: MigrationDetail }) {
  const say = useText(migrationText)
  const act = useAct()
  return (
    <>
      <PageTitle
        title={`${migration.applicationName} · ${say(migration.direction)}`}
        mark={
          <Status state={migration.outcome === 'ROLLED_BACK' ? 'risk' : STATES[migration.status]}>
            {say(migration.outcome ?? migration.status)}
          </Status>
        }
        sentence={
          <>
            <code>{migration.number}</code> · {migration.applicantName}
          </>
        }
        acts={
          <Button busy={act.busy} onClick={() => void act.run(() => download('migration.print', { migrationId: migration.id }))}>
            {say('print')}
          </Button>
        }
      />
      <div className="split">
        <div className="stack">
          {migration.gaps.length > 0 && (
            <p className="notice risk">{say('gaps', { what: migration.gaps.map((gap) => pick(gap.message)).join('、') })}</p>
          )}
          {migration.run.length > 0 && <RunSheet migration={migration} />}
          <FormSheet key={`form-${migration.rev}`} migration={migration} />
          <Sheets migration={migration} />
          {(migration.plan.steps.length > 0 || migration.may.includes('EDIT_PLAN')) && (
            <PlanSheet key={`plan-${migration.rev}`} migration={migration} />
          )}
          {migration.instanceId && <ActiveTasks instanceId={migration.instanceId} extraOf={(formKey) => extraFor(formKey, migration)} />}
          {migration.instanceId && <InstancePanel instanceId={migration.instanceId} />}
        </div>
        <div className="stack">
          <About migration={migration} />
          <Course migration={migration} />
        </div>
      </div>
    </>
  )
}

function About({ migration }: { migration: MigrationDetail }) {
  const say = useText(migrationText)
  const lang = useLanguage()
  const parties = ['APPLICATION', 'OPERATION', 'CUSTOMER'] as const
  return (
    <Sheet title={say('facts')} acts={<ClauseChip id="4.6" />}>
      <Facts
        items={[
          [
            say('window'),
            migration.plan.windowFrom && migration.plan.windowTo
              ? `${listTime(migration.plan.windowFrom, lang)} – ${listTime(migration.plan.windowTo, lang)}`
              : null,
          ],
          migration.requestNo ? [say('requestNo'), migration.requestNo] : null,
          migration.observeUntil ? [say('observe'), listTime(migration.observeUntil, lang)] : null,
          migration.erasureProof ? [say('erasure'), migration.erasureProof] : null,
        ]}
      />
      {migration.observeUntil && (
        <ul className="plain-list">
          {parties.map((party) => {
            const signed = migration.signatures.find((one) => one.party === party)
            return (
              <li key={party}>
                <Status state={signed ? 'kept' : 'todo'} quiet>
                  {say(party)} {signed ? `${signed.byName} · ${listTime(signed.at, lang)}` : say('waiting')}
                </Status>
              </li>
            )
          })}
        </ul>
      )}
    </Sheet>
  )
}

const METHODS = ['IMAGE', 'REINSTALL', 'DB_REPLICATION', 'OFFLINE_COPY', 'MIXED'] as const
/** How it migrates is one of these words; how a source was erased is words of people. */
const isMethod = (value: unknown): value is (typeof METHODS)[number] => METHODS.some((one) => one === value)

function Course({ migration }: { migration: MigrationDetail }) {
  const say = useText(migrationText)
  const lang = useLanguage()
  if (migration.conclusions.length === 0) return null
  const wrong = new Set(['REJECT', 'FAILED', 'INFEASIBLE', 'ROLLBACK'])
  return (
    <Sheet title={say('conclusions')}>
      <Timeline
        entries={[...migration.conclusions].reverse().map((one, index) => ({
          key: `${index}`,
          at: one.at,
          state: wrong.has(one.result) ? 'breach' : one.result === 'RETURN' ? 'risk' : 'kept',
          title: `${one.byName} ${outcomeWord(one.result, lang)}`,
          note: [
            one.comment,
            ...Object.entries(one.facts).map(([name, value]) => (name === 'method' && isMethod(value) ? say(value) : value)),
          ]
            .filter((part) => typeof part === 'string' && part !== '')
            .join(' · '),
        }))}
      />
    </Sheet>
  )
}
