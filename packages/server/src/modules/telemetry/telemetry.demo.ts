import { randomBytes } from 'node:crypto'
import type { Server } from '@changbai/contract/inventory.ts'
import { sha256Hex } from '../../platform/crypto.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { newId } from '../../platform/ids.ts'
import { monitoredServers } from '../inventory/index.ts'
import { insertBatches } from './batch.store.ts'
import { noteWindows, saveChunks } from './chunk.store.ts'
import { addPartitions } from './fold.service.ts'
import { replayedNow } from './history.demo.ts'
import { digestOf, type Labels } from './series.domain.ts'
import { addSeries, matchSeries } from './series.store.ts'
import { addTally, insertSource, SIMULATED, simulatedSource, updateSource } from './source.store.ts'
import { encodeBatch } from './store/batch.domain.ts'
import { encodeChunk, WINDOW_MS, windowOf } from './store/chunk.domain.ts'
import { columnOf } from './store/column.domain.ts'

const SERVERS = 12
const DAYS = 3
const STEP_MS = 300_000
const DAY_MS = 86_400_000
/** Counters of the demo's servers begin here. */
const BOOT_MS = Date.UTC(2026, 0, 1)
const GIB = 2 ** 30

/** Share in use at an instant: a level of its own, busier by day, a little unrest. Always the same for the same server and instant. */
function busy(index: number, ms: number): number {
  const level = [0.12, 0.55, 0.07, 0.32, 0.02, 0.61, 0.24, 0.41, 0.09, 0.18, 0.7, 0.28][index % SERVERS] as number
  const day = Math.sin(((ms / DAY_MS) % 1) * 2 * Math.PI - 0.6)
  const unrest = Math.sin(ms / 1_733_000 + index) * 0.25 + Math.sin(ms / 411_000 + 3 * index) * 0.15
  return Math.min(0.97, Math.max(0.005, level * (1 + 0.35 * day + unrest)))
}
/** What a counter shows that gains `each` a second times a mean and a daily wave around it: the wave is smaller than the mean, so it only rises. */
function gathered(mean: number, ms: number, each: number): number {
  const swing = Math.min(mean, 1 - mean) * 0.8
  const turn = (2 * Math.PI * (ms - BOOT_MS)) / DAY_MS
  return each * (((ms - BOOT_MS) / 1000) * mean - ((swing * DAY_MS) / 1000 / (2 * Math.PI)) * Math.cos(turn))
}

interface Curve {
  name: string
  labels: Labels
  at(ms: number): number
}

function curvesOf(server: Server, index: number): Curve[] {
  const labels = { instance: `${server.addresses[0]?.address ?? server.name}:9100`, job: 'node', ci_id: server.id }
  const total = server.memGiB * GIB
  const size = Math.max(40, server.rootGiB) * GIB
  const disk = 0.2 + ((index * 7) % 11) / 15
  const mean = busy(index, 0)
  const two = (value: number): number => Math.round(value * 100) / 100
  return [
    {
      name: 'node_cpu_seconds_total',
      labels: { ...labels, cpu: '0', mode: 'idle' },
      at: (ms) => two((ms - BOOT_MS) / 1000 - gathered(mean, ms, 1)),
    },
    { name: 'node_memory_MemTotal_bytes', labels, at: () => total },
    {
      name: 'node_memory_MemAvailable_bytes',
      labels,
      at: (ms) => Math.round((total * (1 - 0.3 - 0.5 * busy(index + 5, ms))) / 4096) * 4096,
    },
    { name: 'node_filesystem_size_bytes', labels: { ...labels, device: '/dev/vda1', fstype: 'xfs', mountpoint: '/' }, at: () => size },
    {
      name: 'node_filesystem_avail_bytes',
      labels: { ...labels, device: '/dev/vda1', fstype: 'xfs', mountpoint: '/' },
      at: (ms) => Math.round((size * (1 - disk - ((ms / DAY_MS) % 7) * 0.004)) / 4096) * 4096,
    },
    {
      name: 'node_network_receive_bytes_total',
      labels: { ...labels, device: 'eth0' },
      at: (ms) => Math.round(gathered(mean, ms, 4_000_000)),
    },
    {
      name: 'node_network_transmit_bytes_total',
      labels: { ...labels, device: 'eth0' },
      at: (ms) => Math.round(gathered(mean, ms, 1_500_000)),
    },
    { name: 'node_disk_written_bytes_total', labels: { ...labels, device: 'vda' }, at: (ms) => Math.round(gathered(mean, ms, 900_000)) },
    { name: 'node_netstat_Tcp_CurrEstab', labels, at: (ms) => Math.round(busy(index + 2, ms) * 900) },
    { name: 'node_load1', labels, at: (ms) => two(busy(index, ms) * server.vcpu) },
  ]
}

