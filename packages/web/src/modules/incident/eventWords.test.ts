import { expect, test } from 'vitest'
import { eventWords } from './eventWords.ts'

test.each([
  ['首次告警', 'First alarm'],
  ['再次告警：磁盘 95%', 'Alarm again: 磁盘 95%'],
  ['并入 SJ-20261123-0001', 'Merged into SJ-20261123-0001'],
  ['SJ-20261123-0002 登录慢（杨帆）并入', 'SJ-20261123-0002 登录慢 (杨帆) was merged into this one'],
  ['退回：缺证据', 'Returned: 缺证据'],
  ['已联系厂商', '已联系厂商'],
])('%s in English: %s; in Chinese as it is', (text, english) => {
  expect(eventWords(text, 'en-US')).toBe(english)
  expect(eventWords(text, 'zh-CN')).toBe(text)
})
