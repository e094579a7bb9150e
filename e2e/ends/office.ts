import { readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Browser, Locator, Page } from 'playwright-core'
import { openVisitor, signIn, type Visitor } from '../support/browser.ts'
import type { Product } from '../support/product.ts'

/** A busy machine is slow, not wrong. */
const PATIENCE_MS = 300_000
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
/** A field by its label, whatever follows it: an optional field says so. */
const labelled = (within: Page | Locator, label: string): Locator =>
  within.getByLabel(new RegExp(`^\\s*${escaped(label)}(\\s|$|[（、])`)).first()

/** Wall time in Shanghai as the pickers take it, `YYYY-MM-DD HH:mm`. */
export const wall = (epochMs: number): string => new Date(epochMs + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ')

/** The end events of a process as its file names them. */
export function endsOf(processKey: string): { id: string; name: string }[] {
  const xml = readFileSync(resolve(import.meta.dirname, `../../plan/jilin/processes/${processKey}.bpmn`), 'utf8')
  return [...xml.matchAll(/<bpmn:endEvent id="([^"]+)"(?: name="([^"]*)")?/g)].map(([, id = '', name = '']) => ({ id, name }))
}

export type Fields = Readonly<Record<string, string>>

/** Everybody at work, each at a browser of their own, and the product they work with. */
export class Office {
  readonly #product: () => Product
  readonly #browser: Browser
  readonly #visitors = new Map<string, Visitor>()
  readonly troubles: string[] = []

  constructor(product: () => Product, browser: Browser) {
    this.#product = product
    this.#browser = browser
  }

