import type { ReclaimMetric } from '@changbai/contract/reclaim.ts'
import type { Actor, Grant } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { newId } from '../../platform/ids.ts'
import { placeSimulated } from '../cloud/index.ts'
import { recordServer, recordVolume } from '../inventory/index.ts'
import { completeTask, openTasksOf } from '../process/index.ts'
import { openCase, targetOf } from './case.service.ts'
import { detect } from './detect.service.ts'
import { insertRun } from './finding.store.ts'
import { keepMeasurements } from './measure.service.ts'

interface Known {
  id: string
  name: string
}
export interface DemoReclaim {
  tenantId: string
  applicationId: string
  writer: Known
  manager: Known
}
const as = (ctx: Ctx, person: Known, role: Grant['role']): Ctx => {
  const actor: Actor = {
    kind: 'person',
    personId: person.id,
    name: person.name,
    grants: [{ role, tenantId: null, applicationId: null }],
    address: '',
    sessionId: null,
  }
  return { ...ctx, actor }
}

const DAY_MS = 86_400_000
/** In use for 200 days, first looked at 120 days ago: past every waiting time. */
const AGE_HOURS = 200 * 24
const FIRST_RUN_HOURS = 120 * 24
/** Restated from real series: a server that does nothing, one of low average with high peaks, one that is too large. Steady, so that a demo looks alike everywhere. */
const shapes = {
  nothing: (slot: number) => (slot % 288 === 46 ? 1.4 : 0.12 + (slot % 7) * 0.004),
  peaky: (slot: number) => (slot % 700 === 3 ? 99.7 : slot % 15 === 0 ? 29 : 2.2),
  // by day: low at night, highest in the afternoon, lower on two days of seven
  low: (slot: number) => 4 + (Math.floor(slot / 288) % 7 < 5 ? 4 : 1.5) * (1 + Math.sin((slot % 288) / 45.8 - 2.2)) + (slot % 7) * 0.2,
  memory: (base: number) => (slot: number) => base + (slot % 12) * 0.2 + Math.sin(slot / 900),
  traffic: (bytes: number) => (slot: number) => bytes + (slot % 9) * 11,
  none: () => 0,
} as const

