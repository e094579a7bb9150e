import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { admissionForm, newCatalog, provisionForm } from '../packages/server/test/sample-forms.ts'
import { launchBrowser, openVisitor, signIn, type Visitor } from './support/browser.ts'
import { type Product, startProduct } from './support/product.ts'

let product: Product
let browser: Browser
const visitors = new Map<string, Visitor>()

beforeAll(async () => {
  ;[product, browser] = await Promise.all([startProduct(), launchBrowser()])
})
afterAll(async () => {
  for (const visitor of visitors.values()) await visitor.close()
  await browser?.close()
  await product?.stop()
})

/** The person's own browser, signed in through the page the first time. */
async function at(account: string): Promise<Page> {
  let visitor = visitors.get(account)
  if (!visitor) {
    visitor = await openVisitor(browser)
    visitors.set(account, visitor)
    const known = product.signIns.find((one) => one.signIn === account)
    if (!known) throw new Error(`no demo account ${account}`)
    await signIn(visitor, product, known)
  }
  return visitor.page
}

/** What a person would type over half an hour, sent at once through the same endpoint the page saves by. */
async function fillForm(page: Page, formId: string, content: object, files: readonly string[]): Promise<void> {
  const view = await (await page.request.get(`${product.url}/api/forms/${formId}`)).json()
  const saved = await page.request.patch(`${product.url}/api/forms/${formId}`, { data: { rev: view.rev, set: content } })
  expect(await saved.json()).toHaveProperty('gaps')
  for (const field of files) {
    const isPicture = /diagram|topology/i.test(field)
    const sent = await page.request.post(`${product.url}/api/forms/${formId}/attachments?field=${field}`, {
      multipart: {
        file: isPicture
          ? { name: 'diagram.png', mimeType: 'image/png', buffer: Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex') }
          : { name: 'paper.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7\n%test\n') },
      },
    })
    expect(sent.status(), field).toBe(200)
  }
}

interface Choices {
  images: { id: string }[]
  zones: { id: string }[]
  backupPolicies: { id: string }[]
}
/** The sample request in terms of what this installation offers; small, so that the demo pools hold it. */
function orderOf({ images, zones, backupPolicies }: Choices) {
  const { expectedOn: _, ...form } = provisionForm()
  return {
    ...form,
    usageUntilOn: `${new Date().getFullYear() + 3}-12-31`,
    vmItems: form.vmItems.map((item) => ({ ...item, imageId: images[0]?.id, az: zones[0]?.id })),
    storageItems: form.storageItems.map((item) => ({ ...item, backupPolicyId: backupPolicies[0]?.id })),
  }
}

const idOf = (page: Page): string => new URL(page.url()).pathname.split('/').at(-1) as string
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).first().click()

/** Acts on the person's step of a matter: the button is the verb. */
async function decide(account: string, path: string, verb: string): Promise<void> {
  const page = await at(account)
  await page.goto(`${product.url}${path}`)
  const button = page.getByRole('button', { name: verb, exact: true }).first()
  await button.waitFor({ timeout: 20_000 })
  await button.click()
  // done: the button of this step is gone; else the page says why
  await button.waitFor({ state: 'detached', timeout: 20_000 }).catch(async (error: unknown) => {
    throw new Error(`${account} ${verb} ${path}: ${(await page.getByRole('alert').allInnerTexts()).join(' / ')}`, { cause: error })
  })
}

