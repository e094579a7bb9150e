import type { Page } from 'playwright-core'
import { type Fields, type Office, wall } from './office.ts'

const HOUR_MS = 3_600_000
const idIn = (page: Page): string => new URL(page.url()).pathname.split('/').at(-1) as string
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).first().click()

/** A matter that was begun: where it stands and the process that carries it. */
export interface Matter {
  path: string
  number: string
  instanceId: string
}
const matterAt = async (office: Office, path: string, api: string): Promise<Matter> => {
  const { number, instanceId } = await office.read<{ number: string; instanceId: string }>(api)
  return { path, number, instanceId }
}

export interface ChangeWish {
  thing: string
  items: readonly { attr: string; to: string }[]
  title: string
  /** When it may begin and must be over, as instants. */
  window?: readonly [fromMs: number, toMs: number]
  downtime?: boolean
  category?: '常规变更' | '紧急变更'
  fields?: Fields
}

/** A change from the button to its handing in. */
export async function handInChange(office: Office, account: string, wish: ChangeWish): Promise<Matter> {
  const page = await office.open(account, '/work/changes')
  await press(page, '发起变更')
  const dialog = page.getByRole('dialog')
  if (wish.category) await dialog.getByText(wish.category, { exact: true }).click()
  if (wish.category === '紧急变更') await dialog.locator('select option').nth(1).waitFor({ state: 'attached' })
  if (wish.category === '紧急变更') await dialog.locator('select').selectOption({ index: 1 })
  await dialog.getByLabel('变更对象').fill(wish.thing)
  await dialog
    .getByRole('checkbox', { name: new RegExp(wish.thing) })
    .first()
    .check()
  await dialog.getByRole('button', { name: '建立草稿', exact: true }).click()
  await page.waitForURL(/\/work\/changes\/[0-9a-f-]{36}$/)
  await office.put(page, '标题', wish.title)
  for (const [index, item] of wish.items.entries()) {
    await press(page, '加一项')
    const line = page.locator('.change-item').nth(index)
    await office.put(line, '变更项', item.attr)
    if (item.to !== '') await office.put(line, '目标值', item.to)
  }
  await office.put(page, '原因说明', '按监测结果与业务安排')
  for (const [label, value] of Object.entries(wish.fields ?? {})) await office.put(page, label, value)
  if (wish.window) {
    await office.put(page, '窗口起', wall(wish.window[0]))
    await office.put(page, '窗口止', wall(wish.window[1]))
  }
  if (wish.downtime) await page.getByRole('checkbox', { name: /要停机/ }).check()
  await press(page, '加一步')
  await office.put(page, '步骤 1', '建立快照后调整，观察五分钟')
  await office.put(page, '负责人', '徐然')
  await office.put(page, '回退办法', '恢复原值，必要时由快照恢复')
  await office.put(page, '验证办法', '登录系统，提交一笔测试办件')
  const id = idIn(page)
  await press(page, '提交变更')
  await page.getByText('现在在谁手上').waitFor()
  return matterAt(office, `/work/changes/${id}`, `/changes/${id}`)
}

/** Accepted, assessed and decided by four people. */
export async function judgeChange(office: Office, { path }: Matter, { grows = false, verdict = '同意' } = {}): Promise<void> {
  await office.act('zhoumin', path, '接受')
  await office.act('zhaolixin', path, '赞成', { 风险: '低', 影响: '重启一次，两分钟' })
  if (grows) await office.act('sunhao', path, '赞成')
  if (verdict === '同意') await office.act('linxiaodong', path, verdict)
  else await office.act('linxiaodong', path, verdict, {}, '与年底扩容一并安排')
}

/** Verified, recorded and closed. */
export async function finishChange(office: Office, { path, instanceId }: Matter): Promise<void> {
  if ((await office.until(instanceId, ['implementByHand', 'verifyChange'])) === 'implementByHand')
    await office.act('xuran', path, '办结', { 做了什么: '另建小卷、迁移并比对，记录在案' })
  await office.until(instanceId, ['verifyChange'])
  await office.act('yangfan', path, '通过', { 验证所见: '首页与办件正常' })
  await office.until(instanceId, ['closeChange'])
  await office.act('zhoumin', path, '办结')
}

