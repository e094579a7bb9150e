// SM2 signatures (GB/T 32918.2-2016, curve of GB/T 32918.5), written out because no browser and no OpenSSL of Node checks them.
// Only public things are computed here, so the time it takes tells nothing.

import { sm3OfBytes } from './sm3.ts'

const P = 0xfffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffffn
const A = P - 3n
const B = 0x28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93n
export const SM2_ORDER = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n
const BASE: Point = [
  0x32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7n,
  0xbc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0n,
]
/** Whose signature it is, where nobody said otherwise (GM/T 0009): `1234567812345678`. */
const USER = new TextEncoder().encode('1234567812345678')
/** Object identifier of the curve as an SPKI holds it: 1.2.156.10197.1.301. */
const CURVE = [0x06, 0x08, 0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x82, 0x2d]

type Point = readonly [x: bigint, y: bigint]
/** Jacobian coordinates; z = 0 is the point at infinity. */
type Projective = readonly [x: bigint, y: bigint, z: bigint]

const mod = (value: bigint, by: bigint = P): bigint => {
  const rest = value % by
  return rest < 0n ? rest + by : rest
}
const INFINITY: Projective = [0n, 1n, 0n]

function double([x, y, z]: Projective): Projective {
  if (z === 0n || y === 0n) return INFINITY
  const yy = mod(y * y)
  const s = mod(4n * x * yy)
  const m = mod(3n * x * x + A * mod(mod(z * z) ** 2n))
  const x2 = mod(m * m - 2n * s)
  return [x2, mod(m * (s - x2) - 8n * yy * yy), mod(2n * y * z)]
}

function add(left: Projective, right: Projective): Projective {
  if (left[2] === 0n) return right
  if (right[2] === 0n) return left
  const [zz1, zz2] = [mod(left[2] ** 2n), mod(right[2] ** 2n)]
  const [u1, u2] = [mod(left[0] * zz2), mod(right[0] * zz1)]
  const [s1, s2] = [mod(left[1] * zz2 * right[2]), mod(right[1] * zz1 * left[2])]
  if (u1 === u2) return s1 === s2 ? double(left) : INFINITY
  const h = mod(u2 - u1)
  const hh = mod(h * h)
  const hhh = mod(h * hh)
  const r = mod(s2 - s1)
  const x = mod(r * r - hhh - 2n * u1 * hh)
  return [x, mod(r * (u1 * hh - x) - s1 * hhh), mod(h * left[2] * right[2])]
}

function times(by: bigint, [x, y]: Point): Projective {
  let sum = INFINITY
  for (const bit of by.toString(2)) {
    sum = double(sum)
    if (bit === '1') sum = add(sum, [x, y, 1n])
  }
  return sum
}

/** Extended Euclid. */
export function inverse(value: bigint, by: bigint): bigint {
  let [a, b, u, v] = [mod(value, by), by, 1n, 0n]
  while (a > 1n) {
    const q = b / a
    ;[b, a] = [a, b % a]
    ;[v, u] = [u, v - q * u]
  }
  return mod(u, by)
}

const xOf = ([x, , z]: Projective): bigint => mod(x * inverse(mod(z * z), P))
const numberOf = (bytes: Uint8Array): bigint => bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n)
const bytes32 = (value: bigint): number[] =>
  (value.toString(16).padStart(64, '0').match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16))

/** The point of an SPKI in DER; null: it is not one of SM2. @throws Error if the point does not lie on the curve */
export function sm2PointOf(der: Uint8Array): Point | null {
  if (der.length !== 91 || !CURVE.every((byte, index) => der[13 + index] === byte)) return null
  const point: Point = [numberOf(der.subarray(-64, -32)), numberOf(der.subarray(-32))]
  const [x, y] = point
  if (der[26] !== 4 || x >= P || y >= P || mod(y * y) !== mod(x ** 3n + A * x + B)) throw new Error('no point of SM2')
  return point
}

/** What is signed: SM3 over who signs, the curve, the key and the message. */
export function sm2Digest([x, y]: Point, message: Uint8Array): bigint {
  const bits = USER.length * 8
  const who = [bits >> 8, bits & 255, ...USER, ...[A, B, BASE[0], BASE[1], x, y].flatMap(bytes32)]
  const z = BigInt(`0x${sm3OfBytes(Uint8Array.from(who))}`)
  return BigInt(`0x${sm3OfBytes(Uint8Array.from([...bytes32(z), ...message]))}`)
}

/** @param signature r and s, 32 bytes each */
export function sm2Holds(key: Point, message: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== 64) return false
  const [r, s] = [numberOf(signature.subarray(0, 32)), numberOf(signature.subarray(32))]
  if (r === 0n || s === 0n || r >= SM2_ORDER || s >= SM2_ORDER) return false
  const t = mod(r + s, SM2_ORDER)
  if (t === 0n) return false
  const point = add(times(s, BASE), times(t, key))
  return point[2] !== 0n && mod(sm2Digest(key, message) + xOf(point), SM2_ORDER) === r
}
