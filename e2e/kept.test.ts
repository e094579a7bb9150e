import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { launchBrowser, openVisitor, signIn, type Visitor } from './support/browser.ts'
import { type Product, startPrepared } from './support/product.ts'

// What a person typed or chose stays: through an ended session, a second writer, a list that changes, another device.
// And so does a promise: "show me that 5.4-1 was kept in that month, and prove it".

let product: Product
let browser: Browser
beforeAll(async () => {
  ;[product, browser] = await Promise.all([startPrepared(inject('preparedDir')), launchBrowser()])
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await product?.stop()
})

const account = (name: string) => {
  const known = product.signIns.find((one) => one.signIn === name)
  if (!known) throw new Error(`no demo account ${name}`)
  return known
}
const enter = async (name: string): Promise<Visitor> => {
  const visitor = await openVisitor(browser)
  await signIn(visitor, product, account(name))
  return visitor
}
const press = (page: Page, name: string | RegExp) =>
  page
    .getByRole('button', { name, exact: typeof name === 'string' })
    .first()
    .click()

test('a session that ends in the middle of a form: signing in again in place, nothing typed is lost; then two writers of one field', async () => {
  const visitor = await enter('yangfan')
  const { page, context } = visitor
  await page.goto(`${product.url}/work/admissions`)
  await press(page, '新建准入申请')
  await page.getByLabel('应用系统名称').fill('填写不丢的系统')
  await press(page, '建立草稿')
  await page.waitForURL(/\/work\/admissions\/[0-9a-f-]{36}$/)
  const id = new URL(page.url()).pathname.split('/').at(-1)
  const { form } = await (await page.request.get(`${product.url}/api/admissions/${id}/forms`)).json()
  const address = `${product.url}/work/forms/${form.id}`
  await page.goto(address)
  const contact = page.getByLabel('联系人')
  await contact.waitFor()

  await context.clearCookies()
  await contact.fill('会话结束时填的')
  const dialog = page.getByRole('dialog')
  await dialog.waitFor()
  await dialog.locator('input[type="password"]').fill(account('yangfan').password)
  await dialog.locator('input[type="password"]').press('Enter')
  await dialog.waitFor({ state: 'detached' })
  await page.getByText(/已自动保存/).waitFor()
  expect(await contact.inputValue()).toBe('会话结束时填的')
  expect(page.url()).toBe(address)
  const kept = async () => (await (await page.request.get(`${product.url}/api/forms/${form.id}`)).json()).content.contactName
  await expect.poll(kept).toBe('会话结束时填的')

  const engineer = await enter('luxiaoyu')
  await engineer.page.goto(address)
  await engineer.page.getByLabel('联系人').fill('工程师填的')
  await expect.poll(kept).toBe('工程师填的')
  await contact.fill('项目经理填的')
  await page.getByRole('dialog').waitFor()
  expect(await page.getByRole('dialog').textContent()).toContain('工程师填的')
  await press(page, '按所选合并保存')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await expect.poll(kept).toBe('项目经理填的')
  expect([...visitor.troubles, ...engineer.troubles]).toEqual([])
  await engineer.close()
  await visitor.close()
}, 90_000)

test('a view is kept with the person, found on another device, and its address is the link', async () => {
  const here = await enter('gaoyan')
  await here.page.goto(`${product.url}/cloud/servers?state=ACTIVE&sort=-name`)
  await press(here.page, '存为视图')
  await here.page.getByLabel('视图名称').fill('在用的')
  await here.page.getByRole('dialog').getByRole('button', { name: '存为视图' }).click()
  await here.page.getByRole('button', { name: '在用的', exact: true }).waitFor()
  await here.close()

  const there = await enter('gaoyan')
  await there.page.goto(`${product.url}/cloud/servers`)
  await there.page.getByRole('button', { name: '在用的', exact: true }).click()
  await there.page.waitForURL(/state=ACTIVE/)
  expect(new URL(there.page.url()).searchParams.get('sort')).toBe('-name')
  expect(there.troubles).toEqual([])
  await there.close()
}, 60_000)

