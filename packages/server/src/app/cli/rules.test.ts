import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, test, vi } from 'vitest'
import { parse } from 'yaml'
import type { RuleFile } from '../../modules/alarm/offline.ts'
import { UsageError } from './command.ts'
import { command } from './rules.ts'

const folder = mkdtempSync(join(tmpdir(), 'rules-'))
afterAll(() => rmSync(folder, { recursive: true }))
afterEach(() => vi.restoreAllMocks())

async function run(...args: string[]): Promise<{ code: number; out: string }> {
  let out = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text)
    return true
  })
  return { code: await command.run(args), out }
}

test('what is shipped is right, and its counts are told', async () => {
  expect(await run('check')).toMatchObject({ code: 0, out: expect.stringMatching(/^ok: \d+ packs, \d+ metrics, \d+ rules/) })
  expect(JSON.parse((await run('check', '--json')).out)).toMatchObject({ problems: [] })
})
test('compiled to a file a pack, which any reader of YAML reads', async () => {
  const to = join(folder, 'out')
  expect((await run('compile', '--to', to)).code).toBe(0)
  const file = parse(readFileSync(join(to, 'server.rules.yml'), 'utf8')) as RuleFile
  expect(file.groups[0]?.rules.find(({ alert }) => alert === 'changbai_server_cpu_busy')).toMatchObject({
    for: '10m',
    labels: { level: 'II' },
  })
  expect(parse((await run('compile')).out).groups.length).toBeGreaterThan(3)
})
test('a problem is a finding, told by file and line; compile writes nothing then', async () => {
  writeFileSync(join(folder, 'bad.yaml'), 'pack: p\ntitle: { zh: 包 }\n')
  const { code, out } = await run('check', folder)
  expect(code).toBe(1)
  expect(out).toContain(`${join(folder, 'bad.yaml')}:2 title.en `)
  expect(JSON.parse((await run('compile', folder, '--json')).out)).toMatchObject({ files: [], problems: [{ line: 2 }] })
})
test('wrong use', async () => {
  await expect(command.run(['look'])).rejects.toThrow(UsageError)
  await expect(command.run(['check', '--to', folder])).rejects.toThrow(UsageError)
})
