import { serverMove, snapshotMove } from '../action.domain.ts'
import type { Acting, ActOutcome, ServerOrder, ServerSeen } from '../action.ts'
import { CallEnded, messageOf } from './answer.ts'
import { flavorFor, imageId } from './catalogue.ts'
import { num, record, records, str } from './maker.ts'
import type { CallOptions, Session } from './session.ts'

export const scopeOf = (acting: Acting): Pick<CallOptions, 'projectId'> => (acting.projectId ? { projectId: acting.projectId } : {})

/** The server, or the end of the call if there is none. */
async function look(session: Session, acting: Acting, signal: AbortSignal): Promise<Record<string, unknown>> {
  const answer = await session.call('GET', 'compute', `/servers/${acting.externalId}`, signal, { ...scopeOf(acting), allow: [404] })
  const row = record(record(answer.body).server)
  if (answer.status === 404 || ['DELETED', 'SOFT_DELETED'].includes(str(row.status))) throw new Gone('the server does not exist any more')
  return row
}

/** Ends an action because its target is not there. */
export class Gone extends Error {}

const seenOf = (row: Record<string, unknown>): ServerSeen => ({
  status: str(row.status),
  task: str(row['OS-EXT-STS:task_state']),
  size: str(record(row.flavor).original_name),
  image: str(record(row.image).id),
  fault: str(record(row.fault).message),
})

/** Our clock and the cloud's may differ by this much. */
const SKEW_SECONDS = 60

/** Was such an order carried out since it was intended? Nova keeps a journal of what was done to a server. */
async function journaled(session: Session, acting: Acting, signal: AbortSignal): Promise<boolean> {
  if (acting.action.do !== 'reboot' && acting.action.do !== 'rebuild') return false
  const answer = await session.call('GET', 'compute', `/servers/${acting.externalId}/os-instance-actions`, signal, scopeOf(acting))
  const since = acting.intendedAt.subtract({ seconds: SKEW_SECONDS })
  return records(record(answer.body).instanceActions).some((row) => {
    const at = str(row.start_time)
    return (
      str(row.action) === acting.action.do &&
      at !== '' &&
      Temporal.Instant.compare(Temporal.Instant.from(/Z$/.test(at) ? at : `${at}Z`), since) >= 0
    )
  })
}

/** The flavour an action wants, by its id and its name. */
async function wantedFlavor(session: Session, acting: Acting, row: Record<string, unknown>, signal: AbortSignal) {
  const { action } = acting
  if (action.do !== 'resize' && action.do !== 'confirmResize' && action.do !== 'restoreSize') return null
  const held = record(row.flavor)
  // the size it has already is the wanted one, whichever of several equal flavours it is
  const name = str(held.original_name)
  if (action.flavor === null && num(held.vcpus) === action.vcpu && num(held.ram) === action.memMiB) return { id: '', name }
  const best = await flavorFor(session, { ...action, rootVolume: 'any', rootGiB: 0 }, signal)
  const onVolume = str(record(row.image).id) === ''
  // what waits to be confirmed goes back as it came; the disk that the larger size brought is not in its way
  if (action.flavor || onVolume || best.name === name || (action.do === 'restoreSize' && row.status === 'VERIFY_RESIZE')) return best
  // a system disk on the host must not shrink
  const fitting = await flavorFor(session, { ...action, rootVolume: null, rootGiB: num(held.disk) }, signal)
  if (fitting.name !== name || row.status === 'VERIFY_RESIZE' || action.do === 'confirmResize' || acting.accepted) return fitting
  const wanted = `${action.vcpu} vCPU and ${action.memMiB} MiB`
  const message = `no flavour of ${wanted} holds the system disk of ${num(held.disk)} GiB, which cannot shrink`
  throw new CallEnded({ is: 'refused', status: 409, message })
}

