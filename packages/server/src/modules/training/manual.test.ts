import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isRole, roleCodes } from '@changbai/contract/capability.ts'
import { manualOf, manualTasks } from '@changbai/contract/manual.text.ts'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { startTestServer, type TestServer } from '../../../test/harness.ts'
import { demoSignIns } from '../../app/demo/people.ts'
import { readZip } from '../../platform/zip.ts'
import { printManual } from './manual.ts'

describe('the manual', () => {
  test.each(roleCodes.filter((role) => manualOf(role).length === 0))('has tasks for %s', (role) => expect(role).toBe(''))
  test.each(manualTasks)('$id: in two languages, of roles there are, by a person of the demonstration who holds one of them', (task) => {
    for (const { zh, en } of [task.title, task.why, ...task.steps]) {
      expect(zh).toMatch(/\p{Script=Han}/u)
      expect(en).not.toMatch(/\p{Script=Han}/u)
    }
    expect(task.roles.every(isRole)).toBe(true)
    expect(demoSignIns.map(({ signIn }) => signIn)).toContain(task.signIn)
  })
})

describe('on paper', () => {
  let t: TestServer
  beforeAll(async () => {
    t = await startTestServer()
  })
  afterAll(() => t.stop())
  it('holds every task of the role, and the picture of each that has one', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'manual-'))
    const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')
    writeFileSync(join(folder, 'rounds.zh-CN.png'), png)
    const { bytes } = await t.inTx((ctx) => printManual(ctx, { role: 'MAINTENANCE_ENGINEER' }, folder))
    const files = readZip(Buffer.from(bytes as Uint8Array))
    const words = files.find(({ name }) => name === 'word/document.xml')?.bytes.toString() ?? ''
    for (const { title } of manualOf('MAINTENANCE_ENGINEER')) expect(words).toContain(title.zh)
    expect(files.filter(({ name }) => name.startsWith('word/media/'))).toHaveLength(1)
  })
})