async function simulatedCurves(ctx: Ctx): Promise<Curve[]> {
  const servers = (await monitoredServers(ctx)).filter(({ state }) => state === 'ACTIVE').slice(0, SERVERS)
  return servers.flatMap((server, index) => curvesOf(server, index))
}

/** Three days of a dozen servers, as if a Prometheus had sent them; {@link runSimulatedServers} goes on from there. Everything here is invented. */
export async function seedDemoTelemetry(ctx: Ctx, parties: { creator: { id: string; name: string }; approver: string }): Promise<void> {
  const id = newId()
  await insertSource(ctx.db, {
    id,
    name: '业务区 Prometheus（演示）',
    note: '模拟数据：没有真实的采集器在运行',
    // of a token nobody holds
    token_sha256: sha256Hex(randomBytes(32).toString('hex')),
    state: 'ACTIVE',
    silence_seconds: 300,
    created_by: parties.creator.name,
    created_by_person_id: parties.creator.id,
    created_at: ctx.now,
    decided_by: parties.approver,
    decided_at: ctx.now,
    last_seen_at: ctx.now,
    last_address: '127.0.0.1',
    sender: SIMULATED,
    silent_since: null,
  })
  const curves = await simulatedCurves(ctx)
  if (curves.length === 0) return
  const added = curves.map(({ name, labels }) => ({ name, labels, digest: digestOf(name, labels), itemId: labels.ci_id ?? null }))
  const rows = await addSeries(ctx.db, added, id, ctx.now, true)
  const ids = new Map(rows.map((row) => [row.digest.toString('hex'), row.id]))
  const now = Math.floor(ctx.now.epochMilliseconds / STEP_MS) * STEP_MS
  const windows: number[] = []
  for (let window = windowOf(now - DAYS * DAY_MS); window <= now; window += WINDOW_MS) windows.push(window)
  await addPartitions(ctx, windows)
  await noteWindows(ctx.db, windows)
  for (const windowMs of windows) {
    const at: number[] = []
    for (let ms = windowMs; ms < windowMs + WINDOW_MS && ms <= now; ms += STEP_MS) at.push(ms)
    await saveChunks(
      ctx.db,
      curves.map((curve, i) => {
        const points = { length: at.length, at: Float64Array.from(at), value: columnOf(at.map((ms) => curve.at(ms))) }
        const seriesId = ids.get((added[i] as { digest: Buffer }).digest.toString('hex')) as number
        return { seriesId, windowMs, samples: points.length, data: encodeChunk(points, windowMs) }
      }),
    )
  }
}

/** Goes on with the demo's servers, every minute, as long as their source is approved. */
export async function runSimulatedServers(ctx: Ctx): Promise<void> {
  const source = await simulatedSource(ctx.db, SIMULATED)
  if (!source) return
  const curves = await simulatedCurves(ctx)
  const series = await matchSeries(
    ctx.db,
    { matchers: [], itemIds: [...new Set(curves.flatMap(({ labels }) => labels.ci_id ?? []))] },
    1_000,
  )
  const ids = new Map(series.map((row) => [row.digest.toString('hex'), row.id]))
  const now = ctx.now.epochMilliseconds
  const known = curves.flatMap((curve) => {
    const id = ids.get(digestOf(curve.name, curve.labels).toString('hex'))
    return id === undefined ? [] : [{ id, value: curve.at(now) }]
  })
  known.push(...(await replayedNow(ctx)))
  if (known.length === 0) return
  const batch = {
    length: known.length,
    seriesId: Int32Array.from(known, ({ id }) => id),
    at: Float64Array.from(known, () => now),
    value: columnOf(known.map(({ value }) => value)),
  }
  await insertBatches(ctx.db, ctx.now, [{ samples: known.length, oldestMs: now, newestMs: now, payload: encodeBatch(batch) }])
  await addTally(ctx.db, source.id, ctx.now, { requests: 1, bytes: 12 * known.length, samples: known.length, rejected: 0 })
  await updateSource(ctx.db, source.id, { last_seen_at: ctx.now, silent_since: null })
}
