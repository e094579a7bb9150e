import type { RejectReason } from '@changbai/contract/telemetry.ts'
import { systemActor } from '../../platform/actor.ts'
import { sha256Hex } from '../../platform/crypto.ts'
import type { Runtime } from '../../platform/runtime.ts'
import { tellAccepted } from './accepted.ts'
import { insertBatches, type NewBatch } from './batch.store.ts'
import { engineAddress } from './engines.ts'
import { forwardWrite } from './forward.ts'
import { type Known, Registry } from './registry.ts'
import { noteTallies } from './source.service.ts'
import { type SourceRecord, type SourceTally, sourceByToken } from './source.store.ts'
import { encodeBatch } from './store/batch.domain.ts'
import { copyNumber, newColumn } from './store/column.domain.ts'
import type { Decoded } from './wire/decoded.domain.ts'

/** Out of order by more than this, measured by the newest sample of the series, is refused. */
export const OUT_OF_ORDER_MS = 3_600_000
/** A clock that is ahead by more than this is wrong. */
export const AHEAD_MS = 600_000
/** Older samples would need partitions that are about to be dropped. */
export const RAW_DAYS = 35
const OLDEST_MS = (RAW_DAYS - 2) * 86_400_000
/** Samples that may wait for the disk; more and the sender is told to come back. 20 bytes each. */
const WAITING_SAMPLES_MAX = 500_000
/** Rows of one statement. */
const COMMIT_BATCHES_MAX = 64
const TOKEN_FRESH_MS = 5_000
const TALLY_MS = 1_000

export type { SourceRecord }

/** The store cannot take more now: the sender backs off and sends again. */
export class BusyError extends Error {}

export interface Received {
  written: number
  /** Why samples were refused. */
  rejected: ReadonlyMap<RejectReason, { count: number; example: string }>
  /** How far the newest sample was ahead of our clock; absent when there was none. */
  aheadMs?: number
}
interface Waiting {
  batch: NewBatch
  done(): void
  failed(error: unknown): void
}

/** What takes samples in, for one server process. */
export class Intake {
  private readonly runtime: Runtime
  private readonly registry: Registry
  private readonly waiting: Waiting[] = []
  private waitingSamples = 0
  private isWriting = false
  private readonly tokens = new Map<string, { source: SourceRecord | undefined; until: number }>()
  private tallies = new Map<string, SourceTally>()
  private readonly timer: NodeJS.Timeout

  constructor(runtime: Runtime) {
    this.runtime = runtime
    this.registry = new Registry(runtime.door)
    this.timer = setInterval(() => void this.flush(), TALLY_MS)
    this.timer.unref()
  }

  /** The source a token belongs to, if it is approved. A revoked one stops within five seconds. */
  async sourceOf(token: string): Promise<SourceRecord | undefined> {
    if (token === '') return undefined
    const sha256 = sha256Hex(token)
    const now = this.runtime.door.clock().epochMilliseconds
    const there = this.tokens.get(sha256)
    if (there && there.until > now) return there.source
    const row = await sourceByToken(this.runtime.door.db, sha256)
    const source = row?.state === 'ACTIVE' ? row : undefined
    if (this.tokens.size > 1_000) this.tokens.clear()
    this.tokens.set(sha256, { source, until: now + TOKEN_FRESH_MS })
    return source
  }

  /**
   * Takes the good samples of a request in; when it returns they are durable.
   * @param body the request as it came, packed: what an external engine gets when nothing was refused
   * @throws BusyError when too much waits already
   */
  async receive(source: SourceRecord, decoded: Decoded, body: Buffer | null): Promise<Received> {
    const { door, log } = this.runtime
    if (this.waitingSamples + decoded.length > WAITING_SAMPLES_MAX) throw new BusyError('too many samples wait')
    const now = door.clock()
    const nowMs = now.epochMilliseconds
    const resolved = await this.registry.resolve(decoded.series, source.id, now)
    const { rejected } = decoded
    const seriesId = new Int32Array(decoded.length)
    const series: Known[] = []
    const at = new Float64Array(decoded.length)
    const value = newColumn(decoded.length)
    let oldestMs = Number.POSITIVE_INFINITY
    let newestMs = 0
    let aheadMs = Number.NEGATIVE_INFINITY
    for (let i = 0; i < decoded.length; i++) {
      const place = decoded.seriesIndex[i] as number
      const known = resolved[place] as Known | RejectReason
      const instant = decoded.at[i] as number
      const reason = typeof known === 'string' ? known : faultOf(instant, known.newestMs, nowMs)
      if (reason || typeof known === 'string') {
        if (reason === 'too-new') aheadMs = Math.max(aheadMs, instant - nowMs)
        decoded.reject(reason as RejectReason, 1, () => exampleOf(decoded, place, instant))
        continue
      }
      const to = series.length
      series.push(known)
      seriesId[to] = known.id
      at[to] = instant
      copyNumber(decoded.value, i, value, to)
      if (instant > known.newestMs) known.newestMs = instant
      if (instant < oldestMs) oldestMs = instant
      if (instant > newestMs) newestMs = instant
    }
    const length = series.length
    if (length > 0) {
      const url = engineAddress()
      if (url) await forwardWrite(url, rejected.size === 0 ? body : null, { length, series, at, value })
      else await this.commit({ samples: length, oldestMs, newestMs, payload: encodeBatch({ length, seriesId, at, value }) })
      tellAccepted({ length, series, at, value, receivedAt: nowMs }, (err) => log.error({ err }, 'a listener of samples failed'))
    }
    if (length > 0) aheadMs = Math.max(aheadMs, newestMs - nowMs)
    return { written: length, rejected, ...(aheadMs === Number.NEGATIVE_INFINITY ? {} : { aheadMs }) }
  }

