/** IPv4 as numbers: an address is an integer below 2^32, a span goes from its first to its last address, both included. */
export interface Span {
  first: number
  last: number
}
export interface AddressPool {
  name: string
  zone: string
  cidr: string
  gateway: string | null
  /** Addresses or spans `a-b` that are not given out. */
  reserved: readonly string[]
}

/** Installations without address pools: networks of applications come from here. */
export const OWN_POOL: AddressPool = { name: '默认地址池', zone: '', cidr: '10.128.0.0/9', gateway: null, reserved: [] }
/** Addresses at the start of a range that are left to its gateway and to the cloud's own ports. */
const KEPT_AT_START = 9

export const toNumber = (address: string): number => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
export const toAddress = (number: number): string => [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.')

export function spanOf(cidr: string): Span {
  const [address = '', length = '32'] = cidr.split('/')
  const size = 2 ** (32 - Number(length))
  const first = Math.floor(toNumber(address) / size) * size
  return { first, last: first + size - 1 }
}

const reservedSpans = (pool: AddressPool): Span[] =>
  [...pool.reserved, ...(pool.gateway ? [pool.gateway] : [])].map((text) => {
    const [from = '', to = from] = text.split('-').map((part) => part.trim())
    return text.includes('/') ? spanOf(text) : { first: toNumber(from), last: toNumber(to) }
  })

const meet = (a: Span, b: Span): boolean => a.first <= b.last && b.first <= a.last

const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'].map(spanOf)
/** A pool outside the private ranges holds public addresses. */
export const isPublic = (pool: AddressPool): boolean => !PRIVATE.some((span) => meet(span, spanOf(pool.cidr)))

/**
 * The lowest range of a pool that nobody has and that touches nothing reserved; null when the pool is used up.
 * @param prefix length of the range, e.g. 24; a pool that is no larger is given out whole
 */
export function firstFreeRange(pool: AddressPool, prefix: number, taken: readonly Span[]): string | null {
  const whole = spanOf(pool.cidr)
  const length = Math.max(prefix, Number(pool.cidr.split('/')[1] ?? 32))
  const size = 2 ** (32 - length)
  const closed = [...taken, ...(length === prefix ? reservedSpans(pool) : [])].filter((span) => meet(span, whole))
  for (let first = whole.first; first + size - 1 <= whole.last; first += size) {
    const span = { first, last: first + size - 1 }
    const blocking = closed.find((one) => meet(one, span))
    if (!blocking) return `${toAddress(first)}/${length}`
    // over a large hole in one step
    if (blocking.last > span.last) first += Math.floor((blocking.last - span.last) / size) * size
  }
  return null
}

/** The lowest address of a range that nobody has; its first nine and its last are not for servers. Null when it is full. */
export function firstFreeAddress(cidr: string, taken: ReadonlySet<number>): string | null {
  const { first, last } = spanOf(cidr)
  const small = last - first < 32
  for (let number = first + (small ? 2 : KEPT_AT_START + 1); number < last; number += 1) if (!taken.has(number)) return toAddress(number)
  return null
}

/** The lowest public address of a pool that nobody has and that is not reserved. */
export function firstFreePublic(pool: AddressPool, taken: ReadonlySet<number>): string | null {
  const { first, last } = spanOf(pool.cidr)
  const closed = reservedSpans(pool)
  for (let number = first + 1; number < last; number += 1)
    if (!taken.has(number) && !closed.some((span) => number >= span.first && number <= span.last)) return toAddress(number)
  return null
}

/** Pools whose addresses serve a zone; a zone is named by its code or its kind. Without any of its own, all private pools that have no zone. */
export function poolsFor(zone: string, pools: readonly AddressPool[], zones: readonly { code: string; kind: string }[]): AddressPool[] {
  const codes = new Set(zones.filter((one) => one.code === zone || one.kind === zone).map((one) => one.code))
  const own = pools.filter((pool) => !isPublic(pool) && (codes.has(pool.zone) || pool.zone === zone))
  if (own.length > 0) return own
  const inner = pools.filter((pool) => !isPublic(pool))
  return inner.length > 0 ? inner : [OWN_POOL]
}
