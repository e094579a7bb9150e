import { randomBytes } from 'node:crypto'
import { lineTitle } from '@changbai/contract/line-title.ts'
import type { Ctx } from '../../platform/ctx.ts'
import {
  connectionById,
  hasPublicNetwork,
  makeCall,
  needsOf,
  type Outcome,
  type PlannedCall,
  planCall,
  type ResourceRow,
  resourcesByKey,
  rootOnVolume,
  settleCall,
  WANT_SECRET_PURPOSE,
  type Want,
  writeIntent,
} from '../cloud/index.ts'
import { allotAddresses, allotRange, giveBackAddresses, keepActualAddresses } from './address.service.ts'
import { noticeOf } from './events.ts'
import { followRequest } from './follow.ts'
import { note } from './journal.ts'
import {
  type LineResult,
  type LineRow,
  linesOf,
  lockOrder,
  type OrderRow,
  replaceSteps,
  standingSpecs,
  stepsOf,
  updateLine,
  updateOrder,
} from './provisioning.store.ts'
import { recordLine, retireLine } from './recording.ts'
import { returnedOfApplication } from './returned.store.ts'
import { type PlannedResource, planLine, quotaOf } from './steps.domain.ts'

/** What the process needs to know after each step. */
export interface Progress {
  progress: 'more' | 'wait' | 'done'
  failedLines: number
  manualOpen: number
  [fact: string]: unknown
}

/** A password people can type once: 20 characters of four kinds, no look-alikes. */
function newPassword(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789'
  const body = [...randomBytes(16)].map((byte) => letters[byte % letters.length]).join('')
  return `Cb7#${body}`
}

const nameCode = (order: OrderRow): string => `cb-${order.env.toLowerCase()}`

/**
 * Writes the intent of everything the driver is to make for these lines, before any of it is asked for. Planning a line twice gives the same
 * keys; a secret that exists is kept.
 */
export async function intendLines(ctx: Ctx, order: OrderRow, lines: readonly LineRow[]): Promise<void> {
  const connection = order.connection_id ? await connectionById(ctx.db, order.connection_id) : undefined
  if (!connection) return
  const all = await linesOf(ctx.db, order.id)
  const networks = all.flatMap((line) =>
    line.spec.kind === 'NETWORK' && line.way === 'DRIVER' ? [{ lineId: line.id, spec: line.spec }] : [],
  )
  const onVolume = rootOnVolume(connection)
  const quota = quotaOf(await standingSpecs(ctx.db, order.application_id), onVolume)
  const returned = await returnedOfApplication(ctx.db, order.application_id)
  quota.instances -= returned.machines
  quota.cores -= returned.vcpu
  quota.ramMiB -= returned.memGiB * 1024
  quota.ports -= returned.machines
  const range = lines.some((line) => line.kind === 'VM' || line.kind === 'NETWORK') ? await allotRange(ctx, placeOf(order, all)) : ''
  for (const line of lines) {
    const planned = planLine({
      applicationId: order.application_id,
      applicationCode: nameCode(order),
      env: order.env,
      lineId: line.id,
      spec: line.spec,
      quota,
      rootOnVolume: onVolume,
      hasPublicNetwork: hasPublicNetwork(connection),
      networks,
      range,
      sealedPassword: () => ctx.crypto.seal(WANT_SECRET_PURPOSE, newPassword()),
    })
    const resources = await allotAddresses(ctx, order, line.id, planned)
    await intendAll(ctx, connection.id, order, line, resources)
    await replaceSteps(
      ctx.db,
      line.id,
      resources.map(({ key }) => key),
    )
    await updateLine(ctx.db, line.id, { state: 'WORKING', error: null })
  }
}

/** Where the network of an order belongs: as its network line says, else as its first machine does. */
function placeOf(order: OrderRow, lines: readonly LineRow[]): Parameters<typeof allotRange>[1] {
  const specs = lines.map((line) => line.spec)
  const asked = specs.flatMap((spec) => (spec.kind === 'NETWORK' ? [spec] : []))
  const zone = asked[0]?.zone ?? specs.flatMap((spec) => (spec.kind === 'VM' ? [spec.zone] : []))[0] ?? ''
  return { applicationId: order.application_id, env: order.env, zone, cidr: asked.find((one) => one.cidr !== null)?.cidr ?? null }
}

