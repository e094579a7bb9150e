import { imageId } from './catalogue.ts'
import { idOf, type Maker, oldestFirst, record, records, type Seen, str } from './maker.ts'

const KEY = 'changbai-key'

function seenOf(row: Record<string, unknown>): Seen {
  const status = str(row.status)
  const state = status.startsWith('error')
    ? 'failed'
    : ['available', 'in-use', 'reserved', 'attaching'].includes(status)
      ? 'present'
      : 'building'
  return {
    id: str(row.id),
    state,
    detail: state === 'failed' ? `volume is ${status}` : status,
    again: true,
    facts: { status, sizeGiB: str(row.size), type: str(row.volume_type) },
    createdAt: str(row.created_at),
  }
}

export const volume: Maker<'volume'> = {
  async find(session, asking, signal) {
    const filter = encodeURIComponent(JSON.stringify({ [KEY]: asking.key }))
    const projectId = idOf(asking, asking.want.project)
    const answer = await session.call('GET', 'volume', `/volumes/detail?metadata=${filter}`, signal, { projectId })
    const rows = records(record(answer.body).volumes).filter((row) => str(record(row.metadata)[KEY]) === asking.key)
    return oldestFirst(rows.map(seenOf))
  },
  async make(session, asking, signal) {
    const { want } = asking
    const projectId = idOf(asking, want.project)
    const type = want.disk ? session.settings.volumeTypes[want.disk] : undefined
    const zone = session.settings.zones[want.zone]
    const fields = {
      name: want.name,
      size: want.gib,
      metadata: { [KEY]: asking.key },
      ...(type ? { volume_type: type } : {}),
      ...(zone ? { availability_zone: zone } : {}),
      ...(want.image ? { imageRef: await imageId(session, want.image, signal) } : {}),
    }
    const answer = await session.call('POST', 'volume', '/volumes', signal, { projectId, body: { volume: fields } })
    return seenOf(record(record(answer.body).volume))
  },
  async remove(session, asking, id, signal) {
    const projectId = idOf(asking, asking.want.project)
    // 400: still attached, because its server is being removed; it is looked at again
    await session.call('DELETE', 'volume', `/volumes/${id}`, signal, { projectId, allow: [404, 400] })
  },
}
