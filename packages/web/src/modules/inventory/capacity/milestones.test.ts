import { expect, test } from 'vitest'
import { readMilestones } from './milestones.ts'

test.each([
  [
    '到货 2026-08-31\n\n上架 联调  2026-09-20 ',
    [
      { name: '到货', dueOn: '2026-08-31' },
      { name: '上架 联调', dueOn: '2026-09-20' },
    ],
  ],
  ['到货', null],
  ['2026-08-31', null],
  ['', null],
] as const)('%j', (lines, read) => expect(readMilestones(lines)).toEqual(read))
