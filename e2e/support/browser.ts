import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import type { Product, SignIn } from './product.ts'

const shots = resolve(import.meta.dirname, '../shots')

/** No background traffic of the browser's own, no sandbox that a container forbids. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
  '--font-render-hinting=none',
]

/** @throws when no browser was named; `npm test` names the one it finds */
export function launchBrowser(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM_PATH
  if (!executablePath) throw new Error('CHROMIUM_PATH is not set; run the journeys by: npm test -- journeys')
  return chromium.launch({ executablePath, args: flags, headless: true })
}

/** One person at one browser: cookies of their own, and everything that went wrong in the page. */
export interface Visitor {
  page: Page
  context: BrowserContext
  /** Uncaught errors, console errors and answers of 500 and above, in order. */
  troubles: string[]
  shot(name: string): Promise<void>
  close(): Promise<void>
}

export interface VisitorOptions {
  width?: number
  height?: number
  locale?: 'zh-CN' | 'en-US'
}

export async function openVisitor(
  browser: Browser,
  { width = 1440, height = 900, locale = 'zh-CN' }: VisitorOptions = {},
): Promise<Visitor> {
  const context = await browser.newContext({ viewport: { width, height }, locale, timezoneId: 'Asia/Tokyo', ignoreHTTPSErrors: true })
  const page = await context.newPage()
  const troubles: string[] = []
  page.on('pageerror', (error) => troubles.push(`uncaught: ${error.message}`))
  page.on('console', (message) => {
    // the browser reports every answer above 399 here; 4xx are part of a conversation, 5xx are listed below
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) troubles.push(`console: ${message.text()}`)
  })
  page.on('response', (response) => {
    if (response.status() >= 500) troubles.push(`${response.status()} ${response.request().method()} ${response.url()}`)
  })
  return {
    page,
    context,
    troubles,
    shot: async (name) => {
      await mkdir(shots, { recursive: true })
      await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true })
    },
    close: () => context.close(),
  }
}

/** Signs in through the page, as a person does. */
export async function signIn({ page }: Visitor, product: Product, account: Pick<SignIn, 'signIn' | 'password'>): Promise<void> {
  await page.goto(`${product.url}/sign-in`)
  await page.locator('input[autocomplete="username"]').fill(account.signIn)
  await page.locator('input[autocomplete="current-password"]').fill(account.password)
  await page.locator('button[type="submit"]').click()
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'))
}
