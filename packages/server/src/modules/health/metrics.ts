import { Gauge, type Registry } from 'prom-client'
import { systemActor } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import type { Runtime } from '../../platform/runtime.ts'
import { allStates, queueFigures } from './health.store.ts'

const entry = { actor: systemActor('metrics'), readOnly: true }
/** Scrapers come every few seconds; the figures are those of a moment ago. */
const FRESH_MS = 10_000
const worth = { OK: 0, UNKNOWN: 1, WARNING: 2, FAILED: 3 } as const

/** What a Prometheus beside us reads of the platform itself, so that somebody notices when we no longer can. */
export function registerHealthMetrics(registry: Registry, { door, log }: Runtime): void {
  const gauge = (name: string, help: string, ...labelNames: string[]): Gauge =>
    // every one waits for the figures: a registry collects them side by side
    new Gauge({ name, help, labelNames, registers: [registry], collect: () => refresh() })
  const state = gauge('changbai_health_state', 'Last finding by check: 0 well, 1 unknown, 2 warning, 3 failed', 'check')
  const checkedAt = gauge('changbai_health_checked_timestamp_seconds', 'When the platform last looked at itself')
  const jobs = gauge('changbai_jobs', 'Jobs by queue and state', 'queue', 'state')
  const oldest = gauge('changbai_job_oldest_wait_seconds', 'How long the oldest due job of the queue has waited', 'queue')

  const read = async ({ db, now }: Ctx): Promise<void> => {
    const rows = await allStates(db)
    for (const row of rows) state.set({ check: row.check_id }, worth[row.state])
    if (rows.length > 0) checkedAt.set(Math.max(...rows.map(({ checked_at }) => checked_at.epochMilliseconds)) / 1000)
    jobs.reset()
    oldest.reset()
    for (const { queue, waiting, later, active, failed, oldest: since } of await queueFigures(db, now)) {
      for (const [name, value] of Object.entries({ waiting, later, active, failed })) jobs.set({ queue, state: name }, value)
      oldest.set({ queue }, since ? Math.max(0, (now.epochMilliseconds - since.epochMilliseconds) / 1000) : 0)
    }
  }
  let readMs = Number.NEGATIVE_INFINITY
  let reading: Promise<void> = Promise.resolve()
  const refresh = (): Promise<void> => {
    if (performance.now() - readMs < FRESH_MS) return reading
    readMs = performance.now()
    reading = door.enter(entry, read).catch((error: unknown) => log.warn({ err: error }, 'figures for /metrics could not be read'))
    return reading
  }
}
