import { expect, test } from 'vitest'
import { broughtOver } from './broughtOver.ts'

test('an earlier form brings over what is blank here, but neither what names the application nor days that have passed', () => {
  const from = {
    appName: '旧系统',
    appCode: 'OLD',
    contactName: '李佳琪',
    contactPhone: '13800000001',
    goLiveOn: '2026-01-01',
    funding: '省级财政',
    basisDocNo: '',
    unknownField: 'x',
  }
  expect(broughtOver('ADMISSION', from, { contactName: '杨帆' }, '2026-11-23')).toEqual({
    contactPhone: '13800000001',
    funding: '省级财政',
  })
  expect(broughtOver('ADMISSION', { goLiveOn: '2027-01-01' }, {}, '2026-11-23')).toEqual({ goLiveOn: '2027-01-01' })
})
