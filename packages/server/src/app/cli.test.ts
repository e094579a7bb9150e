import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { emptyDatabase, type TestDatabase, testDatabase } from '../../test/database.ts'
import { UsageError } from './cli/command.ts'
import { command as deadline } from './cli/deadline.ts'
import { runCommandLine } from './cli.ts'

const ROOT = resolve(import.meta.dirname, '../../../..')
const CLI = join(import.meta.dirname, 'cli.ts')
const folder = mkdtempSync(join(tmpdir(), 'cli-'))

interface Ran {
  code: number
  out: string
  err: string
  json: unknown
}
const toRan = (args: readonly string[], code: number, out: string, err: string): Ran => ({
  code,
  out,
  err,
  json: args.includes('--json') && out ? JSON.parse(out) : undefined,
})
/** Spawns the command line from another folder, with nothing of this process's environment but what is given: most of a second each. */
const spawned = (args: string[], env: Record<string, string> = {}): Promise<Ran> =>
  new Promise((done) => {
    execFile(
      process.execPath,
      [CLI, ...args],
      { cwd: folder, env: { PATH: process.env.PATH ?? '', ...env }, maxBuffer: 50_000_000 },
      (error, out, err) => done(toRan(args, typeof error?.code === 'number' ? error.code : error ? -1 : 0, out, err)),
    )
  })
/** The same call in this process: what it writes, and the exit code it would end with. */
async function changbai(args: string[], env: Record<string, string> = {}): Promise<Ran> {
  const said = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      said[name] += String(text)
      return true
    })
  }
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
  try {
    return toRan(args, await runCommandLine(args), said.stdout, said.stderr)
  } finally {
    vi.restoreAllMocks()
    vi.unstubAllEnvs()
  }
}
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}
const PROCESSES = join(ROOT, 'plan/jilin/processes')

describe('deadline', () => {
  test('day by day', async () => {
    const { code, json } = await spawned(['deadline', '--from', '2026-09-18T15:00', '--workdays', '2', '--json'])
    expect(code).toBe(0)
    expect(json).toMatchObject({ dueOn: '2026-09-21', dueAt: '2026-09-21T17:30:00+08:00', provisional: false })
    expect((json as { days: unknown[] }).days).toHaveLength(4)
  })
  test('into a year not announced, in English, in another zone', async () => {
    const { json } = await spawned(['deadline', '--from', '2026-12-30T02:00:00Z', '--workdays', '2', '--lang', 'en', '--json'], {
      TZ: 'America/New_York',
    })
    expect(json).toMatchObject({ dueOn: '2027-01-04', provisional: true })
    expect((json as { days: { reason: string }[] }).days[2]?.reason).toContain("New Year's Day holiday; does not count")
  })
  test('business hours and natural time', async () => {
    expect((await changbai(['deadline', '--from', '2026-09-30T16:30', '--limit', '2bh', '--json'])).json).toMatchObject({
      dueAt: '2026-10-08T09:30:00+08:00',
    })
    expect((await changbai(['deadline', '--from', '2026-09-30T16:30', '--limit', 'PT24H', '--json'])).json).toMatchObject({
      dueAt: '2026-10-01T16:30:00+08:00',
    })
  })
  test.each([
    [['--workdays', '2']],
    [['--from', '2026-09-18']],
    [['--from', '2026-09-18', '--workdays', '0']],
    [['--from', '2026-09-18', '--workdays', 'two']],
    [['--from', '2026-09-18', '--workdays', '2', '--limit', '2bh']],
    [['--from', 'yesterday', '--workdays', '2']],
    [['--from', '2026-02-30', '--workdays', '2']],
    [['--from', '2026-09-18', '--limit', 'P1M']],
    [['--from', '1850-01-01', '--workdays', '2']],
  ])('wrong use: %j', async (args) => {
    await expect(deadline.run(args)).rejects.toThrow(UsageError)
  })
  test('wrong use is exit code 2, one line on standard error, and JSON alone on standard output under --json', async () => {
    for (const [args, message] of [
      [['--from', 'yesterday', '--workdays', '2'], /yesterday/],
      [['--nonsense'], /Unknown option '--nonsense'/],
      [['--from'], /argument missing/],
      [
        ['--from', '2026-09-18', '--workdays', '2', '--plan', '/nowhere'],
        /calendar\.businessHours cannot be read from the plan in \/nowhere/,
      ],
    ] as const) {
      // a process of its own for the first: that it really ends with this code, and that nobody else writes
      const plain = await (args[0] === '--nonsense' ? spawned : changbai)(['deadline', ...args])
      expect({ code: plain.code, out: plain.out }).toEqual({ code: 2, out: '' })
      expect(plain.err).toMatch(message)
      expect(plain.err.trim().split('\n')).toHaveLength(1)
      expect(plain.err).toContain('see: changbai deadline --help')
      const { code, json } = await changbai(['deadline', '--json', ...args])
      expect({ code, json }).toEqual({ code: 2, json: { error: expect.stringMatching(message) } })
    }
  })
  test('business hours of another plan, written in another style', async () => {
    const plan = join(folder, 'plan-style')
    mkdirSync(plan, { recursive: true })
    const source = readFileSync(join(ROOT, 'plan/jilin/plan.yaml'), 'utf8')
    const late = source.replace("value: [['08:30', '12:00'], ['13:00', '17:30']]", "value: [['09:00', '18:00']]")
    const asked = ['deadline', '--from', '2026-09-18T15:00', '--workdays', '2', '--plan', plan, '--json']
    for (const text of [
      late,
      late.replace('- key: calendar.businessHours\n    group: calendar', '- group: calendar\n    key: calendar.businessHours'),
    ]) {
      writeFileSync(join(plan, 'plan.yaml'), text)
      expect((await changbai(asked)).json).toMatchObject({ dueAt: '2026-09-21T18:00:00+08:00' })
    }
  })
})

