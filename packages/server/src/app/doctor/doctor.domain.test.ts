import { createSocket } from 'node:dgram'
import { expect, test } from 'vitest'
import { checkClock, judgeOffset } from './clock.ts'
import { judgeDatabase } from './database.domain.ts'
import type { DatabaseFacts } from './database.store.ts'
import { judgeMachine, type Machine } from './machine.domain.ts'

const machine: Machine = {
  platform: 'linux',
  arch: 'arm64',
  system: 'Kylin Linux Advanced Server V10',
  glibc: '2.28',
  nodeMajor: 26,
  cores: 4,
  memoryBytes: 8e9,
  freeBytes: 100e9,
  dataDir: '/srv/changbai',
  isWritable: true,
  webBuilt: true,
}
const failing = (change: Partial<Machine>) =>
  judgeMachine({ ...machine, ...change })
    .filter(({ state }) => state !== 'ok')
    .map(({ check, state }) => `${check} ${state}`)

test('a machine that is fit has nothing to do', () => {
  expect(failing({})).toEqual([])
  expect(judgeMachine(machine).every(({ todo }) => todo === undefined)).toBe(true)
})

test.each([
  ['a processor nothing is made for', { arch: 'loong64' }, ['platform failed']],
  ['an old system library', { glibc: '2.17' }, ['platform failed']],
  ['a system without glibc', { glibc: null }, ['platform failed']],
  ['an old runtime', { nodeMajor: 20 }, ['runtime failed']],
  ['one core', { cores: 1 }, ['size warning']],
  ['a folder of somebody else', { isWritable: false }, ['disk failed']],
  ['a disk nearly full', { freeBytes: 0.5e9 }, ['disk failed']],
  ['a small disk', { freeBytes: 5e9 }, ['disk warning']],
  ['pages that were never built', { webBuilt: false }, ['pages failed']],
] as const)('%s is found', (_, change, found) => {
  expect(failing(change)).toEqual(found)
})

const facts: DatabaseFacts = {
  banner: 'PostgreSQL 15.8 on aarch64',
  major: 15,
  encoding: 'UTF8',
  settings: { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on', max_connections: '100' },
  lacking: {},
  clockAheadMs: 1,
  migrations: ['0001_a.sql', '0002_b.sql'],
}
const known = ['0001_a.sql', '0002_b.sql']
const found = (change: Partial<DatabaseFacts>) =>
  judgeDatabase({ ...facts, ...change }, known)
    .filter(({ state }) => state !== 'ok')
    .map(({ check, state, en }) => `${check} ${state}: ${en}`)

test.each([
  ['a stock server of this version', {}, []],
  ['kin of PostgreSQL', { banner: '(openGauss 5.0) compiled' }, [/database warning: openGauss: not among the supported/]],
  ['an old server', { major: 13 }, [/database failed: PostgreSQL 13 is too old/]],
  ['a missing extension', { lacking: { pg_trgm: 'the extension is not available' } }, [/database failed: It lacks extension pg_trgm/]],
  ['an encoding that loses Chinese', { encoding: 'SQL_ASCII' }, [/encoding is SQL_ASCII/]],
  ['commits that a power cut loses', { settings: { ...facts.settings, fsync: 'off' } }, [/fsync is off/]],
  ['too few connections', { settings: { ...facts.settings, max_connections: '20' } }, [/max_connections is 20/]],
  ['a newer database', { migrations: [...known, '0003_c.sql'] }, [/schema failed: The database is newer/]],
  ['an older database', { migrations: ['0001_a.sql'] }, [/schema warning: 1 migrations are not applied/]],
  ['an empty database', { migrations: null }, [/schema warning: 2 migrations/]],
] as const)('%s', (_, change, expected) => {
  const said = found(change as Partial<DatabaseFacts>)
  expect(said).toHaveLength(expected.length)
  expected.forEach((pattern, index) => {
    expect(said[index]).toMatch(pattern)
  })
})

test.each([
  [0, 'ok'],
  [-100, 'ok'],
  [101, 'warning'],
  [-1_000, 'warning'],
  [1_001, 'failed'],
])('a clock %i ms off is %s', (offset, state) => {
  expect(judgeOffset('x', 'x', offset).state).toBe(state)
})

test('the clock is compared with a time server, an hour off is found, and silence is no agreement', async () => {
  const server = createSocket('udp4')
  server.on('message', (_, from) => {
    const answer = Buffer.alloc(48)
    const seconds = (Date.now() + 3_600_000) / 1000 + 2_208_988_800
    answer.writeUInt32BE(Math.floor(seconds), 40)
    answer.writeUInt32BE(Math.floor((seconds % 1) * 2 ** 32), 44)
    server.send(answer, from.port, from.address)
  })
  await new Promise<void>((resolve) => server.bind(0, '127.0.0.1', resolve))
  const { port } = server.address()
  const heard = await checkClock(`127.0.0.1:${port}`)
  expect(heard.state).toBe('failed')
  expect(Number(/(\d+) ms/.exec(heard.en)?.[1]) / 3_600_000).toBeCloseTo(1, 2)
  server.close()
  expect((await checkClock(`127.0.0.1:${port}`)).state).toBe('failed')
  expect((await checkClock(undefined)).state).toBe('unknown')
})
