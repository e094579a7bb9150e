import { rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { newDataDir, type Product, startProduct } from '../support/product.ts'
import { endsOf, Office, wall } from './office.ts'
import type { Matter } from './steps.ts'

export const HOUR_MS = 3_600_000
export const DAY_MS = 24 * HOUR_MS
const CLOCK = pathToFileURL(resolve(import.meta.dirname, '../support/clock-ahead.mjs')).href

/** What happens to the matters of one process, from the first day to every end its file names. Days pass by a restart of the product with its clock ahead. */
export class Story {
  readonly #key: string
  #product!: Product
  #browser!: Browser
  #dataDir = ''
  #aheadMs = 0
  #office!: Office
  readonly #reached = new Map<string, string>()
  readonly #matters = new Map<string, Matter>()

  constructor(processKey: string) {
    this.#key = processKey
  }

  get office(): Office {
    return this.#office
  }
  get url(): string {
    return this.#product.url
  }
  now(): number {
    return Date.now() + this.#aheadMs
  }
  /** A window that is open now. */
  today(): readonly [fromMs: number, toMs: number] {
    return [this.now() - 60_000, this.now() + 6 * HOUR_MS]
  }
  /** Ten in the morning, as many days from now. */
  tenOClockIn(days: number): number {
    const day = wall(this.now() + days * DAY_MS).slice(0, 10)
    return Date.parse(`${day}T10:00:00+08:00`)
  }

  keep(name: string, matter: Matter): void {
    this.#matters.set(name, matter)
  }
  matter(name: string): Matter {
    const found = this.#matters.get(name)
    if (!found) throw new Error(`${name} was not begun`)
    return found
  }

  async begin(): Promise<void> {
    this.#dataDir = await newDataDir()
    this.#browser = await launchBrowser()
    await this.#start()
    this.#office = new Office(() => this.#product, this.#browser)
  }
  async #start(): Promise<void> {
    const env = { NODE_OPTIONS: `--import=${CLOCK}`, CLOCK_AHEAD_MS: String(this.#aheadMs) }
    this.#product = await startProduct({ dataDir: this.#dataDir, env })
  }
  async end(): Promise<void> {
    await this.#office?.close()
    await this.#browser?.close()
    await this.#product?.stop()
    await rm(this.#dataDir, { recursive: true, force: true })
  }

  async later(ms: number): Promise<void> {
    const { signIns } = this.#product
    await this.#office.close()
    await this.#product.stop()
    this.#aheadMs += ms
    await this.#start()
    // a second start does not tell who may sign in
    if (this.#product.signIns.length === 0) this.#product = { ...this.#product, signIns }
  }
  /** As many days later at a quarter past ten. */
  async quarterPastTenIn(days: number): Promise<void> {
    await this.later(this.tenOClockIn(days) + HOUR_MS / 4 - this.now())
  }
  /** Lets days pass, `step` at a time, until every matter went by its node; what has not by then is told by the tests. */
  async until(waiting: readonly (readonly [name: string, node: string])[], step: number, limit = 60): Promise<void> {
    const begun = waiting.filter(([name]) => this.#matters.has(name))
    for (let days = 0; days < limit && begun.length > 0; days += step) {
      if (await this.#settled(begun)) return
      await this.later(step * DAY_MS)
    }
  }
  /** What fell due is carried out after the start, not before it: looked at for a while. */
  async #settled(waiting: readonly (readonly [name: string, node: string])[]): Promise<boolean> {
    for (let look = 0; look < 5; look += 1) {
      const passed = []
      for (const [name, node] of waiting) passed.push((await this.#office.passed(this.matter(name).instanceId)).includes(node))
      if (passed.every(Boolean)) return true
      await new Promise((again) => setTimeout(again, 1_000))
    }
    return false
  }

  /** Notes what a matter came to, and keeps a picture of it. */
  async arrives({ path, number, instanceId }: Matter, end: string): Promise<void> {
    await this.#office.ended(instanceId, end)
    this.#reached.set(end, number)
    console.log(`ends: ${this.#key} ${end} by ${number} on ${wall(this.now())}`)
    await this.#office.shot('zhoumin', path, `${this.#key}-${end}`)
  }
  missing(): string[] {
    return endsOf(this.#key).flatMap(({ id }) => (this.#reached.has(id) ? [] : [id]))
  }
}

/** A process by hand to every end its file names, and nothing that went wrong in a page on the way. */
export function tellStory(processKey: string, chapters: (story: Story) => void): void {
  describe(processKey, () => {
    const story = new Story(processKey)
    beforeAll(() => story.begin())
    afterAll(() => story.end())
    chapters(story)
    test('every end of its file was reached', () => expect(story.missing()).toEqual([]))
    test('no page went wrong on the way', async () => {
      await story.office.close()
      // the product was restarted under open pages, and says 503 where the machine is too busy
      expect(
        story.office.troubles.filter((trouble) => !/^503 |ERR_CONNECTION|Failed to fetch|NetworkError|EventSource/i.test(trouble)),
      ).toEqual([])
    })
  })
}
