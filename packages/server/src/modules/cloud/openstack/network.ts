import type { GroupRule, Want } from '../driver.ts'
import { CallEnded, outcomeOfError } from './answer.ts'
import { type AskingOf, idOf, type Maker, oldestFirst, present, record, records, type Seen, str } from './maker.ts'
import type { Session } from './session.ts'

type NetworkKind = Extract<Want, { kind: 'network' | 'subnet' | 'router' | 'securityGroup' | 'port' | 'address' }>['kind']
const paths: Record<NetworkKind, { path: string; one: string; many: string }> = {
  network: { path: '/networks', one: 'network', many: 'networks' },
  subnet: { path: '/subnets', one: 'subnet', many: 'subnets' },
  router: { path: '/routers', one: 'router', many: 'routers' },
  securityGroup: { path: '/security-groups', one: 'security_group', many: 'security_groups' },
  port: { path: '/ports', one: 'port', many: 'ports' },
  address: { path: '/floatingips', one: 'floatingip', many: 'floatingips' },
}

const addressesOf = (row: Record<string, unknown>): string =>
  records(row.fixed_ips)
    .map((ip) => str(ip.ip_address))
    .join(',')

function seenOf(kind: NetworkKind, row: Record<string, unknown>): Seen {
  const facts: Record<string, string> = {}
  if (kind === 'port') Object.assign(facts, { addresses: addressesOf(row), mac: str(row.mac_address) })
  if (kind === 'address') facts.address = str(row.floating_ip_address)
  if (kind === 'subnet') Object.assign(facts, { cidr: str(row.cidr), gateway: str(row.gateway_ip) })
  return present(str(row.id), facts, str(row.created_at))
}

/**
 * Our key stands in `description`: Neutron takes it in the creating call and filters by it, while tags need a second call (in the creating
 * call Zed answers 400 for networks and silently drops them for ports), which a crash could come before.
 */
async function findByKey(session: Session, kind: NetworkKind, asking: AskingOf<NetworkKind>, signal: AbortSignal): Promise<Seen[]> {
  const { path, many } = paths[kind]
  const project = idOf(asking, asking.want.project)
  const answer = await session.call('GET', 'network', `${path}?description=${encodeURIComponent(asking.key)}&project_id=${project}`, signal)
  const rows = records(record(answer.body)[many]).filter((row) => str(row.description) === asking.key)
  return oldestFirst(rows.map((row) => seenOf(kind, row)))
}

async function makeOne(
  session: Session,
  kind: NetworkKind,
  asking: AskingOf<NetworkKind>,
  fields: object,
  signal: AbortSignal,
): Promise<Seen> {
  const { path, one } = paths[kind]
  const projectId = idOf(asking, asking.want.project)
  const body = { [one]: { ...fields, description: asking.key, project_id: projectId } }
  const answer = await session.call('POST', 'network', path, signal, { body })
  return seenOf(kind, record(record(answer.body)[one]))
}

const removeOne =
  (kind: NetworkKind) =>
  async (session: Session, _asking: unknown, id: string, signal: AbortSignal): Promise<void> => {
    await session.call('DELETE', 'network', `${paths[kind].path}/${id}`, signal, { allow: [404] })
  }

export const network: Maker<'network'> = {
  find: (session, asking, signal) => findByKey(session, 'network', asking, signal),
  make: (session, asking, signal) => makeOne(session, 'network', asking, { name: asking.want.name }, signal),
  remove: removeOne('network'),
}

export const subnet: Maker<'subnet'> = {
  find: (session, asking, signal) => findByKey(session, 'subnet', asking, signal),
  make: (session, asking, signal) =>
    makeOne(
      session,
      'subnet',
      asking,
      { name: asking.want.name, network_id: idOf(asking, asking.want.network), ip_version: 4, cidr: asking.want.cidr },
      signal,
    ),
  remove: removeOne('subnet'),
}

async function externalNetworkId(session: Session, signal: AbortSignal): Promise<string> {
  const name = session.settings.externalNetworkName ?? ''
  const answer = await session.call('GET', 'network', `/networks?name=${encodeURIComponent(name)}&router:external=true`, signal)
  const [row] = records(record(answer.body).networks)
  if (!row) throw new CallEnded({ is: 'refused', status: 404, message: `there is no external network named ${name}` })
  return str(row.id)
}

