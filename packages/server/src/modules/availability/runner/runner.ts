import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ProbeAssignment, ProbeResult } from '@changbai/contract/availability.shapes.ts'
import { type Checked, check } from './check.ts'
import { createGuard, type Guard } from './guard.ts'
import { type Pulse, startPulse } from './pulse.ts'
import { openSpool } from './spool.ts'

export interface RunnerOptions {
  /** Address of the platform, e.g. https://cloud.example.gov.cn */
  server: string
  token: string
  /** Where results wait that could not be delivered. */
  folder: string
  say(line: string): void
  version: string
  /** How often the assignment is fetched anew. */
  refreshSeconds?: number
  /** How the process fares, for tests. */
  pulse?: Pulse
}
export interface Runner {
  stop(): Promise<void>
  readonly waiting: number
}

const SEND_MS = 500
const RESULTS_AT_ONCE = 1000
const CALL_MS = 10_000
/** A look never takes longer; more than half the interval would make two looks meet. */
const LOOK_MS = 5000

/** Successes in a row after which the pace is the usual one again. */
const CALM_AFTER = 2

/** The probe process: fetches what to look at, looks, delivers, and keeps what it cannot deliver. */
export async function startRunner(options: RunnerOptions): Promise<Runner> {
  const spool = await openSpool(options.folder)
  const memory = join(options.folder, 'assignment.json')
  const timers = new Map<string, NodeJS.Timeout>()
  const suspected = new Map<string, number>()
  let assignment = await remembered(memory)
  let guard = createGuard(assignment?.networks ?? [])
  let stopped = false
  const pulse = options.pulse ?? startPulse()

  const refresh = async (): Promise<void> => {
    try {
      const next = await call<ProbeAssignment>(options, '/api/probe/assignment', { version: options.version })
      if (JSON.stringify(next) === JSON.stringify(assignment)) return
      assignment = next
      guard = createGuard(next.networks)
      await writeFile(memory, JSON.stringify(next))
      options.say(`${next.name}: ${next.applications.length} applications every ${next.intervalSeconds} s`)
      schedule()
    } catch (error) {
      options.say(`assignment: ${(error as Error).message}`)
    }
  }

  const schedule = (): void => {
    const known = new Set(assignment?.applications.map(({ applicationId }) => applicationId))
    for (const [id, timer] of timers) {
      if (known.has(id)) continue
      clearTimeout(timer)
      timers.delete(id)
    }
    const all = assignment?.applications ?? []
    // spread over the interval, so that they do not all look in the same instant
    for (const [index, { applicationId }] of all.entries()) {
      if (timers.has(applicationId)) continue
      const wait = ((assignment?.intervalSeconds ?? 10) * 1000 * index) / all.length
      timers.set(
        applicationId,
        setTimeout(() => void look(applicationId), wait),
      )
    }
  }

  const look = async (applicationId: string): Promise<void> => {
    const current = assignment
    const targets = current?.applications.find((one) => one.applicationId === applicationId)?.probes
    if (stopped || !current || !targets) return
    // the pace goes by time that passes: a clock that is set back must not still the probe
    const begun = performance.now()
    const result = await judge(applicationId, targets, current, guard, pulse)
    if (result) spool.put(result)
    const isBad = result?.verdict === 'DOWN'
    const calm = isBad ? 0 : (suspected.get(applicationId) ?? CALM_AFTER) + 1
    suspected.set(applicationId, Math.min(calm, CALM_AFTER))
    const pace = calm >= CALM_AFTER ? current.intervalSeconds : current.suspectedSeconds
    if (stopped || !timers.has(applicationId)) return
    timers.set(
      applicationId,
      setTimeout(() => void look(applicationId), Math.max(0, begun + pace * 1000 - performance.now())),
    )
  }

  let sending: Promise<void> = Promise.resolve()
  const deliver = async (): Promise<void> => {
    while (spool.size > 0) {
      const batch = spool.next(RESULTS_AT_ONCE)
      try {
        await call(options, '/api/probe/results', { results: batch })
        await spool.drop(batch.length)
      } catch (error) {
        await spool.keep()
        options.say(`${spool.size} results wait: ${(error as Error).message}`)
        return
      }
    }
  }
  const sender = setInterval(() => {
    sending = sending.then(() => (stopped ? undefined : deliver()))
  }, SEND_MS)
  const refresher = setInterval(() => void refresh(), (options.refreshSeconds ?? 30) * 1000)
  schedule()
  await refresh()

  return {
    get waiting() {
      return spool.size
    },
    async stop() {
      stopped = true
      pulse.stop()
      clearInterval(sender)
      clearInterval(refresher)
      for (const timer of timers.values()) clearTimeout(timer)
      await sending
      await deliver()
    },
  }
}

/**
 * An application is up when all its targets are; it is down only if this probe still reaches one of its own canaries and was not held up itself:
 * a starved probe abstains.
 */
async function judge(
  applicationId: string,
  targets: ProbeAssignment['applications'][number]['probes'],
  { canaries }: ProbeAssignment,
  guard: Guard,
  pulse: Pulse,
): Promise<ProbeResult> {
  const beginning = pulse.begin()
  const at = new Date(beginning.wallMs).toISOString()
  const seen = await Promise.all(targets.map((target) => check(target, guard, LOOK_MS)))
  const latencyMs = Math.max(0, ...seen.map((one) => one.latencyMs))
  const ends = seen.flatMap(({ certificateUntilMs }) => certificateUntilMs ?? [])
  const until = ends.length > 0 ? Math.min(...ends) : null
  const say = (verdict: ProbeResult['verdict'], detail: string): ProbeResult => ({
    applicationId,
    at,
    verdict,
    latencyMs,
    detail: detail.slice(0, 300),
    ...(until === null ? {} : { certificateUntil: new Date(until).toISOString() }),
  })
  const bad = seen.flatMap((one, index) => (one.ok || one.unable ? [] : [`${targets[index]?.url} ${one.detail}`]))
  if (bad.length > 0) {
    const reaches = await reachesCanary(canaries, guard)
    const trouble = pulse.troubleSince(beginning)
    if (trouble !== null) return say('ABSTAIN', trouble)
    return reaches ? say('DOWN', bad.join('; ')) : say('ABSTAIN', 'own canaries are lost')
  }
  const unable = seen.find((one: Checked) => one.unable)
  return unable ? say('ABSTAIN', unable.detail) : say('UP', '')
}

const reachesCanary = async (canaries: ProbeAssignment['canaries'], guard: Guard): Promise<boolean> =>
  (await Promise.all(canaries.map((target) => check(target, guard, LOOK_MS)))).some(({ ok }) => ok)

async function call<T>({ server, token }: RunnerOptions, path: string, body: object): Promise<T> {
  const answer = await fetch(new URL(path, server), {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(CALL_MS),
    redirect: 'error',
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${answer.status} ${titleOf(text)}`)
  return JSON.parse(text) as T
}

const titleOf = (text: string): string => {
  try {
    return String((JSON.parse(text) as { title?: unknown }).title ?? '')
  } catch {
    return text.slice(0, 100)
  }
}

const remembered = async (file: string): Promise<ProbeAssignment | null> => {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as ProbeAssignment
  } catch {
    return null
  }
}
