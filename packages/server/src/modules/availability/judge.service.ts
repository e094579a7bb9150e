import type { NewEntry } from '@changbai/verify/availability/chain.ts'
import { type Folded, foldChain } from '@changbai/verify/availability/fold.ts'
import { judgeVotes, type Quorum, type Vote } from '@changbai/verify/availability/sweep.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { newId } from '../../platform/ids.ts'
import { findApplication, measuredApplications } from '../inventory/index.ts'
import { holdAccount, readFolded, type Written, write } from './chain.service.ts'
import { openAccounts, saveJudged } from './chain.store.ts'
import { reconcile } from './judge.domain.ts'
import { closeRun, cutRun, isLapsed, type RunPolicy, voteOfRun } from './probe.domain.ts'
import { applicationsGoneQuiet, countActiveProbes, deleteRun, type RunOf, runsOf, runsOfProbe, saveRun } from './probe.store.ts'

type Policy = Quorum & RunPolicy

/** How results become votes and votes a state, by the plan and the probes in force now. */
export async function policyNow(ctx: Ctx): Promise<Policy> {
  const voters = await countActiveProbes(ctx.db)
  return {
    from: ctx.now.epochMilliseconds,
    voters,
    agree: Math.min(ctx.plan.number('availability.agreeingProbes'), Math.max(1, voters)),
    validMs: 2000 * ctx.plan.number('availability.probeSeconds'),
    failuresToDown: ctx.plan.number('availability.failuresToDown'),
    successesToUp: ctx.plan.number('availability.successesToUp'),
  }
}

const openMeasured = (folded: Folded) => folded.measured.find(({ to }) => to === null)

/** Entries that a change of the measurement or of the policy asks for. The measurement ends with the application, not with a change of its probes. */
function framesOf(folded: Folded, policy: Policy, measurable: { startsAt: number } | null, isOver: boolean, now: number): NewEntry[] {
  const added: NewEntry[] = []
  const open = openMeasured(folded)
  if (open && isOver) added.push({ kind: 'measured', body: { from: open.from, to: Math.max(open.from, now) } })
  const begins = !open && measurable ? Math.max(measurable.startsAt, ...folded.measured.map(({ to }) => to ?? 0)) : null
  if (begins !== null) added.push({ kind: 'measured', body: { from: begins, to: null } })
  if (!open && begins === null) return added
  const last = folded.quorums.at(-1) as Policy | undefined
  const same =
    last && (['voters', 'agree', 'validMs', 'failuresToDown', 'successesToUp'] as const).every((name) => last[name] === policy[name])
  if (!same && !isOver) added.push({ kind: 'policy', body: { ...policy, from: last ? now : (open?.from ?? begins ?? now) } })
  return added
}

/** Whether and from when an application counts (ruling 11): production, and both sides have confirmed how it is measured. */
async function frameOf(ctx: Ctx, applicationId: string) {
  const application = await findApplication(ctx, applicationId)
  const measurement = application?.measurement
  const isOver = application?.env !== 'PROD' || application.state === 'RETIRED'
  const confirmed = !isOver && measurement?.projectManager && measurement.customer
  return { isOver, measurable: confirmed ? { startsAt: Date.parse(measurement.startsAt) } : null }
}

/**
 * Judges the votes again from `since` on and writes what has changed into the chain, together with the observations that are over. Running it twice, or
 * with results that arrive late and in any order, ends with the same stretches.
 */
export async function judge(
  ctx: Ctx,
  applicationId: string,
  observations: readonly NewEntry[] = [],
  since = ctx.now.epochMilliseconds,
): Promise<Written> {
  const account = await holdAccount(ctx, applicationId)
  const before = await readFolded(ctx, applicationId)
  const now = ctx.now.epochMilliseconds
  const policy = await policyNow(ctx)
  const { isOver, measurable } = await frameOf(ctx, applicationId)
  const frames = framesOf(before.folded, policy, measurable, isOver, now)
  const folded = withEntries(before.folded, frames)
  const measured = folded.measured.filter(({ from, to }) => from < now && (to === null || to > since)).at(-1)
  if (!measured) return write(ctx, applicationId, [...frames, ...observations])

  const probes = folded.stretches.filter(({ source }) => source === 'PROBE')
  const looked = Math.min(since, account.judgedUntil?.epochMilliseconds ?? measured.from)
  const reaching = probes.filter(({ to }) => to === null || to >= looked)
  const within = {
    from: Math.max(measured.from, Math.min(looked, ...reaching.map(({ from }) => from))),
    to: Math.min(now, measured.to ?? now),
  }
  const fresh = foldVotes(observations)
  const running = (await runsOf(ctx.db, applicationId)).flatMap((one) => voteOfRun(one.probeId, one.run, validFor(one, policy)) ?? [])
  const votes = [...folded.votes, ...fresh, ...running].filter(({ to }) => to > within.from)
  const judged = judgeVotes(votes, folded.quorums, within)
  const known = probes.filter(({ from, to }) => (to ?? Number.MAX_SAFE_INTEGER) >= within.from && from <= within.to && to !== from)
  const written = await write(ctx, applicationId, [...frames, ...observations, ...reconcile(judged, known, within, newId)])
  await saveJudged(ctx.db, applicationId, ctx.now)
  return written
}

