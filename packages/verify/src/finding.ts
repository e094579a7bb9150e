/** What is wrong and exactly where. `line` counts the lines of the export from 1. */
export interface Finding {
  readonly code: FindingCode
  readonly line: number | null
  readonly batch: number | null
  readonly position: number | null
  readonly factId: string | null
  readonly zh: string
  readonly en: string
}

export type FindingCode = keyof typeof wordings
export interface Place {
  line?: number
  batch?: number
  position?: number
  factId?: string
  detail?: string
}

const wordings = {
  unreadable: { zh: '第 {line} 行无法识别：{detail}', en: 'line {line} cannot be read: {detail}' },
  'no-header': { zh: '文件开头没有说明行', en: 'the header line is missing' },
  'wrong-format': { zh: '格式不是本校验程序支持的格式：{detail}', en: 'this format is not supported: {detail}' },
  'no-manifest': {
    zh: '缺少结尾的清单行：文件在第 {line} 行之后被截断',
    en: 'the manifest is missing: the file was cut after line {line}',
  },
  'after-manifest': { zh: '清单之后还有内容（第 {line} 行）', en: 'there is content after the manifest (line {line})' },
  'unknown-key': {
    zh: '第 {batch} 批的签名密钥 {detail} 不在文件中',
    en: 'batch {batch} is signed by key {detail}, which the file does not hold',
  },
  'false-key': { zh: '密钥 {detail} 与其编号不符或无法使用', en: 'key {detail} does not fit its id or cannot be used' },
  'untrusted-key': {
    zh: '第 {batch} 批由未受信任的密钥 {detail} 签名',
    en: 'batch {batch} is signed by key {detail}, which is not trusted',
  },
  'key-changed': {
    zh: '第 {batch} 批改用了另一把密钥 {detail}；若确系更换，请把两把密钥都列为受信任',
    en: 'batch {batch} is signed by another key, {detail}; if it was replaced on purpose, name both as trusted',
  },
  'batch-missing': { zh: '缺少第 {detail} 批（第 {line} 行之前）', en: 'batch {detail} is missing (before line {line})' },
  'batch-order': {
    zh: '第 {line} 行出现第 {batch} 批，应为第 {detail} 批',
    en: 'line {line} holds batch {batch} where batch {detail} belongs',
  },
  'batch-signature': {
    zh: '第 {batch} 批的签名不成立：该批内容被改动',
    en: 'the signature of batch {batch} does not hold: the batch was altered',
  },
  'batch-not-chained': { zh: '第 {batch} 批没有接在前一批之后', en: 'batch {batch} does not continue the chain of the batch before' },
  'batch-chain': { zh: '第 {batch} 批的摘要链复算不一致', en: 'the chain of batch {batch} recomputes to another end' },
  'fact-altered': { zh: '第 {position} 条记录（{factId}）被改动', en: 'fact {position} ({factId}) was altered' },
  'fact-missing': { zh: '第 {position} 条记录缺失（第 {batch} 批）', en: 'fact {position} is missing (batch {batch})' },
  'fact-repeated': { zh: '第 {position} 条记录（{factId}）重复出现', en: 'fact {position} ({factId}) appears twice' },
  'fact-foreign': {
    zh: '第 {line} 行的记录（位置 {position}）不属于第 {batch} 批',
    en: 'the fact on line {line} (position {position}) does not belong to batch {batch}',
  },
  'fact-order': {
    zh: '第 {line} 行的记录（位置 {position}）次序颠倒',
    en: 'the fact on line {line} (position {position}) is out of order',
  },
  'fact-unsealed': {
    zh: '第 {line} 行的记录（位置 {position}）没有封存批次',
    en: 'the fact on line {line} (position {position}) is in no sealed batch',
  },
  'manifest-signature': { zh: '清单的签名不成立：清单被改动', en: 'the signature of the manifest does not hold: it was altered' },
  'manifest-mismatch': { zh: '清单与内容不符：{detail}', en: 'the manifest does not fit the content: {detail}' },
  'anchor-differs': {
    zh: '第 {batch} 批与先前留存的链端不同：历史被改写',
    en: 'batch {batch} differs from the end of chain kept earlier: history was rewritten',
  },
  'anchor-beyond': {
    zh: '先前已封存到第 {detail} 批，本文件的链只到第 {batch} 批：尾部被截去',
    en: 'the chain had reached batch {detail} before, here it ends at {batch}: its tail was cut off',
  },
  empty: { zh: '文件是空的', en: 'the file is empty' },
} as const satisfies Record<string, { zh: string; en: string }>

export function finding(code: FindingCode, place: Place = {}): Finding {
  const fill = (wording: string) => wording.replaceAll(/\{(\w+)\}/g, (_all, name: keyof Place) => String(place[name] ?? '?'))
  return {
    code,
    line: place.line ?? null,
    batch: place.batch ?? null,
    position: place.position ?? null,
    factId: place.factId ?? null,
    zh: fill(wordings[code].zh),
    en: fill(wordings[code].en),
  }
}
