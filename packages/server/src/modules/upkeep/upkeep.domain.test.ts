import { describe, expect, test } from 'vitest'
import { readReleases } from './release.domain.ts'
import { isBackupLate, isDrillLate, type Kept, removableBackups, UPGRADES_KEPT } from './retention.domain.ts'

const day = (text: string) => Temporal.PlainDate.from(text)
const keep = { keepDays: 30, keepMonths: 12 }
const nightly = (from: string, days: number): Kept[] =>
  Array.from({ length: days }, (_, n) => {
    const takenOn = day(from).add({ days: n })
    return { id: takenOn.toString(), kind: 'SCHEDULED', takenOn }
  })

describe('which backups go', () => {
  test('thirty nights stay, then the first of each month for a year', () => {
    const all = nightly('2025-08-01', 414)
    const today = day('2026-09-18')
    const gone = new Set(removableBackups(all, today, keep))
    const left = all.filter(({ id }) => !gone.has(id)).map(({ id }) => id)
    expect(left.slice(0, 11)).toEqual(
      ['2025-10', '2025-11', '2025-12', '2026-01', '2026-02', '2026-03', '2026-04', '2026-05', '2026-06', '2026-07', '2026-08'].map(
        (month) => `${month}-01`,
      ),
    )
    expect(left.slice(11)).toHaveLength(31)
    expect(left[11]).toBe('2026-08-19')
  })
  test('the newest stays however old it is', () => {
    expect(removableBackups(nightly('2024-01-01', 2), day('2026-09-18'), { keepDays: 1, keepMonths: 0 })).toEqual(['2024-01-01'])
  })
  test('of the backups before upgrades the last ones stay and count for no month', () => {
    const upgrades: Kept[] = Array.from({ length: 7 }, (_, n) => ({
      id: `u${n}`,
      kind: 'UPGRADE',
      takenOn: day('2026-01-01').add({ days: n }),
    }))
    const gone = removableBackups([...upgrades, ...nightly('2026-01-03', 1)], day('2026-09-18'), keep)
    expect(gone).toEqual(['u0', 'u1'])
    expect(upgrades).toHaveLength(UPGRADES_KEPT + 2)
  })
})

test.each([
  ['26 hours are not late', '2026-09-17T13:00:00Z', false],
  ['a minute more is', '2026-09-17T12:59:00Z', true],
])('a backup: %s', (_, last, late) =>
  expect(isBackupLate(Temporal.Instant.from(last), Temporal.Instant.from('2026-09-18T15:00:00Z'))).toBe(late),
)
test.each([
  ['35 days are not late', '2026-08-14T15:00:00Z', false],
  ['a minute more is', '2026-08-14T14:59:00Z', true],
])('a drill: %s', (_, last, late) =>
  expect(isDrillLate(Temporal.Instant.from(last), Temporal.Instant.from('2026-09-18T15:00:00Z'))).toBe(late),
)

test('releases are read from the changelog, notes over several lines, without emphasis', () => {
  const text =
    '# Changelog\n\n## Unreleased\n\nFirst\nrelease.\n\n- **Plan as data**: 96 clauses,\n  with `PLAN`.\n- Plain. **Bold**: kept.\n\n## 0.1.0\n- One\n'
  expect(readReleases(text)).toEqual([
    {
      version: 'Unreleased',
      notes: [
        { title: null, text: 'First release.' },
        { title: 'Plan as data', text: '96 clauses, with PLAN.' },
        { title: null, text: 'Plain. Bold: kept.' },
      ],
    },
    { version: '0.1.0', notes: [{ title: null, text: 'One' }] },
  ])
})
