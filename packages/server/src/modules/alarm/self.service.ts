import type { alarmApi } from '@changbai/contract/alarm.ts'
import type { Reply } from '@changbai/contract/endpoint.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { sourcesNow } from '../telemetry/index.ts'
import { openIdentities } from './evaluate.store.ts'
import { heartbeatAddress } from './heartbeat.ts'
import type { Incoming } from './intake/incoming.domain.ts'
import { observe, type Seen } from './observe.service.ts'
import { policyFor } from './policy.ts'
import { allPulses, deletePulses, oldestDue, savePulse } from './pulse.store.ts'
import { type Finding, findingsOf, type SelfSeen, watchdogOf } from './self.domain.ts'

type Api = typeof alarmApi

/** Whoever must be heard of again and again was heard of. */
export const beat = (ctx: Ctx, name: string, title: string, allowedSeconds: number): Promise<void> =>
  savePulse(ctx.db, { name, title, at: ctx.now, allowed_seconds: allowedSeconds })

/**
 * Alerts that always fire are no alarms but signs of life: kept as such, the others are given back. One that its sender took back is not expected any
 * more.
 */
export async function takeWatchdogs(ctx: Ctx, source: { id: string; name: string }, incoming: readonly Incoming[]): Promise<Incoming[]> {
  const others: Incoming[] = []
  for (const one of incoming) {
    const pulse = watchdogOf(source, one)
    if (!pulse) others.push(one)
    else if (one.state === 'firing') await beat(ctx, pulse.name, pulse.title, pulse.allowedSeconds)
    else await deletePulses(ctx.db, [pulse.name])
  }
  return others
}

/** Waits of alarms are taken within seconds; this late and the loop stands still. */
const TIMERS_LATE = { minutes: 2 }

export async function seeSelf(ctx: Ctx): Promise<SelfSeen> {
  const { sources, acceptedAt } = await sourcesNow(ctx)
  return {
    nowMs: ctx.now.epochMilliseconds,
    pulses: (await allPulses(ctx.db)).map(({ name, title, at, allowed_seconds: allowedSeconds }) => ({
      name,
      title,
      atMs: at.epochMilliseconds,
      allowedSeconds,
    })),
    sources: sources.map(({ id, name, silentSince, skewMs, skewedSince }) => ({
      id,
      name,
      silentSinceMs: silentSince?.epochMilliseconds ?? null,
      skewMs,
      skewedSinceMs: skewedSince?.epochMilliseconds ?? null,
    })),
    acceptedMs: acceptedAt?.epochMilliseconds ?? null,
    lateSinceMs: (await oldestDue(ctx.db, ctx.now.subtract(TIMERS_LATE)))?.epochMilliseconds ?? null,
    heartbeatWanted: heartbeatAddress() !== null,
  }
}

/** Every minute: what is wrong with the watching itself becomes an alarm like any other, and is over when it is not found again. @clause 5.1-3 */
export async function watchSelf(ctx: Ctx): Promise<void> {
  const seen = await seeSelf(ctx)
  // from here on its silence is noticed, also if it never judged anything
  if (!seen.pulses.some(({ name }) => name === 'evaluator')) await beat(ctx, 'evaluator', '告警判定', 180)
  await holdFindings(ctx, 'self:', 'collection', findingsOf(seen))
  await beat(ctx, 'watch', '每分钟巡查', 180)
}

/** Makes alarms of what is found and closes those of the same kind that are not found any more. */
async function holdFindings(ctx: Ctx, prefix: string, topic: string, findings: readonly Finding[]): Promise<void> {
  const found = new Set(findings.map(({ key }) => `${prefix}${key}`))
  const gone = (await openIdentities(ctx.db, prefix)).filter((identity) => !found.has(identity))
  const policy = policyFor(ctx, { for: 'PT0S', settle: 'PT0S', missing: 'hold' }, false)
  const seenOf = (identity: string, finding: Finding | null): Seen => ({
    identity,
    sight: { at: ctx.now.epochMilliseconds, level: finding?.level ?? null },
    value: finding?.value ?? null,
    about: {
      ruleId: null,
      source: 'PLATFORM',
      sourceId: null,
      title: finding?.title ?? { zh: '', en: '' },
      hint: finding?.hint ?? null,
      topic,
      clause: '5.1-3',
      cause: null,
      lost: false,
      unit: finding?.unit ?? '',
      labels: {},
      object: null,
      objectName: finding?.objectName ?? '',
    },
    policy,
  })
  const seen = [...findings.map((one) => seenOf(`${prefix}${one.key}`, one)), ...gone.map((identity) => seenOf(identity, null))]
  if (seen.length > 0) await observe(ctx, seen)
}

const instantOf = (ms: number | null | undefined): string | null =>
  ms === null || ms === undefined ? null : Temporal.Instant.fromEpochMilliseconds(ms).toString()

export async function getSelf(ctx: Ctx): Promise<Reply<Api['self']>> {
  const seen = await seeSelf(ctx)
  const pulseOf = (name: string) => seen.pulses.find((one) => one.name === name)
  const late = new Set(findingsOf(seen).map(({ key }) => key))
  const url = heartbeatAddress()
  return {
    findings: findingsOf(seen).map(({ level, title, objectName }) => ({ level, title, objectName })),
    acceptedAt: instantOf(seen.acceptedMs),
    judgedAt: instantOf(pulseOf('evaluator')?.atMs),
    watchedAt: instantOf(pulseOf('watch')?.atMs),
    heartbeat: { host: url && new URL(url).host, at: url ? instantOf(pulseOf('heartbeat')?.atMs) : null },
    watchdogs: seen.pulses
      .filter(({ name }) => name.startsWith('watchdog:'))
      .map(({ name, title, atMs, allowedSeconds }) => ({
        title,
        at: Temporal.Instant.fromEpochMilliseconds(atMs).toString(),
        allowedSeconds,
        late: late.has(name),
      })),
  }
}
