/** The labels of one series as they lie in a request: bytes `from` to `to` of it. */
export interface LabelBytes {
  view: DataView
  from: number
  to: number
}
interface Entry<T> {
  length: number
  words: Int32Array
  value: T
  /** Of the same hash, other labels. */
  next: Entry<T> | undefined
}

/** The fourth part of a word that is not whole, zeros above. */
function tailOf({ view, to }: LabelBytes, at: number): number {
  let tail = 0
  for (let i = to - 1; i >= at; i--) tail = (tail << 8) | view.getUint8(i)
  return tail
}
/** Two halves at a time: each step of one waits for the step before. */
function hashOf(labels: LabelBytes): number {
  const { view, from, to } = labels
  let one = to - from
  let other = 0
  let at = from
  for (; at + 8 <= to; at += 8) {
    one = Math.imul(one ^ view.getInt32(at, true), 0x9e3779b1)
    other = Math.imul(other ^ view.getInt32(at + 4, true), 0x85ebca6b)
    one ^= one >>> 15
    other ^= other >>> 13
  }
  for (; at < to; at++) one = Math.imul(one ^ view.getUint8(at), 0x9e3779b1)
  return one ^ (one >>> 15) ^ Math.imul(other, 0x27d4eb2f)
}
function isSame({ length, words }: Entry<unknown>, labels: LabelBytes): boolean {
  const { view, from, to } = labels
  if (to - from !== length) return false
  let at = from
  let word = 0
  for (; at + 4 <= to; at += 4) if (view.getInt32(at, true) !== words[word++]) return false
  return at === to || tailOf(labels, at) === words[word]
}

/** What is known of series, found by the bytes of their labels: no text is made of them, which costs more than all the rest of reading a sample. */
export class LabelCache<T> {
  private entries = new Map<number, Entry<T>>()
  private readonly max: number
  private size = 0
  /** @param max series that are kept; one more, and it begins from nothing */
  constructor(max: number) {
    this.max = max
  }

  get(labels: LabelBytes): T | undefined {
    for (let entry = this.entries.get(hashOf(labels)); entry; entry = entry.next) if (isSame(entry, labels)) return entry.value
    return undefined
  }

  /** @param labels of which nothing is known yet */
  add(labels: LabelBytes, value: T): void {
    if (this.size >= this.max) {
      this.entries.clear()
      this.size = 0
    }
    const { view, from, to } = labels
    const words = new Int32Array(Math.ceil((to - from) / 4))
    let at = from
    for (let i = 0; at + 4 <= to; i++, at += 4) words[i] = view.getInt32(at, true)
    if (at < to) words[words.length - 1] = tailOf(labels, at)
    const hash = hashOf(labels)
    this.entries.set(hash, { length: to - from, words, value, next: this.entries.get(hash) })
    this.size += 1
  }
}
