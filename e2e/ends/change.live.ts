import { beforeAll, describe, expect, test } from 'vitest'
import { finishChange, handInChange, judgeChange } from './steps.ts'
import { HOUR_MS, tellStory } from './story.ts'

const GROWS = { 业务量依据: '办件量评估 2026-03' }

tellStory('resource-change', (story) => {
  describe('the first day', () => {
    test('endRejected: more memory that can wait', async () => {
      const from = story.tenOClockIn(9)
      const refused = await handInChange(story.office, 'yangfan', {
        thing: 'fire-report-01',
        title: '报表服务器加内存',
        items: [{ attr: '内存（GiB）', to: '20' }],
        window: [from, from + HOUR_MS],
        fields: GROWS,
      })
      await judgeChange(story.office, refused, { grows: true, verdict: '不予通过' })
      await story.arrives(refused, 'endRejected')
    })

    test('endExpired begins: sent back, and never corrected', async () => {
      const from = story.tenOClockIn(12)
      const sentBack = await handInChange(story.office, 'yangfan', {
        thing: 'fire-report-01',
        title: '报表服务器换镜像',
        items: [{ attr: '其他', to: '升级报表组件' }],
        window: [from, from + HOUR_MS],
      })
      await story.office.giveBack('zhoumin', sentBack.path, '说明组件版本与影响')
      story.keep('returned', sentBack)
    })

    test('endRolledBack: the application side says no', async () => {
      const failing = await handInChange(story.office, 'yangfan', {
        thing: 'fire-legacy-01',
        title: '旧服务器加内存',
        items: [{ attr: '内存（GiB）', to: '10' }],
        window: story.today(),
        fields: GROWS,
      })
      await judgeChange(story.office, failing, { grows: true })
      await story.office.until(failing.instanceId, ['verifyChange'])
      await story.office.act('yangfan', failing.path, '不通过', { 验证所见: '办件页超时', 意见: '回退' })
      await story.office.until(failing.instanceId, ['reviewFailure'])
      await story.office.act('zhaolixin', failing.path, '办结', { 失败原因: '连接池上限与内存不配', 改进措施: '评估表增加连接池一项' })
      await story.arrives(failing, 'endRolledBack')
    })

    test('endChange begins: waits for a window that the customer recognised', async () => {
      const from = story.tenOClockIn(4)
      const main = await handInChange(story.office, 'yangfan', {
        thing: 'fire-report-01',
        title: '报表服务器扩内存',
        items: [{ attr: '内存（GiB）', to: '20' }],
        window: [from, from + 8 * HOUR_MS],
        downtime: true,
        fields: GROWS,
      })
      await judgeChange(story.office, main, { grows: true })
      await story.office.until(main.instanceId, ['awaitDowntime'])
      await story.office.recognise(main.number)
      await story.office.until(main.instanceId, ['awaitWindow'])
      story.keep('main', main)
    })

    test('endCancelled begins: a window that nobody recognises', async () => {
      const from = story.tenOClockIn(3)
      const unheard = await handInChange(story.office, 'yangfan', {
        thing: 'fire-archive-01',
        title: '归档服务器换镜像',
        items: [{ attr: '重启', to: '' }],
        window: [from, from + HOUR_MS],
        downtime: true,
      })
      await judgeChange(story.office, unheard)
      await story.office.until(unheard.instanceId, ['awaitDowntime'])
      story.keep('unheard', unheard)
    })

    test('endViolation begins: in an emergency, the papers come later', async () => {
      const { office } = story
      const applications = await office.read<{ items: { id: string }[] }>('/inventory/applications?limit=50', 'yangfan')
      const page = await office.at('yangfan')
      const reported = await page.request.post(`${story.url}/api/incidents`, {
        data: {
          title: '报表服务无响应',
          symptom: '报表页一直等待',
          criteria: ['PART_FAILED'],
          applicationId: applications.items[0]?.id,
          reporterName: '杨帆',
        },
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
      story.keep('urgent', urgent)
    })
  })

  describe('the day of the window', () => {
    beforeAll(() => story.quarterPastTenIn(4))

    test('endChange: what waited is done', async () => {
      const main = story.matter('main')
      await finishChange(story.office, main)
      await story.arrives(main, 'endChange')
    })

    test('endCancelled: what nobody recognised is given up', async () => {
      const unheard = story.matter('unheard')
      await story.office.until(unheard.instanceId, ['rearrange'])
      await story.office.act('yangfan', unheard.path, '撤销', {}, '月底前不再安排')
      await story.arrives(unheard, 'endCancelled')
    })

    test('endViolation: the papers are late, and come all the same', async () => {
      const urgent = story.matter('urgent')
      await story.arrives(urgent, 'endViolation')
      await story.office.act('zhaolixin', urgent.path, '提交', { 补单说明: '值班电话获批后重启，五分钟恢复' })
      await story.office.ended(urgent.instanceId, 'endChange')
    })
  })

  describe('when the time to correct is over', () => {
    beforeAll(() => story.until([['returned', 'endExpired']], 4))

    test('endExpired: what was never corrected', () => story.arrives(story.matter('returned'), 'endExpired'))
  })
})
