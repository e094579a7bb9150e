import { execFile } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { command } from './clocks.ts'
import { UsageError } from './command.ts'

const CLI = join(import.meta.dirname, '../cli.ts')
const folder = mkdtempSync(join(tmpdir(), 'clocks-'))
const file = (name: string, content: unknown): string => {
  writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content))
  return join(folder, name)
}
const changbai = (...args: string[]): Promise<{ code: number; out: string; err: string }> =>
  new Promise((done) => {
    execFile(
      process.execPath,
      [CLI, 'clocks', ...args],
      { cwd: folder, env: { PATH: process.env.PATH ?? '', TZ: 'America/New_York' } },
      (error, out, err) => done({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, out, err }),
    )
  })

const upgraded = {
  level: 'III',
  facts: [
    { at: '2026-10-01T06:00', kind: 'level', level: 'I' },
    { at: '2026-09-30T18:08:00Z', kind: 'responded' },
    { at: '2026-10-01T02:00', kind: 'alarm' },
    { at: '2026-10-01T02:03', kind: 'reported' },
    { at: '2026-10-01T03:00', kind: 'held' },
  ],
}

describe('clocks', () => {
  test('judges with the limits of the plan, in any zone of the machine', async () => {
    const { code, out } = await changbai('--facts', file('upgraded.json', upgraded), '--as-of', '2026-10-01T02:29', '--json')
    expect(code).toBe(0)
    expect(JSON.parse(out)).toEqual([
      {
        clock: 'response',
        startAt: '2026-10-01T02:00:00+08:00',
        dueAt: '2026-10-01T02:10:00+08:00',
        doneAt: '2026-10-01T02:08:00+08:00',
        state: 'met',
      },
      { clock: 'plan', startAt: '2026-10-01T02:00:00+08:00', dueAt: '2026-10-01T02:30:00+08:00', doneAt: null, state: 'running' },
      { clock: 'solution', startAt: '2026-10-01T02:00:00+08:00', dueAt: '2026-10-01T05:00:00+08:00', doneAt: null, state: 'running' },
    ])
  })
  test('explains both judgments and the holds', async () => {
    const { out } = await changbai('--facts', file('upgraded.json', upgraded), '--as-of', '2026-10-01T06:00', '--explain', '--json')
    expect(JSON.parse(out)).toMatchObject({
      level: 'I',
      clocks: [
        {},
        {},
        {
          state: 'breached',
          judgments: [
            { level: 'III', state: 'running' },
            { level: 'I', state: 'breached' },
          ],
        },
      ],
      holds: [{ from: '2026-10-01T03:00:00+08:00', to: null }],
      heldMilliseconds: 10_800_000,
    })
  })
  test.each<[string, string[], string]>([
    ['no file', [], '--facts is missing'],
    ['a file that is not there', ['--facts', join(folder, 'none.json')], 'there is no such file'],
    ['no JSON', ['--facts', file('text.json', 'level II')], 'text.json: is not JSON'],
    [
      'a field that is wrong',
      ['--facts', file('wrong.json', { level: 'II', facts: [{ at: 'noon', kind: 'alarm' }] })],
      'facts[0].at: "noon" is not an instant',
    ],
    ['no start', ['--facts', file('empty.json', { level: 'II', facts: [] })], 'the clocks have no start'],
    ['an instant that is none', ['--facts', file('upgraded.json', upgraded), '--as-of', 'now'], '--as-of: "now" is not an instant'],
    ['a plan that is not there', ['--facts', file('upgraded.json', upgraded), '--plan', folder], 'cannot be read from the plan'],
  ])('wrong use: %s', async (_, args, message) => {
    await expect(command.run(args)).rejects.toThrow(UsageError)
    await expect(command.run(args)).rejects.toThrow(message)
  })
  test('wrong use is exit code 2, said in JSON alone', async () => {
    const { code, out, err } = await changbai('--facts', file('empty.json', { level: 'II', facts: [] }), '--json')
    expect(code).toBe(2)
    expect((JSON.parse(out) as { error: string }).error).toContain('empty.json: facts: neither an alarm nor a report')
    expect(err).not.toContain('    at ')
  })
})
