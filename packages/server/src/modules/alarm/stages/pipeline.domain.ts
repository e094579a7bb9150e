import { graver, type Level } from '../rules/pack.domain.ts'
import { type Act, type Decision, type Given, type Stage, type Step, step, unchanged, type Watch, without } from './alarm.domain.ts'
import { begin, lifecycle } from './lifecycle.domain.ts'

const FLAPPING_FROM = 30
const FLAPPING_UNTIL = 25
/** Share of turns among the last 20 sights in percent; newer ones weigh more, from 0.8 to 1.15, as Icinga counts. */
export const turnsPercent = (turns: string): number =>
  [...turns].reduce((sum, letter, index) => sum + (letter === '1' ? 0.8 + (0.35 * (index + 20 - turns.length)) / 19 : 0), 0) * 5

/** One word when it begins and one when it ends; in between nobody is told. */
export const flapping: Stage = (watch) => {
  const percent = turnsPercent(watch.turns)
  const params = { percent: Math.round(percent) }
  if (!watch.flapping && percent > FLAPPING_FROM && watch.state !== 'CLOSED')
    return step(
      { ...watch, flapping: true },
      [{ stage: 'flapping', reason: 'flapping-began', params }],
      watch.toldLevel ? ['FLAPPING'] : [],
    )
  if (watch.flapping && percent < FLAPPING_UNTIL)
    return step(
      { ...watch, flapping: false },
      [{ stage: 'flapping', reason: 'flapping-ended', params }],
      watch.toldLevel ? ['FLAPPING'] : [],
    )
  return unchanged(watch)
}

/** An alarm that follows from another points at it; if that one is only suspected, this one waits for it a while. */
export const inhibit: Stage = (watch, { now, around, policy }) => {
  if (watch.state === 'SUSPECTED' || watch.state === 'CLOSED') return unchanged(watch)
  const root = around.roots.find(({ suspected }) => !suspected)
  if (root) {
    if (watch.root?.id === root.id) return unchanged(watch)
    return step({ ...watch, root: { id: root.id, label: root.label }, timers: without(watch.timers, 'hold') }, [
      { stage: 'inhibit', reason: 'inhibited', params: { rootId: root.id, root: root.label } },
    ])
  }
  if (watch.root) return step({ ...watch, root: null }, [{ stage: 'inhibit', reason: 'released', params: { root: watch.root.label } }])
  const [suspect] = around.roots
  const until = (watch.firedAt ?? now) + policy.holdMs
  if (suspect && watch.toldLevel === null && until > now && watch.timers.hold === undefined)
    return step({ ...watch, timers: { ...watch.timers, hold: until } }, [
      { stage: 'inhibit', reason: 'waits-for-root', params: { root: suspect.label, until } },
    ])
  if (watch.timers.hold !== undefined && (!suspect || watch.timers.hold <= now))
    return step({ ...watch, timers: without(watch.timers, 'hold') })
  return unchanged(watch)
}

/** Too many at once are one matter: nobody is told of each. */
export const storm: Stage = (watch, { around }) => {
  if (watch.state !== 'FIRING' || watch.storm || watch.toldLevel || around.firedLastMinute < around.stormFrom) return unchanged(watch)
  return step({ ...watch, storm: true }, [
    { stage: 'storm', reason: 'storm', params: { count: around.firedLastMinute + 1, limit: around.stormFrom } },
  ])
}

/** Maintenance and silences keep people from being told, and nothing else: the alarm goes on as it is. */
export const mute: Stage = (watch, { now, around }) => {
  if (watch.state === 'SUSPECTED' || watch.state === 'CLOSED') return unchanged(watch)
  const longest = around.mutes.filter(({ until }) => until > now).sort((a, b) => b.until - a.until)[0]
  if (!longest) {
    if (!watch.muted) return unchanged(watch)
    return step({ ...watch, muted: null, timers: without(watch.timers, 'unmute') }, [
      { stage: 'mute', reason: 'unmuted', params: { by: watch.muted.label } },
    ])
  }
  if (watch.muted?.id === longest.id && watch.muted.until === longest.until) return unchanged(watch)
  return step({ ...watch, muted: longest, timers: { ...watch.timers, unmute: longest.until } }, [
    {
      stage: 'mute',
      reason: longest.kind === 'MAINTENANCE' ? 'maintenance' : 'silenced',
      params: { by: longest.label, until: longest.until },
    },
  ])
}

