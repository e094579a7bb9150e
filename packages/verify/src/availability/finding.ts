/** What is wrong and exactly where. `line` counts the lines of the export from 1, `seq` the entries of the chain. */
export interface AvailabilityFinding {
  readonly code: FindingCode
  readonly line: number | null
  readonly seq: number | null
  readonly zh: string
  readonly en: string
}
type FindingCode = keyof typeof wordings

const wordings = {
  empty: { zh: '文件是空的', en: 'the file is empty' },
  unreadable: { zh: '第 {line} 行无法识别：{detail}', en: 'line {line} cannot be read: {detail}' },
  'no-header': { zh: '文件开头没有说明行', en: 'the header line is missing' },
  'wrong-format': { zh: '格式不是本校验程序支持的格式：{detail}', en: 'this format is not supported: {detail}' },
  'no-manifest': {
    zh: '缺少结尾的清单行：文件在第 {line} 行之后被截断',
    en: 'the manifest is missing: the file was cut after line {line}',
  },
  'after-manifest': { zh: '清单之后还有内容（第 {line} 行）', en: 'there is content after the manifest (line {line})' },
  'false-key': { zh: '密钥 {detail} 与其编号不符或无法使用', en: 'key {detail} does not fit its id or cannot be used' },
  'untrusted-key': { zh: '清单由未受信任的密钥 {detail} 签名', en: 'the manifest is signed by key {detail}, which is not trusted' },
  'manifest-signature': { zh: '清单的签名不成立：清单被改动', en: 'the signature of the manifest does not hold: it was altered' },
  'manifest-mismatch': { zh: '清单与内容不符：{detail}', en: 'the manifest does not fit the content: {detail}' },
  'entry-altered': { zh: '第 {seq} 条记录被改动（第 {line} 行）', en: 'entry {seq} was altered (line {line})' },
  'entry-missing': { zh: '第 {detail} 条记录缺失（第 {line} 行之前）', en: 'entry {detail} is missing (before line {line})' },
  'entry-order': {
    zh: '第 {line} 行的记录 {seq} 次序不对，应为第 {detail} 条',
    en: 'line {line} holds entry {seq} where entry {detail} belongs',
  },
  'not-chained': { zh: '第 {seq} 条记录没有接在前一条之后', en: 'entry {seq} does not continue the chain of the one before' },
  'back-in-time': { zh: '第 {seq} 条记录早于前一条写入', en: 'entry {seq} was written before the one before it' },
  'unknown-target': { zh: '第 {seq} 条记录所指的 {detail} 不存在', en: 'entry {seq} is about {detail}, which does not exist' },
  'seal-differs': {
    zh: '第 {seq} 条封存的数字与复算不一致：{detail}',
    en: 'the figures sealed in entry {seq} recompute otherwise: {detail}',
  },
  'down-differs': {
    zh: '按探测记录复算，{detail} 与登记的中断不一致',
    en: 'recomputed from the observations, {detail} differs from the outages recorded',
  },
  'unknown-differs': {
    zh: '按探测记录复算，{detail} 与登记的无测量时段不一致',
    en: 'recomputed from the observations, {detail} differs from the unmeasured stretches recorded',
  },
  'figure-differs': { zh: '{detail}', en: '{detail}' },
  'anchor-differs': {
    zh: '链端与先前留存的不同：历史被改写（第 {seq} 条）',
    en: 'the chain differs from the end kept earlier: history was rewritten (entry {seq})',
  },
  'anchor-beyond': {
    zh: '先前已到第 {detail} 条，本文件只到第 {seq} 条：尾部被截去',
    en: 'the chain had reached entry {detail} before, here it ends at {seq}: its tail was cut off',
  },
} as const satisfies Record<string, { zh: string; en: string }>

export function finding(code: FindingCode, place: { line?: number; seq?: number; detail?: string } = {}): AvailabilityFinding {
  const fill = (wording: string) => wording.replaceAll(/\{(\w+)\}/g, (_all, name: 'line' | 'seq' | 'detail') => String(place[name] ?? '?'))
  return { code, line: place.line ?? null, seq: place.seq ?? null, zh: fill(wordings[code].zh), en: fill(wordings[code].en) }
}
