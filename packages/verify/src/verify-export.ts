import { checkFacts, type NumberedFact } from './batch.ts'
import { type Finding, finding } from './finding.ts'
import { type BatchLine, batchStatement, type HeaderLine, LEDGER_FORMAT, type ManifestLine, manifestStatement } from './ledger.domain.ts'
import { readLine } from './read-line.ts'
import { keyIdOf, openPublicKey, SIGNATURES, type SignatureCheck } from './signature.ts'

export interface VerifyOptions {
  /** Ids of the keys the reader trusts, from a source other than the export. Without them the export vouches for its own key. */
  readonly trustedKeys?: readonly string[]
  /** Ends of the chain kept from earlier exports or from the log: they show a rewritten or shortened chain. */
  readonly anchors?: readonly { readonly batch: number; readonly head: string }[]
}

export interface VerifyReport {
  readonly ok: boolean
  readonly facts: number
  readonly batches: number
  readonly firstBatch: number | null
  readonly lastBatch: number | null
  readonly head: string | null
  readonly keys: readonly string[]
  /** Whether the keys were compared with ones the reader brought. */
  readonly keysCompared: boolean
  readonly findings: readonly Finding[]
}

/** Findings beyond this many are not collected: the export is worthless long before. */
const MAX_FINDINGS = 1000

/** Recomputes a whole export of the ledger. Never throws for its content: everything wrong is a finding. */
export async function verifyExport(lines: Iterable<string> | AsyncIterable<string>, options: VerifyOptions = {}): Promise<VerifyReport> {
  const walk = new ExportWalk(options)
  let number = 0
  for await (const line of lines) {
    number += 1
    if (line.trim() !== '') await walk.take(number, line)
    if (walk.findings.length >= MAX_FINDINGS) break
  }
  await walk.end(number)
  return walk.report()
}

class ExportWalk {
  readonly findings: Finding[] = []
  readonly #options: VerifyOptions
  #header: HeaderLine | undefined
  #manifest: ManifestLine | undefined
  #keys = new Map<string, SignatureCheck>()
  #usedKeys = new Set<string>()
  #waiting: NumberedFact[] = []
  #first: BatchLine | undefined
  #last: BatchLine | undefined
  #facts = 0
  #batches = 0
  #heads = new Map<number, string>()

  constructor(options: VerifyOptions) {
    this.#options = options
  }

  async take(line: number, text: string): Promise<void> {
    const read = readLine(text)
    if (typeof read === 'string') {
      this.findings.push(finding('unreadable', { line, detail: read }))
      return
    }
    if (this.#manifest) this.findings.push(finding('after-manifest', { line }))
    if (!this.#header && read.type !== 'header') this.#missHeader()
    if (read.type === 'header') await this.#takeHeader(read)
    else if (read.type === 'fact') this.#waiting.push({ line, fact: read })
    else if (read.type === 'batch') await this.#takeBatch(line, read)
    else await this.#takeManifest(line, read)
  }

  #missHeader() {
    if (!this.findings.some(({ code }) => code === 'no-header')) this.findings.push(finding('no-header'))
  }

  async #takeHeader(header: HeaderLine) {
    this.#header = header
    if (header.format !== LEDGER_FORMAT) this.findings.push(finding('wrong-format', { detail: header.format }))
    for (const key of header.keys) {
      const check =
        key.keyId === keyIdOf(key.publicKey) && SIGNATURES.includes(key.algorithm)
          ? await openPublicKey(key.publicKey).catch(() => undefined)
          : undefined
      if (check) this.#keys.set(key.keyId, check)
      else this.findings.push(finding('false-key', { detail: key.keyId }))
    }
  }

