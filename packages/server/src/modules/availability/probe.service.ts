import { availabilityProblems, type ProbeAssignment, type ProbeResult } from '@changbai/contract/availability.shapes.ts'
import type { availabilityApi, probeApi } from '@changbai/contract/availability.ts'
import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import type { NewEntry } from '@changbai/verify/availability/chain.ts'
import { personOf, systemActor } from '../../platform/actor.ts'
import { newToken, sha256Hex } from '../../platform/crypto.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import type { Exchange } from '../../platform/mount.ts'
import { measuredApplications } from '../inventory/index.ts'
import { certificatesIn } from './certificate.service.ts'
import { saveCertificates } from './certificate.store.ts'
import { openAccounts } from './chain.store.ts'
import { endRunsOf, judge, policyNow } from './judge.service.ts'
import { advanceRun, type Result, type Run } from './probe.domain.ts'
import {
  allProbes,
  insertProbe,
  insertResults,
  lockRuns,
  type ProbeRecord,
  probeById,
  probeByToken,
  SIMULATED,
  saveRun,
  updateProbe,
} from './probe.store.ts'

type Api = typeof availabilityApi

const toRow = (row: ProbeRecord) => ({
  id: row.id,
  name: row.name,
  place: row.place,
  state: row.state,
  canaries: row.canaries,
  networks: row.networks,
  createdBy: row.created_by,
  createdAt: row.created_at.toString(),
  decidedBy: row.decided_by,
  lastSeenAt: row.last_seen_at?.toString() ?? null,
  lastAddress: row.last_address,
  abstaining: row.abstaining,
})

export const listProbes = async (ctx: Ctx): Promise<Reply<Api['probes']>> => ({ items: (await allProbes(ctx.db)).map(toRow) })

/** The token is shown this once; only its digest is kept. It is worth nothing until the security administrator approves. */
export async function createProbe(
  ctx: Ctx,
  { name, place, canaries, networks }: Input<Api['createProbe']>,
): Promise<Reply<Api['createProbe']>> {
  const token = `cbp_${newToken()}`
  const id = newId()
  const isNew = await insertProbe(ctx.db, {
    id,
    name,
    place,
    state: 'PENDING',
    token_sha256: sha256Hex(token),
    canaries: JSON.stringify(canaries),
    networks: JSON.stringify(networks),
    created_by: ctx.actor.name,
    created_by_person_id: personOf(ctx.actor),
    created_at: ctx.now,
    decided_by: null,
    decided_at: null,
    last_seen_at: null,
    last_address: null,
    version: null,
  })
  if (!isNew) fail(commonProblems.conflict, { name })
  await ctx.record({ kind: 'probe.created', subject: { type: 'probe', id }, data: { name, place, networks } })
  return { probe: toRow((await probeById(ctx.db, id)) as ProbeRecord), token }
}

export async function decideProbe(ctx: Ctx, { probeId, approve }: Input<Api['decideProbe']>): Promise<Reply<Api['decideProbe']>> {
  const row = (await probeById(ctx.db, probeId)) ?? fail(commonProblems.notFound)
  if (approve && row.created_by_person_id === ctx.actor.personId) fail(availabilityProblems.samePerson)
  const state = approve ? ('ACTIVE' as const) : ('REVOKED' as const)
  await updateProbe(ctx.db, probeId, { state, decided_by: ctx.actor.name, decided_at: ctx.now })
  if (!approve) await endRunsOf(ctx, probeId)
  await ctx.record({
    kind: approve ? 'probe.approved' : 'probe.revoked',
    subject: { type: 'probe', id: probeId },
    before: { state: row.state },
  })
  return toRow({ ...row, state, decided_by: ctx.actor.name, decided_at: ctx.now })
}

export const bearerOf = ({ request }: Exchange): string => /^Bearer (\S{1,200})$/.exec(request.headers.authorization ?? '')?.[1] ?? ''

async function probeOf(ctx: Ctx, exchange: Exchange): Promise<ProbeRecord> {
  const row = await probeByToken(ctx.db, sha256Hex(bearerOf(exchange)))
  if (!row || row.state === 'REVOKED') fail(availabilityProblems.probeRefused)
  if (row.state === 'PENDING') fail(availabilityProblems.probeWaits)
  return row
}

export async function assignProbe(ctx: Ctx, { version }: Input<typeof probeApi.assignment>, exchange: Exchange): Promise<ProbeAssignment> {
  const probe = await probeOf(ctx, exchange)
  await updateProbe(ctx.db, probe.id, { last_seen_at: ctx.now, last_address: exchange.request.ip, version })
  const applications = (await measuredApplications(ctx)).filter(({ env, state }) => env === 'PROD' && state !== 'RETIRED')
  return {
    probeId: probe.id,
    name: probe.name,
    intervalSeconds: ctx.plan.number('availability.probeSeconds'),
    suspectedSeconds: 1,
    canaries: probe.canaries,
    networks: probe.networks,
    applications: applications.map(({ id, measurement }) => ({ applicationId: id, probes: measurement?.probes ?? [] })),
  }
}

