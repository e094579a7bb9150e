import type { Browser, Page } from 'playwright-core'
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

async function at(account: string, path: string): Promise<Page> {
  const page = await job.at(account)
  await page.goto(`${product.url}${path}`)
  return page
}
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).first().click()
const dialogOf = (page: Page) => page.getByRole('dialog')
const pressIn = (page: Page, name: string) => dialogOf(page).getByRole('button', { name, exact: true }).click()
const closed = (page: Page) => dialogOf(page).waitFor({ state: 'detached' })
const done = (page: Page, step: string, outcome: string) => page.getByText(`“${step}”已办：${outcome}`).waitFor()

async function pickPerson(page: Page, name: string): Promise<void> {
  await dialogOf(page).getByRole('combobox').fill(name)
  await page.locator('.ant-select-item-option', { hasText: name }).first().click()
}
async function openVerb(page: Page, verb: string): Promise<void> {
  await press(page, '更多')
  await page.getByRole('button', { name: new RegExp(`^${verb}`) }).click()
}

test('a matter is passed on, returned point by point, countersigned, kept from being cancelled, and refused with reasons', async () => {
  const path = await job.handInAdmission()

  // what was begun is still there after a reload
  const approver = await at('tianguohua', path)
  await approver.getByLabel('意见').fill('情况属实')
  await approver.reload()
  await expect.poll(() => approver.getByLabel('意见').inputValue(), { timeout: 20_000 }).toBe('情况属实')
  await press(approver, '同意')
  await done(approver, '单位确认', '同意')

  // 转办: nothing is sent before a person and a reason are given
  const manager = await at('zhoumin', path)
  await openVerb(manager, '转办')
  await pressIn(manager, '转办')
  await dialogOf(manager).getByText('上面还有必填的内容').waitFor()
  await pickPerson(manager, '林晓东')
  await dialogOf(manager).getByLabel('原因').fill('今日外出')
  await pressIn(manager, '转办')
  await closed(manager)
  await manager.locator('.sheet', { hasText: '现在在谁手上' }).getByText('林晓东').waitFor()

  // 催办 by the applicant, who sees whom it is with
  const applicant = await at('yangfan', path)
  await press(applicant, '催办')
  await applicant.getByText('已提醒').waitFor()

  // 退回 with points; handed in again it comes straight back to the one who returned it
  const successor = await at('linxiaodong', path)
  await press(successor, '退回')
  await dialogOf(successor).getByLabel('在哪里').fill('3 安全与密码')
  await dialogOf(successor)
    .getByLabel(/^第 1 处/)
    .fill('等保备案证明已过期')
  await pressIn(successor, '退回')
  await closed(successor)
  await applicant.reload()
  await applicant.getByText('退回 1 处').waitFor()
  await applicant.getByText('补正期限').waitFor()
  await press(applicant, '提交')
  await applicant.getByRole('button', { name: '提交', exact: true }).waitFor({ state: 'detached' })
  await successor.reload()
  await press(successor, '同意')
  await done(successor, '形式审查', '同意')

  // 加签 in parallel: both must have spoken
  const technician = await at('zhaolixin', path)
  await press(technician, '认领')
  await technician.getByRole('button', { name: '认领', exact: true }).waitFor({ state: 'detached' })
  await openVerb(technician, '加签')
  await pickPerson(technician, '马骏')
  await dialogOf(technician).getByLabel('原因').fill('涉及网络')
  await pressIn(technician, '加签')
  await closed(technician)
  await technician.getByLabel('结论').selectOption({ label: '有条件可行' })
  await press(technician, '同意')
  await technician.locator('.field-error').waitFor()
  await technician.getByLabel('条件', { exact: true }).fill('仅限应用网段')
  await press(technician, '同意')
  await technician.getByText('“技术与安全审查”已办').waitFor()
  const signer = await at('majun', path)
  await signer.getByText('请你加签：技术与安全审查').waitFor()
  await signer.locator('.decide button').first().click()
  await signer.getByText('“技术与安全审查”已办').waitFor()

  // 申请撤销 needs the consent of who has it; without it the process goes on
  await applicant.goto(`${product.url}${path}`)
  await openVerb(applicant, '申请撤销')
  await dialogOf(applicant).getByLabel('原因').fill('项目缓建')
  await pressIn(applicant, '申请撤销')
  await closed(applicant)
  const builder = await at('sunhao', path)
  await press(builder, '不同意撤销')
  await dialogOf(builder).getByLabel('原因').fill('容量已备')
  await pressIn(builder, '不同意撤销')
  await closed(builder)
  await press(builder, '同意')
  await done(builder, '容量与建设计划审查', '同意')

  // 不予通过 wants reason and advice, and the applicant reads them
  const customer = await at('hanxuefeng', path)
  await press(customer, '不予通过')
  await pressIn(customer, '不予通过')
  await dialogOf(customer).getByText('上面还有必填的内容').waitFor()
  await dialogOf(customer).getByLabel('改进建议').fill('补充容量评估')
  await dialogOf(customer).getByLabel('不予通过的理由').fill('容量依据不足')
  await pressIn(customer, '不予通过')
  await closed(customer)
  await applicant.reload()
  await applicant.getByText('容量依据不足').first().waitFor()
  await applicant.getByText('补充容量评估').first().waitFor()

  expect(job.troubles()).toEqual([])
}, 600_000)
