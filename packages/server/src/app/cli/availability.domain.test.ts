import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { command } from './availability.ts'
import { UsageError } from './command.ts'

const folder = mkdtempSync(join(tmpdir(), 'availability-'))
const file = (content: unknown): string => {
  const path = join(folder, 'facts.json')
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}
const outage = { id: 'o1', from: '2026-03-01T00:00', to: '2026-03-01T01:00', ruling: 'provider' }

async function answer(facts: unknown, ...args: string[]): Promise<unknown> {
  const written: string[] = []
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0)
  expect(await command.run(['--year', '2026', '--facts', file(facts), '--json', ...args])).toBe(0)
  return JSON.parse(written.join(''))
}
afterEach(() => vi.restoreAllMocks())

describe('changbai availability', () => {
  test('an hour lost, ten minutes of it planned, one hour unmeasured', async () => {
    const facts = {
      outages: [outage, { ...outage, id: 'o2', ruling: 'not-provider', from: '2026-04-01T00:00', to: '2026-04-02T00:00' }],
      planned: [
        { from: '2026-03-01T00:30', to: '2026-03-01T00:40', noticedAt: '2026-02-20T00:00', approvedAt: '2026-02-20T16:00:00Z' },
        { from: '2026-03-01T00:45', to: '2026-03-01T00:50', noticedAt: '2026-02-20T00:00', approvedAt: null },
      ],
      unknown: [{ from: '2026-05-01T00:00', to: '2026-05-01T01:00' }],
    }
    expect(await answer(facts)).toEqual({
      countedMs: 3_000_000,
      unknownMs: 3_600_000,
      plannedMs: 600_000,
      budgetLeftMs: 28_536_000,
      availability: '31533000000/31536000000',
      met: true,
    })
  })
  test('nothing happened', async () => {
    expect(await answer({})).toMatchObject({ countedMs: 0, budgetLeftMs: 31_536_000, availability: '31536000000/31536000000', met: true })
  })
  test('an open outage ends at the end of the year, or where --as-of says; nothing is clipped to now', async () => {
    const open = { outages: [{ ...outage, from: '2026-12-31T23:00', to: null }] }
    expect(await answer(open)).toMatchObject({ countedMs: 3_600_000 })
    expect(await answer(open, '--as-of', '2026-12-31T23:00:01.5')).toMatchObject({ countedMs: 1500 })
    expect(await answer(open, '--as-of', '2027-06-01T00:00')).toMatchObject({ countedMs: 3_600_000 })
    expect(await answer({ outages: [{ ...outage, to: '2026-03-01T00:00:01' }] }, '--as-of', '2026-01-01T00:00')).toMatchObject({
      countedMs: 1000,
    })
  })
  test('the budget to the millisecond', async () => {
    const lasting = (to: string) => answer({ outages: [{ ...outage, to }] })
    expect(await lasting('2026-03-01T08:45:36')).toMatchObject({ budgetLeftMs: 0, met: true })
    expect(await lasting('2026-03-01T08:45:36.001')).toMatchObject({ budgetLeftMs: -1, met: false })
  })
  test.each<[unknown, string]>([
    [{ outages: [{ ...outage, to: '2026-02-01T00:00' }] }, 'outages[0].to'],
    [{ outages: [{ ...outage, ruling: 'maybe' }] }, 'outages[0].ruling'],
    [{ planned: [{ from: 'then', to: outage.to }] }, 'planned[0].from'],
    ['{', 'not JSON'],
  ])('%j is refused with its field', async (facts, field) => {
    const run = command.run(['--year', '2026', '--facts', file(facts)])
    await expect(run).rejects.toThrow(UsageError)
    await expect(run).rejects.toThrow(field)
  })
  test.each([
    [['--facts', 'x']],
    [['--year', '26', '--facts', 'x']],
    [['--year', '2026']],
    [['--year', '2026', '--facts', join(folder, 'none')]],
  ])('wrong use: %j', async (args) => {
    await expect(command.run(args)).rejects.toThrow(UsageError)
  })
  test('wrong --as-of', async () => {
    await expect(command.run(['--year', '2026', '--facts', file({}), '--as-of', 'later'])).rejects.toThrow('--as-of "later"')
  })
})