describe('plan check', () => {
  test('the shipped plan and its processes are right', async () => {
    const { code, json } = await changbai(['plan', 'check', '--json'])
    expect(json).toEqual({ clauses: 96, parameters: expect.any(Number), processes: expect.any(Number), problems: [] })
    expect(code).toBe(0)
  })
  test('file, line, field and reason of what is wrong', async () => {
    const plan = join(folder, 'plan')
    mkdirSync(join(plan, 'processes'), { recursive: true })
    const source = readFileSync(join(ROOT, 'plan/jilin/plan.yaml'), 'utf8').replace(
      'deadline: provisioning.vmWorkdays',
      'deadline: provisioning.nothing',
    )
    writeFileSync(join(plan, 'plan.yaml'), source)
    writeFileSync(join(plan, 'processes/broken.bpmn'), '<nonsense')
    const { code, json } = await changbai(['plan', 'check', plan, '--json'])
    expect(code).toBe(1)
    const line = source.slice(0, source.indexOf('deadline: provisioning.nothing')).split('\n').length
    expect(json).toMatchObject({
      clauses: 96,
      processes: 1,
      problems: [
        { file: join(plan, 'plan.yaml'), line, field: 'clauses[4.3-1a].deadline', reason: 'no parameter provisioning.nothing' },
        { file: join(plan, 'processes/broken.bpmn'), line: 1 },
      ],
    })
  })
  test('a clause without a meter, and one measured by what nothing records', async () => {
    const plan = join(folder, 'plan-unmeasured')
    mkdirSync(plan)
    const source = readFileSync(join(ROOT, 'plan/example/plan.yaml'), 'utf8')
      .replace('    meter: complete\n    of: request-admitted\n', '')
      .replace('of: facility-round', 'of: facility-rounds')
    writeFileSync(join(plan, 'plan.yaml'), source)
    const { code, json } = await changbai(['plan', 'check', plan, '--json'])
    const line = source.slice(0, source.indexOf('of: facility-rounds')).split('\n').length
    expect([code, (json as { problems: object[] }).problems]).toEqual([
      1,
      [
        { file: join(plan, 'plan.yaml'), line: expect.any(Number), field: 'clauses[A1].meter', reason: 'the clause names no meter' },
        {
          file: join(plan, 'plan.yaml'),
          line,
          field: expect.stringMatching(/^clauses\[B\d\]\.of$/),
          reason: 'nothing records facility-rounds by rhythm; there is facility-report, facility-round',
        },
      ],
    ])
  })
  test('a clause in a process that the plan does not have', async () => {
    const plan = join(folder, 'plan-clause')
    mkdirSync(join(plan, 'processes'), { recursive: true })
    writeFileSync(join(plan, 'plan.yaml'), readFileSync(join(ROOT, 'plan/jilin/plan.yaml')))
    writeFileSync(
      join(plan, 'processes/admission.bpmn'),
      readFileSync(join(PROCESSES, 'admission.bpmn'), 'utf8').replace('wf:clause="4.1"', 'wf:clause="4.9"'),
    )
    const { code, out } = await changbai(['plan', 'check', plan])
    expect(code).toBe(1)
    expect(out).toMatch(/admission\.bpmn:\d+ wf:clause="4\.9" 方案中没有条款 4\.9/)
  })
  test('a folder that is not there is wrong use, one without a plan is a finding', async () => {
    expect((await changbai(['plan', 'check', join(folder, 'nowhere')])).code).toBe(2)
    const { code, out } = await changbai(['plan', 'check', mkdtempSync(join(tmpdir(), 'empty-'))])
    expect(code).toBe(1)
    expect(out).toContain('plan.yaml:1')
    expect((await changbai(['plan', 'chek'])).code).toBe(2)
  })
})

