import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import type { inspectionApi, Measured } from '@changbai/contract/inspection.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { monitoredServers, onlineApplications } from '../inventory/index.ts'
import { type Latest, measureItems, readLatest, sourcesNow } from '../telemetry/index.ts'
import { isOutside } from './inspection.domain.ts'
import { reachRound } from './inspection.service.ts'
import { firingAlarms, probesSince } from './inspection.store.ts'

/** What is older was not measured for this round. */
const FRESH_MS = 15 * 60_000
const DAY_MS = 86_400_000

interface Reading {
  value: number | null
  /** Of items that have no figure: whether it is well. */
  ok: boolean
  at: number
  from: number
}
type Line = Pick<Latest, 'at' | 'value'>
const whole = (value: number): number => Math.round(value * 10) / 10
const newest = (lines: readonly { at: number }[]): number => Math.max(...lines.map(({ at }) => at))
/** The worst of all there are; nothing where nothing was measured. */
function worst(lines: readonly Line[], how: (values: number[]) => number, ok = (_: number) => true): Reading | null {
  if (lines.length === 0) return null
  const value = how(lines.map((one) => one.value))
  return { value: whole(value), ok: ok(value), at: newest(lines), from: lines.length }
}

/** Management hosts: machines of the platform itself, which belong to no bureau. */
async function platformReadings(ctx: Ctx): Promise<Map<string, Reading | null>> {
  const now = ctx.now.epochMilliseconds
  const span = { fromMs: now - FRESH_MS, toMs: now }
  const hosts = (await monitoredServers(ctx)).filter(({ tenantId }) => tenantId === null).map(({ id }) => id)
  const found = new Map<string, Reading | null>()
  for (const [code, measure] of [
    ['os.cpu', 'cpu'],
    ['os.mem', 'memory'],
    ['os.fs', 'disk'],
  ] as const) {
    const peaks: Line[] = []
    for (const [, { points }] of await measureItems(ctx, measure, hosts, span)) {
      const point = points.at(-1)
      if (point) peaks.push({ at: point.at, value: point.max * 100 })
    }
    found.set(
      code,
      worst(peaks, (values) => Math.max(...values)),
    )
  }
  const latest = (name: string) => readLatest(ctx, { matchers: [{ label: '__name__', op: '=', value: name }], withinMs: FRESH_MS })
  const furthest = (values: number[]) => values.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a)) * 1000
  const least = (values: number[]) => Math.min(...values)
  found.set('os.ntpOffset', worst(await latest('node_timex_offset_seconds'), furthest))
  const total = new Map((await latest('node_filesystem_files')).map((one) => [keyOf(one), one.value]))
  const inodes = (await latest('node_filesystem_files_free')).flatMap((one) => {
    const all = total.get(keyOf(one))
    return all ? [{ ...one, value: (1 - one.value / all) * 100 }] : []
  })
  found.set(
    'os.inode',
    worst(inodes, (values) => Math.max(...values)),
  )
  found.set('hw.smart', yesNo(worst(await latest('smartctl_device_smart_status'), least, (value) => value === 1)))
  const expiry = (await latest('probe_ssl_earliest_cert_expiry')).map((one) => ({ ...one, value: (one.value * 1000 - now) / DAY_MS }))
  const days = worst(expiry, least)
  found.set('cert.daysLeft', days?.value == null ? null : { ...days, value: Math.floor(days.value) })

  const { sources } = await sourcesNow(ctx)
  if (sources.length > 0) {
    const silent = sources.filter(({ silentSince }) => silentSince !== null).length
    found.set('mon.missing', { value: silent, ok: silent === 0, at: now, from: sources.length })
  }
  const alarms = await firingAlarms(ctx.db)
  const critical = alarms.filter(({ level }) => level === 'I' || level === 'II').length
  found.set('mon.openCritical', { value: critical, ok: critical === 0, at: now, from: alarms.length })
  return found
}
const keyOf = ({ series }: Latest): string =>
  JSON.stringify([series.itemId, series.labels['instance'], series.labels['device'], series.labels['mountpoint']])
const yesNo = (reading: Reading | null): Reading | null => reading && { ...reading, value: null }

/** The newest verdict of the probes of each application, and the longest answer of the last minutes. */
async function applicationReadings(ctx: Ctx): Promise<Map<string, Reading | null>> {
  const applications = await onlineApplications(ctx)
  const since = ctx.now.subtract({ minutes: FRESH_MS / 60_000 })
  const rows = Map.groupBy(
    await probesSince(
      ctx.db,
      applications.map(({ id }) => id),
      since,
    ),
    (row) => row.application_id,
  )
  const found = new Map<string, Reading | null>()
  for (const { id, code } of applications) {
    const own = rows.get(id) ?? []
    const last = own.at(-1)
    if (!last) continue
    const at = last.at.epochMilliseconds
    found.set(`app.probe:${code}`, { value: null, ok: last.verdict === 'UP', at, from: own.length })
    const answers = own.flatMap(({ latency_ms, verdict }) => (latency_ms === null || verdict !== 'UP' ? [] : [latency_ms]))
    if (answers.length > 0) found.set(`app.latency:${code}`, { value: Math.max(...answers), ok: true, at, from: answers.length })
  }
  return found
}

/**
 * What was measured of the items of an open round in the last quarter of an hour. It fills in nothing by itself: a person looks at each and takes
 * it over. An item nothing measures is left out. @clause 5.4-2 5.4-3
 */
export async function readMeasured(
  ctx: Ctx,
  { roundId }: Input<(typeof inspectionApi)['measured']>,
): Promise<Reply<(typeof inspectionApi)['measured']>> {
  const row = await reachRound(ctx, roundId)
  if (row.kind === 'FACILITY' || row.done_at !== null) return { items: [] }
  const readings = await (row.kind === 'PLATFORM' ? platformReadings(ctx) : applicationReadings(ctx))
  const items = row.items.flatMap((item): Measured[] => {
    const reading = readings.get(item.code)
    if (!reading) return []
    const bad = !reading.ok || isOutside(item, reading.value)
    const at = Temporal.Instant.fromEpochMilliseconds(reading.at).toString()
    return [{ code: item.code, result: bad ? 'ABNORMAL' : 'OK', value: reading.value, at, from: reading.from }]
  })
  return { items }
}
