import { canonicalJson, plainJson } from './canonical.ts'
import { CLAUSE_FORMAT, type ClauseHeader, type ClauseLine, type ClauseManifest, manifestStatement } from './clause-export.domain.ts'
import { boardOf, figureOf, figureWithoutSource } from './clauses.domain.ts'
import { sha256 } from './sha256.ts'
import { keyIdOf, openPublicKey } from './signature.ts'

export interface ClauseFinding {
  readonly code: 'unreadable' | 'altered' | 'cut' | 'signature' | 'figure'
  readonly line: number | null
  readonly clause: string | null
  readonly zh: string
  readonly en: string
}
export interface ClauseReport {
  readonly ok: boolean
  readonly month: string | null
  readonly clauses: number
  readonly obligations: number
  readonly keys: readonly string[]
  readonly keysCompared: boolean
  readonly findings: readonly ClauseFinding[]
}

/**
 * Computes every figure of a month's clause export again, from the obligations in it. Never throws for its content: everything wrong is a finding.
 * @param trustedKeys ids of the keys the reader trusts, from a source other than the export
 */
export async function verifyClauses(
  given: AsyncIterable<string> | Iterable<string>,
  trustedKeys?: readonly string[],
): Promise<ClauseReport> {
  const findings: ClauseFinding[] = []
  const find = (code: ClauseFinding['code'], line: number | null, clause: string | null, zh: string, en: string) =>
    findings.push({ code, line, clause, zh, en })
  const lines: string[] = []
  for await (const line of given) if (line.trim() !== '') lines.push(line)
  const read = lines.map((line, index) => {
    try {
      return JSON.parse(line) as ClauseHeader | ClauseLine | ClauseManifest
    } catch (error) {
      find('unreadable', index + 1, null, `第 ${index + 1} 行无法识别`, `line ${index + 1} cannot be read: ${(error as Error).message}`)
      return undefined
    }
  })
  const header = read[0]?.type === 'header' ? read[0] : undefined
  const last = read.at(-1)
  const manifest = last?.type === 'manifest' ? last : undefined
  if (!header || header.format !== CLAUSE_FORMAT) find('unreadable', 1, null, '文件开头没有说明行', 'the header line is missing')
  if (!manifest) find('cut', lines.length, null, '缺少结尾的清单行：文件被截断', 'the manifest is missing: the file was cut')
  const clauses = read.flatMap((line, index) => (line?.type === 'clause' ? [{ line, at: index + 1 }] : []))

  if (header) for (const { line, at } of clauses) checkClause(line, header.asOf, (zh, en) => find('figure', at, line.id, zh, en))
  if (header && manifest) {
    const digest = sha256(`${lines.slice(0, -1).join('\n')}\n`)
    if (digest !== manifest.digest)
      find(
        'altered',
        lines.length,
        null,
        '清单的摘要与内容不符：内容被改动',
        'the digest of the manifest does not fit: the content was altered',
      )
    if (manifest.clauses !== clauses.length)
      find(
        'altered',
        lines.length,
        null,
        `清单记 ${manifest.clauses} 条条款，文件有 ${clauses.length} 条`,
        `${manifest.clauses} clauses are stated, ${clauses.length} are there`,
      )
    const board = boardOf(clauses.map(({ line }) => ({ state: line.figure.state, redLine: line.redLine })))
    if (!same(board, manifest.board)) find('figure', lines.length, null, '总览复算不一致', 'the board recomputes to another figure')
    if (!(await signatureHolds(header, manifest)))
      find('signature', lines.length, null, '清单的签名不成立：清单被改动', 'the signature of the manifest does not hold: it was altered')
    if (trustedKeys && !trustedKeys.includes(manifest.keyId))
      find(
        'signature',
        lines.length,
        null,
        `签名密钥 ${manifest.keyId} 未受信任`,
        `it is signed by key ${manifest.keyId}, which is not trusted`,
      )
  }
  return {
    ok: findings.length === 0,
    month: header?.month ?? null,
    clauses: clauses.length,
    obligations: clauses.reduce((sum, { line }) => sum + line.obligations.length, 0),
    keys: manifest ? [manifest.keyId] : [],
    keysCompared: trustedKeys !== undefined,
    findings,
  }
}

function checkClause(line: ClauseLine, asOf: string, find: (zh: string, en: string) => void) {
  try {
    const figure = line.withoutSource ? figureWithoutSource() : figureOf(line.obligations, asOf)
    for (const key of Object.keys(figure) as (keyof typeof figure)[])
      if (figure[key] !== line.figure[key])
        find(
          `条款 ${line.id} 的 ${key} 记为 ${line.figure[key]}，复算为 ${figure[key]}`,
          `clause ${line.id}: ${key} is stated as ${line.figure[key]} and recomputes to ${figure[key]}`,
        )
  } catch (error) {
    find(`条款 ${line.id} 的义务无法复算`, `the obligations of clause ${line.id} cannot be computed: ${(error as Error).message}`)
  }
}

async function signatureHolds(header: ClauseHeader, manifest: ClauseManifest): Promise<boolean> {
  const key = header.keys.find((one) => one.keyId === manifest.keyId)
  if (!key || keyIdOf(key.publicKey) !== key.keyId) return false
  const check = await openPublicKey(key.publicKey).catch(() => undefined)
  return check ? check(manifestStatement(manifest), manifest.signature) : false
}

const same = (a: unknown, b: unknown): boolean => canonicalJson(plainJson(a)) === canonicalJson(plainJson(b))
