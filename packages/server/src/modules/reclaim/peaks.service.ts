import type { Ctx } from '../../platform/ctx.ts'
import type { Reaction } from '../../platform/door.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { measuredUse, rolledFigures } from './measurement.store.ts'
import { observationOf } from './measurement.ts'

const DAY_SECONDS = 86_400

export interface PeaksOfServer {
  cpuPeak: number | null
  memoryPeak: number | null
  /** Of the less well measured of the two, 0..1. */
  coverage: number
}

/** Greatest five-minute averages of servers over the observation of the plan, from the roll-ups: whole days up to yesterday. */
export async function peaksOfServers(ctx: Ctx, ids: readonly string[]): Promise<{ days: number; peaks: Map<string, PeaksOfServer> }> {
  const days = ctx.plan.number('reclaim.observeServerDays')
  const { from, to } = observationOf(shanghaiDay(ctx.now), days)
  const peaks = new Map<string, PeaksOfServer>()
  if (ids.length === 0) return { days, peaks }
  const figures = await rolledFigures(ctx.db, from.toString(), to.toString(), ids)
  for (const id of ids) {
    const of = (measure: string) => figures.find((one) => one.itemId === id && one.measure === measure)
    const [cpu, memory] = [of('cpu'), of('memory')]
    const covered = Math.min(Number(cpu?.measuredSeconds ?? 0), Number(memory?.measuredSeconds ?? cpu?.measuredSeconds ?? 0))
    peaks.set(id, { cpuPeak: cpu?.peak ?? null, memoryPeak: memory?.peak ?? null, coverage: covered / (days * DAY_SECONDS) })
  }
  return { days, peaks }
}

/** What of each pool was in use at the peaks of its things, day by day, added to the outlook of capacity. */
export const addMeasuredUse: Reaction<'capacity.measured-asked'> = async (ctx, { days, things, measured }) => {
  measured.push(...(await measuredUse(ctx.db, days, things)))
}
