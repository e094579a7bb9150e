import type { Browser, Page } from 'playwright-core'
import { admissionForm, newCatalog, provisionForm } from '../../packages/server/test/sample-forms.ts'
import { openVisitor, signIn, type Visitor } from './browser.ts'
import type { Product } from './product.ts'

interface Choices {
  images: { id: string; name: string }[]
  zones: { id: string }[]
  backupPolicies: { id: string }[]
}
type Order = ReturnType<typeof orderOf>

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
const pause = (seconds: number) => new Promise((later) => setTimeout(later, seconds * 1000))

/** The main job from admission to delivery, each step by the person whose step it is, at a browser of their own. */
export interface MainJob {
  /** The person's own browser, signed in through the page the first time. */
  at(account: string): Promise<Page>
  visitor(account: string): Visitor | undefined
  /** Acts on the person's step of a matter: the button is the verb. */
  decide(account: string, path: string, verb: string): Promise<void>
  /** An admission with complete papers, handed in and waiting for the bureau's confirmation. @returns where it stands */
  handInAdmission(): Promise<string>
  /** An application gets its admission. @returns where it stands */
  admit(): Promise<string>
  /** A request under that admission, handed in and reviewed, up to the customer's decision. @returns its id */
  request(admissionPath: string, change?: (order: Order, choices: Choices) => object): Promise<string>
  /** Ids of the request's work orders. */
  ordersOf(requestId: string): Promise<{ id: string; no: string; kind: string }[]>
  stepsOf(path: string): Promise<string[]>
  /** What the cloud cannot make is made by people; returns when the order waits for its self-check. */
  make(path: string, limitSeconds?: number): Promise<void>
  /** One work order from its self-check to acceptance. */
  handOver(path: string): Promise<void>
  troubles(): string[]
  close(): Promise<void>
}

