import { sha256Hex } from '../../platform/crypto.ts'
import type { Ctx } from '../../platform/ctx.ts'
import type { OperationRow } from '../cloud/index.ts'
import { changeHeld, reclaimables } from '../inventory/index.ts'
import { type Facts, LookAgain, registerService } from '../process/index.ts'
import { note, requireCase } from './case.service.ts'
import { type Backup, type CaseRow, type PartRow, updateCase, updatePart } from './case.store.ts'
import { type Answered, LEASE_SECONDS, makeStep, placeOfThing, planStep, removalOf, type Step, settleStep, type Wish } from './cloudwork.ts'
import { nextPart, requirePart, thingOf } from './parts.ts'

interface Work {
  topic: string
  node: string
  /** Chooses the part; the first step of a part makes it. */
  part(ctx: Ctx, row: CaseRow): Promise<PartRow>
  /** What to ask of the cloud, or why people must do it. */
  wish(ctx: Ctx, row: CaseRow, part: PartRow): Promise<{ connectionId: string; wish: Wish } | { manual: string }>
  done(ctx: Ctx, row: CaseRow, part: PartRow, operations: OperationRow[]): Promise<Facts | undefined>
}

const NO_CLOUD = '不在可自动操作的云平台上'

function work({ topic, node, part, wish, done }: Work): void {
  registerService<Step, Answered>({
    topic,
    mode: 'outside',
    leaseSeconds: LEASE_SECONDS,
    async plan(ctx, call) {
      const row = await requireCase(ctx, call.businessKey)
      const current = await part(ctx, row)
      const asked = await wish(ctx, row, current)
      const step =
        'manual' in asked
          ? await planStep(ctx, current, null, null, asked.manual)
          : await planStep(ctx, current, asked.connectionId, asked.wish)
      if (row.node !== node) await updateCase(ctx.db, row.id, { node, status: 'FULFILLING' }, ctx.now)
      if (step.manual !== null) await note(ctx, row, 'by-hand', `${current.item_name} 转人工：${step.manual}`, { node })
      return step
    },
    call: (step, _key, signal) => makeStep(step, signal),
    async apply(ctx, call, answered) {
      const settled = await settleStep(ctx, answered)
      if (settled instanceof LookAgain) return settled
      const row = await requireCase(ctx, call.businessKey)
      return done(ctx, row, await requirePart(ctx, row.id), settled)
    },
  })
}

const operate = (suffix: string, kind: 'server' | 'volume', externalId: string, action: Wish['operations'][number]['action']): Wish => ({
  operations: [{ suffix, target: { kind, externalId }, action }],
  remove: [],
})

/** Standing still, kept as it is; from now on it can be had back until the cooling-off ends. */
export async function beginCooling(ctx: Ctx, row: CaseRow, part: PartRow): Promise<undefined> {
  const days = ctx.plan.number(row.process_key === 'server-reclaim' ? 'reclaim.coolDownServerDays' : 'reclaim.coolDownStorageDays')
  const until = ctx.now.add({ hours: 24 * days })
  const item = await thingOf(ctx, part)
  await updatePart(ctx.db, part.id, { state: 'COOLING', stopped_at: ctx.now, cool_until: until, was_on: item.serverId })
  await updateCase(ctx.db, row.id, { node: 'coolDown', cool_until: until, status: 'FULFILLING' }, ctx.now)
  if (part.item_type === 'server') await changeHeld(ctx, 'server', part.item_id, { state: 'STOPPED' }, 'RECLAIM')
  else await changeHeld(ctx, 'volume', part.item_id, { state: 'STOPPED', serverId: null }, 'RECLAIM')
  await note(ctx, row, 'cooling', `${part.item_name} 已停用，冷静期 ${days} 天`, { until: until.toString() })
  await ctx.publish('reclaim.cooling', { caseId: row.id, name: part.item_name, until: until.toString() })
  return undefined
}

export async function keepBackup(ctx: Ctx, row: CaseRow, part: PartRow, backup: Backup): Promise<undefined> {
  await updatePart(ctx.db, part.id, { state: 'BACKED_UP', backup: JSON.stringify(backup) })
  await note(ctx, row, 'backed-up', `${part.item_name} 已备份：${backup.ref}`, { ref: backup.ref })
  return undefined
}

