import { sampleOf } from '@changbai/contract/form-samples.ts'
import { expect, test } from 'vitest'
import { catalogTotals } from '../../admission/domain/catalog.ts'
import { checkProvision } from './provision.ts'

test('the sample order asks for what the sample catalogue sums up', () => {
  const facts = { today: '2026-11-23', expansion: false, token: '3f7a', offered: { imageId: 'uos', az: 'az1', backupPolicyId: 'daily-30' } }
  const day = (text: string) => Temporal.PlainDate.from(text)
  const { gaps } = checkProvision(sampleOf('PROVISION_FORM', facts), new Set(['basis', 'officialLetter']), {
    flavors: new Map(),
    images: new Set(['uos']),
    zones: new Set(['az1']),
    models: new Map(),
    backupPolicies: new Set(['daily-30']),
    catalogTotals: catalogTotals(sampleOf('CATALOG', facts)),
    deviationLimitPct: 0,
    today: day('2026-11-23'),
    earliestReadyOn: { vm: day('2026-11-25'), baremetal: day('2026-12-02') },
    kind: 'NEW',
  })
  expect(gaps).toEqual([])
})