test('an application goes from its admission to running servers, under nine accounts, in one timeline', async () => {
  const pm = await at('yangfan')

  // admission: the draft is made in the page and saves itself
  await pm.goto(`${product.url}/work/admissions`)
  await press(pm, '新建准入申请')
  await pm.getByLabel('应用系统名称').fill('森林草原防火监测预警系统')
  await press(pm, '建立草稿')
  await pm.waitForURL(/\/work\/admissions\/[0-9a-f-]{36}$/)
  const admissionId = idOf(pm)
  const { form, catalog } = await (await pm.request.get(`${product.url}/api/admissions/${admissionId}/forms`)).json()
  await pm.goto(`${product.url}/work/forms/${form.id}`)
  await pm.getByLabel('联系人').fill('杨帆')
  await pm.getByText(/已自动保存/).waitFor()
  await fillForm(pm, form.id, admissionForm(), ['basisFile', 'mlpsCert', 'cryptoPlan'])
  await fillForm(pm, catalog.id, newCatalog(), ['topology', 'architectureDiagram', 'cryptoPlan'])
  await pm.goto(`${product.url}/work/admissions/${admissionId}`)
  await press(pm, '提交')
  await pm.getByText('单位确认').first().waitFor()

  const admissionPath = `/work/admissions/${admissionId}`
  await decide('tianguohua', admissionPath, '同意')
  await decide('zhoumin', admissionPath, '同意')
  await decide('zhaolixin', admissionPath, '同意')
  await decide('sunhao', admissionPath, '同意')
  await decide('hanxuefeng', admissionPath, '同意')
  await decide('guojianguo', admissionPath, '同意')

  // the request, under the admission number that was granted
  await pm.goto(`${product.url}${admissionPath}`)
  await press(pm, '发起资源申请')
  await press(pm, '建立草稿')
  await pm.waitForURL(/\/work\/requests\/[0-9a-f-]{36}$/)
  const requestId = idOf(pm)
  const request = await (await pm.request.get(`${product.url}/api/requests/${requestId}`)).json()
  const choices = await (await pm.request.get(`${product.url}/api/requests/${requestId}/choices`)).json()
  await fillForm(pm, request.catalogId, newCatalog(), ['topology', 'architectureDiagram', 'cryptoPlan'])
  await pm.goto(`${product.url}/work/forms/${request.catalogId}`)
  await press(pm, '检查并定稿')
  await pm.waitForURL(/\/work\/requests\//)
  await fillForm(pm, request.formId, orderOf(choices), ['basis', 'officialLetter'])
  await pm.goto(`${product.url}/work/forms/${request.formId}`)
  await press(pm, '检查并提交')
  await pm.waitForURL(/\/work\/requests\//)

  const requestPath = `/work/requests/${requestId}`
  await decide('tianguohua', requestPath, '同意')
  await decide('zhoumin', requestPath, '同意')
  await decide('zhaolixin', requestPath, '同意')
  await decide('sunhao', requestPath, '同意')
  const customer = await at('hanxuefeng')
  await customer.goto(`${product.url}${requestPath}`)
  await customer.locator('.djs-shape.is-active').first().waitFor()
  await customer.getByRole('button', { name: '同意', exact: true }).waitFor()
  await visitors.get('hanxuefeng')?.shot('request-to-approve')
  await decide('hanxuefeng', requestPath, '同意')
  await decide('guojianguo', requestPath, '同意')

  // provisioning: the simulator makes the servers, people do what it cannot
  const orders = await (await pm.request.get(`${product.url}/api/work-orders?requestId=${requestId}`)).json()
  expect(orders.items.length).toBeGreaterThan(0)
  for (const order of orders.items as { id: string }[]) await fulfil(`/work/orders/${order.id}`)

  await pm.goto(`${product.url}${requestPath}`)
  const timeline = await (await pm.request.get(`${product.url}/api/requests/${requestId}/timeline`)).json()
  const parts = new Set((timeline.items as { part: string; state: string }[]).filter((one) => one.state === 'PAST').map((one) => one.part))
  expect([...parts]).toEqual(expect.arrayContaining(['REQUEST', 'WORK_ORDER', 'DELIVERY']))
  await pm.locator('.djs-shape.is-passed').first().waitFor()
  await visitors.get('yangfan')?.shot('request')
  for (const visitor of visitors.values()) expect(visitor.troubles).toEqual([])
}, 600_000)

const statusOf = async (path: string): Promise<{ status: string; step: string[] }> => {
  const page = await at('zhoumin')
  const order = await (await page.request.get(`${product.url}/api${path.replace('/work/orders', '/work-orders')}`)).json()
  const view = await (await page.request.get(`${product.url}/api/instances/${order.instanceId}`)).json()
  return { status: order.status, step: view.active }
}
async function waitFor(path: string, node: string): Promise<void> {
  for (let tries = 0; tries < 90; tries += 1) {
    const { step } = await statusOf(path)
    if (step.includes(node)) return
    await new Promise((later) => setTimeout(later, 1000))
  }
  throw new Error(`${path} never reached ${node}: ${JSON.stringify(await statusOf(path))}`)
}

/** One work order from dispatch to acceptance. */
async function fulfil(path: string): Promise<void> {
  await decide('zhoumin', path, '接受')
  for (let tries = 0; tries < 120; tries += 1) {
    const { step } = await statusOf(path)
    if (step.includes('selfCheck')) break
    if (step.includes('manualLines')) await doByHand(path)
    await new Promise((later) => setTimeout(later, 1000))
  }
  await decide('xuran', path, '自检通过')
  await waitFor(path, 'acceptDelivery')
  const pm = await at('yangfan')
  await pm.goto(`${product.url}${path}`)
  if (await pm.getByRole('button', { name: '领取账号' }).isVisible()) {
    await press(pm, '领取账号')
    await pm.getByText('只显示一次').waitFor()
  }
  await decide('yangfan', path, '接受')
}

async function doByHand(path: string): Promise<void> {
  const page = await at('majun')
  await page.goto(`${product.url}${path}`)
  await page.getByRole('button', { name: '办结', exact: true }).waitFor()
  for (const box of await page.getByRole('checkbox').all()) await box.check()
  for (const name of await page.getByLabel('名称').all()) await name.fill('fw-manual')
  await press(page, '办结')
  await page.getByRole('button', { name: '办结', exact: true }).waitFor({ state: 'detached' })
}
