import { digestBy } from './digest.ts'
import { type Finding, finding } from './finding.ts'
import { type BatchLine, type FactLine, factStatement, linkStatement, ROLL_DIGITS } from './ledger.domain.ts'

export interface NumberedFact {
  line: number
  fact: FactLine
}

/**
 * Compares the facts that stand before a batch line with what the batch has signed. Each finding names one row.
 * @param isSigned whether the batch's signature holds; if not, its roll proves nothing and only the rows' own digests are compared
 */
export function checkFacts(batch: BatchLine, facts: readonly NumberedFact[], isSigned: boolean): Finding[] {
  const findings: Finding[] = []
  const digests = new Map<number, string>()
  let lastPosition = batch.firstPosition - 1
  for (const { line, fact } of facts) {
    const place = { line, batch: batch.no, position: fact.position, factId: fact.fact.id }
    const index = fact.position - batch.firstPosition
    if (!Number.isInteger(fact.position) || index < 0 || fact.position > batch.lastPosition) {
      findings.push(finding('fact-foreign', place))
      continue
    }
    if (digests.has(fact.position)) {
      findings.push(finding('fact-repeated', place))
      continue
    }
    // facts of one batch may differ in it: the algorithm may be changed between two seals
    const digest = digestBy(fact.digestAlgorithm, factStatement(fact.fact)) ?? ''
    const signed = batch.roll.slice(index * ROLL_DIGITS, (index + 1) * ROLL_DIGITS)
    if (digest === '' || digest !== fact.digest || (isSigned && !digest.startsWith(signed))) findings.push(finding('fact-altered', place))
    if (fact.position < lastPosition) findings.push(finding('fact-order', place))
    lastPosition = Math.max(lastPosition, fact.position)
    digests.set(fact.position, digest)
  }
  findings.push(...missingFacts(batch, digests))
  if (findings.length === 0 && chainEnd(batch, digests) !== batch.head) findings.push(finding('batch-chain', { batch: batch.no }))
  return findings
}

function missingFacts(batch: BatchLine, digests: ReadonlyMap<number, string>): Finding[] {
  const findings: Finding[] = []
  // a forged span must not keep the verifier busy for ever: the roll says how many facts there can be
  const last = Math.min(batch.lastPosition, batch.firstPosition + Math.floor(batch.roll.length / ROLL_DIGITS) - 1)
  for (let position = batch.firstPosition; position <= last; position++)
    if (!digests.has(position)) findings.push(finding('fact-missing', { batch: batch.no, position }))
  return findings
}

function chainEnd(batch: BatchLine, digests: ReadonlyMap<number, string>): string {
  let link = batch.previous
  for (let position = batch.firstPosition; position <= batch.lastPosition; position++)
    link = digestBy(batch.digestAlgorithm, linkStatement(link, position, digests.get(position) ?? '')) ?? ''
  return link
}
