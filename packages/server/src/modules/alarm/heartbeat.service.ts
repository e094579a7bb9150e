import { systemActor } from '../../platform/actor.ts'
import type { Runtime } from '../../platform/runtime.ts'
import { heartbeatAddress } from './heartbeat.ts'
import { findingsOf } from './self.domain.ts'
import { beat, seeSelf } from './self.service.ts'

const entry = { actor: systemActor('alarm') }
const CALL_MS = 10_000
/** The minute's look at ourselves may be this late before we are no longer sure of it. */
const WATCH_MS = 180_000
const DELIVERED_SECONDS = 300
/** A chain that does not judge, does not watch or does not keep its timers is not alive, whatever the process says. */
const VITAL = new Set(['evaluator', 'timers'])

/**
 * A sign of life by the way an alarm takes: the queue, the database, the evaluator's word and the timers. Sent only while all of them are well; whoever
 * listens misses it otherwise. A delivery that fails is an alarm of its own here.
 */
export async function sendHeartbeat({ door, log }: Runtime): Promise<void> {
  const url = heartbeatAddress()
  if (url === null) return
  const seen = await door.enter(entry, async (ctx) => {
    const now = await seeSelf(ctx)
    if (!now.pulses.some(({ name }) => name === 'heartbeat')) await beat(ctx, 'heartbeat', new URL(url).host, DELIVERED_SECONDS)
    return now
  })
  const broken = findingsOf(seen).filter(({ key }) => VITAL.has(key))
  const watchedMs = seen.pulses.find(({ name }) => name === 'watch')?.atMs ?? 0
  if (broken.length > 0 || seen.nowMs - watchedMs > WATCH_MS) {
    log.error({ broken: broken.map(({ key }) => key), watchedMs }, 'the chain of alarms is not well: no heartbeat is sent')
    return
  }
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ from: 'changbai', at: new Date(seen.nowMs).toISOString(), sources: seen.sources.length }),
      signal: AbortSignal.timeout(CALL_MS),
      redirect: 'error',
    })
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`)
  } catch (error) {
    log.warn({ err: error }, 'the heartbeat was not delivered')
    return
  }
  await door.enter(entry, (ctx) => beat(ctx, 'heartbeat', new URL(url).host, DELIVERED_SECONDS))
}