/** What an owner gives back without being asked. */
export async function offer(office: Office, kind: '服务器' | '存储卷', name: string): Promise<Matter> {
  const page = await office.open('yangfan', '/work/reclaim')
  await press(page, '主动释放')
  const dialog = page.getByRole('dialog')
  await office.put(dialog, '类别', kind)
  await office.put(dialog, '搜索名称', name)
  await office.put(dialog, '找到', name)
  await office.put(dialog, '理由', '业务已迁至新系统')
  await dialog.getByRole('button', { name: '发起回收', exact: true }).click()
  await page.waitForURL(/\/work\/reclaim\/[0-9a-f-]{36}$/)
  return matterAt(office, `/work/reclaim/${idIn(page)}`, `/reclaim/cases/${idIn(page)}`)
}

/** Looks for candidates now, and begins the case of one. */
export async function detectAndBegin(office: Office, name: string): Promise<Matter> {
  const page = await office.open('zhoumin', '/work/reclaim/candidates')
  const detected = page.waitForResponse((one) => one.url().endsWith('/api/reclaim/runs') && one.request().method() === 'POST')
  await press(page, '立即检测')
  await detected
  const begin = page
    .getByRole('row', { name: new RegExp(name) })
    .first()
    .getByRole('button', { name: '发起回收', exact: true })
  for (let looks = 1; ; looks += 1) {
    await page.reload()
    if (
      await begin.waitFor({ timeout: looks < 5 ? 20_000 : undefined }).then(
        () => true,
        () => false,
      )
    )
      break
    if (looks === 5) throw new Error(`${name} is no candidate`)
  }
  await begin.click()
  await page.getByRole('dialog').getByRole('button', { name: '发起回收', exact: true }).click()
  await page.waitForURL(/\/work\/reclaim\/[0-9a-f-]{36}$/)
  return matterAt(office, `/work/reclaim/${idIn(page)}`, `/reclaim/cases/${idIn(page)}`)
}

/** The case of a thing that is under way already. */
export async function caseOf(office: Office, name: string): Promise<Matter> {
  const { items } = await office.read<{ items: { id: string; itemName: string }[] }>('/reclaim/cases?limit=50&state=open')
  const id = items.find((one) => one.itemName === name)?.id
  if (!id) throw new Error(`there is no open case of ${name}`)
  return matterAt(office, `/work/reclaim/${id}`, `/reclaim/cases/${id}`)
}

/** Report by the technician, conclusion by operation. */
export async function assess(office: Office, { path }: Matter, proposal: string, verdict: string, more: Fields = {}): Promise<void> {
  await office.act('xuran', path, '提交', {
    配置与负载差异原因: '业务已迁至新系统，原按高峰配置',
    建议: proposal,
    建议说明: '经应用方确认后办理',
  })
  await office.act('zhoumin', path, verdict, more)
}

/** Backup, the bureau's word on its data, and out of use: by the cloud, or by people where no cloud holds the thing. */
export async function putAside(office: Office, { path, instanceId }: Matter): Promise<void> {
  if ((await office.until(instanceId, ['declareData', 'manualBackup'])) === 'manualBackup')
    await office.act('xuran', path, '办结', { 凭据: '备份库 B-0193' })
  await office.act('yangfan', path, '同意处置', { 数据处置声明: '数据已备份' })
  if ((await office.until(instanceId, ['coolDown', 'manualStop'])) === 'manualStop')
    await office.act('majun', path, '办结', { 凭据: '已关机断网' })
  await office.until(instanceId, ['coolDown'])
}

export interface MigrationWish {
  direction: '云内迁移' | '出云'
  application: string
}
const SURVEY =
  '主机,操作系统,CPU,内存,磁盘,中间件,数据库,端口,依赖\nshare-app-01,银河麒麟 V10,8,32,500,Tomcat 9,,8080,share-db-01\nshare-db-01,银河麒麟 V10,8,64,800,,达梦 DM8,5236,\n'
const SIZING = '名称,用途,数量,CPU,内存,磁盘\nshare-app,应用,2,8,16,200\nshare-db,数据库,1,8,64,800\n'

