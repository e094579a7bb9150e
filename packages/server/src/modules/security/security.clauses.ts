import { SecurityItem } from '@changbai/contract/security.ts'
import type { Obligation } from '@changbai/verify/clauses.domain.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { tenantNames } from '../identity/index.ts'
import { protectedApplications } from '../inventory/index.ts'
import { type ClauseSource, type ClauseSpan, lookedAt, obligation, paramsOn, requirePlan } from '../plan/index.ts'
import { coverAt } from './coverage.service.ts'

/**
 * A bureau keeps it while every production application of its in use holds what its level demands; looked at at the end of the span, against the
 * catalogue in force on that day. A bureau without such an application owes nothing. @clause 5.3-9
 */
async function readPackages(ctx: Ctx, span: ClauseSpan): Promise<Obligation[]> {
  const at = lookedAt(span)
  const on = shanghaiDay(at)
  const catalogue = SecurityItem.array().parse(paramsOn(await requirePlan(ctx), on).value<unknown>('security.services'))
  const all = await coverAt(ctx, await protectedApplications(ctx, at), catalogue, on)
  const bureaus = Map.groupBy(all, ({ application }) => application.tenantId)
  const names = await tenantNames(ctx, [...bureaus.keys()])
  return [...bureaus].map(([tenantId, own]) =>
    obligation({
      id: `security-package:${tenantId}`,
      subject: { type: 'tenant', id: tenantId, label: names.get(tenantId) ?? tenantId },
      tenantId,
      dueAt: at.toString(),
      doneAt: at.toString(),
      kept: own.every(({ covered }) => covered),
      evidence: [...own]
        .sort((a, b) => Number(a.covered) - Number(b.covered))
        .map(({ application }) => ({ type: 'application', id: application.id }))
        .slice(0, 50),
    }),
  )
}

/** What the register of security services says of a bureau's protection. */
export const securityClauses: readonly ClauseSource[] = [{ of: 'security-package-held', meter: 'holds', read: readPackages }]
