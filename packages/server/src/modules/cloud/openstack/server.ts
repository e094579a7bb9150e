import { CallEnded } from './answer.ts'
import { flavorFor, imageId } from './catalogue.ts'
import { type AskingOf, idOf, type Maker, oldestFirst, present, record, records, type Seen, str } from './maker.ts'

function addressesOf(row: Record<string, unknown>): string {
  return Object.values(record(row.addresses))
    .flatMap(records)
    .filter((address) => str(address['OS-EXT-IPS:type']) !== 'floating')
    .map((address) => str(address.addr))
    .join(',')
}

function seenOf(row: Record<string, unknown>): Seen {
  const status = str(row.status)
  const fault = str(record(row.fault).message)
  const state = status === 'ERROR' ? 'failed' : ['BUILD', 'DELETED', 'SOFT_DELETED', ''].includes(status) ? 'building' : 'present'
  return {
    id: str(row.id),
    state,
    detail: state === 'failed' ? fault || 'the cloud gave no reason' : `${status} ${str(row['OS-EXT-STS:task_state'])}`.trim(),
    // "No valid host" is a full cloud or a placement service that is down: people decide. An error without words was a crash: try again.
    again: !/no valid host/i.test(fault),
    facts: { status, addresses: addressesOf(row), host: str(row['OS-EXT-SRV-ATTR:hypervisor_hostname']) },
    createdAt: str(row.created),
  }
}

/** First start: one account, its password must be changed at the first sign-in. */
const cloudConfig = (account: string, password: string): string =>
  Buffer.from(
    [
      '#cloud-config',
      'users:',
      `  - name: ${JSON.stringify(account)}`,
      '    lock_passwd: false',
      '    sudo: "ALL=(ALL) ALL"',
      'ssh_pwauth: true',
      'chpasswd:',
      '  expire: true',
      '  users:',
      `    - {name: ${JSON.stringify(account)}, password: ${JSON.stringify(password)}, type: text}`,
      '',
    ].join('\n'),
  ).toString('base64')

/**
 * The volumes are the fence: of two requests that name the same volume Nova accepts one, the other is 400 at once. A port is no fence: two at
 * the same time are both accepted, and the loser's clean-up takes the network from the winner.
 */
const devices = (asking: AskingOf<'server'>, image: string): object[] => {
  const { want } = asking
  const system = want.rootVolume
    ? {
        boot_index: 0,
        source_type: 'volume',
        destination_type: 'volume',
        uuid: idOf(asking, want.rootVolume),
        delete_on_termination: false,
      }
    : { boot_index: 0, source_type: 'image', destination_type: 'local', uuid: image, delete_on_termination: true }
  return [
    system,
    ...want.dataVolumes.map((key) => ({
      boot_index: -1,
      source_type: 'volume',
      destination_type: 'volume',
      uuid: idOf(asking, key),
      delete_on_termination: false,
    })),
  ]
}

export const server: Maker<'server'> = {
  async find(session, asking, signal) {
    const projectId = idOf(asking, asking.want.project)
    const answer = await session.call('GET', 'compute', `/servers/detail?tags=${encodeURIComponent(asking.key)}`, signal, { projectId })
    const rows = records(record(answer.body).servers).filter((row) => Array.isArray(row.tags) && row.tags.includes(asking.key))
    return oldestFirst(rows.map(seenOf))
  },
  async make(session, asking, signal) {
    const { want } = asking
    const projectId = idOf(asking, want.project)
    const image = await imageId(session, want.image, signal)
    const flavor = await flavorFor(session, want, signal)
    const zone = session.settings.zones[want.zone]
    const body = {
      server: {
        name: want.name,
        flavorRef: flavor.id,
        ...(want.rootVolume ? {} : { imageRef: image }),
        networks: [{ port: idOf(asking, want.port) }],
        block_device_mapping_v2: devices(asking, image),
        tags: [asking.key],
        metadata: { 'changbai-key': asking.key },
        ...(zone ? { availability_zone: zone } : {}),
        ...(asking.secret ? { user_data: cloudConfig(want.account, asking.secret) } : {}),
      },
      ...(want.group ? { 'os:scheduler_hints': { group: idOf(asking, want.group) } } : {}),
    }
    const answer = await session.call('POST', 'compute', '/servers', signal, { projectId, body })
    return {
      id: str(record(record(answer.body).server).id),
      state: 'building',
      detail: 'BUILD',
      again: false,
      facts: {},
      createdAt: '',
    }
  },
  async remove(session, asking, id, signal) {
    const projectId = idOf(asking, asking.want.project)
    await session.call('DELETE', 'compute', `/servers/${id}`, signal, { projectId, allow: [404] })
  },
}

/** Members of a group go to different hosts. Names are not unique: looked up first, with one writer a key. */
export const serverGroup: Maker<'serverGroup'> = {
  async find(session, asking, signal) {
    const projectId = idOf(asking, asking.want.project)
    const answer = await session.call('GET', 'compute', '/os-server-groups', signal, { projectId })
    return records(record(answer.body).server_groups)
      .filter((row) => str(row.name) === asking.key)
      .map((row) => present(str(row.id)))
  },
  async make(session, asking, signal) {
    const projectId = idOf(asking, asking.want.project)
    const body = { server_group: { name: asking.key, policy: 'anti-affinity' } }
    const answer = await session.call('POST', 'compute', '/os-server-groups', signal, { projectId, body })
    const id = str(record(record(answer.body).server_group).id)
    if (!id) throw new CallEnded({ is: 'unknown', message: 'the answer named no server group' })
    return present(id)
  },
  async remove(session, asking, id, signal) {
    const projectId = idOf(asking, asking.want.project)
    await session.call('DELETE', 'compute', `/os-server-groups/${id}`, signal, { projectId, allow: [404] })
  },
}
