import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import {
  type PolicyCheck,
  type PolicyProbe,
  type PolicySummary,
  type policyCheckApi,
  policyCheckProblems,
} from '@changbai/contract/policy-check.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { personOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { SHANGHAI, shanghaiDay } from '../../platform/time.ts'
import type { ClauseSource } from '../plan/index.ts'
import { readLatest } from '../telemetry/index.ts'
import {
  anyPolicyCheckBefore,
  insertPolicyCheck,
  type PolicyCheckRow,
  policyAlarms,
  policyChecksBetween,
  policyChecksOf,
} from './policy-check.store.ts'

type Api = typeof policyCheckApi
/** Policies may be probed only now and then: a word of the last day still stands. */
const PROBED_MS = 86_400_000
const SHOWN_MAX = 500

const monthOf = (at: Temporal.Instant): string => shanghaiDay(at).toPlainYearMonth().toString()
function spanOf(month: string): [from: Temporal.Instant, to: Temporal.Instant] {
  const first = Temporal.PlainDate.from(`${month}-01`)
  const start = (on: Temporal.PlainDate) => on.toZonedDateTime(SHANGHAI).toInstant()
  return [start(first), start(first.add({ months: 1 }))]
}

/** What each probe last said: one that must not get through is right when it fails. */
async function probesNow(ctx: Ctx): Promise<PolicyProbe[]> {
  const found = await readLatest(ctx, {
    matchers: [
      { label: '__name__', op: '=', value: 'probe_success' },
      { label: 'probe', op: '=~', value: 'policy-(closed|open)' },
    ],
    withinMs: PROBED_MS,
  })
  return found
    .map(({ series: { labels }, at, value }): PolicyProbe => {
      const mustBeClosed = labels.probe === 'policy-closed'
      return {
        kind: mustBeClosed ? 'CLOSED' : 'OPEN',
        target: labels.instance ?? '',
        policy: labels.policy ?? labels.module ?? '',
        ok: (value === 1) !== mustBeClosed,
        at: Temporal.Instant.fromEpochMilliseconds(at).toString(),
      }
    })
    .sort((a, b) => Number(a.ok) - Number(b.ok) || (a.target < b.target ? -1 : 1))
}

async function summarise(ctx: Ctx, month: string, probes: readonly PolicyProbe[]): Promise<PolicySummary> {
  const [from, to] = spanOf(month)
  return {
    at: ctx.now.toString(),
    closed: probes.filter(({ kind }) => kind === 'CLOSED').length,
    open: probes.filter(({ kind }) => kind === 'OPEN').length,
    deviating: probes.filter(({ ok }) => !ok).slice(0, SHOWN_MAX),
    alarms: (await policyAlarms(ctx.db, from, to)).map((row) => ({
      id: row.id,
      level: row.top_level,
      title: row.title,
      objectName: row.object_name,
      firedAt: (row.fired_at ?? row.since_at).toString(),
      closedAt: row.closed_at?.toString() ?? null,
    })),
  }
}

const toCheck = (row: PolicyCheckRow): PolicyCheck => ({
  id: row.id,
  month: row.month,
  outcome: row.outcome,
  finding: row.finding,
  summary: row.summary,
  byName: row.by_name,
  at: row.at.toString(),
})

export async function readPolicyCheck(ctx: Ctx, { month: asked }: Input<Api['read']>): Promise<Reply<Api['read']>> {
  const running = monthOf(ctx.now)
  const month = asked ?? running
  const probes = month === running ? await probesNow(ctx) : []
  return {
    month,
    summary: month === running ? await summarise(ctx, month, probes) : null,
    probes: probes.slice(0, SHOWN_MAX),
    items: (await policyChecksOf(ctx.db, month)).map(toCheck),
  }
}

/**
 * The check of the running month: drawn up from positive and negative probes, judged and signed by a person, kept as it was. What contradicts the policy
 * cannot be signed away; where no probe looks, whoever signs says how they looked. @clause 5.2-5
 */
export async function signPolicyCheck(ctx: Ctx, { outcome, finding }: Input<Api['sign']>): Promise<Reply<Api['sign']>> {
  const month = monthOf(ctx.now)
  const summary = await summarise(ctx, month, await probesNow(ctx))
  if (outcome === 'IN_FORCE' && summary.deviating.length > 0) fail(policyCheckProblems.deviates, { n: summary.deviating.length })
  const isBlind = summary.closed + summary.open === 0
  if ((isBlind || outcome === 'DEVIATIONS') && finding.trim() === '') fail(policyCheckProblems.noFinding)
  const row = await insertPolicyCheck(ctx.db, {
    id: newId(),
    month,
    summary,
    outcome,
    finding,
    by_person_id: personOf(ctx.actor),
    by_name: ctx.actor.name,
    at: ctx.now,
  })
  if (!row) return fail(commonProblems.conflict, { month })
  await ctx.record({ kind: 'policy-check.signed', subject: { type: 'policy-check', id: row.id }, data: { month, outcome, finding } })
  return toCheck(row)
}

/** A signed check of the month; whether policies were in force is another matter and stands in it. @clause 5.2-5 */
export const policyCheckClause: ClauseSource = {
  of: 'policy-check',
  meter: 'rhythm',
  events: async (ctx, { from, to }) =>
    (await policyChecksBetween(ctx.db, from, to)).map((row) => ({ at: row.at.toString(), type: 'policy-check', id: row.id, valid: true })),
  begun: (ctx, before) => anyPolicyCheckBefore(ctx.db, before),
}