/** An application to migrate, handed in and signed by its bureau. */
export async function applyForMigration(office: Office, wish: MigrationWish): Promise<Matter> {
  const page = await office.open('yangfan', '/work/migrations')
  await press(page, '发起迁移')
  const dialog = page.getByRole('dialog')
  await dialog.getByText(wish.direction, { exact: true }).click()
  await office.put(dialog, '应用', wish.application)
  await dialog.getByRole('button', { name: '建立草稿', exact: true }).click()
  await page.waitForURL(/\/work\/migrations\/[0-9a-f-]{36}$/)
  const path = `/work/migrations/${idIn(page)}`
  for (const [label, value] of Object.entries({
    源环境所在地: '省政务云一区',
    源平台与虚拟化: 'VMware vSphere 6.7',
    源环境管理单位: '省林草局信息中心',
    '数据量（GiB）': '800',
    '可容忍停机（分钟）': '180',
  }))
    await office.put(page, label, value)
  const saved = page.waitForResponse((one) => one.request().method() === 'PUT' && one.ok())
  await press(page, '保存')
  await saved
  await office.act('yangfan', path, '提交')
  await office.act('tianguohua', path, '同意')
  return matterAt(office, path, path.replace('/work', ''))
}

/** Accepted, surveyed with its two sheets, and found feasible. */
export async function surveyMigration(office: Office, { path }: Matter): Promise<void> {
  await office.act('zhoumin', path, '接受')
  const page = await office.open('yangfan', path)
  for (const [at, text] of [SURVEY, SIZING].entries()) {
    await page
      .locator('input[type=file]')
      .nth(at)
      .setInputFiles({ name: 'sheet.csv', mimeType: 'text/csv', buffer: Buffer.from(text) })
    await page.getByText('已导入 2 行').nth(at).waitFor()
  }
  await office.act('yangfan', path, '提交')
}

/** The plan, its review, its rehearsal where one is due, up to where the customer recognises the window. */
export async function planMigration(office: Office, { path, instanceId }: Matter, fromMs: number): Promise<void> {
  await office.act('zhaolixin', path, '可行', { 迁移方式: '数据库同步', 风险: '中' })
  const page = await office.open('yangfan', path)
  for (const [label, value] of Object.entries({
    '停机（分钟）': '90',
    窗口起: wall(fromMs),
    窗口止: wall(fromMs + 8 * HOUR_MS),
    回退决策点: wall(fromMs + 6 * HOUR_MS),
    割接步骤: '冻结源库写入 | 卢晓宇 | 10\n增量同步 | 马骏 | 40\n切换域名 | 徐然 | 10',
    数据校验: '办件表 | COUNT | 1203344\n附件目录 | HASH | 9f2c',
    回退条件: '校验不符或决策点前未完成',
    '安全措施（传输加密）': '专线加密传输，介质双人交接',
    联系人: '杨帆 | 13900000000 | 项目经理\n马骏 | 13900000001 | 现场',
  }))
    await office.put(page, label, value)
  const saved = page.waitForResponse((one) => one.request().method() === 'PUT' && one.ok())
  await press(page, '保存')
  await saved
  await office.act('yangfan', path, '提交')
  await office.act('zhoumin', path, '通过', { 到会: '周敏、赵立新、杨帆、孙浩' })
  if ((await office.until(instanceId, ['rehearse', 'awaitDowntime'])) === 'rehearse')
    await office.act('yangfan', path, '通过', { 耗时: '65', 演练结果: '全程 65 分钟，行数与摘要相符' })
  await office.until(instanceId, ['awaitDowntime'])
}

/** The run sheet of the cut-over, step by step with its clock, and every check. */
export async function runCutover(office: Office, { path, instanceId }: Matter): Promise<void> {
  await office.until(instanceId, ['cutover'])
  const page = await office.open('yangfan', path)
  const buttons = (name: string) => page.getByRole('button', { name, exact: true })
  await buttons('开始').first().waitFor()
  for (let left = await buttons('开始').count(); left > 0; left -= 1) {
    await press(page, '开始')
    await buttons('开始')
      .nth(left - 1)
      .waitFor({ state: 'detached' })
    await press(page, '完成')
    await buttons('完成').waitFor({ state: 'detached' })
  }
  for (let left = await buttons('相符').count(); left > 0; left -= 1) {
    await press(page, '相符')
    await buttons('相符')
      .nth(left - 1)
      .waitFor({ state: 'detached' })
  }
}
