import type { Answer } from '@changbai/contract/inspection.ts'
import { describe, expect, test } from 'vitest'
import { mergeDraft, withPhotos } from './draft.ts'
import { sizeWithin } from './photo.ts'
import { addressOfPoint, pointIn } from './scan.ts'

const answer = (code: string, more: Partial<Answer> = {}): Answer => ({
  code,
  result: 'OK',
  value: null,
  note: '',
  follow: 'NONE',
  photoIds: [],
  ...more,
})

describe('a round on a phone', () => {
  test('opened again it has what the server had, and over it what this phone had', () => {
    const kept = { answers: { b: answer('b', { note: '本机' }) }, doneAt: '2026-05-11T01:00:00Z' }
    const merged = mergeDraft(kept, [answer('a'), answer('b', { note: '服务器' })])
    expect(Object.values(merged.answers).map(({ code, note }) => [code, note])).toEqual([
      ['a', ''],
      ['b', '本机'],
    ])
    expect(merged.doneAt).toBe('2026-05-11T01:00:00Z')
  })
  test('a photo stands at its item once, however often it is sent', () => {
    const photos = [
      { code: 'a', fileId: 'f1' },
      { code: 'a', fileId: 'f1' },
      { code: 'a', fileId: null },
      { code: 'gone', fileId: 'f2' },
    ]
    expect(withPhotos({ answers: { a: answer('a') }, doneAt: null }, photos).answers).toEqual({ a: answer('a', { photoIds: ['f1'] }) })
  })
  test.each([
    [8000, 6000, { width: 2000, height: 1500 }],
    [3000, 9000, { width: 667, height: 2000 }],
    [640, 480, { width: 640, height: 480 }],
  ])('a photo of %i × %i is made to fit', (width, height, size) => expect(sizeWithin(width, height)).toEqual(size))
})

describe('the code of a point', () => {
  test('is read from our sheet, and as it stands', () => {
    expect(pointIn(addressOfPoint('https://cloud.example', 'JF-A-01'))).toBe('JF-A-01')
    expect(pointIn(' JF-B-02 \n')).toBe('JF-B-02')
    expect(pointIn('https://cloud.example/duty/rounds?x=1&point=JF%20C')).toBe('JF C')
  })
})