  async at(account: string): Promise<Page> {
    let visitor = this.#visitors.get(account)
    if (!visitor) {
      const known = this.#product().signIns.find((one) => one.signIn === account)
      if (!known) throw new Error(`no demo account ${account}`)
      visitor = await openVisitor(this.#browser)
      visitor.page.setDefaultTimeout(PATIENCE_MS)
      // what a person does where a busy server did not answer in time
      const again = visitor.page.getByRole('button', { name: '再试', exact: true }).first()
      await visitor.page.addLocatorHandler(again, (button) => button.click({ timeout: 5_000 }).catch(() => undefined), {
        noWaitAfter: true,
      })
      this.#visitors.set(account, visitor)
      await signIn(visitor, this.#product(), known)
    }
    return visitor.page
  }

  async open(account: string, path: string): Promise<Page> {
    const page = await this.at(account)
    await page.goto(`${this.#product().url}${path}`)
    return page
  }

  async read<T = Record<string, unknown>>(path: string, account = 'zhoumin'): Promise<T> {
    const page = await this.at(account)
    const answer = await page.request.get(`${this.#product().url}/api${path}`)
    if (!answer.ok()) throw new Error(`${account} GET ${path}: ${answer.status()} ${await answer.text()}`)
    return answer.json()
  }

  /** A value into its field, whatever kind of field that is. */
  async put(within: Page | Locator, label: string, value: string): Promise<void> {
    const field = labelled(within, label)
    await field.waitFor()
    const kind = await field.evaluate((one) => (one.closest('.ant-picker') ? 'PICKER' : one.tagName))
    if (kind === 'SELECT') {
      // lists may still be on their way
      await within.getByRole('option', { name: value }).first().waitFor({ state: 'attached' })
      await field.selectOption({ label: value })
    } else {
      await field.fill(value)
      if (kind === 'PICKER') await field.press('Enter')
    }
  }

  /** Does the person's open step of a matter: the button is the verb. A verb that ends something asks for its reason in a dialog. */
  async act(account: string, path: string, verb: string, fields: Fields = {}, reason = ''): Promise<void> {
    const page = await this.open(account, path)
    const sheet = page.locator('.sheet', { has: page.locator('.decide') }).first()
    const button = sheet.getByRole('button', { name: verb, exact: true })
    const where = `${account} ${verb} ${path}`
    try {
      await button.waitFor()
      const later: [string, string][] = []
      for (const [label, value] of Object.entries(fields)) {
        if (await labelled(sheet, label).isVisible()) await this.put(sheet, label, value)
        else later.push([label, value])
      }
      await button.click()
      if (reason !== '') {
        const dialog = page.getByRole('dialog')
        await dialog.locator('textarea').last().fill(reason)
        await dialog.getByRole('button', { name: verb, exact: true }).click()
      } else if (later.length > 0) {
        // asked for only with this outcome
        for (const [label, value] of later) await this.put(sheet, label, value)
        await button.click()
      }
      await page.getByText(/^“.+”已办：/).waitFor()
    } catch (error) {
      throw await this.#told(page, where, error)
    }
  }

  async #told(page: Page, where: string, error: unknown): Promise<Error> {
    const alerts = await page.locator('[role=alert], .field-error, .breach').allInnerTexts()
    const folder = process.env.SHOTS
    if (folder) await page.screenshot({ path: join(folder, 'failed.png'), fullPage: true }).catch(() => undefined)
    return new Error(`${where}: ${alerts.join(' / ') || 'nothing was said'} at ${page.url()}`, { cause: error })
  }

  /** Sends a step back with a point to correct. */
  async giveBack(account: string, path: string, why: string): Promise<void> {
    const page = await this.open(account, path)
    await page.getByRole('button', { name: '退回', exact: true }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel(/^第 1 处/).fill(why)
    await dialog.getByRole('button', { name: '退回', exact: true }).click()
    await dialog.waitFor({ state: 'detached' })
  }

  /** The customer's word on the window a matter has proposed. */
  async recognise(number: string): Promise<void> {
    const page = await this.open('hanxuefeng', '/proof/downtimes')
    const line = page.locator('li', { hasText: number }).first()
    await line.getByRole('button', { name: '认定', exact: true }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: '认定', exact: true }).click()
    await dialog.waitFor({ state: 'detached' })
  }

  async passed(instanceId: string): Promise<string[]> {
    return (await this.read<{ passed: string[] }>(`/instances/${instanceId}`)).passed
  }
  async active(instanceId: string): Promise<string[]> {
    return (await this.read<{ active: string[] }>(`/instances/${instanceId}`)).active
  }
  /** Waits for the machine's part: until one of these nodes is where it stands. */
  async until(instanceId: string, nodes: readonly string[], seconds = 900): Promise<string> {
    for (let waited = 0; waited < seconds; waited += 1) {
      const found = (await this.active(instanceId)).find((node) => nodes.includes(node))
      if (found) return found
      await new Promise((later) => setTimeout(later, 1_000))
    }
    throw new Error(`${instanceId} does not come to ${nodes.join(' or ')}; it stands at ${(await this.active(instanceId)).join(', ')}`)
  }
  /** Waits until an end event was passed. */
  async ended(instanceId: string, end: string, seconds = 900): Promise<void> {
    for (let waited = 0; waited < seconds; waited += 1) {
      if ((await this.passed(instanceId)).includes(end)) return
      await new Promise((later) => setTimeout(later, 1_000))
    }
    throw new Error(`${instanceId} does not end at ${end}; it stands at ${(await this.active(instanceId)).join(', ')}`)
  }

  /** A picture of the matter and its paper, where a folder is named for them. */
  async shot(account: string, path: string, name: string): Promise<void> {
    const folder = process.env.SHOTS
    if (!folder) return
    const page = await this.open(account, path)
    await page.locator('.djs-shape').first().waitFor()
    await mkdir(folder, { recursive: true })
    await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true })
    const print = page.getByRole('button', { name: /^打印/ }).first()
    if (!(await print.isVisible())) return
    const paper = page.waitForEvent('download')
    await print.click()
    await (await paper).saveAs(join(folder, `${name}.docx`))
  }

  /** Everybody goes home; what went wrong in their pages stays noted. */
  async close(): Promise<void> {
    for (const visitor of this.#visitors.values()) {
      this.troubles.push(...visitor.troubles)
      await visitor.close()
    }
    this.#visitors.clear()
  }
}
