import { beforeAll, describe, test } from 'vitest'
import { assess, caseOf, detectAndBegin, finishChange, handInChange, judgeChange, offer, putAside } from './steps.ts'
import { tellStory } from './story.ts'

tellStory('server-reclaim', (story) => {
  describe('the first day', () => {
    test('endKept and endCancelled: one is kept, and ended at once when it is found again', async () => {
      const { office } = story
      const idle = await caseOf(office, 'fire-legacy-01')
      await assess(office, idle, '维持', '维持', { 意见: '年底演练要用' })
      await story.arrives(idle, 'endKept')
      const exempt = await detectAndBegin(office, 'fire-legacy-01')
      await story.arrives(exempt, 'endCancelled')
    })

    test('endShrunk begins: a cluster down to the least its bureau needs', async () => {
      const { office } = story
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
      story.keep('cluster', cluster)
    })

    test('endReleased begins: offered by its owner, had back once, offered again', async () => {
      const { office } = story
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
      story.keep('offered', offered)
    })

    test('endReminded begins: asked already, and nobody answers', async () => {
      story.keep('too-large', await caseOf(story.office, 'fire-archive-01'))
    })
  })

  describe('when the bureau was reminded twice', () => {
    // the second reminder and the end of the time to answer are two working days apart
    beforeAll(() => story.until([['too-large', 'endRemindedAgain']], 2))

    test('endReminded and endRemindedAgain', async () => {
      for (const end of ['endReminded', 'endRemindedAgain']) await story.arrives(story.matter('too-large'), end)
    })

    test('endRightSized: it agrees at last, and a change makes it smaller', async () => {
      const { office } = story
      const large = story.matter('too-large')
      await office.act('renjing', large.path, '确认')
      const change = await handInChange(office, 'yangfan', {
        thing: 'fire-archive-01',
        title: '归档服务器换小规格',
        items: [
          { attr: 'vCPU（核）', to: '8' },
          { attr: '内存（GiB）', to: '32' },
        ],
        window: story.today(),
      })
      await judgeChange(office, change)
      await finishChange(office, change)
      await office.act('zhoumin', large.path, '办结', { 变更单号: change.number, '替换后 vCPU': '8', 替换后内存: '32' })
      await story.arrives(large, 'endRightSized')
    })

    test('endShrunk: the cluster has cooled down', () => story.arrives(story.matter('cluster'), 'endShrunk'))

    test('endReleased: erased by two people', async () => {
      const offered = story.matter('offered')
      await story.office.until(offered.instanceId, ['manualRelease'])
      const proof = { 清除方式: '三次覆写', 操作人: '马骏', 见证人: '徐然', 证据: '擦除记录 W-17' }
      await story.office.act('majun', offered.path, '办结', proof)
      await story.arrives(offered, 'endReleased')
    })
  })
})
