import { expect, test } from 'vitest'
import { columnsOf, readable, wordDifferences, wordField, wordStructure } from './structure.ts'

const clocks = [
  { severity: 'I', zh: '系统崩溃', en: 'Business stopped', responseMinutes: 10, resolveMinutes: 180 },
  { severity: 'II', zh: '部分失效', en: 'Parts failed', responseMinutes: 10, resolveMinutes: 360 },
]

test('spans and plain lists are told in full, entries by their number', () => {
  const hours = [
    ['08:30', '12:00'],
    ['13:00', '17:30'],
  ]
  expect(wordStructure(hours, null, 'zh-CN')).toBe('08:30–12:00、13:00–17:30')
  expect(wordStructure(['22:00', '06:00'], null, 'en-US')).toBe('22:00–06:00')
  expect(wordStructure([60, 30, 7], 'day', 'zh-CN')).toBe('60 天、30 天、7 天')
  expect(wordStructure(clocks, null, 'en-US')).toBe('2 entries')
})

test('an entry is read in one language and names itself first', () => {
  expect(columnsOf(clocks.map((entry) => readable(entry, 'zh-CN')))).toEqual(['severity', 'name', 'responseMinutes', 'resolveMinutes'])
  expect(readable(clocks[0] as never, 'en-US')['name']).toBe('Business stopped')
})

test('a field is told in its unit, a bound as a bound', () => {
  expect(wordField('resolveMinutes', 180, 'zh-CN')).toBe('3 小时')
  expect(wordField('responseMinutes', 10, 'en-US')).toBe('10 min')
  expect(
    wordField(
      'all',
      [
        { metric: 'cpuPeakPercent', atMost: 3 },
        { metric: 'connections', below: 1 },
      ],
      'zh-CN',
    ),
  ).toBe('CPU 峰值 % ≤ 3；连接数 < 1')
  expect(wordField('limit', '2wd', 'en-US')).toBe('2 working days')
  expect(wordField('okTo', undefined, 'en-US')).toBe('—')
})

test('a change names the entry and the field, not the whole structure', () => {
  const shorter = [clocks[1], { ...clocks[0], responseMinutes: 5 }] as never
  expect(wordDifferences(clocks, shorter, 'zh-CN')).toEqual(['I · 响应 10 分 → 5 分'])
  expect(wordDifferences(clocks, [clocks[0]] as never, 'en-US')).toEqual(['II removed'])
  expect(wordDifferences([50, 80], [50, 90], 'en-US')).toEqual(['50, 80 → 50, 90'])
  expect(wordDifferences({ days: 30 }, { days: 60 }, 'zh-CN')).toEqual(['观察天数 30 → 60'])
})
