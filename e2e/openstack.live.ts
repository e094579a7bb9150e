import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser } from './support/browser.ts'
import { type MainJob, openMainJob } from './support/main-job.ts'
import { openstackOfEnvironment, Witness } from './support/nova.ts'
import { type Product, startProduct } from './support/product.ts'

// The main job with a real cloud: run by `npm run test:openstack`, never by `npm test`.

const cloud = openstackOfEnvironment()
if (!cloud) throw new Error('no cloud is named: source its openrc, then npm run test:openstack')
/** How often the whole server process is killed while it makes the servers. */
const KILLS = Number(process.env.KILLS ?? 3)
const HOSTS = [`fw-app-${Date.now().toString(36)}`, `fw-db-${Date.now().toString(36)}`] as const
const pause = (seconds: number) => new Promise((later) => setTimeout(later, seconds * 1000))

let product: Product
let browser: Browser
let job: MainJob
const witness = new Witness(cloud)
const report = (line: string) => console.log(`openstack: ${line}`)

beforeAll(async () => {
  ;[product, browser] = await Promise.all([startProduct(), launchBrowser(), witness.signIn()])
  job = openMainJob(() => product, browser)
})
afterAll(async () => {
  await job?.close()
  await browser?.close()
  await product?.stop()
})

/** One proposes the connection, another approves it; the cloud is read by the product. */
async function connect(): Promise<void> {
  const { authUrl, region, userName, projectName, secret } = cloud as NonNullable<typeof cloud>
  const settings = {
    authUrl,
    region,
    userName,
    projectName,
    externalNetworkName: process.env.OS_EXTERNAL_NETWORK ?? 'public',
    rootDisk: process.env.OS_ROOT_DISK ?? 'image',
    callSeconds: 12,
    settleSeconds: 10,
  }
  const proposing = (await job.at('dengyu')).request
  const connection = { driver: 'openstack', name: '开发云', settings, secret }
  const sent = await proposing.post(`${product.url}/api/cloud/connections`, { data: { connection } })
  expect(sent.status(), await sent.text()).toBe(200)
  const { id } = await sent.json()
  const approving = (await job.at('shenlan')).request
  const approved = await approving.post(`${product.url}/api/cloud/connections/${id}/decide`, { data: { approve: true, comment: '' } })
  expect(approved.status(), await approved.text()).toBe(200)
  for (let tries = 0; tries < 60; tries += 1) {
    const { items } = await (await proposing.get(`${product.url}/api/cloud/connections`)).json()
    const check = items.find((one: { id: string }) => one.id === id)?.check
    if (check?.ok) return
    if (check && !check.ok) throw new Error(check.problems.join())
    await pause(1)
  }
  throw new Error('the cloud was never read')
}

/** Ends the product as a power cut would and starts it again on the same data and port. */
async function powerCut(): Promise<void> {
  const { dataDir, url, signIns } = product
  await product.kill()
  product = { ...(await startProduct({ dataDir, port: Number(new URL(url).port) })), signIns }
}

test('a request goes through three processes under nine accounts, the server is killed meanwhile, and the servers are ACTIVE in Nova, once', async () => {
  const startedAt = performance.now()
  const seconds = () => Math.round((performance.now() - startedAt) / 1000)
  await connect()
  const admissionPath = await job.admit()
  const images = new Set<string>()
  const requestId = await job.request(admissionPath, (order, choices) => {
    const [image] = choices.images
    if (image) images.add(image.name)
    // two hosts: only the pair of databases can be kept apart
    return {
      ...order,
      vmItems: order.vmItems.map((item, index) => ({ ...item, hostName: HOSTS[index], antiAffinity: index === 0 ? '' : 'db' })),
    }
  })
  for (const name of images) await witness.ensureImage(name)
  await witness.ensureFlavor(8, 32, 100)
  await witness.ensureFlavor(16, 64, 100)
  const requestPath = `/work/requests/${requestId}`
  await job.decide('hanxuefeng', requestPath, '同意')
  await job.decide('guojianguo', requestPath, '同意')
  report(`admission and request approved after ${seconds()} s`)

  let kills = 0
  for (const { id } of await job.ordersOf(requestId)) {
    const path = `/work/orders/${id}`
    await job.decide('zhoumin', path, '接受')
    for (; kills < KILLS; kills += 1) {
      await pause(4 + 7 * kills)
      await powerCut()
    }
    await job.make(path, 1200)
    report(`made after ${seconds()} s and ${kills} kills`)
    await job.handOver(path)
  }

  const servers = [...(await witness.servers(HOSTS[0])), ...(await witness.servers(HOSTS[1]))]
  expect(servers.map((one) => one.status)).toEqual(Array.from({ length: 9 }, () => 'ACTIVE'))
  expect(new Set(servers.map((one) => one.name)).size).toBe(9)
  expect(new Set(servers.map((one) => one.project)).size).toBe(1)
  report(`${servers.length} servers ACTIVE in Nova, each once`)

  const pm = await job.at('yangfan')
  await pm.goto(`${product.url}${requestPath}`)
  const { items } = await (await pm.request.get(`${product.url}/api/requests/${requestId}/timeline`)).json()
  const past = (items as { part: string; state: string }[]).filter((one) => one.state === 'PAST')
  expect([...new Set(past.map((one) => one.part))]).toEqual(expect.arrayContaining(['REQUEST', 'WORK_ORDER', 'DELIVERY']))
  report(`${past.length} entries in one timeline, ${seconds()} s in all`)
  await pm.locator('.djs-shape.is-passed').first().waitFor()
  await job.visitor('yangfan')?.shot('openstack-request')
  // while the server was down its pages could not reach it; that is all that may have gone wrong
  expect(job.troubles().filter((trouble) => !/ERR_CONNECTION|Failed to fetch|NetworkError/i.test(trouble))).toEqual([])
}, 3_000_000)
