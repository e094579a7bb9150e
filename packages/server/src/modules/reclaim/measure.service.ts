import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { type ReclaimMetric, type reclaimApi, reclaimProblems } from '@changbai/contract/reclaim.ts'
import { requireScope } from '../../platform/actor.ts'
import { sha256Hex } from '../../platform/crypto.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { reclaimables } from '../inventory/index.ts'
import { placeOfTaken } from './case.store.ts'
import { saveDays } from './measurement.store.ts'
import { readSeries } from './measurement.ts'
import { medianGap, type PeakRule } from './peak.domain.ts'
import { rollUp } from './rollup.domain.ts'
import { readSeries as parseSeries, type Sample, SeriesError } from './series.domain.ts'

type Api = typeof reclaimApi
/** Bytes and operations add up over a stretch; the others are levels. */
export const AMOUNTS: ReadonlySet<ReclaimMetric> = new Set(['netIn', 'netOut', 'diskRead', 'diskWrite', 'diskReadBytes', 'diskWriteBytes'])
/** Rows named in a report. */
const ERRORS_NAMED = 50
/** A year of five-minute averages and a little. */
const ROWS_MAX = 110_000
const DAY_MS = 86_400_000

/** Rows of a workbook's first sheet as `timestamp,value`; a date is wall time. */
async function linesOf(name: string, bytes: Buffer): Promise<string> {
  if (!name.toLowerCase().endsWith('.xlsx')) return bytes.toString('utf8')
  const { default: excel } = await import('exceljs')
  const book = new excel.Workbook()
  try {
    await book.xlsx.load(new Uint8Array(bytes).buffer)
  } catch {
    fail(commonProblems.malformed)
  }
  const lines: string[] = []
  book.worksheets[0]?.eachRow((row) => {
    const [at, value] = [row.getCell(1).value, row.getCell(2).value]
    const moment = at instanceof Date ? at.toISOString().slice(0, 19).replace('T', ' ') : String(at ?? '')
    lines.push(`${moment},${String(value ?? '')}`)
  })
  return lines.join('\n')
}

/** All wrong rows, not only the first: whoever uploads mends them in one go. */
function errorsIn(text: string): { row: number; message: string }[] {
  const errors: { row: number; message: string }[] = []
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '' || (index === 0 && /[a-z\u4e00-\u9fff]/i.test(line.split(',')[1] ?? ''))) continue
    try {
      parseSeries(line)
    } catch (error) {
      if (!(error instanceof SeriesError)) throw error
      errors.push({ row: index + 1, message: error.message.replace(/^line \d+: /, '') })
      if (errors.length >= ERRORS_NAMED) break
    }
  }
  return errors
}

/** Keeps samples of one measure of one item, day by day; a day that was measured in parts is put together. */
export async function keepMeasurements(
  ctx: Ctx,
  of: { itemId: string; metric: ReclaimMetric; source: 'MONITOR' | 'AGENT' | 'MANUAL' },
  samples: readonly Sample[],
): Promise<number> {
  const averageMs = ctx.plan.value<PeakRule>('reclaim.peak').averageMinutes * 60_000
  const first = samples[0]
  const last = samples.at(-1)
  if (!first || !last) return 0
  const dayAt = (ms: number) => Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO('Asia/Shanghai').toPlainDate()
  const held = await readSeries(ctx, of.itemId, of.metric, { from: dayAt(first.atMs), to: dayAt(last.atMs).add({ days: 1 }) })
  const all = new Map([...held, ...samples].map((sample) => [sample.atMs, sample]))
  const merged = [...all.values()].sort((a, b) => a.atMs - b.atMs)
  const rolls = rollUp(merged, AMOUNTS.has(of.metric), averageMs, of.metric === 'used' ? DAY_MS : averageMs)
  const gap = medianGap(merged)
  await saveDays(ctx.db, { ...of, intervalSeconds: Number.isFinite(gap) ? Math.round(gap / 1000) : 300 }, rolls)
  return rolls.length
}

/** All or nothing: one row that cannot be read and nothing is kept. */
export async function uploadMeasurements(
  ctx: Ctx,
  { itemId, metric, source }: Input<Api['measure']>,
  file: { name: string; bytes: Buffer },
): Promise<Reply<Api['measure']>> {
  const [item] = await reclaimables(ctx, [itemId])
  if (!item) return fail(commonProblems.notFound)
  requireScope(ctx.actor, 'reclaim.read', ['R', 'r'], item)
  const text = await linesOf(file.name, file.bytes)
  let samples: Sample[]
  try {
    samples = parseSeries(text)
  } catch (error) {
    if (!(error instanceof SeriesError)) throw error
    const errors = errorsIn(text)
    return { applied: false, rows: 0, days: 0, errors: errors.length > 0 ? errors : [{ row: error.line, message: error.message }] }
  }
  if (samples.length > ROWS_MAX) fail(reclaimProblems.badSeries, { count: samples.length })
  const days = await keepMeasurements(ctx, { itemId, metric, source }, samples)
  await ctx.record({
    kind: 'reclaim.measured',
    subject: { type: item.type, id: itemId },
    tenantId: item.tenantId,
    data: { metric, source, rows: samples.length, digest: sha256Hex(file.bytes) },
  })
  return { applied: true, rows: samples.length, days, errors: [] }
}

/** Points on a curve: more are not told apart on a screen. */
const POINTS = 360

/** A curve for the eye: the greatest and the mean of each stretch. */
export async function readCurve(ctx: Ctx, { itemId, metric, from, to }: Input<Api['series']>): Promise<Reply<Api['series']>> {
  const [item] = await reclaimables(ctx, [itemId])
  // what was taken back is out of the inventory; its curves stay with its case
  const place = item ?? (await placeOfTaken(ctx.db, itemId)) ?? fail(commonProblems.notFound)
  requireScope(ctx.actor, 'reclaim.read', ['R', 'r'], place)
  const [start, end] = [Temporal.PlainDate.from(from), Temporal.PlainDate.from(to)]
  const points = thin(await readSeries(ctx, itemId, metric, { from: start, to: end }), POINTS)
  return {
    stepSeconds: points.stepSeconds,
    points: points.points.map(({ atMs, max, mean }) => ({ at: Temporal.Instant.fromEpochMilliseconds(atMs).toString(), max, mean })),
  }
}

export function thin(
  samples: readonly Sample[],
  points: number,
): { stepSeconds: number; points: { atMs: number; max: number; mean: number }[] } {
  const [first, last] = [samples[0], samples.at(-1)]
  if (!first || !last) return { stepSeconds: 0, points: [] }
  const stepMs = Math.max(300_000, Math.ceil((last.atMs - first.atMs) / points / 300_000) * 300_000)
  const stretches = new Map<number, { max: number; sum: number; count: number }>()
  for (const { atMs, value } of samples) {
    const at = Math.floor(atMs / stepMs) * stepMs
    const held = stretches.get(at) ?? { max: value, sum: 0, count: 0 }
    stretches.set(at, { max: Math.max(held.max, value), sum: held.sum + value, count: held.count + 1 })
  }
  return {
    stepSeconds: stepMs / 1000,
    points: [...stretches].map(([atMs, { max, sum, count }]) => ({ atMs, max, mean: sum / count })),
  }
}
