import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { type PracticeRun, type PracticeRunBrief, type practiceApi, practiceProblems } from '@changbai/contract/practice.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { actorCan, personOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { pageOf, readCursor } from '../../platform/keyset.ts'
import { tenantNames } from '../identity/index.ts'
import { scoreOf } from './practice.domain.ts'
import * as store from './practice.store.ts'

type Api = typeof practiceApi
type Row = store.RunRow

declare module '../../platform/ctx.ts' {
  interface Jobs {
    /** Somebody practises: the practice world is opened where it is not, and looked after. */
    'practice.attend': Record<string, never>
  }
}

const instructs = (ctx: Ctx): boolean => actorCan(ctx.actor, 'training.manage', 'C')
const isOpen = ({ state }: Row): boolean => state === 'PREPARING' || state === 'RUNNING'
const subjectOf = ({ id }: Row) => ({ type: 'practice', id })
const countHints = ({ hints }: Row): number => Object.values(hints).reduce((sum, n) => sum + n, 0)

function toBrief(row: Row, names: ReadonlyMap<string, string>): PracticeRunBrief {
  const { key, title, summary, topic, role, minutes } = row.scenario
  return {
    id: row.id,
    scenario: { key, title, summary, topic, role, minutes },
    personId: row.person_id,
    name: row.name,
    tenantName: row.bureau_id ? (names.get(row.bureau_id) ?? null) : null,
    reviewer: row.reviewer,
    instructorName: row.instructor_name,
    state: row.state,
    attempt: row.attempt,
    stepsDone: row.progress.filter(({ doneAt }) => doneAt).length,
    steps: row.scenario.steps.length,
    hints: countHints(row),
    begunAt: row.begun_at.toString(),
    endedAt: row.ended_at?.toString() ?? null,
    score: row.score,
    passed: row.passed,
  }
}

const namesFor = (ctx: Ctx, rows: readonly Row[]) => tenantNames(ctx, [...new Set(rows.flatMap((row) => row.bureau_id ?? []))])

/** Addresses in a step lead to what lies in the sandbox. */
const fillPath = (path: string | null, sandbox: store.Sandbox | null): string | null =>
  path && sandbox
    ? path.replace('{application}', sandbox.applicationId ?? '').replace('{admission}', sandbox.admissionId ?? '')
    : path?.includes('{')
      ? null
      : path

async function toRun(ctx: Ctx, row: Row): Promise<PracticeRun> {
  const own = row.person_id === ctx.actor.personId
  const joined = row.instructor_id === ctx.actor.personId
  const may: PracticeRun['may'] = []
  if (row.state === 'RUNNING' && (own || joined)) may.push('ENTER')
  if (row.state === 'RUNNING' && own) may.push('HINT')
  if ((isOpen(row) && (own || instructs(ctx))) || (row.state === 'LOST' && own)) may.push('RESET')
  if (isOpen(row) && (own || instructs(ctx))) may.push('END')
  if (isOpen(row) && instructs(ctx) && !own && !joined) may.push('JOIN')
  return {
    ...toBrief(row, await namesFor(ctx, [row])),
    passScore: row.scenario.passScore,
    items: row.scenario.steps.map((step) => {
      const at = row.progress.find((one) => one.key === step.key)
      const told = row.hints[step.key] ?? 0
      return {
        key: step.key,
        title: step.title,
        task: step.task,
        path: fillPath(step.path, row.sandbox),
        points: at?.points ?? 0,
        worth: step.points,
        doneAt: at?.doneAt ?? null,
        // what was wrong is told when it is over: until then the reviewers' answers are what one learns from
        slips: isOpen(row) ? [] : (at?.slips ?? []),
        hints: step.hints.slice(0, told),
        hintsLeft: step.hints.length - told,
      }
    }),
    result: row.result,
    lostBecause: row.lost_because,
    now: ctx.now.toString(),
    may,
  }
}

const mayReach = (ctx: Ctx, row: Row): boolean => row.person_id === ctx.actor.personId || instructs(ctx)
async function reach(ctx: Ctx, id: string): Promise<Row> {
  const row = await store.lockRun(ctx.db, id)
  return row && mayReach(ctx, row) ? row : fail(commonProblems.notFound, { id })
}

export async function listScenarios(ctx: Ctx): Promise<Reply<Api['scenarios']>> {
  const done = new Map((await store.bestOf(ctx.db, personOf(ctx.actor))).map((one) => [one.scenario_key, one]))
  return {
    items: (await store.scenariosInForce(ctx.db)).map(({ content }) => {
      const { key, title, summary, topic, role, minutes, passScore } = content
      const own = done.get(key)
      return {
        ...{ key, title, summary, topic, role, minutes, passScore },
        steps: content.steps.length,
        tries: own?.tries ?? 0,
        best: own?.best ?? null,
        passed: own?.passed ?? false,
      }
    }),
  }
}

export async function listRuns(ctx: Ctx, input: Input<Api['runs']>): Promise<Reply<Api['runs']>> {
  const after = readCursor(input.after)
  const rows = await store.runsPage(ctx.db, {
    personId: instructs(ctx) && !input.mine ? undefined : personOf(ctx.actor),
    state: input.state,
    after: after && ([String(after[0]), String(after[1])] as const),
    limit: input.limit + 1,
  })
  const { items, next } = pageOf(rows, input.limit, (row) => [row.begun_at.toString(), row.id])
  const names = await namesFor(ctx, items)
  return { items: items.map((row) => toBrief(row, names)), next }
}

export async function currentRun(ctx: Ctx): Promise<Reply<Api['current']>> {
  const me = personOf(ctx.actor)
  const row = (await store.openRunOf(ctx.db, me)) ?? (await store.joinedRunOf(ctx.db, me))
  return { run: row ? await toRun(ctx, row) : null }
}