export function openMainJob(product: () => Product, browser: Browser): MainJob {
  const visitors = new Map<string, Visitor>()
  const url = () => product().url

  async function at(account: string): Promise<Page> {
    let visitor = visitors.get(account)
    if (!visitor) {
      visitor = await openVisitor(browser)
      visitors.set(account, visitor)
      const known = product().signIns.find((one) => one.signIn === account)
      if (!known) throw new Error(`no demo account ${account}`)
      await signIn(visitor, product(), known)
    }
    return visitor.page
  }

  /** What a person would type over half an hour, sent at once through the same endpoint the page saves by. */
  async function fillForm(page: Page, formId: string, content: object, files: readonly string[]): Promise<void> {
    const view = await (await page.request.get(`${url()}/api/forms/${formId}`)).json()
    const saved = await page.request.patch(`${url()}/api/forms/${formId}`, { data: { rev: view.rev, set: content } })
    if (!('gaps' in (await saved.json()))) throw new Error(`form ${formId} was not saved: ${await saved.text()}`)
    for (const field of files) {
      const isPicture = /diagram|topology/i.test(field)
      const sent = await page.request.post(`${url()}/api/forms/${formId}/attachments?field=${field}`, {
        multipart: {
          file: isPicture
            ? { name: 'diagram.png', mimeType: 'image/png', buffer: Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex') }
            : { name: 'paper.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7\n%test\n') },
        },
      })
      if (sent.status() !== 200) throw new Error(`${field} was not taken: ${await sent.text()}`)
    }
  }

  async function decide(account: string, path: string, verb: string): Promise<void> {
    const page = await at(account)
    await page.goto(`${url()}${path}`)
    const button = page.getByRole('button', { name: verb, exact: true }).first()
    await button.waitFor({ timeout: 20_000 })
    await button.click()
    // done: the button of this step is gone; else the page says why
    await button.waitFor({ state: 'detached', timeout: 20_000 }).catch(async (error: unknown) => {
      throw new Error(`${account} ${verb} ${path}: ${(await page.getByRole('alert').allInnerTexts()).join(' / ')}`, { cause: error })
    })
  }

  async function handInAdmission(): Promise<string> {
    const pm = await at('yangfan')
    // the draft is made in the page and saves itself
    await pm.goto(`${url()}/work/admissions`)
    await press(pm, '新建准入申请')
    await pm.getByLabel('应用系统名称').fill('森林草原防火监测预警系统')
    await press(pm, '建立草稿')
    await pm.waitForURL(/\/work\/admissions\/[0-9a-f-]{36}$/)
    const admissionId = idOf(pm)
    const { form, catalog } = await (await pm.request.get(`${url()}/api/admissions/${admissionId}/forms`)).json()
    await pm.goto(`${url()}/work/forms/${form.id}`)
    await pm.getByLabel('联系人').fill('杨帆')
    await pm.getByText(/已自动保存/).waitFor()
    await fillForm(pm, form.id, admissionForm(), ['basisFile', 'mlpsCert', 'cryptoPlan'])
    await fillForm(pm, catalog.id, newCatalog(), ['topology', 'architectureDiagram', 'cryptoPlan'])
    const path = `/work/admissions/${admissionId}`
    await pm.goto(`${url()}${path}`)
    await press(pm, '提交')
    await pm.getByText('单位确认').first().waitFor()
    return path
  }

  async function admit(): Promise<string> {
    const path = await handInAdmission()
    for (const account of ['tianguohua', 'zhoumin', 'zhaolixin', 'sunhao', 'hanxuefeng', 'guojianguo']) await decide(account, path, '同意')
    return path
  }

  async function request(admissionPath: string, change: (order: Order, choices: Choices) => object = (order) => order): Promise<string> {
    const pm = await at('yangfan')
    // under the admission number that was granted
    await pm.goto(`${url()}${admissionPath}`)
    await press(pm, '发起资源申请')
    await press(pm, '建立草稿')
    await pm.waitForURL(/\/work\/requests\/[0-9a-f-]{36}$/)
    const requestId = idOf(pm)
    const { catalogId, formId } = await (await pm.request.get(`${url()}/api/requests/${requestId}`)).json()
    const choices: Choices = await (await pm.request.get(`${url()}/api/requests/${requestId}/choices`)).json()
    await fillForm(pm, catalogId, newCatalog(), ['topology', 'architectureDiagram', 'cryptoPlan'])
    await pm.goto(`${url()}/work/forms/${catalogId}`)
    await press(pm, '检查并定稿')
    await pm.waitForURL(/\/work\/requests\//)
    await fillForm(pm, formId, change(orderOf(choices), choices), ['basis', 'officialLetter'])
    await pm.goto(`${url()}/work/forms/${formId}`)
    await press(pm, '检查并提交')
    await pm.waitForURL(/\/work\/requests\//)
    for (const account of ['tianguohua', 'zhoumin', 'zhaolixin', 'sunhao']) await decide(account, `/work/requests/${requestId}`, '同意')
    return requestId
  }

  async function read(path: string): Promise<Record<string, unknown>> {
    const page = await at('zhoumin')
    return (await page.request.get(`${url()}/api${path}`)).json()
  }

  async function stepsOf(path: string): Promise<string[]> {
    const order = await read(path.replace('/work/orders', '/work-orders'))
    const view = await read(`/instances/${order.instanceId}`)
    return view.active as string[]
  }

  async function doByHand(path: string): Promise<void> {
    const page = await at('majun')
    await page.goto(`${url()}${path}`)
    await page.getByRole('button', { name: '办结', exact: true }).waitFor()
    for (const box of await page.getByRole('checkbox').all()) await box.check()
    for (const name of await page.getByLabel('名称').all()) await name.fill('fw-manual')
    await press(page, '办结')
    await page.getByRole('button', { name: '办结', exact: true }).waitFor({ state: 'detached' })
  }

  async function make(path: string, limitSeconds = 120): Promise<void> {
    for (let waited = 0; waited < limitSeconds; waited += 1) {
      const steps = await stepsOf(path)
      if (steps.includes('selfCheck')) return
      if (steps.includes('manualLines')) await doByHand(path)
      if (steps.includes('manualFix')) break
      await pause(1)
    }
    const order = await read(path.replace('/work/orders', '/work-orders'))
    const lines = (order.items as { title: string; state: string; error: string | null }[]).map((line) => [
      line.title,
      line.state,
      line.error,
    ])
    throw new Error(`${path} was not made: ${JSON.stringify(lines)}, open are ${await stepsOf(path)}`)
  }

  async function handOver(path: string): Promise<void> {
    await decide('xuran', path, '自检通过')
    for (let tries = 0; !(await stepsOf(path)).includes('acceptDelivery'); tries += 1) {
      if (tries > 90) throw new Error(`${path} was never delivered: ${await stepsOf(path)}`)
      await pause(1)
    }
    const pm = await at('yangfan')
    await pm.goto(`${url()}${path}`)
    const order = await read(path.replace('/work/orders', '/work-orders'))
    if ((order.credentials as { state: string }[]).some((one) => one.state === 'READY')) {
      await press(pm, '领取账号')
      await pm.getByText('只显示一次').waitFor()
    }
    await decide('yangfan', path, '接受')
  }

  return {
    at,
    visitor: (account) => visitors.get(account),
    decide,
    handInAdmission,
    admit,
    request,
    ordersOf: async (requestId) => (await read(`/work-orders?requestId=${requestId}`)).items as { id: string; no: string; kind: string }[],
    stepsOf,
    make,
    handOver,
    troubles: () => [...visitors.values()].flatMap((visitor) => visitor.troubles),
    async close() {
      for (const visitor of visitors.values()) await visitor.close()
    },
  }
}