test('rows of others wait to be merged; the keyboard alone finds and opens a thing', async () => {
  const [reader, writer] = [await enter('gaoyan'), await enter('gaoyan')]
  await reader.page.goto(`${product.url}/cloud/racks`)
  await reader.page.locator('table.grid').waitFor()
  const before = await reader.page.locator('tbody tr').count()
  const made = await writer.page.request.post(`${product.url}/api/inventory/racks`, {
    data: { name: '读时新添的柜', room: '长春一号' },
    headers: { origin: product.url },
  })
  expect(made.status()).toBe(200)
  await reader.page.locator('.grid-changed').waitFor({ timeout: 30_000 })
  expect(await reader.page.locator('tbody tr').count()).toBe(before)
  await reader.page.keyboard.press('r')
  await reader.page.getByText('读时新添的柜').waitFor()

  await reader.page.keyboard.press('Control+k')
  await reader.page.getByRole('dialog').getByRole('combobox').waitFor()
  await reader.page.keyboard.type('4.3-1a')
  await reader.page.getByRole('option').first().waitFor()
  await reader.page.keyboard.press('Enter')
  await reader.page.waitForURL(/\/plan\/clauses\/4\.3-1a$/)
  expect([...reader.troubles, ...writer.troubles]).toEqual([])
  await reader.close()
  await writer.close()
}, 90_000)

const now = Temporal.Now.plainDateISO('Asia/Shanghai')
const last = now.subtract({ months: 1 }).toPlainYearMonth()

/** The product's own database, as an administrator of the machine finds it. */
async function databaseOf(folder: string): Promise<string> {
  const moved = await readFile(join(folder, 'postgres.moved'), 'utf8').catch(() => null)
  const data = moved ? join(moved.trim(), 'data', 'postgres') : join(folder, 'postgres')
  const port = (await readFile(join(data, 'postmaster.pid'), 'utf8')).split('\n')[3]
  return `postgres://changbai:${(await readFile(join(folder, 'postgres.password'), 'utf8')).trim()}@127.0.0.1:${port}/changbai`
}

/** Three rounds on each day of the month that is over, and what was there before it. */
async function walkRounds(): Promise<void> {
  const client = new pg.Client({ connectionString: await databaseOf(product.dataDir) })
  await client.connect()
  try {
    await client.query(
      `insert into inspection_round (id, number, kind, on_day, window_key, window_from, window_to, inspector_id, inspector_name, client_key, check_in, items,
         started_at, done_at, received_at, conclusion, valid)
       select gen_random_uuid(), 'XJ-' || at, 'FACILITY', (at at time zone 'Asia/Shanghai')::date, 'F1', at, at, p.id, p.name, 'key-' || at, '{}', '[]',
         at, at, at, 'NORMAL', true
       from person p, generate_series($1::timestamptz, $2::timestamptz - interval '1 hour', interval '1 day') day,
         lateral (select day + hours * interval '1 hour' as at from unnest(array[9, 14, 20]) hours) walked
       where p.sign_in = 'majun'`,
      [last, last.add({ months: 1 })].map((month) => `${month.toPlainDate({ day: 1 })}T00:00:00+08:00`),
    )
  } finally {
    await client.end()
  }
}

const verify = (file: string) =>
  promisify(execFile)(process.execPath, [resolve(import.meta.dirname, '../packages/server/src/app/cli.ts'), 'verify', file, '--json']).then(
    ({ stdout }) => ({ code: 0, report: JSON.parse(stdout) }),
    ({ code, stdout }: { code: number; stdout: string }) => ({ code, report: JSON.parse(stdout) }),
  )

test('a clause was kept in a month: three clicks on the board, one run of verify; a forged second is found by it', async () => {
  await walkRounds()
  const visitor = await enter('hanxuefeng')
  const { page } = visitor
  await page.goto(`${product.url}/proof/board`)

  const month = page.locator('.months').getByRole('button', { name: last.year === now.year ? `${last.month}月` : `‹ ${now.year}` })
  await month.first().click()
  await page.waitForURL(new RegExp(`month=${last}`))
  await page.locator('button.tile[title^="5.4-1 "]').click()
  const panel = page.locator('#clause')
  await panel.getByText('履约', { exact: true }).first().waitFor()
  expect(await panel.locator('.panel-figures dd').first().textContent()).toBe(String(last.daysInMonth))
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '导出证据' }).click()])
  expect(visitor.troubles).toEqual([])

  const file = join(product.dataDir, 'proof.ndjson')
  await download.saveAs(file)
  const kept = await verify(file)
  expect(kept).toMatchObject({ code: 0, report: { ok: true, month: String(last), clauses: 96 } })
  const text = await readFile(file, 'utf8')
  const line = text.split('\n').find((one) => one.includes('"id":"5.4-1"')) ?? ''
  expect(JSON.parse(line).figure).toMatchObject({ state: 'COMPLIANT', due: last.daysInMonth, met: last.daysInMonth })

  await writeFile(file, text.replace(line, line.replace(/"doneAt":"([^"]*)T1/, '"doneAt":"$1T0')))
  const forged = await verify(file)
  expect([forged.code, forged.report.ok]).toEqual([1, false])
  await visitor.close()
}, 120_000)
