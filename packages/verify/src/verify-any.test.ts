import { describe, expect, test } from 'vitest'
import { EXPORT_FORMAT } from './availability/export-lines.ts'
import { LEDGER_FORMAT } from './ledger.domain.ts'
import { verifyAny } from './verify-any.ts'

const header = (format: string) => JSON.stringify({ type: 'header', format })

describe('which verifier reads a file follows from its first line', () => {
  test.each([
    ['availability', [header(EXPORT_FORMAT), '{}'], 'availability'],
    ['ledger', [header(LEDGER_FORMAT), '{}'], 'ledger'],
    ['anything else is read as a ledger, and found wanting', ['nonsense'], 'ledger'],
    ['nothing', [], 'ledger'],
  ] as const)('%s', async (_what, lines, kind) => {
    const report = await verifyAny(lines)
    expect(report).toMatchObject({ kind, ok: false })
    expect(report.findings.length).toBeGreaterThan(0)
  })
  test('every line is read once, the first too', async () => {
    async function* lines() {
      yield header(LEDGER_FORMAT)
      yield 'nonsense'
    }
    const { findings } = await verifyAny(lines())
    expect(findings.map(({ zh }) => zh).join()).toContain('第 2 行')
  })
})
