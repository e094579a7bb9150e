import { createHash } from 'node:crypto'
import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { toProblem } from './problem.ts'
import { shown, writeBook } from './sheets.ts'

const PAGE = 50
/** What packing does not make much smaller. */
const textOf = (seed: string): string => createHash('shake256', { outputLength: 6_000 }).update(seed).digest('base64')
async function* pages(count: number, asked?: () => void): AsyncIterable<readonly string[]> {
  for (let page = 0; page < count; page += 1) {
    asked?.()
    yield Array.from({ length: PAGE }, (_, n) => textOf(`${page}-${n}`))
  }
}
const order = (rows: AsyncIterable<readonly string[]>) => ({
  name: '申请',
  columns: [{ zh: '名称', en: 'Name', cell: (row: string) => row }],
  pages: rows,
})

test('rows are asked for no faster than the file takes them', async () => {
  let taken = 0
  let takenAtLastPage = 0
  const slow = new Writable({
    highWaterMark: 1,
    write(chunk: Buffer, _encoding, done) {
      taken += chunk.length
      setTimeout(done, 1)
    },
  })
  const rows = pages(20, () => {
    takenAtLastPage = taken
  })
  expect(await writeBook(slow, order(rows), 'zh-CN')).toBe(20 * PAGE)
  expect(takenAtLastPage).toBeGreaterThan(taken / 2)
})

test.each([0, 20_000])('a disk that is full after %i bytes ends the export and says so; nothing more is read', async (room) => {
  let asked = 0
  let taken = 0
  const full = new Writable({
    write(chunk: Buffer, _encoding, done) {
      taken += chunk.length
      done(taken > room ? Object.assign(new Error('no space left on device'), { code: 'ENOSPC' }) : null)
    },
  })
  const failure = await writeBook(
    full,
    order(
      pages(400, () => {
        asked += 1
      }),
    ),
    'zh-CN',
  ).catch((error: unknown) => error)
  expect(failure).toMatchObject({ code: 'ENOSPC' })
  expect(asked).toBeLessThan(400)
  expect(toProblem(failure, 'en-US', 'r-1')).toMatchObject({
    body: { status: 507, title: expect.stringContaining('is full') },
    expected: false,
  })
})

test.each(['ENOSPC', 'EDQUOT', '53100'])('%s is a full disk, told as such', (code) => {
  expect(toProblem(Object.assign(new Error('x'), { code }), 'zh-CN', 'r-2').body).toMatchObject({
    status: 507,
    type: 'urn:changbai:problem:disk-full',
  })
})

test.each([
  ['the driver after a fail-over', new Error('Client has encountered a connection error and is not queryable')],
  ['a pipe that broke', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })],
])('%s is no fault of ours: come again', (_what, error) =>
  expect(toProblem(error, 'zh-CN', 'r-3').body).toMatchObject({ status: 503, type: 'urn:changbai:problem:unavailable' }),
)
test('a number of somebody’s telephone is whole in no cell, whatever the column', () =>
  expect(['回电 13804317788', '合同 2026-0918-0001', 12, null].map(shown)).toEqual(['回电 138****7788', '合同 2026-0918-0001', 12, null]))