const withSecretOf = (want: Want, held: ResourceRow | undefined): Want =>
  (want.kind === 'server' || want.kind === 'user') && held && (held.want.kind === 'server' || held.want.kind === 'user') && held.want.sealed
    ? { ...want, sealed: held.want.sealed }
    : want

async function intendAll(
  ctx: Ctx,
  connectionId: string,
  order: OrderRow,
  line: LineRow,
  resources: readonly PlannedResource[],
): Promise<void> {
  const held = await resourcesByKey(
    ctx.db,
    resources.map(({ key }) => key),
  )
  for (const { key, name, want, shared } of resources) {
    const owner = shared ? { ownerType: 'application', ownerId: order.application_id } : { ownerType: 'work-order-line', ownerId: line.id }
    const known = held.find((one) => one.key === key)
    await writeIntent(ctx.db, { connectionId, key, name, want: withSecretOf(want, known), ...owner }, ctx.now)
  }
}

interface Work {
  order: OrderRow
  lines: LineRow[]
  /** Keys in the order in which they are made. */
  keys: string[]
  resources: Map<string, ResourceRow>
  keysOf: Map<string, string[]>
}

async function loadWork(ctx: Ctx, orderId: string): Promise<Work> {
  const order = await lockOrder(ctx.db, orderId)
  if (!order) throw new Error(`no work order ${orderId}`)
  const lines = await linesOf(ctx.db, orderId)
  const steps = await stepsOf(
    ctx.db,
    lines.map((line) => line.id),
  )
  const keysOf = new Map(lines.map((line) => [line.id, steps.filter((step) => step.line_id === line.id).map((step) => step.resource_key)]))
  const keys = [...new Set(lines.flatMap((line) => keysOf.get(line.id) ?? []))]
  const resources = new Map((await resourcesByKey(ctx.db, keys)).map((row) => [row.key, row]))
  return { order, lines, keys, resources, keysOf }
}

const working = (line: LineRow): boolean => line.way === 'DRIVER' && line.state === 'WORKING'

/** The call that can be made now for one of these keys, or null. */
async function nextCall(ctx: Ctx, keys: readonly string[], op: PlannedCall['op']): Promise<PlannedCall | null> {
  for (const key of keys) {
    const planned = await planCall(ctx, key, op)
    if ('asking' in planned) return planned
  }
  return null
}

/** First transaction of a step: chooses what to ask the cloud next, and writes down that it is being asked. */
export async function planAdvance(ctx: Ctx, orderId: string): Promise<PlannedCall | null> {
  const work = await loadWork(ctx, orderId)
  const keys = new Set(work.lines.filter(working).flatMap((line) => work.keysOf.get(line.id) ?? []))
  const open = [...keys].filter((key) => !['PRESENT', 'FAILED'].includes(work.resources.get(key)?.state ?? ''))
  return nextCall(ctx, open, 'ensure')
}

/** Between the transactions, without the database: the one call. Its outcome travels with the plan it answers. */
export async function callOut(
  call: PlannedCall | null,
  signal: AbortSignal,
): Promise<{ call: PlannedCall; outcome: Outcome | null } | null> {
  return call ? { call, outcome: await makeCall(call, signal) } : null
}

/** Second transaction of a step: writes down the answer and closes lines that are complete or have failed. */
export async function applyAdvance(
  ctx: Ctx,
  orderId: string,
  answered: { call: PlannedCall; outcome: Outcome | null } | null,
): Promise<Progress> {
  if (answered) await settleCall(ctx, answered.call, answered.outcome)
  const work = await loadWork(ctx, orderId)
  for (const line of work.lines.filter(working)) await closeLine(ctx, work, line)
  return progressOf(ctx, orderId, 'ensure')
}

