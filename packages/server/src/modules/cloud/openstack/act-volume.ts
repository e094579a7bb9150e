import { snapshotMove, volumeMove } from '../action.domain.ts'
import type { Acting, ActOutcome, VolumeOrder, VolumeSeen } from '../action.ts'
import { Gone, scopeOf } from './act-server.ts'
import { CallEnded } from './answer.ts'
import { num, record, records, str } from './maker.ts'
import type { Session } from './session.ts'

async function look(session: Session, acting: Acting, signal: AbortSignal): Promise<VolumeSeen> {
  const answer = await session.call('GET', 'volume', `/volumes/${acting.externalId}`, signal, { ...scopeOf(acting), allow: [404] })
  if (answer.status === 404) throw new Gone('the volume does not exist any more')
  const row = record(record(answer.body).volume)
  return {
    status: str(row.status),
    gib: num(row.size),
    type: str(row.volume_type),
    attachedTo: records(row.attachments).map((one) => str(one.server_id)),
  }
}

export async function actOnVolume(session: Session, acting: Acting, signal: AbortSignal): Promise<ActOutcome> {
  const { action, accepted } = acting
  const seen = await look(session, acting, signal)
  if (action.do === 'snapshot') return snapshotVolume(session, acting, seen, signal)
  const type = action.do === 'retype' ? (session.settings.volumeTypes[action.disk] ?? '') : ''
  if (action.do === 'retype' && type === '') return { is: 'refused', status: 0, message: `no volume type is set for ${action.disk}` }
  const move = volumeMove(action, seen, { type, accepted })
  if (move.is !== 'ask') return move
  if (!acting.mayAsk) return { is: 'unknown', message: 'an earlier order may still be carried out; looking again before asking' }
  await order(session, acting, move.order as VolumeOrder, { type, attachedTo: seen.attachedTo }, signal)
  return { is: 'working', detail: move.order }
}

async function order(
  session: Session,
  acting: Acting,
  what: VolumeOrder,
  want: { type: string; attachedTo: readonly string[] },
  signal: AbortSignal,
): Promise<void> {
  const { action } = acting
  const scope = scopeOf(acting)
  const path = `/volumes/${acting.externalId}`
  const act = (body: object) => session.call('POST', 'volume', `${path}/action`, signal, { ...scope, body })
  if (what === 'extend' && action.do === 'extend') await act({ 'os-extend': { new_size: action.gib } })
  else if (what === 'retype') await act({ 'os-retype': { new_type: want.type, migration_policy: 'on-demand' } })
  else if (what === 'attach' && action.do === 'attach')
    await session.call('POST', 'compute', `/servers/${action.server}/os-volume_attachments`, signal, {
      ...scope,
      body: { volumeAttachment: { volumeId: acting.externalId } },
    })
  else if (what === 'detach' && action.do === 'detach')
    for (const server of action.server === null ? want.attachedTo : [action.server])
      await session.call('DELETE', 'compute', `/servers/${server}/os-volume_attachments/${acting.externalId}`, signal, {
        ...scope,
        allow: [404],
      })
  else if (what === 'delete') await session.call('DELETE', 'volume', path, signal, { ...scope, allow: [404] })
  else throw new Error(`no order "${what}" for ${action.do}`)
}

async function snapshotVolume(session: Session, acting: Acting, seen: VolumeSeen, signal: AbortSignal): Promise<ActOutcome> {
  const found = await session.call('GET', 'volume', `/snapshots/detail?name=${encodeURIComponent(acting.key)}`, signal, scopeOf(acting))
  const [row] = records(record(found.body).snapshots).filter((one) => str(one.name) === acting.key)
  const status = str(row?.status)
  const state = status === 'available' ? 'ready' : status === 'creating' ? 'making' : 'broken'
  const move = snapshotMove(
    row ? { id: str(row.id), state, detail: status } : null,
    { free: seen.status === 'available' || seen.status === 'in-use', words: `the volume is ${seen.status}` },
    acting.accepted,
  )
  if (move.is !== 'ask') return move
  if (!acting.mayAsk) return { is: 'unknown', message: 'an earlier order may still be carried out; looking again before asking' }
  const body = { snapshot: { volume_id: acting.externalId, name: acting.key, force: true, metadata: { 'changbai-key': acting.key } } }
  await session.call('POST', 'volume', '/snapshots', signal, { ...scopeOf(acting), body })
  return { is: 'working', detail: 'snapshot' }
}

/** Snapshots of volumes are only ever deleted here. */
export async function actOnSnapshot(session: Session, acting: Acting, signal: AbortSignal): Promise<ActOutcome> {
  if (acting.action.do !== 'delete') throw new CallEnded({ is: 'refused', status: 0, message: `a snapshot knows no "${acting.action.do}"` })
  const path = `/snapshots/${acting.externalId}`
  const found = await session.call('GET', 'volume', path, signal, { ...scopeOf(acting), allow: [404] })
  if (found.status === 404) return { is: 'done', facts: {} }
  await session.call('DELETE', 'volume', path, signal, { ...scopeOf(acting), allow: [404] })
  return { is: 'working', detail: 'deleting' }
}