const model = (body: string): string => `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:wf="http://changbai.dev/schema/wf" targetNamespace="test">
<bpmn:process id="p" isExecutable="true">${body}</bpmn:process></bpmn:definitions>`
const flow = (id: string, from: string, to: string): string => `<bpmn:sequenceFlow id="${id}" sourceRef="${from}" targetRef="${to}"/>`

describe('process', () => {
  test('check: a line a file', async () => {
    const { code, out } = await changbai(['process', 'check', join(PROCESSES, 'admission.bpmn')])
    expect({ code, out }).toEqual({ code: 0, out: 'ok\n' })
    const both = await changbai(['process', 'check', join(PROCESSES, 'admission.bpmn'), join(PROCESSES, 'resource-request.bpmn')])
    expect(both.out.trim().split('\n')).toHaveLength(2)
  })
  test('check: the element and the reason', async () => {
    const wrong = file(
      'wrong.bpmn',
      model(
        `<bpmn:startEvent id="s"/><bpmn:scriptTask id="evil"/><bpmn:endEvent id="e"/>${flow('f', 's', 'evil')}${flow('g', 'evil', 'e')}`,
      ),
    )
    const { code, json } = await spawned(['process', 'check', wrong, '--json'])
    expect(code).toBe(1)
    expect(json).toMatchObject({ ok: false, files: [{ file: wrong, ok: false }] })
    expect(JSON.stringify(json)).toContain('"element":"evil"')
    expect((await changbai(['process', 'check', file('no.bpmn', 'not xml')])).code).toBe(1)
  })
  test('check: a missing file is wrong use', async () => {
    expect((await changbai(['process', 'check', join(folder, 'nowhere.bpmn')])).code).toBe(2)
    expect((await changbai(['process', 'check'])).code).toBe(2)
  })
  test('play: a script to its end, without a layout', async () => {
    const small = file(
      'small.bpmn',
      model(
        `<bpmn:startEvent id="s"/><bpmn:task id="t"/><bpmn:userTask id="u"/><bpmn:endEvent id="e"/>${flow('f', 's', 't')}${flow('g', 't', 'u')}${flow('h', 'u', 'e')}`,
      ),
    )
    expect(JSON.parse((await changbai(['process', 'play', small])).out)).toEqual({
      trace: ['s', 't', 'u'],
      state: 'waiting',
      waiting: ['u'],
    })
    const script = file('script.json', JSON.stringify([{ complete: 'u' }]))
    const played = await changbai(['process', 'play', small, '--script', script, '--json'])
    expect(played).toMatchObject({ code: 0, json: { trace: ['s', 't', 'u', 'e'], state: 'completed', waiting: [] } })
  })
  test('play: a script that is none is wrong use', async () => {
    const small = join(PROCESSES, 'admission.bpmn')
    for (const text of ['[', '{}', '[{"complete":1}]', '[{"advance":"2wd"}]']) {
      expect((await changbai(['process', 'play', small, '--script', file('bad.json', text)])).code).toBe(2)
    }
    expect((await changbai(['process', 'play', small, '--script', join(folder, 'nowhere.json')])).code).toBe(2)
  })
})

