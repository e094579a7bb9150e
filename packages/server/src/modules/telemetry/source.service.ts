import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { type TelemetrySource, type telemetryApi, telemetryProblems } from '@changbai/contract/telemetry.ts'
import { personOf } from '../../platform/actor.ts'
import { newToken, sha256Hex } from '../../platform/crypto.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { SHANGHAI } from '../../platform/time.ts'
import { unfolded } from './batch.store.ts'
import { engineAddress } from './engines.ts'
import { SERIES_CEILING } from './registry.ts'
import { countSeries } from './series.store.ts'
import {
  addRejects,
  addTally,
  allSources,
  figuresOf,
  insertSource,
  lastAccepted,
  lockSource,
  minutesOf,
  rejectsOf,
  type SourceFigures,
  type SourceRecord,
  type SourceTally,
  sourceById,
  sourceByToken,
  storeSizes,
  takeSilent,
  updateSource,
} from './source.store.ts'

type Api = typeof telemetryApi

declare module '../../platform/ctx.ts' {
  interface Events {
    /** A source said nothing for longer than it may. */
    'telemetry.source-silent': { sourceId: string; name: string; since: Temporal.Instant }
    /** It speaks again. */
    'telemetry.source-returned': { sourceId: string; name: string; silentSince: Temporal.Instant }
    /** A token waits for its approval. */
    'telemetry.source-proposed': { sourceId: string; name: string }
  }
}

const nothing: SourceFigures = { samplesFive: 0, samplesDay: 0, rejectedDay: 0 }
const toSource = (row: SourceRecord, figures: SourceFigures = nothing): TelemetrySource => ({
  id: row.id,
  name: row.name,
  note: row.note,
  state: row.state,
  silenceSeconds: row.silence_seconds,
  createdBy: row.created_by,
  createdAt: row.created_at.toString(),
  decidedBy: row.decided_by,
  lastSeenAt: row.last_seen_at?.toString() ?? null,
  lastAddress: row.last_address,
  sender: row.sender,
  silentSince: row.silent_since?.toString() ?? null,
  samplesPerSecond: figures.samplesFive / 300,
  samplesDay: figures.samplesDay,
  rejectedDay: figures.rejectedDay,
})

export async function listSources(ctx: Ctx): Promise<Reply<Api['sources']>> {
  const figures = await figuresOf(ctx.db, ctx.now)
  const sizes = await storeSizes(ctx.db)
  return {
    items: (await allSources(ctx.db)).map((row) => toSource(row, figures.get(row.id))),
    store: {
      engine: engineAddress() ? 'PROMQL' : 'EMBEDDED',
      series: await countSeries(ctx.db),
      seriesMax: SERIES_CEILING,
      waitingSamples: (await unfolded(ctx.db)).samples,
      chunkBytes: sizes.chunk_bytes,
      rollupBytes: sizes.rollup_bytes,
      oldestOn: sizes.oldest?.toZonedDateTimeISO(SHANGHAI).toPlainDate().toString() ?? null,
    },
  }
}

export async function getSource(ctx: Ctx, { sourceId }: Input<Api['source']>): Promise<Reply<Api['source']>> {
  const row = (await sourceById(ctx.db, sourceId)) ?? fail(commonProblems.notFound)
  const figures = await figuresOf(ctx.db, ctx.now)
  const minutes = await minutesOf(ctx.db, sourceId, ctx.now.subtract({ hours: 6 }))
  const day = ctx.now.toZonedDateTimeISO(SHANGHAI).toPlainDate().subtract({ days: 6 }).toString()
  return {
    source: toSource(row, figures.get(row.id)),
    minutes: minutes.map(({ minute, samples, rejected, requests, bytes }) => ({
      minute: minute.toString(),
      samples,
      rejected,
      requests,
      bytes,
    })),
    rejects: (await rejectsOf(ctx.db, sourceId, day)).map(({ reason, count, last_at, example }) => ({
      reason,
      count,
      lastAt: last_at.toString(),
      example,
    })),
  }
}

/** The token is shown this once; only its digest is kept. It opens nothing until the security administrator approves (ruling 12). */
export async function createSource(
  ctx: Ctx,
  { name, note, silenceSeconds }: Input<Api['createSource']>,
): Promise<Reply<Api['createSource']>> {
  const token = `cbs_${newToken()}`
  const id = newId()
  const row: SourceRecord = {
    id,
    name,
    note,
    token_sha256: sha256Hex(token),
    state: 'PENDING',
    silence_seconds: silenceSeconds,
    created_by: ctx.actor.name,
    created_by_person_id: personOf(ctx.actor),
    created_at: ctx.now,
    decided_by: null,
    decided_at: null,
    last_seen_at: null,
    last_address: null,
    sender: null,
    silent_since: null,
    skew_ms: null,
    skewed_since: null,
  }
  if (!(await insertSource(ctx.db, row))) fail(commonProblems.conflict, { name })
  await ctx.record({ kind: 'telemetry-source.created', subject: { type: 'telemetry-source', id }, data: { name, note, silenceSeconds } })
  await ctx.publish('telemetry.source-proposed', { sourceId: id, name })
  return { source: toSource(row), token }
}