export async function actOnServer(session: Session, acting: Acting, signal: AbortSignal): Promise<ActOutcome> {
  const { action, accepted } = acting
  const row = await look(session, acting, signal)
  const seen = seenOf(row)
  if (action.do === 'snapshot') return snapshotServer(session, acting, seen, signal)
  const flavor = await wantedFlavor(session, acting, row, signal)
  const image = action.do === 'rebuild' ? await imageId(session, action.image, signal) : ''
  const move = serverMove(action, seen, {
    size: flavor?.name ?? '',
    image,
    accepted,
    journaled: !accepted && (await journaled(session, acting, signal)),
  })
  if (move.is !== 'ask') return move
  if (!acting.mayAsk) return { is: 'unknown', message: 'an earlier order may still be carried out; looking again before asking' }
  return order(session, acting, move.order as ServerOrder, { flavor: flavor?.id ?? '', image, volumeBacked: seen.image === '' }, signal)
}

async function order(
  session: Session,
  acting: Acting,
  what: ServerOrder,
  want: { flavor: string; image: string; volumeBacked: boolean },
  signal: AbortSignal,
): Promise<ActOutcome> {
  const path = `/servers/${acting.externalId}`
  if (what === 'delete') {
    await session.call('DELETE', 'compute', path, signal, { ...scopeOf(acting), allow: [404] })
    return { is: 'working', detail: 'deleting' }
  }
  const bodies: Record<Exclude<ServerOrder, 'delete' | 'snapshot'>, object> = {
    stop: { 'os-stop': null },
    start: { 'os-start': null },
    reboot: { reboot: { type: 'SOFT' } },
    resize: { resize: { flavorRef: want.flavor } },
    confirmResize: { confirmResize: null },
    revertResize: { revertResize: null },
    rebuild: { rebuild: { imageRef: want.image } },
  }
  if (what === 'snapshot') throw new Error('snapshots have their own way')
  const endsResize = what === 'confirmResize' || what === 'revertResize'
  const answer = await session.call('POST', 'compute', `${path}/action`, signal, {
    ...scopeOf(acting),
    body: bodies[what],
    ...(endsResize ? { allow: [400] } : {}),
    // only from 2.93 on does Nova write an image onto a system disk that is a volume
    ...(what === 'rebuild' && want.volumeBacked ? { version: '2.93' } : {}),
  })
  // a confirmation shows nothing while it is carried out; asked once more Nova knows of no resize any more, and the next look tells what came of it
  if (answer.status === 400 && !/has not been resized/i.test(answer.text)) return { is: 'refused', status: 400, message: messageOf(answer) }
  return { is: 'working', detail: what }
}

async function snapshotServer(session: Session, acting: Acting, server: ServerSeen, signal: AbortSignal): Promise<ActOutcome> {
  const answer = await session.call('GET', 'image', `/images?name=${encodeURIComponent(acting.key)}`, signal, scopeOf(acting))
  const [image] = records(record(answer.body).images)
  const state = { active: 'ready', queued: 'making', saving: 'making', importing: 'making' } as const
  const status = str(image?.status)
  const move = snapshotMove(
    image ? { id: str(image.id), state: state[status as keyof typeof state] ?? 'broken', detail: status } : null,
    {
      free: server.task === '' && ['ACTIVE', 'SHUTOFF', 'PAUSED', 'SUSPENDED'].includes(server.status),
      words: `${server.status} ${server.task}`,
    },
    acting.accepted,
  )
  if (move.is !== 'ask') return move
  if (!acting.mayAsk) return { is: 'unknown', message: 'an earlier order may still be carried out; looking again before asking' }
  const body = { createImage: { name: acting.key, metadata: { 'changbai-key': acting.key, 'changbai-server': acting.externalId } } }
  await session.call('POST', 'compute', `/servers/${acting.externalId}/action`, signal, { ...scopeOf(acting), body })
  return { is: 'working', detail: 'snapshot' }
}

/** Images and snapshots are only ever deleted here. */
export async function actOnImage(session: Session, acting: Acting, signal: AbortSignal): Promise<ActOutcome> {
  if (acting.action.do !== 'delete') throw new CallEnded({ is: 'refused', status: 0, message: `an image knows no "${acting.action.do}"` })
  await session.call('DELETE', 'image', `/images/${acting.externalId}`, signal, { ...scopeOf(acting), allow: [404] })
  return { is: 'done', facts: {} }
}
