import { beforeAll, describe, test } from 'vitest'
import { assess, detectAndBegin, finishChange, handInChange, judgeChange, offer, putAside } from './steps.ts'
import { tellStory } from './story.ts'

tellStory('storage-reclaim', (story) => {
  describe('the first day', () => {
    test('endKept and endCancelled: one is kept, and ended at once when it is found again', async () => {
      const { office } = story
      const kept = await detectAndBegin(office, 'fire-old-data')
      await assess(office, kept, '维持', '维持', { 意见: '归档数据待移交' })
      await story.arrives(kept, 'endKept')
      const exempt = await detectAndBegin(office, 'fire-old-data')
      await story.arrives(exempt, 'endCancelled')
    })

    test('endReminded begins: released says operation, and the owner does not answer', async () => {
      const unanswered = await offer(story.office, '存储卷', 'fire-old-data')
      await assess(story.office, unanswered, '释放', '释放')
      story.keep('unanswered', unanswered)
    })

    test('endTiered: to a cheaper tier by a change', async () => {
      const { office } = story
      const cheaper = await detectAndBegin(office, 'fire-cold-data')
      await assess(office, cheaper, '降档', '降档')
      await office.act('yangfan', cheaper.path, '确认')
      const tier = await handInChange(office, 'yangfan', {
        thing: 'fire-cold-data',
        title: '冷数据卷降档',
        items: [{ attr: '性能档', to: 'SATA' }],
        window: story.today(),
      })
      await judgeChange(office, tier)
      await finishChange(office, tier)
      await office.act('zhoumin', cheaper.path, '办结', { 变更单号: tier.number, 新档位: 'SATA' })
      await story.arrives(cheaper, 'endTiered')
    })

    test('endShrunk begins: replaced by a smaller one, the old one put aside', async () => {
      const { office } = story
      const smaller = await offer(office, '存储卷', 'fire-cold-data')
      await assess(office, smaller, '换小卷', '换小卷')
      await office.act('yangfan', smaller.path, '确认')
      const replaced = await handInChange(office, 'yangfan', {
        thing: 'fire-cold-data',
        title: '冷数据卷换小',
        items: [{ attr: '其他', to: '另建 800 GiB 卷，迁移数据后停用旧卷' }],
        window: story.today(),
      })
      await judgeChange(office, replaced)
      await finishChange(office, replaced)
      await office.act('zhoumin', smaller.path, '办结', { 变更单号: replaced.number, 新卷容量: '800' })
      await putAside(office, smaller)
      story.keep('smaller', smaller)
    })
  })

  describe('when the bureau was reminded twice', () => {
    // the second reminder and the end of the time to answer are two working days apart
    beforeAll(() => story.until([['unanswered', 'endRemindedAgain']], 2))

    test('endReminded and endRemindedAgain: it agrees at last', async () => {
      const volume = story.matter('unanswered')
      for (const end of ['endReminded', 'endRemindedAgain']) await story.arrives(volume, end)
      await story.office.act('yangfan', volume.path, '确认')
      await putAside(story.office, volume)
    })
  })

  describe('when what was frozen has cooled down', () => {
    beforeAll(() =>
      story.until(
        [
          ['smaller', 'endShrunk'],
          ['unanswered', 'endReleased'],
        ],
        4,
      ),
    )

    test('endShrunk: the larger one is gone', () => story.arrives(story.matter('smaller'), 'endShrunk'))
    test('endReleased: the silent one is gone', () => story.arrives(story.matter('unanswered'), 'endReleased'))
  })
})
