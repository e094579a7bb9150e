import { ROLES, type Role } from '@changbai/contract/capability.ts'
import { changeApi } from '@changbai/contract/change.ts'
import { incidentApi } from '@changbai/contract/incident.ts'
import type { ScenarioPart } from '@changbai/contract/practice.ts'
import { processApi } from '@changbai/contract/process.ts'
import { requestApi } from '@changbai/contract/request.ts'
import type { PracticeFact, PracticeRunRow, Sandbox } from '../../modules/training/index.ts'
import { systemActor } from '../../platform/actor.ts'
import { type FactRow, factsOf, isTenantOpen } from './practice.store.ts'
import { type RobotIds, robotSignIn, seatInstructor } from './sandbox.ts'
import { type Player, type PracticeServer, playerOf, RefusedError } from './world.ts'

const SYSTEM = { actor: systemActor('practice') }
/** So long a matter lies on a desk before its robot takes it: long enough to see that it is with somebody else now. */
const MOMENT_SECONDS = 6

export interface Attended {
  server: PracticeServer
  key: string
  idOf: RobotIds
}

/** The sandbox is gone though the run goes on. */
export class SandboxGone extends Error {}

/** Lets the others take their turn, and tells what has happened in the sandbox so far. */
export async function attendRun(world: Attended, run: PracticeRunRow, sandbox: Sandbox): Promise<PracticeFact[]> {
  const { door } = world.server.runtime
  const rows = await door.enter(SYSTEM, async (ctx) => {
    if (!(await isTenantOpen(ctx.db, sandbox.tenantId))) throw new SandboxGone()
    await seatInstructor(ctx, run, sandbox)
    return factsOf(ctx.db, sandbox.tenantId, run.ready_at ?? run.begun_at)
  })
  for (const part of run.scenario.others) {
    if (run.instructor_id && run.reviewer === 'INSTRUCTOR' && part.role === run.scenario.instructor) continue
    await takeTurn(world, sandbox, part, rows)
  }
  return readPapers(world, run, rows)
}

/** `=now`, `=now+PT2H`, `=now-PT10M` in what a robot fills in. */
function fillIn(value: unknown, now: Temporal.Instant): unknown {
  const written = typeof value === 'string' ? /^=now([+-]P\w+)?$/.exec(value) : null
  if (written) return now.add(Temporal.Duration.from(written[1] ?? 'PT0S')).toString()
  if (Array.isArray(value)) return value.map((one) => fillIn(one, now))
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, fillIn(one, now)]))
  return value
}

async function takeTurn(world: Attended, { tenantId }: Sandbox, part: ScenarioPart, facts: readonly FactRow[]): Promise<void> {
  const { server, idOf, key } = world
  const ofBureau = ROLES[part.role as Role]?.scope === 'TENANT'
  const names = ofBureau ? [robotSignIn(part.role, tenantId)] : [robotSignIn(part.role), `${robotSignIn(part.role)}.second`]
  for (const name of names) {
    const id = await idOf(name)
    if (!id) continue
    const robot = playerOf(server, key, id)
    const now = server.runtime.door.clock()
    const { items } = await robot.call(processApi.tasks, { limit: 200 })
    const task = items.find((one) => one.tenantId === tenantId && one.node === part.node)
    if (!task || now.since(Temporal.Instant.from(task.createdAt)).total('seconds') < MOMENT_SECONDS) continue
    const comment = part.comment ? { comment: part.comment } : {}
    const wasReturned = facts.some((fact) => fact.kind === 'task.returned')
    const answer =
      part.first && !wasReturned
        ? robot.call(processApi.return, { taskId: task.id, toNode: part.first.returnTo, reasons: part.first.reasons, ...comment })
        : robot.call(processApi.complete, {
            taskId: task.id,
            ...(part.outcome ? { outcome: part.outcome } : {}),
            data: fillIn(part.data, now) as Record<string, unknown>,
            ...comment,
          })
    const isDone = await answer.then(
      () => true,
      (error: unknown) => {
        // another process was quicker, or this one acted before and may not again: the next of the role tries
        if (!(error instanceof RefusedError)) throw error
        server.runtime.log.info({ err: error, node: part.node }, 'practice: a turn was refused')
        return false
      },
    )
    if (isDone) return
  }
}

const readers: Readonly<Record<string, (reader: Player, id: string) => Promise<unknown>>> = {
  request: async (reader, requestId) => (await reader.call(requestApi.forms, { requestId })).form.content,
  change: async (reader, changeId) => (await reader.call(changeApi.get, { changeId })).form,
  incident: (reader, incidentId) => reader.call(incidentApi.get, { incidentId }),
}

/** Facts with the papers they are about, each read once as the operation manager sees it. */
async function readPapers({ server, key, idOf }: Attended, run: PracticeRunRow, rows: readonly FactRow[]): Promise<PracticeFact[]> {
  const wanted = new Set(run.scenario.steps.filter(({ wants }) => wants.length > 0).map(({ expect }) => expect.fact))
  const id = await idOf(robotSignIn('OPERATION_MANAGER'))
  const papers = new Map<string, unknown>()
  const facts: PracticeFact[] = []
  for (const row of rows) {
    const read = wanted.has(row.kind) ? readers[row.subject_type] : undefined
    const name = `${row.subject_type} ${row.subject_id}`
    if (read && id && !papers.has(name)) papers.set(name, await read(playerOf(server, key, id), row.subject_id).catch(() => null))
    facts.push({
      id: row.id,
      at: row.at.toString(),
      kind: row.kind,
      byTrainee: row.actor_person_id === run.person_id,
      paper: papers.get(name) ?? null,
    })
  }
  return facts
}
