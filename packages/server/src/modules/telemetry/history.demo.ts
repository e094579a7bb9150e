import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Ctx } from '../../platform/ctx.ts'
import { monitoredServers } from '../inventory/index.ts'
import { markWindowsRolled, noteWindows, saveChunks, saveSharedRollups } from './chunk.store.ts'
import { addPartitions } from './fold.service.ts'
import { digestOf, type Labels } from './series.domain.ts'
import { addSeries, matchSeries } from './series.store.ts'
import { encodeChunk, WINDOW_MS, windowOf } from './store/chunk.domain.ts'
import { columnOf } from './store/column.domain.ts'
import { DAY_MS, encodeHours, encodeSlots, FIVE_MS, HOUR_MS, histogramsOf, sumUp } from './store/rollup.domain.ts'

type Kind = 'cpu' | 'memory'
const KINDS = ['cpu', 'memory'] as const
const METRICS: Readonly<Record<Kind, { name: string; state: string }>> = {
  cpu: { name: 'system_cpu_utilization_ratio', state: 'idle' },
  memory: { name: 'system_memory_utilization_ratio', state: 'used' },
}
const A_DAY = DAY_MS / FIVE_MS
/** The newest days are kept sample by sample, as if they had been sent; what is older is summed up. */
const SAMPLED_DAYS = 4
/** Servers that {@link seedDemoTelemetry} simulates by another exporter. */
const OTHERS_FIRST = 12

let real: Promise<Readonly<Record<Kind, readonly (readonly number[])[]>>> | undefined
const readReal = () => {
  real ??= readFile(resolve(import.meta.dirname, 'series/real.json'), 'utf8').then((text) => JSON.parse(text))
  return real
}

interface Replayed {
  kind: Kind
  labels: Labels
  /** Which of the real series, and how many days later it is played. */
  source: number
  shift: number
}

/** Each server replays one real series, some days later than its neighbour. */
async function replayed(ctx: Ctx): Promise<Replayed[]> {
  const servers = (await monitoredServers(ctx)).filter(({ state }) => state === 'ACTIVE').slice(OTHERS_FIRST)
  return servers.flatMap((server, index) =>
    KINDS.map((kind) => ({
      kind,
      labels: { instance: server.name, job: 'otel', ci_id: server.id, state: METRICS[kind].state },
      source: kind === 'cpu' ? index % 5 : index % 2,
      shift: (index * (kind === 'cpu' ? 3 : 5)) % 14,
    })),
  )
}

/** In half percents: a day of one series then stays within a row of its table. */
const shareOf = (kind: Kind, hundredths: number): number => Math.round((kind === 'cpu' ? 10_000 - hundredths : hundredths) / 50) / 200
/** Of the fourteen days, the one that a day of the calendar plays. */
const playedDay = (dayMs: number, shift: number): number => (Math.round(dayMs / DAY_MS) + shift) % 14

const digestIn = ({ kind, labels }: Replayed) => digestOf(METRICS[kind].name, labels)

/** What was measured since `from`: roll-ups of the older days, samples of the last days. Real figures, replayed. */
export async function seedDemoHistory(ctx: Ctx, from: Temporal.Instant): Promise<void> {
  const series = await readReal()
  const all = await replayed(ctx)
  if (all.length === 0) return
  const rows = await addSeries(
    ctx.db,
    all.map((one) => ({ name: METRICS[one.kind].name, labels: one.labels, digest: digestIn(one), itemId: one.labels.ci_id ?? null })),
    null,
    ctx.now,
    true,
  )
  const ids = new Map(rows.map((row) => [row.digest.toString('hex'), row.id]))
  const now = Math.floor(ctx.now.epochMilliseconds / FIVE_MS) * FIVE_MS
  const sampledFrom = Math.floor(now / DAY_MS) * DAY_MS - (SAMPLED_DAYS - 1) * DAY_MS
  const firstDay = Math.ceil(from.epochMilliseconds / DAY_MS) * DAY_MS
  const windows: number[] = []
  for (let window = windowOf(firstDay); window <= now; window += WINDOW_MS) windows.push(window)
  // of the older days only the months of roll-ups are needed
  await addPartitions(
    ctx,
    windows.filter((window) => window >= sampledFrom || new Date(window).getUTCDate() === 1 || window === windows[0]),
  )
  await noteWindows(ctx.db, windows)

  const days: number[] = []
  for (let day = firstDay; day < sampledFrom; day += DAY_MS) days.push(day)
  for (const kind of KINDS) {
    // fourteen days of a few series are summed up once and shared by all who play them
    const payloads = (series[kind] ?? []).map((values) =>
      Array.from({ length: 14 }, (_, day) => {
        const at = Array.from({ length: A_DAY }, (__, slot) => slot * FIVE_MS)
        const points = {
          length: A_DAY,
          at: Float64Array.from(at),
          value: columnOf(at.map((___, slot) => shareOf(kind, values[day * A_DAY + slot] ?? 0))),
        }
        const hours = { slots: sumUp(points, 0, HOUR_MS), histograms: histogramsOf(points, 0, HOUR_MS) }
        return { five: encodeSlots(sumUp(points, 0, FIVE_MS)), hour: encodeHours(hours) }
      }),
    )
    const players = all.filter((one) => one.kind === kind)
    const flat = payloads.flat()
    for (const day of days)
      await saveSharedRollups(
        ctx.db,
        new Date(day).toISOString().slice(0, 10),
        flat,
        players.map((one) => ({
          seriesId: ids.get(digestIn(one).toString('hex')) as number,
          payload: one.source * 14 + playedDay(day, one.shift),
        })),
      )
  }
  await markWindowsRolled(
    ctx.db,
    windows.filter((window) => window < sampledFrom),
    ctx.now,
  )
  for (const windowMs of windows.filter((window) => window >= sampledFrom)) {
    const at: number[] = []
    for (let ms = windowMs; ms < windowMs + WINDOW_MS && ms <= now; ms += FIVE_MS) at.push(ms)
    await saveChunks(
      ctx.db,
      all.map((one) => {
        const values = at.map((ms) => replay(series, one, ms))
        const points = { length: at.length, at: Float64Array.from(at), value: columnOf(values) }
        return {
          seriesId: ids.get(digestIn(one).toString('hex')) as number,
          windowMs,
          samples: points.length,
          data: encodeChunk(points, windowMs),
        }
      }),
    )
  }
}

function replay(series: Readonly<Record<Kind, readonly (readonly number[])[]>>, { kind, source, shift }: Replayed, ms: number): number {
  const day = Math.floor(ms / DAY_MS) * DAY_MS
  const slot = Math.floor((ms - day) / FIVE_MS)
  return shareOf(kind, series[kind][source]?.[playedDay(day, shift) * A_DAY + slot] ?? 0)
}

/** What the replaying servers show now; empty where their history was never laid. */
export async function replayedNow(ctx: Ctx): Promise<{ id: number; value: number }[]> {
  const [any] = await matchSeries(ctx.db, { matchers: [{ label: '__name__', op: '=', value: METRICS.memory.name }] }, 1)
  if (!any) return []
  const series = await readReal()
  const all = await replayed(ctx)
  const known = await matchSeries(ctx.db, { matchers: [], itemIds: [...new Set(all.flatMap(({ labels }) => labels.ci_id ?? []))] }, 20_000)
  const ids = new Map(known.map((row) => [row.digest.toString('hex'), row.id]))
  return all.flatMap((one) => {
    const id = ids.get(digestIn(one).toString('hex'))
    return id === undefined ? [] : [{ id, value: replay(series, one, ctx.now.epochMilliseconds) }]
  })
}