/** A backup is kept as long from the release as from a return: both ways it is not needed for ever. What hangs on one is only taken with a release. */
const backupUntil = (ctx: Ctx, part: PartRow): Temporal.Instant | null =>
  part.backup ? ctx.now.add({ hours: 24 * ctx.plan.number('reclaim.snapshotDays') }) : null

/** Gone for good, with what proves it; the backup is kept for the days the plan says. @clause 4.5.1-1 4.5.1-4 */
export async function finishRelease(
  ctx: Ctx,
  row: CaseRow,
  part: PartRow,
  proof: { method: string; by: string; witness: string; evidence: string },
): Promise<undefined> {
  const at = ctx.now.toString()
  const digest = sha256Hex(Buffer.from(JSON.stringify({ case: row.number, item: part.item_id, ...proof, at })))
  await updatePart(ctx.db, part.id, {
    state: 'RELEASED',
    released_at: ctx.now,
    proof: JSON.stringify({ ...proof, at, digest }),
    backup_until: backupUntil(ctx, part),
  })
  await updateCase(ctx.db, row.id, { cool_until: null }, ctx.now)
  await note(ctx, row, 'released', `${part.item_name} 已释放并清除：${proof.method}`, { digest, evidence: proof.evidence })
  return undefined
}

/** Back in use as it was; operation assesses anew. */
export async function restorePart(ctx: Ctx, row: CaseRow, part: PartRow): Promise<undefined> {
  await updatePart(ctx.db, part.id, { state: 'RECOVERED', backup_until: backupUntil(ctx, part) })
  await updateCase(ctx.db, row.id, { cool_until: null }, ctx.now)
  if (part.item_type === 'server') await changeHeld(ctx, 'server', part.item_id, { state: 'ACTIVE' }, 'RECLAIM')
  else await changeHeld(ctx, 'volume', part.item_id, { state: 'ACTIVE', serverId: part.was_on }, 'RECLAIM')
  await note(ctx, row, 'recovered', `${part.item_name} 已恢复，重新评估`)
  return undefined
}

