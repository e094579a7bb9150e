import { type cloudReadApi, cloudReadProblems } from '@changbai/contract/cloud.read.ts'
import type { Input } from '@changbai/contract/endpoint.ts'
import { driftProblems } from '@changbai/contract/inventory.drift.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { activeConnection } from './cloud.store.ts'
import { tamper } from './simulator/simulator-read.store.ts'

/** Reads the cloud in force now; several who ask at once get one reading. */
export async function readNow(ctx: Ctx): Promise<Record<string, never>> {
  const row = await activeConnection(ctx.db)
  if (!row || row.driver === 'manual') return fail(driftProblems.nothingToRead)
  await ctx.enqueue('cloud.readAll', { cause: 'DEMAND' })
  await ctx.record({ kind: 'cloud-connection.read-asked', subject: { type: 'cloud-connection', id: row.id } })
  return {}
}

/** Somebody works on the cloud past us: for exercises, and for the tests of the reconciliation. */
export async function tamperSimulated(ctx: Ctx, what: Input<(typeof cloudReadApi)['tamper']>): Promise<Record<string, never>> {
  const row = await activeConnection(ctx.db)
  if (row?.driver !== 'simulator') return fail(cloudReadProblems.notSimulated)
  if ((await tamper(ctx.db, row.id, what, ctx.now)) === 0) fail(commonProblems.notFound)
  await ctx.record({ kind: 'cloud-simulator.tampered', subject: { type: 'cloud-connection', id: row.id }, after: { ...what } })
  return {}
}
