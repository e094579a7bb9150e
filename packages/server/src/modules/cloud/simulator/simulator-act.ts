import type { Db } from '../../../platform/db.ts'
import { newId } from '../../../platform/ids.ts'
import { serverMove, snapshotMove, volumeMove } from '../action.domain.ts'
import type { Acting, ActOutcome, Move, ServerSeen, VolumeSeen } from '../action.ts'
import {
  deleteThing,
  insertThing,
  letGo,
  type SimDoing,
  type ThingRow,
  takeActFault,
  thing,
  thingById,
  updateThing,
} from './simulator.store.ts'
import { delayMilliseconds, refusalOf, type SimulatedCloud } from './simulator.ts'

/** The simulated cloud names a size by cores and memory. */
const sizeWord = (vcpu: number, memMiB: number): string => `${vcpu}C${memMiB}M`
/** Its fastest and slowest order, seconds; drawn from the operation's key. */
const PACE = { from: 1, to: 4 }

/** What a thing is now: an order whose time has come is carried out here. Undefined: it was deleted. */
async function arrive(db: Db, row: ThingRow, at: Temporal.Instant): Promise<ThingRow | undefined> {
  const { doing } = row
  if (!doing || Temporal.Instant.compare(Temporal.Instant.from(doing.untilAt), at) > 0) return row
  const change = {
    state: { ...row.state, ...doing.becomes },
    vcpu: doing.vcpu ?? row.vcpu,
    mem_mib: doing.memMiB ?? row.mem_mib,
    disk_gib: doing.gib ?? row.disk_gib,
  }
  if (doing.task === 'deleting') {
    await deleteThing(db, row.connection_id, row.key)
    if (row.kind === 'server') await letGo(db, row.connection_id, row.external_id)
    return undefined
  }
  await updateThing(db, row.connection_id, row.key, { ...change, state: JSON.stringify(change.state), doing: null })
  return { ...row, ...change, doing: null }
}

const serverSeen = (row: ThingRow): ServerSeen => ({
  status: row.state.status ?? 'ACTIVE',
  task: row.doing?.task ?? '',
  size: sizeWord(row.vcpu, row.mem_mib),
  image: row.state.image ?? '',
  fault: row.state.fault ?? '',
})
const volumeSeen = (row: ThingRow): VolumeSeen => ({
  status: row.doing?.task ?? row.state.status ?? (row.state.server ? 'in-use' : 'available'),
  gib: row.disk_gib,
  type: row.state.type ?? '',
  attachedTo: row.state.server ? [row.state.server] : [],
})

/** One step towards an action, as the simulated cloud takes it. In the caller's transaction. */
export async function simulateAct(db: Db, cloud: SimulatedCloud, acting: Acting): Promise<ActOutcome> {
  const { action } = acting
  const found = await thingById(db, cloud.connectionId, acting.externalId)
  const target = found && (await arrive(db, found, acting.at))
  if (!target)
    return action.do === 'delete' ? { is: 'done', facts: {} } : { is: 'gone', message: `the ${acting.kind} does not exist any more` }
  const move = await moveOf(db, cloud, acting, target)
  if (move.is !== 'ask') return move
  const fault = await takeActFault(db, cloud.connectionId, acting.kind, move.order === 'resize')
  if (fault === 'vanish') {
    await deleteThing(db, cloud.connectionId, target.key)
    return { is: 'gone', message: `the ${acting.kind} does not exist any more` }
  }
  if (fault === 'busy') return { is: 'busy', message: `simulated 409: the ${acting.kind} is busy with another task` }
  const refusal = refusalOf(fault)
  if (refusal && !('externalId' in refusal) && refusal.is !== 'absent') return refusal
  await order(db, cloud, acting, target, move.order, fault === 'actFails' || fault === 'noValidHost')
  if (fault === 'timeoutAfterCommit') return { is: 'unknown', message: 'simulated: done, but the answer never came' }
  return { is: 'working', detail: move.order }
}

