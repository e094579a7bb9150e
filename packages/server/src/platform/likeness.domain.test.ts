import { describe, expect, it } from 'vitest'
import { gramsOf, likenessOf } from './likeness.ts'

describe('likeness of texts', () => {
  it.each([
    ['the same', '登录收不到验证码', '登录收不到验证码', 1],
    ['all of it within more', '收不到验证码', '用户登录时收不到验证码，短信网关中断', 1],
    ['half', '门户打不开', '门户打得开', 0.5],
    ['nothing', '磁盘已满', '登录失败', 0],
    ['nothing asked', ' ，。', '登录失败', 0],
    ['one character is too little', '慢', '很慢很慢', 0],
    ['letters in any case', 'HTTP 502', 'http502 nginx', 1],
  ])('%s', (_, asked, text, share) => expect(likenessOf(asked, text)).toBe(share))
  it('does not reach across punctuation', () => expect([...gramsOf('登录。失败')]).toEqual(['登录', '失败']))
})