const isNews = (level: Level, told: Level | null): boolean => told === null || graver(level, told)
const notTold = (watch: Watch): Decision['reason'] | null => {
  if (watch.root) return 'not-told-inhibited'
  if (watch.muted) return 'not-told-muted'
  if (watch.flapping && watch.toldLevel) return 'not-told-flapping'
  if (watch.acked && watch.toldLevel && !graver(watch.level, watch.toldLevel)) return 'not-told-acknowledged'
  return null
}

/** Who hears of it, or why nobody does. `before` is how it stood, so that the same reason is not written twice. */
export function tell(before: Watch | null, watch: Watch, { now, policy }: Given): Step {
  if (watch.state === 'CLOSED') {
    const wasOpen = before !== null && before.state !== 'CLOSED'
    return wasOpen && watch.toldLevel && watch.closeReason !== 'NEVER_FIRED'
      ? step(watch, [{ stage: 'tell', reason: 'recovery-told' }], ['RECOVERED'])
      : unchanged(watch)
  }
  if (watch.state !== 'FIRING') return unchanged(watch)
  if (isNews(watch.level, watch.toldLevel)) {
    const why = notTold(watch)
    if (why)
      return before?.state === 'FIRING' && notTold(before) === why && before.level === watch.level
        ? unchanged(watch)
        : step(watch, [{ stage: 'tell', reason: why }])
    if (watch.timers.hold !== undefined) return unchanged(watch)
    const [reason, act] = wayFor(watch, policy)
    const [first] = policy.escalation
    const timers = act && first !== undefined && !watch.acked ? { ...watch.timers, escalate: now + first } : watch.timers
    return step(
      { ...watch, toldLevel: watch.level, timers, step: 0 },
      [{ stage: 'tell', reason, params: { level: watch.level } }],
      act ? [act] : [],
    )
  }
  return escalate(watch, now, policy.escalation)
}
function wayFor(watch: Watch, { incident }: Given['policy']): ['incident' | 'notice' | 'digest', Act | null] {
  if (watch.level === 'IV' && !watch.storm) return ['digest', null]
  return incident || watch.storm ? ['incident', 'INCIDENT'] : ['notice', 'NOTICE']
}

/** Nobody acknowledged in time: the next people are told. Paused while people are kept from being told. */
function escalate(watch: Watch, now: number, steps: readonly number[]): Step {
  const { escalate: due } = watch.timers
  if (due === undefined || due > now) return unchanged(watch)
  if (watch.acked) return step({ ...watch, timers: without(watch.timers, 'escalate') })
  if (watch.root || watch.muted) return step({ ...watch, timers: { ...watch.timers, escalate: now + 60_000 } })
  const taken = watch.step + 1
  const [after, next] = [steps[watch.step] ?? 0, steps[taken]]
  const timers =
    next === undefined ? without(watch.timers, 'escalate') : { ...watch.timers, escalate: now + Math.max(60_000, next - after) }
  return step({ ...watch, step: taken, timers }, [{ stage: 'tell', reason: 'escalated', params: { step: taken } }], ['ESCALATE'])
}

const stages: readonly Stage[] = [lifecycle, flapping, inhibit, storm, mute]

/** An alarm that was closed longer ago than the reopening time does not come back: a new one begins. */
export const isOver = (before: Watch, { reopenMs }: Pick<Given['policy'], 'reopenMs'>, now: number): boolean =>
  before.state === 'CLOSED' && (before.closedAt ?? 0) + reopenMs < now

/** One sight, or one tick, through all stages. @returns null when there is nothing to watch: it is good and was not bad */
export function decide(before: Watch | null, given: Given): Step | null {
  const { sight, now, policy } = given
  const there = before && !isOver(before, policy, now) ? before : null
  let all: Step
  if (!there) {
    if (!sight?.level || sight.missing) return null
    all = begin({ ...sight, level: sight.level }, given)
  } else all = lifecycle(there, given)
  for (const stage of stages.slice(1)) {
    const next = stage(all.watch, given)
    all = { watch: next.watch, said: [...all.said, ...next.said], acts: [...all.acts, ...next.acts] }
  }
  const told = tell(there, all.watch, given)
  return { watch: told.watch, said: [...all.said, ...told.said], acts: [...all.acts, ...told.acts] }
}

/** When something is due next; null when nothing is. */
export const nextDue = ({ timers }: Pick<Watch, 'timers'>): number | null => {
  const all = Object.values(timers)
  return all.length === 0 ? null : Math.min(...all)
}
