import { lookup } from 'node:dns/promises'
import { BlockList, isIP } from 'node:net'

/** Where a target may lie: public addresses, and the networks an administrator has named for this probe. */
export interface Guard {
  allows(address: string): boolean
}

/** Not reachable unless named: a target is an address somebody typed, and the probe stands inside. */
const NAMED_ONLY: readonly [string, number, 'ipv4' | 'ipv6'][] = [
  ['0.0.0.0', 8, 'ipv4'],
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['224.0.0.0', 3, 'ipv4'],
  ['::', 127, 'ipv6'],
  ['64:ff9b::', 96, 'ipv6'],
  ['fc00::', 7, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
]
/** Where clouds hand out credentials to whoever asks from inside: no list opens it. */
const NEVER = new BlockList()
NEVER.addAddress('169.254.169.254', 'ipv4')
NEVER.addAddress('fd00:ec2::254', 'ipv6')

const familyOf = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4')
const plain = (address: string) => address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '')

export function createGuard(networks: readonly string[]): Guard {
  const closed = new BlockList()
  for (const [base, prefix, family] of NAMED_ONLY) closed.addSubnet(base, prefix, family)
  const named = new BlockList()
  for (const network of networks) {
    const [base = '', prefix = ''] = network.split('/')
    named.addSubnet(base, Number(prefix), familyOf(base))
  }
  return {
    allows(given) {
      const address = plain(given)
      if (isIP(address) === 0) return false
      const family = familyOf(address)
      if (NEVER.check(address, family)) return false
      return named.check(address, family) || !closed.check(address, family)
    },
  }
}

export class NotAllowed extends Error {}

/**
 * The address to connect to; looked up once and then used, so that a name cannot lead elsewhere between the check and the call.
 * @throws NotAllowed when any address of the name lies where it may not
 */
export async function addressOf(host: string, guard: Guard): Promise<string> {
  const name = host.replace(/^\[|\]$/g, '')
  const found = isIP(name) ? [name] : (await lookup(name, { all: true, verbatim: true })).map(({ address }) => address)
  const refused = found.find((address) => !guard.allows(address))
  if (refused !== undefined) throw new NotAllowed(`${name} leads to ${refused}, which this probe may not reach`)
  const [first] = found
  if (first === undefined) throw new Error(`${name} has no address`)
  return first
}
