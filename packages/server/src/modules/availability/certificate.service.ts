import type { ProbeResult } from '@changbai/contract/availability.shapes.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { seeByRule } from '../alarm/index.ts'
import { measuredApplications } from '../inventory/index.ts'
import { certificatesSince, type SeenCertificate } from './certificate.store.ts'

/** The newest word of each application that says anything of a certificate. */
export function certificatesIn(results: readonly ProbeResult[], known: ReadonlySet<string>): SeenCertificate[] {
  const newest = new Map<string, ProbeResult>()
  for (const result of results) {
    if (!result.certificateUntil || !known.has(result.applicationId)) continue
    const before = newest.get(result.applicationId)
    if (!before || before.at < result.at) newest.set(result.applicationId, result)
  }
  return [...newest.values()].map(({ applicationId, certificateUntil }) => ({ applicationId, untilMs: Date.parse(certificateUntil ?? '') }))
}

/** The rule whose bounds, words and level hold; what Prometheus evaluates by it of the same application is the same alarm. */
const RULE = 'certificate-expiring'
const DAY_MS = 86_400_000
/** A probe that says nothing for a day says nothing about the certificate either. */
const FRESH = { hours: 24 }

/** Certificates the probes meet are judged by the rule of the packs, so that one runs out without anybody's exporter. */
export async function watchCertificates(ctx: Ctx): Promise<void> {
  const seen = new Map((await certificatesSince(ctx.db, ctx.now.subtract(FRESH))).map((one) => [one.applicationId, one.untilMs]))
  if (seen.size === 0) return
  const applications = (await measuredApplications(ctx)).filter(({ id, state }) => seen.has(id) && state !== 'RETIRED')
  await seeByRule(
    ctx,
    RULE,
    applications.map(({ id, name, tenantId }) => ({
      object: { type: 'application', id, tenantId, applicationId: id },
      name,
      value: ((seen.get(id) ?? 0) - ctx.now.epochMilliseconds) / DAY_MS,
    })),
  )
}