async function closeLine(ctx: Ctx, work: Work, line: LineRow): Promise<void> {
  const rows = (work.keysOf.get(line.id) ?? []).map((key) => work.resources.get(key))
  const broken = rows.find((row) => row?.state === 'FAILED')
  if (broken) {
    const error = `${broken.name}: ${broken.last_error ?? ''}`.slice(0, 1000)
    await updateLine(ctx.db, line.id, { state: 'FAILED', error })
    await note(
      ctx,
      work.order,
      'line-failed',
      { zh: `第 ${line.no} 行未能开通：${error}`, en: `Line ${line.no} failed: ${error}` },
      { lineId: line.id },
    )
    return
  }
  if (rows.length === 0 || rows.some((row) => row?.state !== 'PRESENT')) return
  const made = rows.filter((row) => row !== undefined)
  const result = resultOf(line, made)
  await updateLine(ctx.db, line.id, { state: 'READY', result: JSON.stringify(result), error: null })
  await keepActualAddresses(ctx, line.id, made)
  await recordLine(ctx, work.order, { ...line, result }, made)
  await note(
    ctx,
    work.order,
    'line-ready',
    { zh: `第 ${line.no} 行已开通：${lineTitle(line.title, 'zh')}`, en: `Line ${line.no} is ready: ${lineTitle(line.title, 'en')}` },
    { lineId: line.id },
  )
}

/** What a line came to, for people: servers with their addresses, volumes, networks. */
function resultOf(line: LineRow, rows: readonly ResourceRow[]): LineResult[] {
  const shown = { VM: 'server', STORAGE: 'volume', NETWORK: 'subnet', BAREMETAL: '', SECURITY: '' }[line.kind]
  return rows
    .filter((row) => row.kind === shown)
    .map((row) => {
      const publicAddress = rows.find(
        (one) => one.kind === 'address' && one.want.kind === 'address' && row.want.kind === 'server' && one.want.port === row.want.port,
      )
      const addresses = [...(row.facts.addresses ?? '').split(','), publicAddress?.facts.address ?? ''].filter((address) => address !== '')
      return { name: row.name, externalId: row.external_id, addresses, facts: row.facts }
    })
}

async function progressOf(ctx: Ctx, orderId: string, op: PlannedCall['op']): Promise<Progress> {
  const work = await loadWork(ctx, orderId)
  const failedLines = work.lines.filter((line) => line.state === 'FAILED').length
  const manualOpen = work.lines.filter((line) => line.way === 'MANUAL' && ['PENDING', 'WORKING'].includes(line.state)).length
  const keys = op === 'ensure' ? [...new Set(work.lines.filter(working).flatMap((line) => work.keysOf.get(line.id) ?? []))] : []
  const open = keys.flatMap((key) => {
    const row = work.resources.get(key)
    return row && row.state !== 'PRESENT' ? [row] : []
  })
  const now = open.some((row) => {
    const free = !row.leased_until || Temporal.Instant.compare(row.leased_until, ctx.now) <= 0
    const due = !row.look_after || Temporal.Instant.compare(row.look_after, ctx.now) <= 0
    return free && due && (row.rebuilding || hasNeeds(work, row))
  })
  return { progress: open.length === 0 ? 'done' : now ? 'more' : 'wait', failedLines, manualOpen }
}

const hasNeeds = (work: Work, row: ResourceRow): boolean => needsOf(row.want).every((key) => work.resources.get(key)?.state === 'PRESENT')

/** Things of a line that can be undone now, last made first: a thing is removed only when all made after it are gone. */
function undoable(work: Work, lines: readonly LineRow[]): { keys: string[]; left: boolean } {
  const keys: string[] = []
  let left = false
  for (const line of lines) {
    const own = [...(work.keysOf.get(line.id) ?? [])].reverse().flatMap((key) => {
      const row = work.resources.get(key)
      return row && row.owner_type === 'work-order-line' && row.owner_id === line.id && row.state !== 'ABSENT' ? [row] : []
    })
    const [next] = own
    if (!next) continue
    left = true
    // several servers of one line go at once; what they hung on waits for them
    const sameKind = own.slice(
      0,
      own.findIndex((row) => row.kind !== next.kind) === -1 ? own.length : own.findIndex((row) => row.kind !== next.kind),
    )
    keys.push(...sameKind.map((row) => row.key))
  }
  return { keys, left }
}