describe('reclaim assess', () => {
  const rows = (valueAt: (index: number) => string | number): string =>
    [
      'timestamp,value',
      ...Array.from({ length: 14 * 288 }, (_, index) => `${new Date(index * 300_000).toISOString()},${valueAt(index)}`),
    ].join('\n')
  test('idle by the processor, kept from it by the network', async () => {
    const cpu = file(
      'cpu.csv',
      rows((index) => (index === 77 ? 2.344 : 0.13)),
    )
    const { code, json } = await changbai(['reclaim', 'assess', '--cpu', cpu, '--json'])
    expect({ code, json }).toEqual({
      code: 0,
      json: { cpuPeak: 2.344, coverage: 1, verdict: 'IDLE', reason: '长期闲置：CPU 峰值 2.344 % ≤ 3 %' },
    })
    const network = file(
      'network.csv',
      rows(() => 570_810),
    )
    const memory = file(
      'memory.csv',
      rows(() => 31),
    )
    const busy = ['reclaim', 'assess', '--cpu', cpu, '--network', network, '--lang', 'en', '--json']
    expect((await changbai(busy)).json).toMatchObject({
      verdict: 'NO_CONCLUSION',
      reason: expect.stringContaining('memory peak is not given'),
    })
    expect((await changbai([...busy, '--memory', memory])).json).toMatchObject({ verdict: 'RIGHT_SIZE' })
    expect((await changbai([...busy, '--window-days', '30'])).json).toMatchObject({ coverage: 0.466667, verdict: 'NO_CONCLUSION' })
  })
  test('wrong use, and a row that is none with its line', async () => {
    const cpu = file(
      'garbage.csv',
      rows((index) => (index === 40 ? 'n/a' : 1)),
    )
    expect((await changbai(['reclaim', 'assess', '--cpu', cpu, '--json'])).json).toEqual({
      error: `${cpu}: line 42: "n/a" is not a number; see: changbai reclaim --help`,
    })
    for (const args of [
      ['assess'],
      ['asess', '--cpu', cpu],
      ['assess', '--cpu', join(folder, 'nowhere.csv')],
      ['assess', '--cpu', cpu, '--window-days', '0'],
    ])
      expect((await changbai(['reclaim', ...args])).code).toBe(2)
  })
})

describe('the whole', () => {
  test('openapi names every endpoint of the contract', async () => {
    const { code, json } = await spawned(['openapi', '--json'])
    expect(code).toBe(0)
    expect(json).toMatchObject({
      openapi: '3.1.0',
      paths: { '/api/calendar/deadline': { get: {} }, '/api/plan/clauses/{clauseId}': { get: {} } },
    })
  })
  test('a file that is no export is a finding for verify, a missing one wrong use', async () => {
    const { code, json } = await changbai(['verify', file('export.ndjson', 'nonsense\n'), '--json'])
    expect(code).toBe(1)
    expect(json).toMatchObject({ ok: false })
    expect((await changbai(['verify', join(folder, 'nowhere')])).code).toBe(2)
    expect((await changbai(['verify', file('export.ndjson', ''), '--anchor', 'x'])).code).toBe(2)
  })
  test('no command, an unknown one', async () => {
    for (const args of [[], ['constructor'], ['--nonsense'], ['--json']]) {
      const { code, err } = await changbai(args)
      expect({ code, lines: err.trim().split('\n').length }).toEqual({ code: 2, lines: 1 })
      expect(err).toContain('deadline')
    }
    expect((await spawned(['constructor', '--json'])).json).toEqual({ error: expect.stringContaining('"constructor"') })
  })
  test('every command of the overview tells its usage', async () => {
    const overview = await spawned(['--help'])
    expect(overview.code).toBe(0)
    const names = [...overview.out.matchAll(/^ {2}([a-z]+) {2,}\S/gm)].map(([, name]) => name as string)
    expect(names.length).toBeGreaterThanOrEqual(8)
    for (const name of names) {
      const help = await changbai([name, '--help'])
      expect({ name, code: help.code, err: help.err }).toEqual({ name, code: 0, err: '' })
      expect(help.out).toContain(`usage: changbai ${name}`)
    }
  })
  test('through npm from another folder: a file is named from where the caller stands', async () => {
    writeFileSync(join(folder, 'near.bpmn'), 'not xml')
    const ran = await new Promise<{ code: unknown; out: string }>((done) => {
      execFile(
        'npm',
        ['--prefix', ROOT, 'run', '-s', 'changbai', '--', 'process', 'check', 'near.bpmn', '--json'],
        { cwd: folder, env: { PATH: process.env.PATH ?? '', HOME: folder } },
        (error, out) => done({ code: error?.code, out }),
      )
    })
    expect(ran.code).toBe(1)
    expect(JSON.parse(ran.out)).toMatchObject({ ok: false, files: [{ file: 'near.bpmn' }] })
  })
  test('what reads files only neither opens a database nor loads a driver', async () => {
    const files = [
      ['deadline', '--from', '2026-09-18', '--workdays', '1'],
      ['plan', 'check'],
      ['process', 'check', join(PROCESSES, 'admission.bpmn')],
      ['openapi'],
    ]
    const guard = file(
      'guard.mjs',
      `import { registerHooks } from 'node:module'
       registerHooks({ load(url, context, next) { if (/node_modules\\/(pg|kysely|fastify|pg-boss)\\//.test(url)) throw new Error('loaded ' + url); return next(url, context) } })`,
    )
    const run = (args: string[]) =>
      new Promise<{ failed: boolean; out: string; err: string }>((done) => {
        const env = { DATABASE_URL: 'postgresql://u:p@127.0.0.1:1/x', SECRET_FILE: join(folder, 'none.json') }
        execFile(process.execPath, ['--import', guard, CLI, ...args], { cwd: folder, env, maxBuffer: 50_000_000 }, (error, out, err) =>
          done({ failed: error !== null, out, err }),
        )
      })
    for (const args of files) {
      const { failed, out, err } = await run(args)
      expect({ args, failed, err }).toEqual({ args, failed: false, err: '' })
      expect(out).not.toBe('')
    }
    // the guard does notice
    expect((await run(['user', 'list'])).err).toMatch(/loaded .*node_modules/)
  })
})