const withEntries = (folded: Folded, added: readonly NewEntry[]): Folded => {
  if (added.length === 0) return folded
  const more = foldNew(added)
  const measured = new Map([...folded.measured, ...more.measured].map((one) => [one.from, one]))
  return { ...folded, measured: [...measured.values()], quorums: [...folded.quorums, ...more.quorums] }
}
const foldNew = (added: readonly NewEntry[]): Folded =>
  foldChain(added.map((entry) => ({ ...entry, seq: 0, at: '', by: '', previous: '', digest: '' })) as Parameters<typeof foldChain>[0])
const foldVotes = (added: readonly NewEntry[]): readonly Vote[] => foldNew(added).votes

/** Simulated results come by the minute and stand until the next ones. */
const SIMULATED_VALID_MS = 150_000
const validFor = ({ simulated }: RunOf, policy: RunPolicy) => (simulated ? SIMULATED_VALID_MS : policy.validMs)

/**
 * Puts what the probes have said so far into the chain, so that a seal or an export can be recomputed from it alone.
 * @returns until when the observations in the chain are complete, in milliseconds
 */
export async function cutRuns(ctx: Ctx, applicationId: string): Promise<number> {
  const now = ctx.now.epochMilliseconds
  const policy = await policyNow(ctx)
  const runs = await runsOf(ctx.db, applicationId)
  const live = runs.filter((one) => one.run.state !== 'NONE' && !isLapsed(one.run, now, validFor(one, policy)))
  const until = Math.min(now, ...live.map(({ run }) => run.last))
  const observations: NewEntry[] = []
  const put = (probe: string, closed: ReturnType<typeof cutRun>['closed']) =>
    observations.push(...closed.map((body): NewEntry => ({ kind: 'observation', body: { probe, ...body } })))
  for (const one of runs) {
    const { probeId, run } = one
    const validMs = validFor(one, policy)
    if (isLapsed(run, now, validMs)) {
      put(probeId, closeRun(run, now, validMs))
      await deleteRun(ctx.db, probeId, applicationId)
      continue
    }
    const cut = cutRun(run, until)
    put(probeId, cut.closed)
    if (cut.closed.length > 0) await saveRun(ctx.db, probeId, applicationId, cut.run)
  }
  await judge(ctx, applicationId, observations)
  return until
}

/** What a probe has said until now stays said when it is withdrawn. */
export async function endRunsOf(ctx: Ctx, probe: string): Promise<void> {
  const { validMs } = await policyNow(ctx)
  for (const { applicationId, run } of await runsOfProbe(ctx.db, probe)) {
    const closed = closeRun(run, ctx.now.epochMilliseconds, validMs)
    await deleteRun(ctx.db, probe, applicationId)
    await judge(
      ctx,
      applicationId,
      closed.map((body): NewEntry => ({ kind: 'observation', body: { probe, ...body } })),
    )
  }
}

/** Every minute: applications that have become measurable, have gone quiet, are over, or where something goes on. */
export async function judgeQuiet(ctx: Ctx): Promise<void> {
  const policy = await policyNow(ctx)
  const ids = (await measuredApplications(ctx)).map(({ id }) => id)
  const fresh = ctx.now.subtract({ milliseconds: policy.validMs })
  const due = new Set([...(await applicationsGoneQuiet(ctx.db, ids, policy.voters, fresh)), ...(await openAccounts(ctx.db, ids))])
  for (const id of [...due].sort()) await judge(ctx, id)
}