async function moveOf(db: Db, cloud: SimulatedCloud, acting: Acting, target: ThingRow): Promise<Move> {
  const { action, accepted } = acting
  if (acting.kind === 'securityGroup' || acting.kind === 'project') return policy(db, acting, target)
  if (acting.kind === 'image' || acting.kind === 'volumeSnapshot')
    return target.doing ? { is: 'working', detail: 'deleting' } : { is: 'ask', order: 'delete' }
  const seen = acting.kind === 'server' ? serverSeen(target) : volumeSeen(target)
  if (action.do === 'snapshot') {
    const made = await thing(db, cloud.connectionId, acting.key)
    const ready = made && Temporal.Instant.compare(made.ready_at, acting.at) <= 0
    return snapshotMove(
      made
        ? {
            id: made.external_id,
            state: !ready ? 'making' : made.fate === 'error' ? 'broken' : 'ready',
            detail: !ready ? 'saving' : made.fate === 'error' ? 'error' : 'active',
          }
        : null,
      { free: target.doing === null, words: seen.status },
      accepted,
    )
  }
  if (acting.kind === 'volume') return volumeMove(action, volumeSeen(target), { type: action.do === 'retype' ? action.disk : '', accepted })
  const wanted = 'vcpu' in action ? sizeWord(action.vcpu, action.memMiB) : ''
  return serverMove(action, serverSeen(target), {
    size: wanted,
    image: action.do === 'rebuild' ? action.image : '',
    accepted,
    journaled: target.state.lastOrder === acting.key,
  })
}

/** Policies and limits take effect at once. */
async function policy(db: Db, { action }: Acting, target: ThingRow): Promise<Move> {
  const { state } = target
  const save = (change: ThingRow['state']) =>
    updateThing(db, target.connection_id, target.key, { state: JSON.stringify({ ...state, ...change }) })
  const before =
    (action.do === 'readRules' || action.do === 'setRules' ? state.rules : state.limits) ?? (action.do === 'readRules' ? '[]' : '{}')
  if (action.do === 'setRules') await save({ rules: JSON.stringify(action.rules) })
  else if (action.do === 'setQuota') await save({ limits: JSON.stringify({ ...JSON.parse(state.limits ?? '{}'), ...action.limits }) })
  else if (action.do !== 'readRules' && action.do !== 'readQuota') return { is: 'failed', message: `a policy knows no "${action.do}"` }
  return { is: 'done', facts: { before } }
}

async function order(
  db: Db,
  cloud: SimulatedCloud,
  acting: Acting,
  target: ThingRow,
  what: Extract<Move, { is: 'ask' }>['order'],
  fails: boolean,
): Promise<void> {
  const { action } = acting
  const untilAt = acting.at.add({ milliseconds: delayMilliseconds(acting.key, PACE) })
  const take = (task: string, becomes: SimDoing['becomes'], size: Pick<SimDoing, 'vcpu' | 'memMiB' | 'gib'> = {}) => {
    const doing: SimDoing = { task, untilAt: untilAt.toString(), becomes: { ...becomes, lastOrder: acting.key }, ...size }
    return updateThing(db, target.connection_id, target.key, { doing: JSON.stringify(doing) })
  }
  const { state } = target
  switch (what) {
    case 'stop':
      return take('powering-off', { status: 'SHUTOFF' })
    case 'start':
      return take('powering-on', { status: 'ACTIVE' })
    case 'reboot':
      return take('reboot_started', { status: 'ACTIVE' })
    case 'rebuild':
      return take('rebuilding', action.do === 'rebuild' ? { status: 'ACTIVE', image: action.image } : {})
    case 'resize': {
      if (!('vcpu' in action)) return undefined
      if (fails) return take('resize_prep', { fault: 'No valid host was found. There are not enough hosts available.' })
      const size = { vcpu: action.vcpu, memMiB: action.memMiB }
      const was = { status: state.status ?? 'ACTIVE', oldVcpu: String(target.vcpu), oldMemMiB: String(target.mem_mib) }
      return take('resize_migrating', { ...was, before: was.status, status: 'VERIFY_RESIZE' }, size)
    }
    case 'confirmResize':
      return take('resize_confirming', { status: state.before ?? 'ACTIVE' })
    case 'revertResize':
      return take(
        'resize_reverting',
        { status: state.before ?? 'ACTIVE' },
        { vcpu: Number(state.oldVcpu ?? target.vcpu), memMiB: Number(state.oldMemMiB ?? target.mem_mib) },
      )
    case 'extend':
      return take('extending', fails ? { status: 'error_extending' } : {}, action.do === 'extend' && !fails ? { gib: action.gib } : {})
    case 'retype':
      return take('retyping', action.do === 'retype' && !fails ? { type: action.disk } : {})
    case 'attach':
      return take('attaching', action.do === 'attach' ? { server: action.server } : {})
    case 'detach':
      return take('detaching', { server: '' })
    case 'delete':
      return take('deleting', {})
    case 'snapshot':
      return insertThing(db, {
        connection_id: cloud.connectionId,
        key: acting.key,
        external_id: newId(),
        kind: acting.kind === 'server' ? 'image' : 'volumeSnapshot',
        vcpu: 0,
        mem_mib: 0,
        disk_gib: 0,
        public_addresses: 0,
        ready_at: untilAt,
        fate: fails ? 'error' : 'ok',
        message: '',
        facts: '{}',
        created_at: acting.at,
      })
  }
}