describe('on data', () => {
  let database: TestDatabase
  let empty: TestDatabase
  const env = (url: string) => ({ DATABASE_URL: url, SECRET_FILE: join(folder, 'secrets.json') })
  beforeAll(async () => {
    database = await testDatabase()
    empty = await emptyDatabase()
    const key = Buffer.alloc(32, 7).toString('base64')
    file('secrets.json', JSON.stringify({ version: 1, encryption: key, signing: key }))
  })
  afterAll(async () => {
    await database?.drop()
    await empty?.drop()
  })

  test('an account from its making to its end, then backed up and restored', async () => {
    const on = env(database.url)
    const created = await spawned(['user', 'create', '--sign-in', 'zhoumin', '--name', '周敏', '--unit', '运营', '--json'], on)
    expect(created.err).toBe('')
    expect(created).toMatchObject({ code: 0, json: { signIn: 'zhoumin', password: expect.stringMatching(/^\S{20}$/) } })
    const again = await changbai(['user', 'create', '--sign-in', 'zhoumin', '--name', '周敏', '--json'], on)
    expect(again).toMatchObject({ code: 1, json: { type: 'urn:changbai:problem:identity.sign-in-taken' } })
    const reset = await changbai(['user', 'reset', 'zhoumin', '--json'], on)
    expect(reset.code).toBe(0)
    expect((reset.json as { password: string }).password).not.toBe((created.json as { password: string }).password)
    expect((await changbai(['user', 'disable', 'zhoumin'], on)).code).toBe(2)
    expect((await changbai(['user', 'disable', 'nobody', '--reason', '离岗'], on)).code).toBe(2)
    expect(await changbai(['user', 'disable', 'zhoumin', '--reason', '离岗', '--json'], on)).toMatchObject({
      code: 0,
      json: { active: false },
    })

    const copy = join(folder, 'all.backup')
    const taken = await spawned(['backup', copy, '--json'], on)
    expect(taken).toMatchObject({ code: 0, json: { file: copy, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) } })
    expect((await changbai(['backup', copy], on)).code).toBe(2)
    expect((await changbai(['restore', copy], on)).err).toContain('not empty')

    const restored = await changbai(['restore', copy, '--json'], env(empty.url))
    expect(restored).toMatchObject({ code: 0, json: { sha256: (taken.json as { sha256: string }).sha256 } })
    expect((await changbai(['user', 'list', '--json'], env(empty.url))).json).toMatchObject([
      { signIn: 'zhoumin', name: '周敏', active: false },
    ])
  }, 120_000)

  test('a wrong setting is wrong use, a database that is away a failure', async () => {
    expect((await changbai(['user', 'list'], { DATABASE_URL: 'mysql://x', SECRET_FILE: 'x' })).code).toBe(2)
    const away = await spawned(['user', 'list'], env('postgresql://u:p@127.0.0.1:1/x'))
    expect(away.code).toBe(1)
    expect(away.err).toContain('nothing listens')
  })
})