/** Results further ahead than this are a clock gone wrong, not a measurement. */
const CLOCK_AHEAD_MS = 5000
/** Older ones cannot change what is sealed by then; a probe keeps no more than this on disk either. */
const OLDEST_MS = 7 * 86_400_000

/** Takes results, as often as they are sent and in any order; each counts once. */
export async function takeResults(
  ctx: Ctx,
  { results }: Input<typeof probeApi.results>,
  exchange: Exchange,
): Promise<Reply<typeof probeApi.results>> {
  const probe = await probeOf(ctx, exchange)
  const reply = await takeFrom(ctx, probe, results)
  await updateProbe(ctx.db, probe.id, {
    last_seen_at: ctx.now,
    last_address: exchange.request.ip,
    abstaining: results.at(-1)?.verdict === 'ABSTAIN',
  })
  return reply
}

async function takeFrom(
  ctx: Ctx,
  probe: Pick<ProbeRecord, 'id' | 'name'>,
  results: readonly ProbeResult[],
): Promise<Reply<typeof probeApi.results>> {
  const acting = { ...ctx, actor: systemActor(probe.name) }
  const policy = await policyNow(ctx)
  const now = ctx.now.epochMilliseconds
  const known = new Set((await measuredApplications(ctx)).map(({ id }) => id))
  const byApplication = new Map<string, Result[]>()
  let refused = 0
  for (const { applicationId, at, verdict, detail, latencyMs } of results) {
    const ms = Date.parse(at)
    if (!known.has(applicationId) || ms > now + CLOCK_AHEAD_MS || ms < now - OLDEST_MS) refused += 1
    else {
      const own = byApplication.get(applicationId) ?? []
      own.push({ at: ms, verdict, detail, latencyMs })
      byApplication.set(applicationId, own)
    }
  }
  await saveCertificates(ctx.db, probe.id, certificatesIn(results, known), ctx.now)
  const ids = [...byApplication.keys()].sort()
  const open = await openAccounts(ctx.db, ids)
  const runs = ids.length === 0 ? new Map<string, Run>() : await lockRuns(ctx.db, probe.id, ids)
  for (const id of ids) {
    const sorted = (byApplication.get(id) ?? []).sort((a, b) => a.at - b.at)
    const { run, observations, kept, turned, since } = advanceAll(runs.get(id) ?? null, sorted, policy, probe.id)
    if (run) await saveRun(ctx.db, probe.id, id, run)
    await insertResults(
      ctx.db,
      kept.map((result) => ({
        probe_id: probe.id,
        application_id: id,
        at: Temporal.Instant.fromEpochMilliseconds(result.at),
        verdict: result.verdict,
        latency_ms: result.latencyMs,
        detail: result.detail,
        received_at: ctx.now,
      })),
    )
    // what goes on may be over with this; what was silence may be undone
    if (turned || open.has(id)) await judge(acting, id, observations, since)
  }
  return { accepted: results.length - refused, refused }
}

function advanceAll(before: Run | null, sorted: readonly Result[], policy: Parameters<typeof advanceRun>[2], probe: string) {
  let run = before
  let turned = before === null
  // a state that turns does so from its first result on, which may have been judged otherwise already
  let since = (sorted[0] as Result).at
  const observations: NewEntry[] = []
  const kept: Result[] = []
  for (const result of sorted) {
    const step = advanceRun(run, result, policy, evidenceOf)
    if (step.taken && step.notable) kept.push(result)
    const isTurn = step.closed.length > 0 || step.run.state !== run?.state
    turned ||= isTurn
    if (isTurn) since = Math.min(since, step.run.from, ...step.closed.map(({ to }) => to))
    observations.push(...step.closed.map((body): NewEntry => ({ kind: 'observation', body: { probe, ...body } })))
    run = step.run
  }
  return { run, observations, kept, turned, since }
}

/** A digest over all results of a run, one after the other. */
const evidenceOf = (before: string, { at, verdict, detail, latencyMs }: Result) =>
  sha256Hex(JSON.stringify([before, at, verdict, latencyMs, detail]))

/** A late minute leaves no gap; what was said before is not taken twice. */
const SIMULATED_SPAN_MS = 150_000
/** Probes of the demo data see every application up, once a minute for the time before. @see seedDemoAvailability */
export async function runSimulatedProbes(ctx: Ctx): Promise<void> {
  const probes = (await allProbes(ctx.db)).filter((probe) => probe.version === SIMULATED && probe.state === 'ACTIVE')
  if (probes.length === 0) return
  const applications = (await measuredApplications(ctx)).filter(({ env, state }) => env === 'PROD' && state !== 'RETIRED')
  const everyMs = 1000 * ctx.plan.number('availability.probeSeconds')
  for (const probe of probes) {
    const results: ProbeResult[] = []
    for (const { id } of applications)
      for (let at = ctx.now.epochMilliseconds - SIMULATED_SPAN_MS; at <= ctx.now.epochMilliseconds; at += everyMs)
        results.push({ applicationId: id, at: new Date(at).toISOString(), verdict: 'UP', latencyMs: 20, detail: '' })
    await takeFrom(ctx, probe, results)
    await updateProbe(ctx.db, probe.id, { last_seen_at: ctx.now })
  }
}
