import { graver } from '../rules/pack.domain.ts'
import {
  type CloseReason,
  type Decision,
  type Given,
  type Reason,
  type Sight,
  type Stage,
  type Step,
  step,
  unchanged,
  type Watch,
  without,
} from './alarm.domain.ts'

const say = (reason: Reason, params?: Decision['params']): Decision => ({ stage: 'lifecycle', reason, ...(params ? { params } : {}) })

/** The first sight of something bad. */
export function begin(sight: Sight & { level: NonNullable<Sight['level']> }, { now, policy }: Given): Step {
  const watch: Watch = {
    state: 'SUSPECTED',
    level: sight.level,
    topLevel: sight.level,
    since: Math.min(sight.since ?? sight.at, sight.at),
    firedAt: null,
    goodAt: null,
    closedAt: null,
    closeReason: null,
    missingAt: null,
    lastAt: sight.at,
    turns: '1',
    flapping: false,
    root: null,
    storm: false,
    muted: null,
    toldLevel: null,
    step: 0,
    acked: false,
    timers: sight.quietAt === undefined ? {} : { quiet: sight.quietAt },
    reopened: 0,
  }
  const next = awaitFiring(watch, now, policy.forMs)
  // that it fires is known since it was heard of: a storm is counted by that
  return next.watch.firedAt === null ? next : step({ ...next.watch, firedAt: Math.max(next.watch.firedAt, sight.at) }, next.said)
}

/** Fires at once if it was bad long enough, else waits; the wait counts from the first bad sight. */
function awaitFiring(watch: Watch, now: number, forMs: number): Step {
  const due = watch.since + forMs
  if (due <= now) return fire(watch, due)
  return step({ ...watch, timers: { ...watch.timers, pending: due } }, [say('seen', { level: watch.level, until: due })])
}
const fire = (watch: Watch, at: number): Step =>
  step({ ...watch, state: 'FIRING', firedAt: at, timers: without(watch.timers, 'pending') }, [say('fired', { level: watch.level })])

function close(watch: Watch, at: number, closeReason: CloseReason, reason: Reason): Step {
  return step({ ...watch, state: 'CLOSED', closedAt: at, closeReason, missingAt: null, timers: {} }, [say(reason)])
}
export const closeFor = (watch: Watch, at: number, why: 'RETIRED' | 'BY_HAND'): Step =>
  close(watch, at, why, why === 'RETIRED' ? 'retired' : 'closed-by-hand')

/** Suspected, firing, recovering, closed; silence holds. */
export const lifecycle: Stage = (before, given) => {
  const { now, sight, policy } = given
  if (sight && sight.at < before.lastAt && before.state !== 'CLOSED') return unchanged(before)
  let all = unchanged(before)
  const then = (next: Step): void => {
    all = step(next.watch, [...all.said, ...next.said])
  }
  if (sight) then(see(before, sight, given))
  const { timers } = all.watch
  if (timers.pending !== undefined && timers.pending <= now) then(fire(all.watch, timers.pending))
  if (timers.quiet !== undefined && timers.quiet <= now && all.watch.state !== 'CLOSED') then(goQuiet(all.watch, timers.quiet, policy))
  if (timers.settle !== undefined && timers.settle <= now && all.watch.state === 'RECOVERING')
    then(close(all.watch, all.watch.goodAt ?? now, 'RECOVERED', 'recovered'))
  return all
}

function goQuiet(watch: Watch, at: number, { quiet }: Given['policy']): Step {
  const timers = without(watch.timers, 'quiet')
  if (quiet === 'missing') return hold({ ...watch, timers }, at)
  const said = [say('quiet')]
  const closed = close({ ...watch, timers }, at, watch.state === 'SUSPECTED' ? 'NEVER_FIRED' : 'RECOVERED', 'recovered')
  return step(closed.watch, [...said, ...closed.said])
}

const hold = (watch: Watch, at: number): Step =>
  watch.missingAt !== null
    ? unchanged(watch)
    : step({ ...watch, missingAt: at, timers: without(watch.timers, 'pending', 'settle') }, [say('held')])

function see(before: Watch, sight: Sight, given: Given): Step {
  const { policy } = given
  if (sight.missing) {
    if (before.state === 'CLOSED') return unchanged(before)
    if (policy.missing === 'recover') return good({ ...before, lastAt: sight.at }, sight.at, given)
    return hold(before, sight.at)
  }
  if (before.state === 'CLOSED' && sight.level === null) return unchanged(before)
  const isBad = sight.level !== null
  const wasBad = before.state === 'SUSPECTED' || before.state === 'FIRING'
  const turns = `${before.turns}${isBad === wasBad ? '0' : '1'}`.slice(-20)
  const timers = sight.quietAt === undefined ? before.timers : { ...before.timers, quiet: sight.quietAt }
  const back = before.missingAt !== null && before.state !== 'CLOSED' ? [say('data-back')] : []
  const watch = { ...before, turns, timers, lastAt: sight.at, missingAt: null }
  const next = sight.level === null ? good(watch, sight.at, given) : bad(watch, sight.level, sight.at, given)
  return step(next.watch, [...back, ...next.said])
}

function bad(watch: Watch, level: Watch['level'], at: number, { now, policy }: Given): Step {
  if (watch.state === 'CLOSED') {
    const again = {
      ...watch,
      state: 'SUSPECTED' as const,
      level,
      since: at,
      firedAt: null,
      goodAt: null,
      closedAt: null,
      closeReason: null,
    }
    const reopened = {
      ...again,
      toldLevel: null,
      step: 0,
      acked: false,
      root: null,
      muted: null,
      storm: false,
      reopened: watch.reopened + 1,
    }
    const next = awaitFiring({ ...reopened, topLevel: graver(level, watch.topLevel) ? level : watch.topLevel }, now, policy.forMs)
    return step(next.watch, [say('reopened', { count: reopened.reopened }), ...next.said])
  }
  const said: Decision[] = []
  let next = watch
  if (level !== watch.level) {
    said.push(say(graver(level, watch.level) ? 'level-raised' : 'level-lowered', { from: watch.level, to: level }))
    next = { ...next, level, topLevel: graver(level, watch.topLevel) ? level : watch.topLevel }
  }
  if (next.state === 'RECOVERING')
    return step({ ...next, state: 'FIRING', goodAt: null, timers: without(next.timers, 'settle') }, [say('relapsed'), ...said])
  // data came back while it was still suspected: the wait begins anew
  if (next.state === 'SUSPECTED' && next.timers.pending === undefined) {
    const waiting = awaitFiring({ ...next, since: at }, now, policy.forMs)
    return step(waiting.watch, [...said, ...waiting.said])
  }
  return step(next, said)
}

function good(watch: Watch, at: number, { now, policy }: Given): Step {
  if (watch.state === 'SUSPECTED') return close(watch, at, 'NEVER_FIRED', 'blip')
  if (watch.state === 'RECOVERING')
    return watch.timers.settle === undefined
      ? step({ ...watch, timers: { ...watch.timers, settle: at + policy.settleMs } })
      : unchanged(watch)
  const due = at + policy.settleMs
  const recovering: Watch = { ...watch, state: 'RECOVERING', goodAt: at, timers: { ...without(watch.timers, 'quiet'), settle: due } }
  if (due <= now) return close(recovering, at, 'RECOVERED', 'recovered')
  return step(recovering, [say('good', { until: due })])
}
