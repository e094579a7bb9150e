import type { ApplicationAvailability } from '@changbai/contract/availability.shapes.ts'
import type { availabilityApi } from '@changbai/contract/availability.ts'
import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import type { Application } from '@changbai/contract/inventory.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { instantOf } from '@changbai/verify/availability/moment.ts'
import { yearSpan } from '@changbai/verify/availability/year.ts'
import { reaches, type Scope, scopeOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { tenantNames } from '../identity/index.ts'
import { applicationsById, findApplication } from '../inventory/index.ts'
import { readFolded } from './chain.service.ts'
import { accountsOf, allAccounts } from './chain.store.ts'
import { downtimesOf } from './downtime.service.ts'
import { outageOf, rowOf, sealOf } from './present.ts'
import { allProbes, resultsBetween, runsOf } from './probe.store.ts'

type Api = typeof availabilityApi
const readable = (ctx: Ctx): Scope => scopeOf(ctx.actor, 'monitor.read', 'R', 'r')

const byName = new Intl.Collator('zh-CN')

/** Every application that is or was measured, within the scope, by name. */
export async function listAvailability(ctx: Ctx, { year }: Input<Api['list']>, scope: Scope = readable(ctx)): Promise<Reply<Api['list']>> {
  const accounts = (await allAccounts(ctx.db)).filter(({ kept }) => kept.measured.length > 0)
  const applications = await namedApplications(
    ctx,
    accounts.map(({ applicationId }) => applicationId),
  )
  const now = ctx.now.epochMilliseconds
  const span = yearSpan(year)
  const items = accounts.flatMap(({ applicationId, kept }) => {
    const application = applications.get(applicationId)
    return application && reaches(scope, { tenantId: application.tenantId, applicationId }) ? [rowOf(application, kept, year, now)] : []
  })
  items.sort((a, b) => byName.compare(a.name, b.name))
  return { items, yearFrom: instantOf(span.from), yearTo: instantOf(span.to), at: ctx.now.toString() }
}

async function namedApplications(ctx: Ctx, ids: readonly string[]): Promise<Map<string, Application>> {
  const applications = await applicationsById(ctx, ids)
  const names = await tenantNames(ctx, [...new Set([...applications.values()].map(({ tenantId }) => tenantId))])
  return new Map([...applications].map(([id, one]) => [id, { ...one, tenantName: names.get(one.tenantId) ?? null }]))
}

/** @throws commonProblems.notFound for one of another bureau too */
export async function seenApplication(ctx: Ctx, applicationId: string, scope: Scope = readable(ctx)): Promise<Application> {
  const application = (await findApplication(ctx, applicationId)) ?? fail(commonProblems.notFound)
  if (!reaches(scope, { tenantId: application.tenantId, applicationId })) fail(commonProblems.notFound)
  return application
}

export async function getAvailability(
  ctx: Ctx,
  { applicationId, year }: Input<Api['one']>,
  scope: Scope = readable(ctx),
): Promise<ApplicationAvailability> {
  await seenApplication(ctx, applicationId, scope)
  const application = (await namedApplications(ctx, [applicationId])).get(applicationId) as Application
  const [account] = await accountsOf(ctx.db, [applicationId])
  if (!account) fail(commonProblems.notFound)
  const { entries, folded } = await readFolded(ctx, applicationId)
  const span = yearSpan(year)
  const now = ctx.now.epochMilliseconds
  const probes = new Map((await allProbes(ctx.db)).map((probe) => [probe.id, probe]))
  return {
    applicationId,
    code: application.code,
    name: application.name,
    tenantName: application.tenantName,
    row: rowOf(application, account.kept, year, now),
    outages: folded.stretches
      .filter(({ from, to }) => from < span.to && (to === null || to > span.from) && to !== from)
      .map((stretch) => outageOf(folded, stretch, now))
      .reverse(),
    downtimes: await downtimesOf(ctx, year, scope, applicationId),
    seals: folded.seals
      .filter(({ body }) => body.month.startsWith(`${year}-`))
      .map((seal) => sealOf(entries, seal))
      .reverse(),
    probes: (await runsOf(ctx.db, applicationId)).flatMap(({ probeId, run }) => {
      const probe = probes.get(probeId)
      return probe
        ? [
            {
              name: probe.name,
              place: probe.place,
              state: run.state,
              since: instantOf(run.from),
              lastAt: instantOf(run.against?.last ?? run.last),
            },
          ]
        : []
    }),
    entries: entries.length,
    head: account.head,
  }
}

export async function getEvidence(ctx: Ctx, { applicationId, from, to }: Input<Api['evidence']>): Promise<Reply<Api['evidence']>> {
  await seenApplication(ctx, applicationId)
  const rows = await resultsBetween(ctx.db, applicationId, Temporal.Instant.from(from), Temporal.Instant.from(to))
  return {
    items: rows.map((row) => ({
      probe: row.name,
      at: row.at.toString(),
      verdict: row.verdict,
      latencyMs: row.latency_ms,
      detail: row.detail,
    })),
  }
}
