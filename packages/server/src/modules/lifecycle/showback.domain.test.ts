import { describe, expect, it, test } from 'vitest'
import { quantitiesOf, stretchesOf, weigh } from './showback.domain.ts'

const day = (n: number) => n * 86_400_000
const MONTH = day(30)
const span = { fromMs: 0, toMs: MONTH }
const priced = (as: { vcpu: number; memGiB: number }) => ({ vcpu: as.vcpu, memGiB: as.memGiB })

describe('what was held, month by month', () => {
  test.each<[string, { vcpu: number; memGiB: number }, { atMs: number; before: object }[], typeof span, number]>([
    ['all month', { vcpu: 4, memGiB: 8 }, [], span, 4],
    ['from the tenth', { vcpu: 4, memGiB: 8 }, [], { fromMs: day(10), toMs: MONTH }, 4 * (20 / 30)],
    ['doubled on the fifteenth', { vcpu: 8, memGiB: 8 }, [{ atMs: day(15), before: { vcpu: 4 } }], span, 6],
    ['changed after the month', { vcpu: 16, memGiB: 8 }, [{ atMs: day(40), before: { vcpu: 4 } }], span, 4],
    [
      'changed twice',
      { vcpu: 8, memGiB: 8 },
      [
        { atMs: day(20), before: { vcpu: 2 } },
        { atMs: day(10), before: { vcpu: 4 } },
      ],
      span,
      (4 * 10 + 2 * 10 + 8 * 10) / 30,
    ],
    ['another field changed', { vcpu: 4, memGiB: 16 }, [{ atMs: day(15), before: { memGiB: 8 } }], span, 4],
    ['nothing of the month', { vcpu: 4, memGiB: 8 }, [], { fromMs: MONTH, toMs: MONTH }, 0],
  ])('%s', (_, now, changes, within, vcpu) => {
    expect(quantitiesOf(stretchesOf(now, changes, within, priced), MONTH).vcpu ?? 0).toBeCloseTo(vcpu, 9)
  })
})

it('each line is rounded once; what has no price weighs nothing and still shows', () => {
  const lines = weigh({ vcpu: 1.5, memGiB: 1 / 3, baremetal: 1 }, { unit: { zh: '元', en: 'CNY' }, perMonth: { vcpu: 38, memGiB: 0.1 } })
  expect(lines.map(({ key, weightCents }) => [key, weightCents])).toEqual([
    ['vcpu', 5700],
    ['memGiB', 3],
    ['baremetal', 0],
  ])
})
