import { lookup as systemLookup } from 'node:dns'
import { request as plainRequest } from 'node:http'
import { request as tlsRequest } from 'node:https'
import { BlockList, isIP, type LookupFunction } from 'node:net'

/** An address somebody typed leads to where no call of ours may go. */
export class OutboundRefused extends Error {}

/** Ourselves, the machine beside us, what clouds tell their servers, and everybody at once. Private networks are where gateways of a government cloud stand. */
const NEVER = new BlockList()
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['192.0.0.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  NEVER.addSubnet(net, bits)
NEVER.addAddress('100.100.100.200')
for (const [net, bits] of [
  ['::', 128],
  ['::1', 128],
  ['fe80::', 10],
  ['ff00::', 8],
  ['64:ff9b::', 96],
] as const)
  NEVER.addSubnet(net, bits, 'ipv6')
NEVER.addAddress('fd00:ec2::254', 'ipv6')

let allowed = new BlockList()
/** Exceptions of this installation: a gateway program on the same machine. */
export function chooseOutbound(addresses: readonly string[]): void {
  allowed = new BlockList()
  for (const address of addresses) allowed.addAddress(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}

/** May a call go to this address? An IPv4 address written as IPv6 is judged as what it is. */
export function isOutboundAllowed(address: string): boolean {
  const family = isIP(address)
  if (family === 0) return false
  const kind = family === 6 ? 'ipv6' : 'ipv4'
  return allowed.check(address, kind) || !NEVER.check(address, kind)
}

/** Does an address say by itself, before any name is looked up, that it leads where no call of ours may go? Told while it is typed; each call judges anew. */
export function isForbiddenAddress(address: string): boolean {
  const host = new URL(address).hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) !== 0) return !isOutboundAllowed(host)
  return (host === 'localhost' || host.endsWith('.localhost')) && !isOutboundAllowed('127.0.0.1')
}

const BYTES_MAX = 64 * 1024

/** The name is looked up once, every answer is judged, and the call goes to that very answer: a name that changes its mind meanwhile changes nothing. */
const guardedLookup =
  (resolve: typeof systemLookup): LookupFunction =>
  (hostname, options, done) => {
    resolve(hostname, { ...options, all: true }, (error, answers) => {
      if (error) return done(error, '')
      const bad = answers.find(({ address }) => !isOutboundAllowed(address))
      const [first] = answers
      if (bad || !first) return done(new OutboundRefused(`${hostname} leads to ${bad?.address ?? 'nowhere'}`), '')
      if (options.all) done(null, answers)
      else done(null, first.address, first.family)
    })
  }

/**
 * Calls an address that somebody typed into a setting. Redirects are not followed; at most 64 KiB of the answer are read.
 * @param resolve looks names up; another one in tests
 * @throws OutboundRefused if it leads to the machine itself, to what clouds tell their servers, or is neither http nor https
 */
export async function callOutside(
  address: string,
  init: { method: string; headers: Record<string, string>; body?: string },
  signal: AbortSignal,
  resolve: typeof systemLookup = systemLookup,
): Promise<{ status: number; text: string }> {
  const url = new URL(address)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new OutboundRefused(`${url.protocol} is not called`)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) !== 0 && !isOutboundAllowed(host)) throw new OutboundRefused(`${host} is not called`)
  return new Promise((done, failed) => {
    const send = url.protocol === 'https:' ? tlsRequest : plainRequest
    const outgoing = send(
      url,
      { method: init.method, headers: init.headers, signal, lookup: guardedLookup(resolve), agent: false },
      (answer) => {
        const chunks: Buffer[] = []
        let size = 0
        answer.on('data', (chunk: Buffer) => {
          size += chunk.length
          chunks.push(chunk)
          if (size > BYTES_MAX) answer.destroy()
        })
        const end = (): void =>
          done({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).subarray(0, BYTES_MAX).toString('utf8') })
        answer.on('end', end)
        answer.on('close', end)
        answer.on('error', (error) => (size > BYTES_MAX ? end() : failed(error)))
      },
    )
    outgoing.on('error', failed)
    outgoing.end(init.body)
  })
}
