import type { RejectReason } from '@changbai/contract/telemetry.ts'
import { type Column, newColumn } from '../store/column.domain.ts'
import type { LabelBytes } from './label-cache.domain.ts'

export type LabelPairs = (readonly [name: string, value: string])[]

export interface DecodedSeries {
  /**
   * Equal keys are equal series as this kind of sender writes them; a cache is looked up by it, so labels are mostly never parsed. Bytes where the labels
   * stand together in the request, and valid as long as that is.
   */
  key: string | LabelBytes
  readPairs(): LabelPairs
}

/** What a request of any protocol comes to: series, and samples that name theirs. */
export class Decoded {
  readonly series: DecodedSeries[] = []
  length = 0
  /** Position in `series`, by sample. */
  seriesIndex: Int32Array
  at: Float64Array
  value: Column
  /** Refused already while it was decoded. */
  readonly rejected = new Map<RejectReason, { count: number; example: string }>()

  /** @param room samples that are expected; more will find room, too */
  constructor(room: number) {
    this.seriesIndex = new Int32Array(room)
    this.at = new Float64Array(room)
    this.value = newColumn(room)
  }

  /** A sample of the series that is added next. */
  addSample(at: number, low: number, high: number): void {
    if (this.length === this.at.length) this.grow()
    this.seriesIndex[this.length] = this.series.length
    this.at[this.length] = at
    this.value.words[2 * this.length] = low
    this.value.words[2 * this.length + 1] = high
    this.length += 1
  }

  reject(reason: RejectReason, count: number, example: () => string): void {
    const there = this.rejected.get(reason)
    if (there) there.count += count
    else this.rejected.set(reason, { count, example: example().slice(0, 300) })
  }

  private grow(): void {
    const room = Math.max(256, this.at.length * 2)
    const seriesIndex = new Int32Array(room)
    const at = new Float64Array(room)
    const value = newColumn(room)
    seriesIndex.set(this.seriesIndex)
    at.set(this.at)
    value.words.set(this.value.words)
    this.seriesIndex = seriesIndex
    this.at = at
    this.value = value
  }
}
