import { provisioningProblems } from '@changbai/contract/provisioning.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { serversOf } from '../inventory/index.ts'
import { type LineRow, linesBeingMade, type OrderRow } from './provisioning.store.ts'
import { serverNames } from './steps.domain.ts'

const namesOf = (line: Pick<LineRow, 'spec'>): string[] =>
  line.spec.kind === 'VM' ? serverNames(line.spec).map((name) => name.toLowerCase()) : []

/**
 * Server names are unique in an application. Said while a person can still return the order: once the servers are made it is too late.
 * @throws provisioningProblems.nameTaken
 */
export async function requireFreeNames(ctx: Ctx, order: OrderRow, lines: readonly LineRow[]): Promise<void> {
  const others = await linesBeingMade(ctx.db, order.application_id, order.id)
  const servers = (await serversOf(ctx, order.application_id)).filter((server) => server.state !== 'RETIRED')
  const taken = new Set([...servers.map((server) => server.name.toLowerCase()), ...others.flatMap(namesOf)])
  for (const name of lines.flatMap(namesOf)) {
    if (taken.has(name)) fail(provisioningProblems.nameTaken, { name })
    taken.add(name)
  }
}
