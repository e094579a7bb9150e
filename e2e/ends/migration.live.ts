import { beforeAll, describe, test } from 'vitest'
import { applyForMigration, type Matter, planMigration, runCutover, surveyMigration } from './steps.ts'
import { tellStory } from './story.ts'

/** The demo's application of the bureau whose people act here. */
const APPLICATION = /林业和草原局/

tellStory('migration-support', (story) => {
  let application = ''
  beforeAll(async () => {
    const { items } = await story.office.read<{ items: { name: string }[] }>('/inventory/applications?limit=50', 'yangfan')
    application = items.find(({ name }) => APPLICATION.test(name))?.name ?? ''
  })
  async function planned(daysAhead: number): Promise<Matter> {
    const one = await applyForMigration(story.office, { direction: '出云', application })
    await surveyMigration(story.office, one)
    await planMigration(story.office, one, story.tenOClockIn(daysAhead))
    return one
  }

  describe('the first day', () => {
    test('endRejected: not feasible as it is', async () => {
      const refused = await applyForMigration(story.office, { direction: '云内迁移', application })
      await surveyMigration(story.office, refused)
      await story.office.act('zhaolixin', refused.path, '不可行', { 改造建议: '先把会话从本机移到缓存' })
      await story.arrives(refused, 'endRejected')
    })

    test('endExpired begins: sent back, and never corrected', async () => {
      const sentBack = await applyForMigration(story.office, { direction: '云内迁移', application })
      await story.office.giveBack('zhoumin', sentBack.path, '补充源环境网络图')
      story.keep('returned', sentBack)
    })

    test('endMigration begins: planned, rehearsed, its window recognised', async () => {
      const main = await planned(4)
      await story.office.recognise(main.number)
      story.keep('main', main)
    })
    test('endRolledBack begins: planned, its window recognised', async () => {
      const back = await planned(4)
      await story.office.recognise(back.number)
      story.keep('back', back)
    })
    test('endCancelled begins: a window that nobody recognises', async () => story.keep('unheard', await planned(3)))
  })

  describe('the day of the windows', () => {
    beforeAll(() => story.quarterPastTenIn(4))

    test('endCancelled: the one nobody recognised never begins', async () => {
      const unheard = story.matter('unheard')
      await story.office.until(unheard.instanceId, ['rearrange'])
      await story.office.act('yangfan', unheard.path, '撤销', {}, '机房改造，另行申请')
      await story.arrives(unheard, 'endCancelled')
    })

    test('endRolledBack: back before the point of decision', async () => {
      const back = story.matter('back')
      await story.office.until(back.instanceId, ['cutover'])
      await story.office.act('majun', back.path, '回退', { 意见: '增量同步追不上' })
      await story.office.act('majun', back.path, '办结', { 做了什么: '恢复源库写入，域名未切，业务正常' })
      await story.arrives(back, 'endRolledBack')
    })

    test('endMigration goes on: cut over by its run sheet', async () => {
      const main = story.matter('main')
      await runCutover(story.office, main)
      await story.office.act('yangfan', main.path, '办结')
      await story.office.act('yangfan', main.path, '通过')
      await story.office.until(main.instanceId, ['observe'])
    })
  })

  describe('when the time of watching is over', () => {
    beforeAll(() =>
      story.until(
        [
          ['main', 'observe'],
          ['returned', 'endExpired'],
        ],
        4,
      ),
    )

    test('endExpired: what was never corrected', () => story.arrives(story.matter('returned'), 'endExpired'))

    test('endMigration: three parties sign, the data go out, the source is erased', async () => {
      const { office } = story
      const main = story.matter('main')
      await office.until(main.instanceId, ['confirmByApplication'])
      for (const account of ['yangfan', 'zhoumin', 'hanxuefeng']) await office.act(account, main.path, '签署确认')
      await office.act('majun', main.path, '办结', { 做了什么: '全量数据导出至加密硬盘两块，双人交接' })
      await office.act('yangfan', main.path, '确认')
      await office.act('majun', main.path, '办结', { 清除方式: '三次覆写', 做了什么: '擦除记录 W-31' })
      await story.arrives(main, 'endMigration')
    })
  })
})
