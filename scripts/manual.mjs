/**
 * `npm run manual`: pictures of the user manual, taken in a real browser from the demonstration, one a task and language. They stand beside the
 * built pages (packages/web/dist/manual), where the page shows them and the Word manual takes them in. None is committed: they are made from the
 * product as it is, and a build without them shows the words alone.
 *
 * A server finds its files when it starts: start it again afterwards.
 *
 *   npm run manual                                   on http://localhost:3000, where `npm run up` serves the demonstration
 *   npm run manual -- --url http://localhost:3001 --out DIR --only rounds
 */
import { existsSync, mkdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { chromium } from 'playwright-core'
import { manualTasks } from '../packages/contract/src/manual.text.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://localhost:3000' },
    out: { type: 'string', default: join(root, 'packages/web/dist/manual') },
    only: { type: 'string' },
    password: { type: 'string', default: 'Tianchi-2026-snow' },
  },
})
const url = values.url.replace(/\/$/, '')
const out = resolve(values.out)
const executablePath = [process.env.CHROMIUM_PATH, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  (path) => path && existsSync(path),
)
if (!executablePath) {
  console.error('没有找到 Chromium，请设 CHROMIUM_PATH / no Chromium found; set CHROMIUM_PATH')
  process.exit(2)
}
if (!(await fetch(url).catch(() => null))?.ok) {
  console.error(`${url} 没有应答，请先 npm run up / does not answer; start it by npm run up, or name it with --url`)
  process.exit(2)
}

/** A4 at 1,200 pixels across is legible on paper and on the page. */
const VIEW = { width: 1200, height: 760 }
const flags = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--font-render-hinting=none']
const browser = await chromium.launch({ executablePath, args: flags })
mkdirSync(out, { recursive: true })
const wanted = manualTasks.filter(({ id }) => !values.only || values.only.split(',').includes(id))
let bytes = 0
const failed = []
try {
  for (const lang of ['zh-CN', 'en-US'])
    for (const signIn of new Set(wanted.map((task) => task.signIn))) {
      const context = await browser.newContext({ viewport: VIEW, locale: lang, serviceWorkers: 'block', bypassCSP: true })
      await context.addInitScript((kept) => localStorage.setItem('changbai.language', kept), lang)
      const page = await context.newPage()
      await page.goto(`${url}/sign-in`, { waitUntil: 'networkidle' })
      await page.locator('input').first().fill(signIn)
      await page.locator('input[type=password]').fill(values.password)
      await page.keyboard.press('Enter')
      await page.waitForURL((now) => !now.pathname.includes('sign-in'))
      for (const task of wanted.filter((one) => one.signIn === signIn)) {
        const file = join(out, `${task.id}.${lang}.png`)
        try {
          await page.goto(url + task.path)
          await page.locator('h1').first().waitFor({ timeout: 15_000 })
          await page.waitForLoadState('networkidle').catch(() => {})
          // what is offered to somebody who comes for the first time is no part of a page
          await page.addStyleTag({ content: '.tour-offer { display: none }' })
          // lists draw their rows a moment after their data
          await page.waitForTimeout(600)
          await page.screenshot({ path: file })
          bytes += statSync(file).size
        } catch (error) {
          failed.push(`${task.id}.${lang}: ${String(error).split('\n')[0]}`)
        }
      }
      await context.close()
    }
} finally {
  await browser.close()
}
for (const line of failed) console.error(line)
console.log(`${out}: ${wanted.length * 2 - failed.length} 张图 pictures, ${(bytes / 1e6).toFixed(1)} MB`)
process.exit(failed.length > 0 ? 1 : 0)
