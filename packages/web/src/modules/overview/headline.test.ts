import { expect, test } from 'vitest'
import { judge } from './headline.ts'

const well = { COMPLIANT: 90, BREACHED: 0, NO_DATA: 0 }

test.each([
  ['all read and nothing wrong', judge(well, ['UP', 'UP'], 0), 'title_well', 0],
  ['nothing read yet', judge(undefined, undefined, undefined), 'title_unread', 1],
  ['the board refused or failed', judge(undefined, ['UP'], 0), 'title_unread', 1],
  ['incidents not read', judge(well, ['UP'], undefined), 'title_unread', 1],
  ['clauses without data are not kept', judge({ ...well, NO_DATA: 17 }, ['UP'], 0), 'title_noData', 17],
  ['an application nobody can see', judge({ ...well, NO_DATA: 17 }, ['UP', 'UNKNOWN'], 0), 'title_unknown', 1],
  ['a broken promise before what is unknown', judge({ BREACHED: 2, NO_DATA: 17 }, ['UNKNOWN'], 0), 'title_broken', 2],
  ['incidents before promises', judge({ BREACHED: 2 }, ['UP'], 3), 'title_trouble', 3],
  ['an outage before everything, even where the board failed', judge(undefined, ['DOWN', 'UP'], 3), 'title_down', 1],
] as const)('%s', (_, said, key, count) => {
  expect(said).toEqual({ key, count })
})
