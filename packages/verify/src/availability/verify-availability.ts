import { keyIdOf, openPublicKey, type SignatureCheck } from '../signature.ts'
import { checkChain, checkMeaning, type NumberedEntry } from './audit.ts'
import { CHAIN_START, type Entry } from './chain.ts'
import { type ClaimLine, type EntryLine, EXPORT_FORMAT, exportStatement, type HeaderLine, type ManifestLine } from './export-lines.ts'
import { FORMULA } from './figures.ts'
import { type AvailabilityFinding, finding } from './finding.ts'
import { foldChain } from './fold.ts'
import { readLine } from './read-line.ts'
import { type Statement, stateOfYear } from './statement.ts'

export interface AvailabilityReport {
  readonly ok: boolean
  readonly application: HeaderLine['application'] | null
  readonly year: number | null
  readonly entries: number
  readonly head: string
  readonly key: string | null
  /** Whether the key was compared with one the reader brought. */
  readonly keyCompared: boolean
  readonly recomputed: Statement | null
  readonly findings: readonly AvailabilityFinding[]
}

export interface AvailabilityOptions {
  readonly trustedKeys?: readonly string[]
  /** Ends of the chain kept from earlier exports or confirmations. */
  readonly anchors?: readonly { readonly seq: number; readonly head: string }[]
}

/** Recomputes a whole export. Never throws for its content: everything wrong is a finding. */
export async function verifyAvailability(
  lines: Iterable<string> | AsyncIterable<string>,
  options: AvailabilityOptions = {},
): Promise<AvailabilityReport> {
  const findings: AvailabilityFinding[] = []
  const entries: NumberedEntry[] = []
  const found: { header?: HeaderLine; claim?: ClaimLine; manifest?: ManifestLine } = {}
  let line = 0
  for await (const text of lines) {
    line += 1
    if (text.trim() === '') continue
    const read = readLine(text)
    if (typeof read === 'string') findings.push(finding('unreadable', { line, detail: read }))
    else if (found.manifest) findings.push(finding('after-manifest', { line }))
    else if (read.type === 'header' && !found.header) found.header = read
    else if (read.type === 'entry') entries.push({ line, entry: withoutType(read) })
    else if (read.type === 'claim' && !found.claim) found.claim = read
    else if (read.type === 'manifest') found.manifest = read
    else findings.push(finding('unreadable', { line, detail: `${read.type} twice` }))
  }
  if (line === 0) findings.push(finding('empty'))
  const { header, claim, manifest } = found
  if (!header) findings.push(finding('no-header'))
  if (!manifest) findings.push(finding('no-manifest', { line }))
  const last = entries.at(-1)?.entry
  const head = last?.digest ?? CHAIN_START.head
  if (header) {
    if (header.format !== EXPORT_FORMAT || header.formula !== FORMULA)
      findings.push(finding('wrong-format', { detail: `${header.format} ${header.formula}` }))
    findings.push(...checkChain(header.application.id, entries))
    findings.push(...checkAnchors(entries, options))
  }
  if (header && manifest) findings.push(...(await checkManifest(header, claim, manifest, { entries: entries.length, head }, options)))
  const plain = entries.map(({ entry }) => entry)
  const readable = findings.every(({ code }) => code !== 'unreadable')
  if (manifest && readable) findings.push(...checkMeaning(plain, manifest.observedUntil))
  const recomputed = header && readable ? stateOfYear(foldChain(plain), header.year, claim?.statement.asOf ?? 0) : null
  if (recomputed && claim) findings.push(...differences(claim.statement, recomputed))
  return {
    ok: findings.length === 0,
    application: header?.application ?? null,
    year: header?.year ?? null,
    entries: entries.length,
    head,
    key: manifest?.keyId ?? null,
    keyCompared: options.trustedKeys !== undefined,
    recomputed,
    findings: findings.slice(0, 1000),
  }
}

const withoutType = ({ type: _type, ...entry }: EntryLine) => entry as Entry

function checkAnchors(entries: readonly NumberedEntry[], { anchors = [] }: AvailabilityOptions): AvailabilityFinding[] {
  const end = entries.at(-1)?.entry.seq ?? 0
  return anchors.flatMap(({ seq, head }) => {
    if (seq > end) return [finding('anchor-beyond', { seq: end, detail: String(seq) })]
    return entries.some(({ entry }) => entry.seq === seq && entry.digest === head) ? [] : [finding('anchor-differs', { seq })]
  })
}

async function checkManifest(
  header: HeaderLine,
  claim: ClaimLine | undefined,
  manifest: ManifestLine,
  found: { entries: number; head: string },
  { trustedKeys }: AvailabilityOptions,
): Promise<AvailabilityFinding[]> {
  const findings: AvailabilityFinding[] = []
  const { keyId, publicKey } = header.key
  const check: SignatureCheck | undefined =
    keyId === keyIdOf(publicKey) && keyId === manifest.keyId ? await openPublicKey(publicKey).catch(() => undefined) : undefined
  if (!check) findings.push(finding('false-key', { detail: manifest.keyId }))
  else if (!claim || !(await check(exportStatement(manifest, claim.statement), manifest.signature)))
    findings.push(finding('manifest-signature'))
  if (trustedKeys && !trustedKeys.includes(keyId)) findings.push(finding('untrusted-key', { detail: keyId }))
  const expected = { ...found, application: header.application.id, year: header.year, exportedAt: header.exportedAt }
  for (const name of Object.keys(expected) as (keyof typeof expected)[])
    if (expected[name] !== manifest[name])
      findings.push(finding('manifest-mismatch', { detail: `${name} ${manifest[name]} ≠ ${expected[name]}` }))
  return findings
}

/** Every number of the claim, compared by its place: `months[3].countedMs 0 ≠ 1000`. */
function differences(claimed: unknown, recomputed: unknown, place = ''): AvailabilityFinding[] {
  if (isRecord(claimed) && isRecord(recomputed)) {
    const names = [...new Set([...Object.keys(claimed), ...Object.keys(recomputed)])]
    return names.flatMap((name) => differences(claimed[name], recomputed[name], place === '' ? name : `${place}.${name}`))
  }
  if (claimed === recomputed) return []
  return [finding('figure-differs', { detail: `${place} ${JSON.stringify(claimed)} ≠ ${JSON.stringify(recomputed)}` })]
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
