import { isSample, type SampleFacts, sampleOf } from '@changbai/contract/form-samples.ts'
import { expect, test } from 'vitest'
import { admissionGaps } from './admission.ts'
import { catalogCalculations } from './calculations.ts'
import { catalogGaps } from './catalog.ts'

const facts: SampleFacts = { today: '2026-11-23', expansion: false, token: '3f7a', offered: {} }
const FILES = new Set(['basisFile', 'mlpsCert', 'cryptoPlan', 'topology', 'architectureDiagram', 'officialLetter'])

test('a sample is complete but for its papers, and says what it is', () => {
  expect(admissionGaps(sampleOf('ADMISSION', facts), FILES, 'NEW', 3)).toEqual([])
  expect(catalogGaps(sampleOf('CATALOG', facts), FILES, 'NEW')).toEqual([])
  expect(catalogGaps(sampleOf('CATALOG', { ...facts, expansion: true }), FILES, 'EXPANSION')).toEqual([])
  for (const kind of ['ADMISSION', 'CATALOG', 'PROVISION_FORM'] as const) expect(isSample(sampleOf(kind, facts))).toBe(true)
  expect(isSample({ intro: '正式内容' })).toBe(false)
})

test('the servers of the sample are what its own load asks for', () => {
  const content = sampleOf('CATALOG', facts)
  const servers = catalogCalculations(content, 'NEW').find((one) => one.key === 'SERVERS')
  expect(servers?.result).toBe((content['appServerEstimate'] as { nodes: number }).nodes)
})
