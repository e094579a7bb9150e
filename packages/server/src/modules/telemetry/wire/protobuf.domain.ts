export class ProtobufError extends Error {}

const broken = (why: string): never => {
  throw new ProtobufError(`protobuf: ${why}`)
}

/** Walks the fields of one message without copying. Fields it is not asked for are skipped. */
export class Message {
  readonly bytes: Buffer
  at: number
  end: number
  /** Of the field {@link next} stands on. */
  field = 0
  wire = 0

  constructor(bytes: Buffer, at = 0, end = bytes.length) {
    this.bytes = bytes
    this.at = at
    this.end = end
  }

  /** Stands on another message of the same bytes: a request of thousands of series needs one walker, not thousands. */
  over(at: number, end: number): this {
    this.at = at
    this.end = end
    return this
  }

  /** Moves to the next field; its content must then be read or skipped. */
  next(): boolean {
    if (this.at >= this.end) return false
    const key = this.uint()
    this.wire = key & 7
    this.field = key < 2 ** 31 ? key >>> 3 : broken('a field number out of range')
    if (this.field === 0) broken('field 0')
    return true
  }

  /** An unsigned number below 2^53; a negative or greater one is -1. */
  uint(): number {
    const short = this.bytes[this.at] as number
    if (short < 0x80 && this.at < this.end) {
      this.at += 1
      return short
    }
    let value = 0
    let factor = 1
    for (let i = 0; i < 10; i++) {
      if (this.at >= this.end) broken('ends early')
      const byte = this.bytes[this.at++] as number
      value += (byte & 0x7f) * factor
      if (byte < 0x80) return i < 9 && value <= Number.MAX_SAFE_INTEGER ? value : -1
      factor *= 128
    }
    return broken('a number of more than ten bytes')
  }

  /** Where the bytes of a length-delimited field end; they begin at `at`. */
  span(): number {
    if (this.wire !== 2) broken(`field ${this.field} is no message, text or list`)
    const length = this.uint()
    if (length < 0 || this.at + length > this.end) broken('ends early')
    return this.at + length
  }

  inner(): Message {
    const end = this.span()
    const inner = new Message(this.bytes, this.at, end)
    this.at = end
    return inner
  }

  text(): string {
    const end = this.span()
    const text = this.bytes.toString('utf8', this.at, end)
    this.at = end
    return text
  }

  /** Where the 8 bytes of a fixed number lie. */
  fixed8(): number {
    if (this.wire !== 1 || this.at + 8 > this.end) broken(`field ${this.field} is no 8 bytes`)
    this.at += 8
    return this.at - 8
  }

  skip(): void {
    if (this.wire === 0) this.uint()
    else if (this.wire === 1) this.fixed8()
    else if (this.wire === 2) this.at = this.span()
    else if (this.wire === 5 && this.at + 4 <= this.end) this.at += 4
    else broken(`wire type ${this.wire}`)
  }
}
