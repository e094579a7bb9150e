import { rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { newDataDir, type Product, startProduct } from '../support/product.ts'
import { endsOf, Office, wall } from './office.ts'
import {
  applyForMigration,
  assess,
  caseOf,
  detectAndBegin,
  finishChange,
  handInChange,
  judgeChange,
  type Matter,
  offer,
  planMigration,
  putAside,
  runCutover,
  surveyMigration,
} from './steps.ts'

// Changes, reclaims and migrations to every end state of their files: run by `npm run test:ends`, never by `npm test`.
// Days pass by a restart of the product with its clock ahead.

const PROCESSES = ['resource-change', 'server-reclaim', 'storage-reclaim', 'migration-support'] as const
type ProcessKey = (typeof PROCESSES)[number]
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const CLOCK = pathToFileURL(resolve(import.meta.dirname, '../support/clock-ahead.mjs')).href
/** The demo's application of the bureau whose people act here. */
const APPLICATION = /林业和草原局/

let dataDir: string
let product: Product
let browser: Browser
let office: Office
let aheadMs = 0
const now = (): number => Date.now() + aheadMs
/** Which matter came to which end, by process. */
const reached = new Map<ProcessKey, Map<string, string>>(PROCESSES.map((key) => [key, new Map()]))
const matters = new Map<string, Matter>()
const matter = (name: string): Matter => {
  const found = matters.get(name)
  if (!found) throw new Error(`${name} was not begun`)
  return found
}

async function start(): Promise<void> {
  product = await startProduct({ dataDir, env: { NODE_OPTIONS: `--import=${CLOCK}`, CLOCK_AHEAD_MS: String(aheadMs) } })
}
/** As many days later. */
async function later(ms: number): Promise<void> {
  const { signIns } = product
  await office.close()
  await product.stop()
  aheadMs += ms
  await start()
  product = { ...product, signIns: product.signIns.length > 0 ? product.signIns : signIns }
}

/** Notes what a matter came to, and keeps a picture of it. */
async function arrives(key: ProcessKey, { path, number, instanceId }: Matter, end: string): Promise<void> {
  await office.ended(instanceId, end)
  reached.get(key)?.set(end, number)
  console.log(`ends: ${key} ${end} by ${number} on ${wall(now())}`)
  await office.shot('zhoumin', path, `${key}-${end}`)
}

beforeAll(async () => {
  dataDir = await newDataDir()
  browser = await launchBrowser()
  await start()
  office = new Office(() => product, browser)
})
afterAll(async () => {
  await office?.close()
  await browser?.close()
  await product?.stop()
  await rm(dataDir, { recursive: true, force: true })
})

describe('the first day', () => {
  /** In four days, at ten in the morning. */
  const windowMs = (): number => {
    const day = wall(now() + 4 * DAY_MS).slice(0, 10)
    return Date.parse(`${day}T10:00:00+08:00`)
  }

  test('changes: one refused, one sent back, one rolled back, two that wait for their windows, one in an emergency', async () => {
    const grows = { 业务量依据: '办件量评估 2026-03' }
    const today = [now() - 60_000, now() + 6 * HOUR_MS] as const
    const refused = await handInChange(office, 'yangfan', {
      thing: 'fire-report-01',
      title: '报表服务器加内存',
      items: [{ attr: '内存（GiB）', to: '20' }],
      window: [now() + 9 * DAY_MS, now() + 9 * DAY_MS + HOUR_MS],
      fields: grows,
    })
    await judgeChange(office, refused, { grows: true, verdict: '不予通过' })
    await arrives('resource-change', refused, 'endRejected')

    const sentBack = await handInChange(office, 'yangfan', {
      thing: 'fire-report-01',
      title: '报表服务器换镜像',
      items: [{ attr: '其他', to: '升级报表组件' }],
      window: [now() + 12 * DAY_MS, now() + 12 * DAY_MS + HOUR_MS],
    })
    await office.giveBack('zhoumin', sentBack.path, '说明组件版本与影响')
    matters.set('change-returned', sentBack)

    const failing = await handInChange(office, 'yangfan', {
      thing: 'fire-legacy-01',
      title: '旧服务器加内存',
      items: [{ attr: '内存（GiB）', to: '10' }],
      window: today,
      fields: grows,
    })
    await judgeChange(office, failing, { grows: true })
    await office.until(failing.instanceId, ['verifyChange'])
    await office.act('yangfan', failing.path, '不通过', { 验证所见: '办件页超时', 意见: '回退' })
    await office.until(failing.instanceId, ['reviewFailure'])
    await office.act('zhaolixin', failing.path, '办结', { 失败原因: '连接池上限与内存不配', 改进措施: '评估表增加连接池一项' })
    await arrives('resource-change', failing, 'endRolledBack')

    const from = windowMs()
    const main = await handInChange(office, 'yangfan', {
      thing: 'fire-report-01',
      title: '报表服务器扩内存',
      items: [{ attr: '内存（GiB）', to: '20' }],
      window: [from, from + 8 * HOUR_MS],
      downtime: true,
      fields: grows,
    })
    await judgeChange(office, main, { grows: true })
    await office.until(main.instanceId, ['awaitDowntime'])
    await office.recognise(main.number)
    await office.until(main.instanceId, ['awaitWindow'])
    matters.set('change-main', main)

    const unheard = await handInChange(office, 'yangfan', {
      thing: 'fire-archive-01',
      title: '归档服务器换镜像',
      items: [{ attr: '重启', to: '' }],
      window: [from - DAY_MS, from - DAY_MS + HOUR_MS],
      downtime: true,
    })
    await judgeChange(office, unheard)
    await office.until(unheard.instanceId, ['awaitDowntime'])
    matters.set('change-unheard', unheard)

    const applicationId = (await office.read<{ items: { id: string; name: string }[] }>('/inventory/applications?limit=50', 'yangfan'))
      .items[0]?.id
    const page = await office.at('yangfan')
    const reported = await page.request.post(`${product.url}/api/incidents`, {
      data: { title: '报表服务无响应', symptom: '报表页一直等待', criteria: ['PART_FAILED'], applicationId, reporterName: '杨帆' },
    })
    expect(reported.status(), await reported.text()).toBe(200)
    const urgent = await handInChange(office, 'zhaolixin', {
      category: '紧急变更',
      thing: 'fire-report-01',
      title: '紧急重启报表服务器',
      items: [{ attr: '重启', to: '' }],
    })
    await office.act('fengzhiyuan', urgent.path, '同意')
    await finishChange(office, urgent)
    await office.until(urgent.instanceId, ['fillPapers'])
    matters.set('change-urgent', urgent)
  })

  test('servers: one kept, an exempt one ended at once, a cluster cools down, one is offered by its owner and had back once', async () => {
    const idle = await caseOf(office, 'fire-legacy-01')
    await assess(office, idle, '维持', '维持', { 意见: '年底演练要用' })
    await arrives('server-reclaim', idle, 'endKept')
    const exempt = await detectAndBegin(office, 'fire-legacy-01')
    await arrives('server-reclaim', exempt, 'endCancelled')

    const page = await office.open('zhoumin', '/work/reclaim/exemptions')
    await page.getByRole('button', { name: '登记集群', exact: true }).click()
    const dialog = page.getByRole('dialog')
    await office.put(dialog, '名称', '防火旧集群')
    await office.put(dialog, '搜索服务器', 'fire-')
    for (const name of ['fire-legacy-01', 'fire-archive-01']) await dialog.getByRole('checkbox', { name, exact: true }).check()
    await dialog.getByRole('button', { name: '保存', exact: true }).click()
    await dialog.waitFor({ state: 'detached' })
    const cluster = await detectAndBegin(office, '防火旧集群')
    await assess(office, cluster, '缩减集群', '缩减集群', { 拟释放节点数: '1' })
    await office.act('yangfan', cluster.path, '确认', { 最少节点数: '1' })
    await putAside(office, cluster)
    matters.set('cluster', cluster)

    const offered = await offer(office, '服务器', 'app03-prod-web-01')
    await assess(office, offered, '释放', '释放')
    await office.act('yangfan', offered.path, '确认')
    await putAside(office, offered)
    // one click, and it is in use again; operation judges it anew
    const owner = await office.open('yangfan', offered.path)
    await owner.getByRole('button', { name: '一键恢复', exact: true }).click()
    await owner.getByRole('dialog').locator('textarea').fill('月底报送还要用一次')
    await owner.getByRole('dialog').getByRole('button', { name: '一键恢复', exact: true }).click()
    await office.until(offered.instanceId, ['manualRestore'])
    await office.act('majun', offered.path, '办结', { 凭据: '已开机接网' })
    await office.act('zhoumin', offered.path, '释放', { 意见: '报送后释放' })
    await office.act('yangfan', offered.path, '确认')
    await putAside(office, offered)
    matters.set('offered', offered)

    // asked already; nobody answers for a while
    matters.set('too-large', await caseOf(office, 'fire-archive-01'))
  })

  test('volumes: one kept, one exempt, one to a cheaper tier, one replaced by a smaller, one whose owner does not answer', async () => {
    const kept = await detectAndBegin(office, 'fire-old-data')
    await assess(office, kept, '维持', '维持', { 意见: '归档数据待移交' })
    await arrives('storage-reclaim', kept, 'endKept')
    const exempt = await detectAndBegin(office, 'fire-old-data')
    await arrives('storage-reclaim', exempt, 'endCancelled')
    const unanswered = await offer(office, '存储卷', 'fire-old-data')
    await assess(office, unanswered, '释放', '释放')
    matters.set('volume-unanswered', unanswered)

    const today = (): readonly [number, number] => [now() - 60_000, now() + 6 * HOUR_MS]
    const cheaper = await detectAndBegin(office, 'fire-cold-data')
    await assess(office, cheaper, '降档', '降档')
    await office.act('yangfan', cheaper.path, '确认')
    const tier = await handInChange(office, 'yangfan', {
      thing: 'fire-cold-data',
      title: '冷数据卷降档',
      items: [{ attr: '性能档', to: 'SATA' }],
      window: today(),
    })
    await judgeChange(office, tier)
    await finishChange(office, tier)
    await office.act('zhoumin', cheaper.path, '办结', { 变更单号: tier.number, 新档位: 'SATA' })
    await arrives('storage-reclaim', cheaper, 'endTiered')

    const smaller = await offer(office, '存储卷', 'fire-cold-data')
    await assess(office, smaller, '换小卷', '换小卷')
    await office.act('yangfan', smaller.path, '确认')
    const replaced = await handInChange(office, 'yangfan', {
      thing: 'fire-cold-data',
      title: '冷数据卷换小',
      items: [{ attr: '其他', to: '另建 800 GiB 卷，迁移数据后停用旧卷' }],
      window: today(),
    })
    await judgeChange(office, replaced)
    await finishChange(office, replaced)
    await office.act('zhoumin', smaller.path, '办结', { 变更单号: replaced.number, 新卷容量: '800' })
    await putAside(office, smaller)
    matters.set('volume-smaller', smaller)
  })

  test('migrations: one refused, one sent back, three planned, two of their windows recognised', async () => {
    const { items } = await office.read<{ items: { name: string }[] }>('/inventory/applications?limit=50', 'yangfan')
    const application = items.find(({ name }) => APPLICATION.test(name))?.name ?? ''
    const refused = await applyForMigration(office, { direction: '云内迁移', application })
    await surveyMigration(office, refused)
    await office.act('zhaolixin', refused.path, '不可行', { 改造建议: '先把会话从本机移到缓存' })
    await arrives('migration-support', refused, 'endRejected')

    const sentBack = await applyForMigration(office, { direction: '云内迁移', application })
    await office.giveBack('zhoumin', sentBack.path, '补充源环境网络图')
    matters.set('migration-returned', sentBack)

    for (const [name, fromMs] of [
      ['migration-main', windowMs()],
      ['migration-back', windowMs()],
      ['migration-unheard', windowMs() - DAY_MS],
    ] as const) {
      const one = await applyForMigration(office, { direction: '出云', application })
      await surveyMigration(office, one)
      await planMigration(office, one, fromMs)
      matters.set(name, one)
      if (name !== 'migration-unheard') await office.recognise(one.number)
    }
  })
})

describe('the day of the windows', () => {
  beforeAll(() => later(4 * DAY_MS + 10 * HOUR_MS + HOUR_MS / 4 - ((now() + 8 * HOUR_MS) % DAY_MS)))

  test('what waited is done, what nobody recognised is cancelled, papers are late', async () => {
    const main = matter('change-main')
    await finishChange(office, main)
    await arrives('resource-change', main, 'endChange')
    const unheard = matter('change-unheard')
    await office.until(unheard.instanceId, ['rearrange'])
    await office.act('yangfan', unheard.path, '撤销', {}, '月底前不再安排')
    await arrives('resource-change', unheard, 'endCancelled')
    const urgent = matter('change-urgent')
    await arrives('resource-change', urgent, 'endViolation')
    await office.act('zhaolixin', urgent.path, '提交', { 补单说明: '值班电话获批后重启，五分钟恢复' })
    await office.ended(urgent.instanceId, 'endChange')
  })

  test('two cut-overs with their run sheets: one goes through, one goes back; the third never begins', async () => {
    const unheard = matter('migration-unheard')
    await office.until(unheard.instanceId, ['rearrange'])
    await office.act('yangfan', unheard.path, '撤销', {}, '机房改造，另行申请')
    await arrives('migration-support', unheard, 'endCancelled')
    const back = matter('migration-back')
    await office.until(back.instanceId, ['cutover'])
    await office.act('majun', back.path, '回退', { 意见: '增量同步追不上' })
    await office.act('majun', back.path, '办结', { 做了什么: '恢复源库写入，域名未切，业务正常' })
    await arrives('migration-support', back, 'endRolledBack')
    const main = matter('migration-main')
    await runCutover(office, main)
    await office.act('yangfan', main.path, '办结')
    await office.act('yangfan', main.path, '通过')
    await office.until(main.instanceId, ['observe'])
  })
})

describe('when the bureau was reminded twice', () => {
  const silent = () => [matter('too-large'), matter('volume-unanswered')]
  beforeAll(async () => {
    for (let days = 0; days < 40; days += 1) {
      const passed = await Promise.all(silent().map((one) => office.passed(one.instanceId)))
      if (passed.every((nodes) => nodes.includes('endRemindedAgain'))) return
      await later(DAY_MS)
    }
  }, 900_000)

  test('it agrees at last: replaced by way of a change, and a volume put aside; what cooled down is gone', async () => {
    const [large, volume] = silent() as [Matter, Matter]
    for (const end of ['endReminded', 'endRemindedAgain']) {
      await arrives('server-reclaim', large, end)
      await arrives('storage-reclaim', volume, end)
    }
    await office.act('renjing', large.path, '确认')
    const change = await handInChange(office, 'yangfan', {
      thing: 'fire-archive-01',
      title: '归档服务器换小规格',
      items: [
        { attr: 'vCPU（核）', to: '8' },
        { attr: '内存（GiB）', to: '32' },
      ],
      window: [now() - 60_000, now() + 6 * HOUR_MS],
    })
    await judgeChange(office, change)
    await finishChange(office, change)
    const size = { '替换后 vCPU': '8', 替换后内存: '32' }
    await office.act('zhoumin', large.path, '办结', { 变更单号: change.number, ...size })
    await arrives('server-reclaim', large, 'endRightSized')

    await office.act('yangfan', volume.path, '确认')
    await putAside(office, volume)

    await arrives('server-reclaim', matter('cluster'), 'endShrunk')
    const offered = matter('offered')
    await office.until(offered.instanceId, ['manualRelease'])
    await office.act('majun', offered.path, '办结', { 清除方式: '三次覆写', 操作人: '马骏', 见证人: '徐然', 证据: '擦除记录 W-17' })
    await arrives('server-reclaim', offered, 'endReleased')
  })
})

describe('when every waiting time is over', () => {
  const waiting = (): [Matter, string][] => [
    [matter('change-returned'), 'endExpired'],
    [matter('migration-returned'), 'endExpired'],
    [matter('volume-smaller'), 'endShrunk'],
    [matter('volume-unanswered'), 'endReleased'],
  ]
  beforeAll(async () => {
    for (let days = 0; days < 45; days += 3) {
      const done = await Promise.all(waiting().map(async ([one, end]) => (await office.passed(one.instanceId)).includes(end)))
      if (done.every(Boolean)) return
      await later(3 * DAY_MS)
      await new Promise((settled) => setTimeout(settled, 5_000))
    }
  }, 900_000)

  test('what was never corrected has expired, what was frozen is gone, three parties sign and the source is erased', async () => {
    await arrives('resource-change', matter('change-returned'), 'endExpired')
    await arrives('migration-support', matter('migration-returned'), 'endExpired')
    await arrives('storage-reclaim', matter('volume-smaller'), 'endShrunk')
    await arrives('storage-reclaim', matter('volume-unanswered'), 'endReleased')
    const main = matter('migration-main')
    await office.until(main.instanceId, ['confirmByApplication'])
    for (const account of ['yangfan', 'zhoumin', 'hanxuefeng']) await office.act(account, main.path, '签署确认')
    await office.act('majun', main.path, '办结', { 做了什么: '全量数据导出至加密硬盘两块，双人交接' })
    await office.act('yangfan', main.path, '确认')
    await office.act('majun', main.path, '办结', { 清除方式: '三次覆写', 做了什么: '擦除记录 W-31' })
    await arrives('migration-support', main, 'endMigration')
  })

  test.each(PROCESSES)('%s was at every end its file names', (key) => {
    expect([...(reached.get(key)?.keys() ?? [])].sort()).toEqual(
      endsOf(key)
        .map((end) => end.id)
        .sort(),
    )
  })

  test('no page went wrong on the way', async () => {
    await office.close()
    // the product was restarted under open pages
    expect(office.troubles.filter((trouble) => !/ERR_CONNECTION|Failed to fetch|NetworkError|EventSource/i.test(trouble))).toEqual([])
  })
})