  /** Requests that come while the disk is busy share the next write. */
  private commit(batch: NewBatch): Promise<void> {
    return new Promise((done, failed) => {
      this.waiting.push({ batch, done, failed })
      this.waitingSamples += batch.samples
      if (!this.isWriting) void this.write()
    })
  }

  private async write(): Promise<void> {
    this.isWriting = true
    while (this.waiting.length > 0) {
      const group = this.waiting.splice(0, COMMIT_BATCHES_MAX)
      const batches = group.map(({ batch }) => batch)
      try {
        await insertBatches(this.runtime.door.db, this.runtime.door.clock(), batches)
        for (const { done } of group) done()
      } catch (error) {
        for (const { failed } of group) failed(error)
      }
      this.waitingSamples -= batches.reduce((sum, { samples }) => sum + samples, 0)
    }
    this.isWriting = false
  }

  /** Notes what a source sent; written every second. */
  count(source: SourceRecord, call: { address: string; sender: string; bytes: number }, received: Received): void {
    let tally = this.tallies.get(source.id)
    if (!tally) {
      tally = { requests: 0, bytes: 0, samples: 0, rejected: 0, address: '', sender: '', reasons: new Map() }
      this.tallies.set(source.id, tally)
    }
    tally.requests += 1
    tally.bytes += call.bytes
    tally.samples += received.written
    tally.address = call.address
    tally.sender = call.sender
    if (received.aheadMs !== undefined) tally.aheadMs = Math.max(tally.aheadMs ?? received.aheadMs, received.aheadMs)
    for (const [reason, { count, example }] of received.rejected) {
      tally.rejected += count
      const there = tally.reasons.get(reason)
      tally.reasons.set(reason, { count: count + (there?.count ?? 0), example })
    }
  }

  async flush(): Promise<void> {
    const { tallies } = this
    if (tallies.size === 0) return
    this.tallies = new Map()
    await this.runtime.door
      .enter({ actor: systemActor('telemetry') }, (ctx) => noteTallies(ctx, tallies))
      .catch((err) => {
        this.runtime.log.error({ err }, 'what sources sent could not be noted; it will be with the next')
        // while the store is away its refusals are what is worth knowing
        for (const [id, tally] of tallies) this.tallies.set(id, addTallies(tally, this.tallies.get(id)))
      })
  }

  async close(): Promise<void> {
    clearInterval(this.timer)
    await this.flush()
  }
}

/** @param later what came since, of the same source */
function addTallies(first: SourceTally, later: SourceTally | undefined): SourceTally {
  if (!later) return first
  const reasons = new Map(first.reasons)
  for (const [reason, { count, example }] of later.reasons)
    reasons.set(reason, { count: count + (reasons.get(reason)?.count ?? 0), example })
  return {
    ...first,
    ...later,
    requests: first.requests + later.requests,
    bytes: first.bytes + later.bytes,
    samples: first.samples + later.samples,
    rejected: first.rejected + later.rejected,
    reasons,
  }
}

function faultOf(at: number, newestMs: number, nowMs: number): RejectReason | null {
  if (at > nowMs + AHEAD_MS) return 'too-new'
  if (at < nowMs - OLDEST_MS || at < newestMs - OUT_OF_ORDER_MS) return 'too-old'
  return null
}

const exampleOf = (decoded: Decoded, place: number, at: number): string => {
  const labels = decoded.series[place]?.readPairs().map(([name, value]) => `${name}="${value}"`)
  return `${Number.isFinite(at) && at >= 0 && at < 8.64e15 ? new Date(at).toISOString() : at} {${labels?.join(', ').replaceAll('\0', '')}}`
}
