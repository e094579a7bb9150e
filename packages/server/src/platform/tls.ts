import { createPrivateKey, generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { hostname, networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { makeCertificate } from './x509.ts'

/** What an HTTPS server needs, and the file a person installs on a phone so that it trusts us. */
export interface LocalCertificate {
  key: string
  /** The server's certificate followed by the authority's, PEM. */
  cert: string
  authorityFile: string
}

const DAY_MS = 86_400_000
const AUTHORITY_DAYS = 3650
/** Apple's devices accept at most 398 days. */
const SERVER_DAYS = 397
const RENEW_DAYS = 30

/** Every name and address under which a browser on this network may reach the machine. */
function namesOf(publicUrl: string): string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address.split('%')[0] as string))
  const host = new URL(publicUrl).hostname.replace(/^\[|\]$/g, '')
  return [...new Set(['localhost', hostname().toLowerCase(), host, '127.0.0.1', '::1', ...addresses])]
}

const covers = (certificate: X509Certificate, name: string): boolean =>
  Boolean(isIP(name) ? certificate.checkIP(name) : certificate.checkHost(name))

/** Written aside and renamed: a process killed meanwhile leaves no half file. */
async function writeWhole(path: string, text: string, mode: number): Promise<void> {
  await writeFile(`${path}.new`, text, { mode })
  await rename(`${path}.new`, path)
}

interface Signed {
  pem: string
  key: KeyObject
}

async function readSigned(folder: string, name: string): Promise<Signed | null> {
  try {
    const [pem, key] = await Promise.all([readFile(join(folder, `${name}.pem`), 'utf8'), readFile(join(folder, `${name}.key`), 'utf8')])
    return { pem, key: createPrivateKey(key) }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

async function save(folder: string, name: string, signed: Signed): Promise<Signed> {
  await writeWhole(join(folder, `${name}.key`), pemOf(signed.key), 0o600)
  await writeWhole(join(folder, `${name}.pem`), signed.pem, 0o644)
  return signed
}

const pemOf = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString()
const newKeys = () => generateKeyPairSync('ec', { namedCurve: 'P-256' })
/** A day of grace for phones whose clock is behind. */
const validity = (now: number, days: number) => ({ notBefore: new Date(now - DAY_MS), notAfter: new Date(now + days * DAY_MS) })
const endsWithin = (certificate: X509Certificate, now: number, days: number): boolean =>
  Date.parse(certificate.validTo) < now + days * DAY_MS

function makeAuthority(now: number): Signed {
  const { publicKey, privateKey } = newKeys()
  const name = authorityName(now)
  const pem = makeCertificate({
    subject: name,
    issuer: name,
    publicKey,
    signingKey: privateKey,
    ...validity(now, AUTHORITY_DAYS),
    names: null,
  })
  return { pem, key: privateKey }
}

const authorityName = (now: number): string => `Changbai local authority ${hostname()} ${new Date(now).toISOString().slice(0, 10)}`
const commonNameOf = (certificate: X509Certificate): string => certificate.subject.replace(/^CN=/, '')

function makeServer(authority: Signed, names: string[], now: number): Signed {
  const { publicKey, privateKey } = newKeys()
  const issuer = commonNameOf(new X509Certificate(authority.pem))
  const pem = makeCertificate({
    subject: 'Changbai',
    issuer,
    publicKey,
    signingKey: authority.key,
    ...validity(now, SERVER_DAYS),
    names,
  })
  return { pem, key: privateKey }
}

/**
 * A certificate for this machine from a local authority, both made on first use under `DATA_DIR/tls`. The server's is renewed 30 days before
 * its end and when the machine has got a new name or address.
 */
export async function localCertificate(
  { dataDir, publicUrl }: { dataDir: string; publicUrl: string },
  now = Date.now(),
): Promise<LocalCertificate> {
  const folder = join(dataDir, 'tls')
  await mkdir(folder, { recursive: true, mode: 0o700 })

  const kept = await readSigned(folder, 'authority')
  const lasts = kept !== null && !endsWithin(new X509Certificate(kept.pem), now, SERVER_DAYS)
  const authority = lasts ? kept : await save(folder, 'authority', makeAuthority(now))

  const names = namesOf(publicUrl)
  const before = lasts ? await readSigned(folder, 'server') : null
  const old = before && new X509Certificate(before.pem)
  const fits = old && !endsWithin(old, now, RENEW_DAYS) && names.every((name) => covers(old, name))
  const server = before && fits ? before : await save(folder, 'server', makeServer(authority, names, now))
  return { key: pemOf(server.key), cert: server.pem + authority.pem, authorityFile: join(folder, 'authority.pem') }
}
