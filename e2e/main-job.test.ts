import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { launchBrowser } from './support/browser.ts'
import { type MainJob, openMainJob } from './support/main-job.ts'
import { type Product, startPrepared } from './support/product.ts'

let product: Product
let browser: Browser
let job: MainJob

beforeAll(async () => {
  ;[product, browser] = await Promise.all([startPrepared(inject('preparedDir')), launchBrowser()])
  job = openMainJob(() => product, browser)
})
afterAll(async () => {
  await job?.close()
  await browser?.close()
  await product?.stop()
})

test('an application goes from its admission to running servers, under nine accounts, in one timeline', async () => {
  const requestId = await job.request(await job.admit())
  const requestPath = `/work/requests/${requestId}`
  const customer = await job.at('hanxuefeng')
  await customer.goto(`${product.url}${requestPath}`)
  await customer.locator('.djs-shape.is-active').first().waitFor()
  await customer.getByRole('button', { name: '同意', exact: true }).waitFor()
  await job.visitor('hanxuefeng')?.shot('request-to-approve')
  await job.decide('hanxuefeng', requestPath, '同意')
  await job.decide('guojianguo', requestPath, '同意')

  // provisioning: the simulator makes the servers, people do what it cannot
  const orders = await job.ordersOf(requestId)
  expect(orders.length).toBeGreaterThan(0)
  for (const order of orders) {
    const path = `/work/orders/${order.id}`
    await job.decide('zhoumin', path, '接受')
    await job.make(path)
    await job.handOver(path)
  }

  const pm = await job.at('yangfan')
  await pm.goto(`${product.url}${requestPath}`)
  const timeline = await (await pm.request.get(`${product.url}/api/requests/${requestId}/timeline`)).json()
  const parts = new Set((timeline.items as { part: string; state: string }[]).filter((one) => one.state === 'PAST').map((one) => one.part))
  expect([...parts]).toEqual(expect.arrayContaining(['REQUEST', 'WORK_ORDER', 'DELIVERY']))
  await pm.locator('.djs-shape.is-passed').first().waitFor()
  await job.visitor('yangfan')?.shot('request')
  expect(job.troubles()).toEqual([])
}, 600_000)