export async function getRun(ctx: Ctx, { runId }: Input<Api['get']>): Promise<PracticeRun> {
  const row = await store.findRun(ctx.db, runId)
  return row && mayReach(ctx, row) ? toRun(ctx, row) : fail(commonProblems.notFound, { runId })
}

export async function beginRun(ctx: Ctx, { scenario: key, reviewer }: Input<Api['begin']>): Promise<PracticeRun> {
  const me = personOf(ctx.actor)
  if (await store.openRunOf(ctx.db, me)) fail(practiceProblems.open)
  const scenario = (await store.scenarioByKey(ctx.db, key)) ?? fail(practiceProblems.noScenario, { key })
  const row = await store.insertRun(ctx.db, {
    id: newId(),
    scenario_key: key,
    scenario: JSON.stringify(scenario.content),
    person_id: me,
    name: ctx.actor.name,
    bureau_id: ctx.actor.grants.find(({ tenantId }) => tenantId)?.tenantId ?? null,
    reviewer,
    instructor_id: null,
    instructor_name: null,
    state: 'PREPARING',
    begun_at: ctx.now,
    ready_at: null,
    ended_at: null,
    score: null,
    passed: null,
    lost_because: null,
    held_until: null,
  })
  await ctx.enqueue('practice.attend', {})
  await ctx.record({ kind: 'practice.begun', subject: subjectOf(row), tenantId: row.bureau_id, data: { scenario: key, reviewer } })
  return toRun(ctx, row)
}

export async function askHint(ctx: Ctx, { runId, step: key }: Input<Api['hint']>): Promise<PracticeRun> {
  const row = await reach(ctx, runId)
  if (row.state !== 'RUNNING' || row.person_id !== ctx.actor.personId) fail(practiceProblems.wrongStep)
  const step = row.scenario.steps.find((one) => one.key === key) ?? fail(commonProblems.notFound, { key })
  const told = row.hints[key] ?? 0
  if (told >= step.hints.length || row.progress.find((one) => one.key === key)?.doneAt) fail(practiceProblems.noHint)
  const changed = await store.updateRun(ctx.db, row.id, { hints: JSON.stringify({ ...row.hints, [key]: told + 1 }) })
  await ctx.record({ kind: 'practice.hint-shown', subject: subjectOf(row), tenantId: row.bureau_id, data: { step: key, hint: told + 1 } })
  return toRun(ctx, changed)
}

const leftOver = (row: Row): store.Sandbox[] => (row.sandbox ? [...row.left_over, row.sandbox] : row.left_over)

/** A new sandbox and a new clock; the attempt is counted. */
export async function resetRun(ctx: Ctx, { runId }: Input<Api['reset']>): Promise<PracticeRun> {
  const row = await reach(ctx, runId)
  if (!isOpen(row) && row.state !== 'LOST') fail(practiceProblems.wrongStep)
  if (row.state === 'LOST' && (await store.openRunOf(ctx.db, row.person_id))) fail(practiceProblems.open)
  const changed = await store.updateRun(ctx.db, row.id, {
    state: 'PREPARING',
    attempt: row.attempt + 1,
    sandbox: JSON.stringify(null),
    left_over: JSON.stringify(leftOver(row)),
    hints: JSON.stringify({}),
    progress: JSON.stringify([]),
    begun_at: ctx.now,
    ready_at: null,
    lost_because: null,
    held_until: null,
  })
  await ctx.enqueue('practice.attend', {})
  await ctx.record({ kind: 'practice.reset', subject: subjectOf(row), tenantId: row.bureau_id, data: { attempt: changed.attempt } })
  return toRun(ctx, changed)
}

/** Ends and scores; what the sandbox holds is emptied soon after. */
export async function endRun(ctx: Ctx, { runId }: Input<Api['end']>): Promise<PracticeRun> {
  const row = await reach(ctx, runId)
  if (!isOpen(row)) fail(practiceProblems.wrongStep)
  return toRun(ctx, await settleRun(ctx, row))
}

/** Scores what was done by now. The clock of the score runs to the last step when all are done, else to the end. */
export async function settleRun(ctx: Ctx, row: Row): Promise<Row> {
  const last = row.progress.length === row.scenario.steps.length ? row.progress.at(-1)?.doneAt : null
  const until = last ? Temporal.Instant.from(last) : ctx.now
  const seconds = row.ready_at ? until.since(row.ready_at).total('seconds') : 0
  const { score, passed, result } = scoreOf(row.scenario, row.progress, row.hints, seconds)
  const changed = await store.updateRun(ctx.db, row.id, {
    state: 'CLEARING',
    ended_at: ctx.now,
    score,
    passed,
    result: JSON.stringify(result),
    held_until: null,
  })
  await ctx.enqueue('practice.attend', {})
  await ctx.record({
    kind: 'practice.ended',
    subject: subjectOf(row),
    tenantId: row.bureau_id,
    after: { scenario: row.scenario_key, attempt: row.attempt, score, passed, ...result },
  })
  return changed
}

/** An instructor plays one of the other roles from now on. */
export async function joinRun(ctx: Ctx, { runId }: Input<Api['join']>): Promise<PracticeRun> {
  const row = await reach(ctx, runId)
  if (!isOpen(row) || row.person_id === ctx.actor.personId) fail(practiceProblems.wrongStep)
  const changed = await store.updateRun(ctx.db, row.id, {
    reviewer: 'INSTRUCTOR',
    instructor_id: personOf(ctx.actor),
    instructor_name: ctx.actor.name,
  })
  await ctx.enqueue('practice.attend', {})
  await ctx.record({ kind: 'practice.joined', subject: subjectOf(row), tenantId: row.bureau_id })
  return toRun(ctx, changed)
}
