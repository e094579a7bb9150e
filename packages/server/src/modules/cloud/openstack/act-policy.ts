import { ruleDifference } from '../action.domain.ts'
import type { Acting, ActOutcome, QuotaLimits } from '../action.ts'
import type { GroupRule } from '../driver.ts'
import { Gone, scopeOf } from './act-server.ts'
import { num, record, records, str } from './maker.ts'
import { ruleBody } from './network.ts'
import { ledgers } from './quota.ts'
import type { Session } from './session.ts'

const portOf = (value: unknown): number | null => (typeof value === 'number' ? value : null)

/** Rules as we write them; what we cannot write (IPv6, another group as source) is not ours to touch and is left out. */
function heldRules(group: Record<string, unknown>): { id: string; rule: GroupRule }[] {
  return records(group.security_group_rules).flatMap((row) => {
    const protocol = row.protocol === null || row.protocol === undefined ? null : str(row.protocol)
    if (
      str(row.ethertype) !== 'IPv4' ||
      row.remote_group_id ||
      !(protocol === null || protocol === 'tcp' || protocol === 'udp' || protocol === 'icmp')
    )
      return []
    const direction = str(row.direction) === 'egress' ? 'egress' : 'ingress'
    // the rule that lets everything out stands in every group from the start
    if (direction === 'egress' && protocol === null && !row.remote_ip_prefix) return []
    const rule: GroupRule = {
      direction,
      protocol,
      fromPort: portOf(row.port_range_min),
      toPort: portOf(row.port_range_max),
      remote: str(row.remote_ip_prefix) || '0.0.0.0/0',
    }
    return [{ id: str(row.id), rule }]
  })
}

/** New rules first, then the old ones away: in between more is open than wanted, but nothing that was allowed is cut off. */
export async function actOnGroup(session: Session, acting: Acting, signal: AbortSignal): Promise<ActOutcome> {
  const { action } = acting
  const scope = scopeOf(acting)
  const answer = await session.call('GET', 'network', `/security-groups/${acting.externalId}`, signal, { ...scope, allow: [404] })
  if (answer.status === 404) throw new Gone('the security group does not exist any more')
  const held = heldRules(record(record(answer.body).security_group))
  if (action.do === 'readRules') return { is: 'done', facts: { before: JSON.stringify(held.map(({ rule }) => rule)) } }
  if (action.do !== 'setRules') return { is: 'refused', status: 0, message: `a security group knows no "${action.do}"` }
  const { add, remove } = ruleDifference(held, action.rules)
  for (const rule of add) {
    const made = await session.call('POST', 'network', '/security-group-rules', signal, {
      ...scope,
      body: ruleBody(acting.externalId, rule),
      allow: [409],
    })
    if (made.status === 409 && !/RuleExists/.test(made.text)) return { is: 'quota', message: `network 409: ${made.text.slice(0, 300)}` }
  }
  for (const { id } of remove) await session.call('DELETE', 'network', `/security-group-rules/${id}`, signal, { ...scope, allow: [404] })
  return { is: 'done', facts: { added: String(add.length), removed: String(remove.length) } }
}

const FLOOR = { instances: 0, cores: 0, ramMiB: 0, volumes: 0, volumeGiB: 0, ports: 0, networks: 0, addresses: 0 }
const words = Object.keys(FLOOR) as (keyof QuotaLimits)[]
/** The limit of ours that a limit of the cloud stands for. */
const wordOf = (ledger: (typeof ledgers)[number], name: string): keyof QuotaLimits | undefined =>
  words.find((word) => ledger.wanted({ ...FLOOR, [word]: 1 })[name] === 1)

/** Limits of one project, read or set. Setting a limit twice is setting it once. */
export async function actOnProject(session: Session, acting: Acting, signal: AbortSignal): Promise<ActOutcome> {
  const { action } = acting
  const own = await session.ownProjectId(signal)
  const before: QuotaLimits = {}
  for (const ledger of ledgers) {
    const path = ledger.read(own, acting.externalId)
    const now = ledger.limits((await session.call('GET', ledger.service, path, signal)).body)
    const change: Record<string, number> = {}
    for (const name of Object.keys(ledger.wanted(FLOOR))) {
      const word = wordOf(ledger, name)
      if (!word) continue
      before[word] ??= num(now[name])
      const wanted = action.do === 'setQuota' ? action.limits[word] : undefined
      if (wanted !== undefined && num(now[name]) !== wanted) change[name] = wanted
    }
    if (Object.keys(change).length > 0) await session.call('PUT', ledger.service, path, signal, { body: ledger.body(change) })
  }
  return { is: 'done', facts: { before: JSON.stringify(before) } }
}