const toUndo = (lines: readonly LineRow[], what: 'failed' | 'all'): LineRow[] =>
  lines.filter(
    (line) => line.way === 'DRIVER' && (what === 'failed' ? line.state === 'FAILED' : ['FAILED', 'WORKING', 'READY'].includes(line.state)),
  )

/** Compensation, one call at a time: what a failed line made is removed; what lines share stays. */
export async function planUndo(ctx: Ctx, orderId: string, what: 'failed' | 'all'): Promise<PlannedCall | null> {
  const work = await loadWork(ctx, orderId)
  if (what === 'failed' && work.order.status === 'FULFILLING') {
    await updateOrder(ctx.db, orderId, { status: 'FULFILL_FAILED' })
    await followRequest(ctx, work.order.request_id)
  }
  return nextCall(ctx, undoable(work, toUndo(work.lines, what)).keys, 'remove')
}

export async function applyUndo(
  ctx: Ctx,
  orderId: string,
  what: 'failed' | 'all',
  answered: { call: PlannedCall; outcome: Outcome | null } | null,
): Promise<Progress> {
  if (answered) await settleCall(ctx, answered.call, answered.outcome)
  const work = await loadWork(ctx, orderId)
  const { keys, left } = undoable(work, toUndo(work.lines, what))
  const now = keys.some((key) => {
    const row = work.resources.get(key)
    const free = !row?.leased_until || Temporal.Instant.compare(row.leased_until, ctx.now) <= 0
    return free && (!row?.look_after || Temporal.Instant.compare(row.look_after, ctx.now) <= 0)
  })
  const undone = toUndo(work.lines, what)
  if (!left && undone.length > 0) {
    const lineIds = undone.map((line) => line.id)
    await giveBackAddresses(ctx, work.order, lineIds)
    for (const line of undone) await retireLine(ctx, line, `${work.order.no} 撤除`)
    await ctx.publish('resources.given-back', { ...noticeOf(work.order), lineIds })
  }
  const { failedLines, manualOpen } = await progressOf(ctx, orderId, 'remove')
  return { progress: !left ? 'done' : now ? 'more' : 'wait', failedLines, manualOpen }
}

/** Lines that failed go to the driver again, under the same keys. */
export async function retryFailed(ctx: Ctx, order: OrderRow): Promise<void> {
  const failed = (await linesOf(ctx.db, order.id)).filter((line) => line.state === 'FAILED')
  await intendLines(ctx, order, failed)
  await updateOrder(ctx.db, order.id, { status: 'FULFILLING' })
  await followRequest(ctx, order.request_id)
}

/** Lines that failed become work for people; the clock stays. */
export async function handOver(ctx: Ctx, order: OrderRow): Promise<void> {
  for (const line of (await linesOf(ctx.db, order.id)).filter((one) => one.state === 'FAILED'))
    await updateLine(ctx.db, line.id, { way: 'MANUAL', manual_reason: 'driver-failed', state: 'PENDING', error: line.error })
  await updateOrder(ctx.db, order.id, { status: 'FULFILLING' })
  await followRequest(ctx, order.request_id)
}

/** Everything the driver can make is asked for; the rest waits for people. */
export async function beginFulfilment(ctx: Ctx, order: OrderRow): Promise<Progress> {
  const lines = await linesOf(ctx.db, order.id)
  await intendLines(
    ctx,
    order,
    lines.filter((line) => line.way === 'DRIVER' && line.state === 'PENDING'),
  )
  await updateOrder(ctx.db, order.id, { status: 'FULFILLING', started_at: order.started_at ?? ctx.now })
  await followRequest(ctx, order.request_id)
  return progressOf(ctx, order.id, 'ensure')
}

export { progressOf }