/** A few servers and volumes of one application as a month of measurements shows them, and two cases under way. */
export async function seedDemoReclaim(ctx: Ctx, { tenantId, applicationId, writer, manager }: DemoReclaim): Promise<void> {
  const then = { ...ctx, now: ctx.now.subtract({ hours: AGE_HOURS }) }
  const place = { tenantId, applicationId }
  const server = async (name: string, vcpu: number, memGiB: number): Promise<string> => {
    const at = await placeSimulated(then, { kind: 'server', name, vcpu, memGiB })
    const made = {
      ...place,
      source: { type: 'demo', id: name },
      kind: 'vm' as const,
      name,
      vcpu,
      memGiB,
      rootGiB: 40,
      os: '银河麒麟 V10 SP3',
    }
    return (await recordServer(then, { ...made, ...at }, 'DEMO')).id
  }
  const volume = async (name: string, gib: number, serverId: string | null = null): Promise<string> => {
    const at = await placeSimulated(then, { kind: 'volume', name, gib })
    return (
      await recordVolume(
        then,
        { ...place, source: { type: 'demo', id: name }, kind: 'block', name, gib, tier: 'SSD', serverId, ...at },
        'DEMO',
      )
    ).id
  }
  const today = Date.parse(`${ctx.now.toZonedDateTimeISO('Asia/Shanghai').toPlainDate().toString()}T00:00:00+08:00`)
  const measure = (itemId: string, metric: ReclaimMetric, shape: (slot: number) => number, days = 30, minutes = 5) =>
    keepMeasurements(
      ctx,
      { itemId, metric, source: 'MONITOR' },
      Array.from({ length: (days * 1440) / minutes }, (_, slot) => ({
        atMs: today - days * DAY_MS + slot * minutes * 60_000,
        value: shape(slot),
      })),
    )
  const rest = async (itemId: string, memory: number, bytes: number, connections: number) => {
    await measure(itemId, 'memory', shapes.memory(memory))
    await measure(itemId, 'netIn', shapes.traffic(bytes))
    await measure(itemId, 'netOut', shapes.traffic(bytes))
    await measure(itemId, 'diskRead', shapes.traffic(connections + 2))
    await measure(itemId, 'diskWrite', shapes.traffic(connections + 5))
    await measure(itemId, 'connections', connections === 0 ? shapes.none : shapes.traffic(connections))
  }
  const idle = await server('fire-legacy-01', 4, 8)
  await measure(idle, 'cpu', shapes.nothing)
  await rest(idle, 11, 900, 0)
  const peaky = await server('fire-report-01', 8, 16)
  await measure(peaky, 'cpu', shapes.peaky)
  const large = await server('fire-archive-01', 16, 64)
  await measure(large, 'cpu', shapes.low)
  await rest(large, 21, 90_000, 12)
  await volume('fire-old-data', 500)
  const cold = await volume('fire-cold-data', 2_000, peaky)
  await measure(cold, 'used', (slot) => 12 + slot * 0.01, 90, 1440)

  await insertRun(ctx.db, {
    id: newId(),
    at: ctx.now.subtract({ hours: FIRST_RUN_HOURS }),
    by_name: 'reclaim',
    by_hand: false,
    shadow: true,
    rules: '[]',
    looked_at: 0,
    counts: '{}',
    done_at: ctx.now.subtract({ hours: FIRST_RUN_HOURS }),
  })
  const byManager = as(ctx, manager, 'OPERATION_MANAGER')
  await detect(byManager, true)
  const begin = async (itemId: string, rule: string, reason: string): Promise<string> => {
    const target = await targetOf(ctx, 'SERVER', itemId)
    if (!target) throw new Error('the demo server is gone')
    return openCase(byManager, { subject: 'SERVER', itemId, source: 'RULE', rule, reason, findingId: null }, target)
  }
  await begin(idle, 'IDLE_SERVER', '连续 30 天闲置')
  const second = await begin(large, 'LOW_SERVER', '连续 30 天 CPU 与内存峰值过低')
  const step = async (by: Ctx, outcome: string, data: Record<string, unknown>) => {
    const [task] = await openTasksOf(by, second)
    if (task) await completeTask(by, { taskId: task.id, outcome, data })
  }
  await step(as(ctx, writer, 'OPERATION_TECHNICIAN'), 'SUBMIT', {
    gapReason: '历史数据已归档，查询量由日均两万次降至不足五百次，原按高峰配置。',
    recommendation: 'RIGHT_SIZE',
    recommendationText: '换为 8 核 32 GiB，峰值使用率仍低于 40%。',
    target: '8C32G',
  })
  await step(byManager, 'RIGHT_SIZE', { comment: '数据属实，请应用方商定窗口' })
}

/** Thirty days up to today of a thing that nobody uses any more, an hour each: what a report of it needs. */
export async function measureDemoIdle(ctx: Ctx, itemId: string, subject: 'SERVER' | 'VOLUME'): Promise<void> {
  const today = Date.parse(`${ctx.now.toZonedDateTimeISO('Asia/Shanghai').toPlainDate().toString()}T00:00:00+08:00`)
  const put = (metric: ReclaimMetric, hours: number, every: number, shape: (slot: number) => number) =>
    keepMeasurements(
      ctx,
      { itemId, metric, source: 'MONITOR' },
      Array.from({ length: hours / every }, (_, slot) => ({ atMs: today - (hours - slot * every) * 3_600_000, value: shape(slot) })),
    )
  if (subject === 'VOLUME') {
    await put('used', 90 * 24, 24, (slot) => 6 + slot * 0.005)
    return
  }
  const steady = { cpu: shapes.nothing, memory: shapes.memory(11), connections: shapes.none }
  const slow = (['netIn', 'netOut', 'diskRead', 'diskWrite'] as const).map((metric) => [metric, shapes.traffic(9)] as const)
  for (const [metric, shape] of [...Object.entries(steady), ...slow]) await put(metric as ReclaimMetric, 30 * 24, 1, shape)
}