/** E6 to E8, F5 and F6: the steps that talk to the cloud. */
export function registerOutside(): void {
  work({
    topic: 'reclaim.backup',
    node: 'backupBeforeRelease',
    part: nextPart,
    async wish(ctx, _row, part) {
      const place = await placeOfThing(ctx, await thingOf(ctx, part))
      if (!place) return { manual: NO_CLOUD }
      return { connectionId: place.connectionId, wish: operate('snapshot', 'server', place.externalId, { do: 'snapshot' }) }
    },
    async done(ctx, row, part, [operation]) {
      const item = await thingOf(ctx, part)
      const place = await placeOfThing(ctx, item)
      const { rootVolume, projectId } = place
        ? await removalOf(ctx, place.connectionId, place.externalId)
        : { rootVolume: null, projectId: null }
      return keepBackup(ctx, row, part, {
        ref: operation?.facts.snapshotId ?? '',
        kind: 'image',
        connectionId: place?.connectionId ?? null,
        holds: rootVolume ? [rootVolume] : [],
        projectId,
        by: '系统',
        at: ctx.now.toString(),
        note: `配置：${item.vcpu} vCPU ${item.memGiB} GiB，系统盘 ${item.gib} GiB`,
      })
    },
  })
  work({
    topic: 'reclaim.backupVolume',
    node: 'backupVolume',
    part: nextPart,
    async wish(ctx, _row, part) {
      const place = await placeOfThing(ctx, await thingOf(ctx, part))
      if (!place) return { manual: NO_CLOUD }
      // a snapshot there goes with its volume, so it is no backup of one that will be deleted
      if (place.driver === 'openstack') return { manual: '云平台的卷快照随卷删除，请做独立备份并登记' }
      return { connectionId: place.connectionId, wish: operate('snapshot', 'volume', place.externalId, { do: 'snapshot' }) }
    },
    async done(ctx, row, part, [operation]) {
      const place = await placeOfThing(ctx, await thingOf(ctx, part))
      const { projectId } = place ? await removalOf(ctx, place.connectionId, place.externalId) : { projectId: null }
      return keepBackup(ctx, row, part, {
        ref: operation?.facts.snapshotId ?? '',
        kind: 'volumeSnapshot',
        connectionId: place?.connectionId ?? null,
        holds: [],
        projectId,
        by: '系统',
        at: ctx.now.toString(),
        note: `${part.gib} GiB`,
      })
    },
  })
  work({
    topic: 'reclaim.stop',
    node: 'stopServer',
    part: (ctx, row) => requirePart(ctx, row.id),
    async wish(ctx, _row, part) {
      const place = await placeOfThing(ctx, await thingOf(ctx, part))
      return place
        ? { connectionId: place.connectionId, wish: operate('stop', 'server', place.externalId, { do: 'stop' }) }
        : { manual: NO_CLOUD }
    },
    done: beginCooling,
  })
  work({
    topic: 'reclaim.freeze',
    node: 'freezeVolume',
    part: (ctx, row) => requirePart(ctx, row.id),
    async wish(ctx, _row, part) {
      const place = await placeOfThing(ctx, await thingOf(ctx, part))
      if (!place) return { manual: NO_CLOUD }
      return { connectionId: place.connectionId, wish: operate('detach', 'volume', place.externalId, { do: 'detach', server: null }) }
    },
    done: beginCooling,
  })
  work({
    topic: 'reclaim.restore',
    node: 'restore',
    part: (ctx, row) => requirePart(ctx, row.id),
    async wish(ctx, _row, part) {
      const place = await placeOfThing(ctx, await thingOf(ctx, part))
      return place
        ? { connectionId: place.connectionId, wish: operate('start', 'server', place.externalId, { do: 'start' }) }
        : { manual: NO_CLOUD }
    },
    done: restorePart,
  })
  work({
    topic: 'reclaim.restoreVolume',
    node: 'restore',
    part: (ctx, row) => requirePart(ctx, row.id),
    async wish(ctx, _row, part) {
      const place = await placeOfThing(ctx, await thingOf(ctx, part))
      if (!place) return { manual: NO_CLOUD }
      const [host] = part.was_on ? await reclaimables(ctx, [part.was_on]) : []
      const on = host && (await placeOfThing(ctx, host))
      // what hung on nothing needs only be let go
      if (!on) return { connectionId: place.connectionId, wish: { operations: [], remove: [] } }
      return {
        connectionId: place.connectionId,
        wish: operate('attach', 'volume', place.externalId, { do: 'attach', server: on.externalId }),
      }
    },
    done: restorePart,
  })
  work({
    topic: 'reclaim.release',
    node: 'releaseAndSanitize',
    part: (ctx, row) => requirePart(ctx, row.id),
    async wish(ctx, _row, part) {
      const place = await placeOfThing(ctx, await thingOf(ctx, part))
      if (!place) return { manual: NO_CLOUD }
      const { keys } = await removalOf(ctx, place.connectionId, place.externalId)
      const { connectionId, externalId } = place
      return keys.length > 0
        ? { connectionId, wish: { operations: [], remove: keys } }
        : { connectionId, wish: operate('delete', 'server', externalId, { do: 'delete' }) }
    },
    async done(ctx, row, part) {
      const held = (part.backup?.holds.length ?? 0) > 0
      return finishRelease(ctx, row, part, {
        method: held ? '云平台删除实例、端口与地址；系统盘与备份一并保留至期满后删除' : '云平台删除实例并由存储清零',
        by: '系统',
        witness: '云平台应答：实例已不存在',
        evidence: part.item_id,
      })
    },
  })
  work({
    topic: 'reclaim.deleteVolume',
    node: 'freezeAndDelete',
    part: (ctx, row) => requirePart(ctx, row.id),
    async wish(ctx, _row, part) {
      const place = await placeOfThing(ctx, await thingOf(ctx, part))
      if (!place) return { manual: NO_CLOUD }
      const { connectionId, externalId } = place
      const { keys } = await removalOf(ctx, connectionId, externalId)
      return keys.length > 0
        ? { connectionId, wish: { operations: [], remove: keys } }
        : { connectionId, wish: operate('delete', 'volume', externalId, { do: 'delete' }) }
    },
    done: (ctx, row, part) =>
      finishRelease(ctx, row, part, {
        method: '云平台删除卷并由存储清零',
        by: '系统',
        witness: '云平台应答：卷已不存在',
        evidence: part.item_id,
      }),
  })
}
