import type { ReclaimMetric } from '@changbai/contract/reclaim.ts'
import { systemActor } from '../../platform/actor.ts'
import type { Runtime } from '../../platform/runtime.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { reclaimables } from '../inventory/index.ts'
import { measureItems } from '../telemetry/index.ts'
import { keepMeasurements } from './measure.service.ts'
import { observationOf, spanOf } from './measurement.ts'
import type { PeakRule } from './peak.domain.ts'

const entry = { actor: systemActor('reclaim') }
/** Servers read in one transaction: a day of them is some ten thousand averages. */
const SERVERS_AT_ONCE = 50

type Read = typeof measureItems
type MeasureId = Parameters<Read>[1]

/** What monitoring calls a measure, and what one of its five-minute averages is in ours: shares as percent, rates as amounts of the stretch. */
const taken: readonly { from: MeasureId; metric: ReclaimMetric; ours(average: number, stretchSeconds: number): number }[] = [
  { from: 'cpu', metric: 'cpu', ours: (share) => share * 100 },
  { from: 'memory', metric: 'memory', ours: (share) => share * 100 },
  { from: 'networkIn', metric: 'netIn', ours: (rate, seconds) => rate * seconds },
  { from: 'networkOut', metric: 'netOut', ours: (rate, seconds) => rate * seconds },
  { from: 'diskRead', metric: 'diskReadBytes', ours: (rate, seconds) => rate * seconds },
  { from: 'diskWrite', metric: 'diskWriteBytes', ours: (rate, seconds) => rate * seconds },
  { from: 'connections', metric: 'connections', ours: (count) => count },
]

/**
 * Takes over what monitoring measured of every server, so many whole days up to yesterday. A day taken again is put together with what there is:
 * late samples fill its gaps. A server that reports nothing stays as it is.
 * @returns how many days of measures were kept
 */
export async function takeMeasurements({ door }: Runtime, days: number, read: Read = measureItems): Promise<number> {
  const { ids, span, stretchSeconds } = await door.enter({ ...entry, readOnly: true }, async (ctx) => ({
    ids: (await reclaimables(ctx)).filter((item) => item.type === 'server').map((item) => item.id),
    span: spanOf(observationOf(shanghaiDay(ctx.now), days)),
    stretchSeconds: ctx.plan.value<PeakRule>('reclaim.peak').averageMinutes * 60,
  }))
  let kept = 0
  for (let at = 0; at < ids.length; at += SERVERS_AT_ONCE) {
    const some = ids.slice(at, at + SERVERS_AT_ONCE)
    kept += await door.enter(entry, async (ctx) => {
      let days = 0
      for (const { from, metric, ours } of taken)
        for (const [itemId, { points }] of await read(ctx, from, some, span)) {
          const samples = points.map((point) => ({ atMs: point.at, value: ours(point.avg, stretchSeconds) }))
          days += await keepMeasurements(ctx, { itemId, metric, source: 'MONITOR' }, samples)
        }
      return days
    })
  }
  return kept
}