  async #takeBatch(line: number, batch: BatchLine) {
    const place = { line, batch: batch.no }
    const expected = this.#last ? this.#last.no + 1 : batch.no
    if (batch.no > expected) this.findings.push(finding('batch-missing', { ...place, detail: missing(expected, batch.no - 1) }))
    else if (batch.no < expected) this.findings.push(finding('batch-order', { ...place, detail: String(expected) }))
    else if (this.#last && (batch.previous !== this.#last.head || batch.firstPosition !== this.#last.lastPosition + 1))
      this.findings.push(finding('batch-not-chained', place))

    const isSigned = await this.#signatureHolds(batch.no, batch.keyId, batchStatement(batch), batch.signature)
    if (!isSigned) this.findings.push(finding('batch-signature', place))
    this.findings.push(...checkFacts(batch, this.#waiting, isSigned))
    this.#facts += this.#waiting.length
    this.#batches += 1
    this.#waiting = []
    this.#first ??= batch
    this.#last = batch
    this.#heads.set(batch.no, batch.head)
  }

  async #signatureHolds(batch: number, keyId: string, statement: string, signature: string): Promise<boolean> {
    const check = this.#keys.get(keyId)
    if (!check) {
      this.findings.push(finding('unknown-key', { batch, detail: keyId }))
      return false
    }
    if (!this.#usedKeys.has(keyId)) {
      const { trustedKeys } = this.#options
      if (trustedKeys && !trustedKeys.includes(keyId)) this.findings.push(finding('untrusted-key', { batch, detail: keyId }))
      if (!trustedKeys && this.#usedKeys.size > 0) this.findings.push(finding('key-changed', { batch, detail: keyId }))
      this.#usedKeys.add(keyId)
    }
    return check(statement, signature)
  }

  async #takeManifest(line: number, manifest: ManifestLine) {
    this.#manifest = manifest
    if (!(await this.#signatureHolds(manifest.lastBatch, manifest.keyId, manifestStatement(manifest), manifest.signature)))
      this.findings.push(finding('manifest-signature', { line }))
    const found = {
      facts: this.#facts,
      batches: this.#batches,
      firstBatch: this.#first?.no ?? 0,
      lastBatch: this.#last?.no ?? 0,
      previous: this.#first?.previous ?? manifest.previous,
      head: this.#last?.head ?? manifest.head,
      lastPosition: this.#last?.lastPosition ?? 0,
      exportedAt: this.#header?.exportedAt ?? manifest.exportedAt,
    }
    for (const name of Object.keys(found) as (keyof typeof found)[])
      if (found[name] !== manifest[name])
        this.findings.push(finding('manifest-mismatch', { line, detail: `${name} ${manifest[name]} ≠ ${found[name]}` }))
  }

  async end(lines: number) {
    if (lines === 0) this.findings.push(finding('empty'))
    for (const { line, fact } of this.#waiting)
      this.findings.push(finding('fact-unsealed', { line, position: fact.position, factId: fact.fact.id }))
    if (!this.#manifest && lines > 0) this.findings.push(finding('no-manifest', { line: lines }))
    const end = this.#manifest ? { no: this.#manifest.endBatch, head: this.#manifest.endHead } : { no: this.#last?.no ?? 0, head: '' }
    for (const anchor of this.#options.anchors ?? []) {
      const head = this.#heads.get(anchor.batch) ?? (end.no === anchor.batch ? end.head : undefined)
      if (anchor.batch > end.no) this.findings.push(finding('anchor-beyond', { batch: end.no, detail: String(anchor.batch) }))
      else if (head !== undefined && head !== anchor.head) this.findings.push(finding('anchor-differs', { batch: anchor.batch }))
    }
  }

  report(): VerifyReport {
    return {
      ok: this.findings.length === 0,
      facts: this.#facts,
      batches: this.#batches,
      firstBatch: this.#first?.no ?? null,
      lastBatch: this.#last?.no ?? null,
      head: this.#last?.head ?? null,
      keys: [...this.#usedKeys],
      keysCompared: this.#options.trustedKeys !== undefined,
      findings: this.findings.slice(0, MAX_FINDINGS),
    }
  }
}

const missing = (from: number, to: number) => (from === to ? String(from) : `${from}–${to}`)
