/**
 * What a browser does for a page: workbench, list and detail, from a cold and from a warm cache, over loopback. "Cold" is a browser that holds
 * nothing but the sign-in cookie. Beside it what the same browser did for the pages of other products on a like machine (their first view after sign-in).
 */
import type { BrowserContext } from 'playwright-core'
import { launchBrowser, openVisitor, signIn } from '../e2e/support/browser.ts'
import { startProduct } from '../e2e/support/product.ts'
import { type Figure, report, round } from './support/report.ts'

interface View {
  requests: number
  bytes: number
  loadMs: number
  nodes: number
}

const KB = 1024
const peers = [
  ['iTop 3.3', 93, 1453],
  ['Request Tracker 5', 8, 949],
  ['Zabbix 6.0', 16, 791],
] as const

/** Opens the page with an emptied cache, then once more. Bytes are those that came over the wire, headers included. */
async function look(context: BrowserContext, url: string): Promise<{ cold: View; warm: View }> {
  const view = async (isCold: boolean): Promise<View> => {
    // a page of its own each time: what is kept between them is the cache
    const page = await context.newPage()
    const devtools = await context.newCDPSession(page)
    await devtools.send('Network.enable')
    // what the service worker keeps would hide what a first visit costs
    await devtools.send('Network.setBypassServiceWorker', { bypass: true })
    if (isCold) await devtools.send('Network.clearBrowserCache')
    let requests = 0
    let bytes = 0
    const fromCache = new Set<string>()
    devtools.on('Network.requestServedFromCache', ({ requestId }) => fromCache.add(requestId))
    devtools.on('Network.responseReceived', ({ requestId, response }) => {
      if (response.fromDiskCache) fromCache.add(requestId)
    })
    devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      if (fromCache.has(requestId)) return
      requests += 1
      bytes += encodedDataLength
    })
    const at = performance.now()
    await page.goto(url, { waitUntil: 'domcontentloaded', timeout: 90_000 })
    // the frame comes first; a page is there when its own part says something
    for (let said = 0; said < 10; ) said = (await page.locator('main').textContent({ timeout: 60_000 }))?.trim().length ?? 0
    const loadMs = performance.now() - at
    // the live stream never ends, so "network idle" would never come
    await page.waitForTimeout(1_500)
    const nodes = Number(await page.evaluate('document.querySelectorAll("*").length'))
    await page.close()
    return { requests, bytes, loadMs, nodes }
  }
  const cold = await view(true)
  return { cold, warm: await view(false) }
}

const show = ({ requests, bytes, loadMs, nodes }: View): string =>
  `${requests} requests, ${round(bytes / KB, 0)} KB, ${round(loadMs, 0)} ms, ${nodes} nodes`

const product = await startProduct()
const browser = await launchBrowser()
try {
  const account = product.signIns.find(({ role }) => /PROJECT_MANAGER|项目/.test(role)) ?? product.signIns[0]
  if (!account) throw new Error('there are no demo sign-ins')
  const visitor = await openVisitor(browser)
  await signIn(visitor, product, account)
  const answer = await visitor.context.request.get(`${product.url}/api/inventory/applications?limit=1`)
  const list = (await answer.json()) as { items: { id: string }[] }
  await visitor.page.close()

  const first = list.items[0]
  if (!first) throw new Error('the demo data hold no application')
  const paths: [string, string][] = [
    ['workbench', '/'],
    ['list', '/work/requests'],
    ['detail', `/cloud/applications/${first.id}`],
  ]
  const figures: Figure[] = []
  for (const [name, path] of paths) {
    console.log(`${name} ${path}`)
    const { cold, warm } = await look(visitor.context, product.url + path)
    figures.push({
      what: `${name}, cold`,
      measured: show(cold),
      target: 'at most 15 requests and 470 KB',
      passed: cold.requests <= 15 && cold.bytes <= 470 * KB,
    })
    figures.push({ what: `${name}, warm`, measured: show(warm), target: 'under 20 KB', passed: warm.bytes < 20 * KB })
  }
  for (const [name, requests, kilobytes] of peers)
    figures.push({ what: `for comparison: ${name}, cold`, measured: `${requests} requests, ${kilobytes} KB`, target: '', passed: null })
  report(figures)
} finally {
  await browser.close()
  await product.stop()
}
