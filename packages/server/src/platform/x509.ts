import { createHash, createPublicKey, type KeyObject, randomBytes, sign } from 'node:crypto'
import { isIPv4, isIPv6 } from 'node:net'

/** The little of ASN.1 and X.509 (RFC 5280) that a local authority needs: Node reads certificates but does not make them. */

const tlv = (tag: number, ...parts: Buffer[]): Buffer => {
  const body = Buffer.concat(parts)
  if (body.length < 128) return Buffer.concat([Buffer.from([tag, body.length]), body])
  const size = Buffer.from(body.length.toString(16).padStart(body.length > 255 ? 4 : 2, '0'), 'hex')
  return Buffer.concat([Buffer.from([tag, 0x80 | size.length]), size, body])
}
const sequence = (...parts: Buffer[]): Buffer => tlv(0x30, ...parts)
const set = (...parts: Buffer[]): Buffer => tlv(0x31, ...parts)
const text = (value: string): Buffer => tlv(0x0c, Buffer.from(value))
const octets = (value: Buffer): Buffer => tlv(0x04, value)
const bits = (value: Buffer, unused = 0): Buffer => tlv(0x03, Buffer.from([unused]), value)
const yes = Buffer.from([0x01, 0x01, 0xff])
/** Non-negative: the first byte given must be below 0x80. */
const integer = (value: Buffer): Buffer => tlv(0x02, value)
const explicit = (number: number, ...parts: Buffer[]): Buffer => tlv(0xa0 + number, ...parts)
const implicit = (number: number, value: Buffer): Buffer => tlv(0x80 + number, value)

function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  const bytes = [first * 40 + second]
  for (const part of rest) {
    const digits = [part & 0x7f]
    for (let left = part >> 7; left > 0; left >>= 7) digits.unshift((left & 0x7f) | 0x80)
    bytes.push(...digits)
  }
  return tlv(0x06, Buffer.from(bytes))
}

/** UTCTime until 2049, GeneralizedTime from 2050 on, as the standard demands. */
function time(at: Date): Buffer {
  const digits = at.toISOString().replace(/\D/g, '').slice(0, 14)
  return at.getUTCFullYear() < 2050 ? tlv(0x17, Buffer.from(`${digits.slice(2)}Z`)) : tlv(0x18, Buffer.from(`${digits}Z`))
}

const ECDSA_SHA256 = sequence(oid('1.2.840.10045.4.3.2'))
const nameOf = (commonName: string): Buffer => sequence(set(sequence(oid('2.5.4.3'), text(commonName))))
const extension = (id: string, critical: boolean, value: Buffer): Buffer =>
  sequence(...(critical ? [oid(id), yes, octets(value)] : [oid(id), octets(value)]))

/** The 16 bytes of an IPv6 address; the URL parser knows every way of writing one. */
function addressBytes(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number))
  const written = new URL(`http://[${address}]/`).hostname.slice(1, -1)
  const [head = '', tail] = written.split('::')
  const groups = (part: string | undefined): string[] => (part ? part.split(':') : [])
  const missing = 8 - groups(head).length - groups(tail).length
  const all = [...groups(head), ...(tail === undefined ? [] : Array<string>(missing).fill('0')), ...groups(tail)]
  return Buffer.from(all.map((group) => group.padStart(4, '0')).join(''), 'hex')
}

const alternativeName = (name: string): Buffer =>
  isIPv4(name) || isIPv6(name) ? implicit(7, addressBytes(name)) : implicit(2, Buffer.from(name, 'latin1'))

const publicBytes = (key: KeyObject): Buffer => key.export({ type: 'spki', format: 'der' })
/** The P-256 point is the last 65 bytes of the key's DER; its SHA-1 is the customary identifier. */
const identifierOf = (key: KeyObject): Buffer => createHash('sha1').update(publicBytes(key).subarray(-65)).digest()

export interface CertificateRequest {
  subject: string
  issuer: string
  /** A P-256 key. */
  publicKey: KeyObject
  /** The issuer's P-256 key. */
  signingKey: KeyObject
  notBefore: Date
  notAfter: Date
  /** Names and addresses of a server; null for an authority. */
  names: readonly string[] | null
}

/** @returns the signed certificate, PEM */
export function makeCertificate(request: CertificateRequest): string {
  const isAuthority = request.names === null
  const issuerKey = createPublicKey(request.signingKey.export({ type: 'pkcs8', format: 'pem' }))
  const extensions = [
    extension('2.5.29.19', true, isAuthority ? sequence(yes, integer(Buffer.from([0]))) : sequence()),
    // keyCertSign and cRLSign are bits 5 and 6, digitalSignature is bit 0
    extension('2.5.29.15', true, isAuthority ? bits(Buffer.from([0x06]), 1) : bits(Buffer.from([0x80]), 7)),
    extension('2.5.29.14', false, octets(identifierOf(request.publicKey))),
    extension('2.5.29.35', false, sequence(implicit(0, identifierOf(issuerKey)))),
    ...(request.names
      ? [
          extension('2.5.29.37', false, sequence(oid('1.3.6.1.5.5.7.3.1'))),
          extension('2.5.29.17', false, sequence(...request.names.map(alternativeName))),
        ]
      : []),
  ]
  const body = sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    ECDSA_SHA256,
    nameOf(request.issuer),
    sequence(time(request.notBefore), time(request.notAfter)),
    nameOf(request.subject),
    publicBytes(request.publicKey),
    explicit(3, sequence(...extensions)),
  )
  const der = sequence(body, ECDSA_SHA256, bits(sign('sha256', body, request.signingKey)))
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}