export async function decideSource(ctx: Ctx, { sourceId, approve }: Input<Api['decideSource']>): Promise<Reply<Api['decideSource']>> {
  const row = (await lockSource(ctx.db, sourceId)) ?? fail(commonProblems.notFound)
  if (approve && row.created_by_person_id === ctx.actor.personId) fail(telemetryProblems.samePerson)
  const change = { state: approve ? ('ACTIVE' as const) : ('REVOKED' as const), decided_by: ctx.actor.name, decided_at: ctx.now }
  await updateSource(ctx.db, sourceId, { ...change, ...(approve ? {} : { silent_since: null }) })
  await ctx.record({
    kind: approve ? 'telemetry-source.approved' : 'telemetry-source.revoked',
    subject: { type: 'telemetry-source', id: sourceId },
    before: { state: row.state },
  })
  return toSource({ ...row, ...change })
}

/** Of other intakes that share the tokens: whose token it is, if it is approved. */
export async function activeSource(ctx: Ctx, tokenSha256: string): Promise<SourceRecord | undefined> {
  const row = await sourceByToken(ctx.db, tokenSha256)
  return row?.state === 'ACTIVE' ? row : undefined
}

/** What arrived since the last time; a source that was silent and speaks has returned. */
export async function noteTallies(ctx: Ctx, tallies: ReadonlyMap<string, SourceTally>): Promise<void> {
  for (const sourceId of [...tallies.keys()].sort()) {
    const tally = tallies.get(sourceId) as SourceTally
    const row = await lockSource(ctx.db, sourceId)
    if (!row) continue
    await addTally(ctx.db, sourceId, ctx.now, tally)
    for (const [reason, { count, example }] of tally.reasons) await addRejects(ctx.db, sourceId, ctx.now, reason, count, example)
    await updateSource(ctx.db, sourceId, {
      last_seen_at: ctx.now,
      last_address: tally.address,
      sender: tally.sender.slice(0, 200),
      silent_since: null,
      ...clockOf(row, tally.aheadMs, ctx.now),
    })
    if (row.silent_since) await ctx.publish('telemetry.source-returned', { sourceId, name: row.name, silentSince: row.silent_since })
  }
}

/** Ahead at all is a wrong clock; far behind is one, or a queue that has not been sent yet. */
const CLOCK_AHEAD_MS = 2_000
const CLOCK_BEHIND_MS = 120_000
const INT4_MAX = 2_147_483_647

function clockOf({ skewed_since: since }: SourceRecord, aheadMs: number | undefined, now: Temporal.Instant) {
  if (aheadMs === undefined) return {}
  const isOff = aheadMs > CLOCK_AHEAD_MS || aheadMs < -CLOCK_BEHIND_MS
  return { skew_ms: Math.round(Math.min(Math.max(aheadMs, -INT4_MAX), INT4_MAX)), skewed_since: isOff ? (since ?? now) : null }
}

export interface SourceNow {
  id: string
  name: string
  silentSince: Temporal.Instant | null
  skewMs: number | null
  /** Since when its clock has been off; null while it is right. */
  skewedSince: Temporal.Instant | null
}
/** Approved sources as they stand, and when anything was last taken in. */
export async function sourcesNow(ctx: Ctx): Promise<{ sources: SourceNow[]; acceptedAt: Temporal.Instant | null }> {
  const rows = (await allSources(ctx.db)).filter(({ state }) => state === 'ACTIVE')
  return {
    sources: rows.map((row) => ({
      id: row.id,
      name: row.name,
      silentSince: row.silent_since,
      skewMs: row.skew_ms,
      skewedSince: row.skewed_since,
    })),
    acceptedAt: await lastAccepted(ctx.db, ctx.now),
  }
}

/** Finds sources that fell silent; each is told of once. */
export async function watchSources(ctx: Ctx): Promise<void> {
  for (const { id, name, silent_since: since } of await takeSilent(ctx.db, ctx.now))
    if (since) await ctx.publish('telemetry.source-silent', { sourceId: id, name, since })
}