export const router: Maker<'router'> = {
  find: (session, asking, signal) => findByKey(session, 'router', asking, signal),
  async make(session, asking, signal) {
    const gateway = session.settings.externalNetworkName
      ? { external_gateway_info: { network_id: await externalNetworkId(session, signal) } }
      : {}
    return makeOne(session, 'router', asking, { name: asking.want.name, ...gateway }, signal)
  },
  async finish(session, asking, seen, signal) {
    const subnetId = idOf(asking, asking.want.subnet)
    const answer = await session.call('GET', 'network', `/ports?device_id=${seen.id}&fields=fixed_ips`, signal)
    const joined = records(record(answer.body).ports).some((port) => records(port.fixed_ips).some((ip) => str(ip.subnet_id) === subnetId))
    if (!joined) {
      // 400: the subnet is joined already, by an attempt whose answer was lost
      await session.call('PUT', 'network', `/routers/${seen.id}/add_router_interface`, signal, {
        body: { subnet_id: subnetId },
        allow: [400, 409],
      })
    }
    return seen
  },
  async remove(session, _asking, id, signal) {
    const answer = await session.call('GET', 'network', `/ports?device_id=${id}&fields=fixed_ips&fields=device_owner`, signal)
    const inner = records(record(answer.body).ports).filter((port) => str(port.device_owner) !== 'network:router_gateway')
    for (const { subnet_id } of inner.flatMap((port) => records(port.fixed_ips))) {
      await session.call('PUT', 'network', `/routers/${id}/remove_router_interface`, signal, { body: { subnet_id }, allow: [404, 409] })
    }
    await session.call('DELETE', 'network', `/routers/${id}`, signal, { allow: [404] })
  },
}

export const ruleBody = (group: string, rule: GroupRule): object => ({
  security_group_rule: {
    security_group_id: group,
    ethertype: 'IPv4',
    direction: rule.direction,
    protocol: rule.protocol,
    port_range_min: rule.fromPort,
    port_range_max: rule.toPort,
    remote_ip_prefix: rule.remote,
  },
})

export const securityGroup: Maker<'securityGroup'> = {
  find: (session, asking, signal) => findByKey(session, 'securityGroup', asking, signal),
  make: (session, asking, signal) => makeOne(session, 'securityGroup', asking, { name: asking.want.name }, signal),
  /** The same rule again is 409 SecurityGroupRuleExists: so each rule is its own fence. */
  async finish(session, asking, seen, signal) {
    for (const rule of asking.want.rules) {
      const answer = await session.call('POST', 'network', '/security-group-rules', signal, { body: ruleBody(seen.id, rule), allow: [409] })
      if (answer.status === 409 && !/RuleExists/.test(answer.text))
        throw new CallEnded({ is: 'quota', message: `network 409: ${answer.text.slice(0, 300)}` })
    }
    return seen
  },
  remove: removeOne('securityGroup'),
}

const isTaken = (text: string): boolean => /IpAddress(AlreadyAllocated|InUse)|already allocated/i.test(text)

/** An address we allot makes a port its own fence: the same again is 409, and then either the port is ours or somebody else has the address. */
export const port: Maker<'port'> = {
  find: (session, asking, signal) => findByKey(session, 'port', asking, signal),
  async make(session, asking, signal) {
    const { want } = asking
    const fields = {
      name: want.name,
      network_id: idOf(asking, want.network),
      fixed_ips: [{ subnet_id: idOf(asking, want.subnet), ...(want.address ? { ip_address: want.address } : {}) }],
      security_groups: want.groups.map((key) => idOf(asking, key)),
      description: asking.key,
      project_id: idOf(asking, want.project),
    }
    const answer = await session.call('POST', 'network', '/ports', signal, { body: { port: fields }, allow: [409] })
    if (answer.status !== 409) return seenOf('port', record(record(answer.body).port))
    if (!isTaken(answer.text)) throw new CallEnded(outcomeOfError('network', answer))
    const [own] = await findByKey(session, 'port', asking, signal)
    if (own) return own
    throw new CallEnded({ is: 'refused', status: 409, message: `address ${want.address} is in use by something that is not ours` })
  },
  remove: removeOne('port'),
}

/** Public addresses are given out by others too: one that somebody else has is left to the cloud's choice. */
export const address: Maker<'address'> = {
  find: (session, asking, signal) => findByKey(session, 'address', asking, signal),
  async make(session, asking, signal) {
    const fields = { floating_network_id: await externalNetworkId(session, signal), port_id: idOf(asking, asking.want.port) }
    if (!asking.want.address) return makeOne(session, 'address', asking, fields, signal)
    const project_id = idOf(asking, asking.want.project)
    const floatingip = { ...fields, floating_ip_address: asking.want.address, description: asking.key, project_id }
    const answer = await session.call('POST', 'network', '/floatingips', signal, { body: { floatingip }, allow: [409] })
    if (answer.status !== 409) return seenOf('address', record(record(answer.body).floatingip))
    if (!isTaken(answer.text)) throw new CallEnded(outcomeOfError('network', answer))
    const [own] = await findByKey(session, 'address', asking, signal)
    return own ?? makeOne(session, 'address', asking, fields, signal)
  },
  remove: removeOne('address'),
}
