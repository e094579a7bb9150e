import { type Amounts, noAmounts } from '@changbai/contract/inventory.ts'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Candidate, choosePool, lessOf, usableOf } from './pool.domain.ts'

const amounts = (some: Partial<Amounts>): Amounts => ({ ...noAmounts, ...some })
const pool = (id: string, usable: Partial<Amounts>, free: Partial<Amounts>): Candidate => ({
  id,
  name: id,
  usable: amounts(usable),
  free: amounts(free),
})

describe('which pool takes a request', () => {
  const roomy = pool('roomy', { vcpu: 100, memGiB: 100 }, { vcpu: 90, memGiB: 90 })
  const tight = pool('tight', { vcpu: 100, memGiB: 100 }, { vcpu: 20, memGiB: 20 })

  test.each([
    ['a small one goes where little is left', { vcpu: 10, memGiB: 10 }, 'tight', []],
    ['exactly what is free still fits', { vcpu: 20, memGiB: 20 }, 'tight', []],
    ['a large one goes where it fits', { vcpu: 21, memGiB: 1 }, 'roomy', []],
    ['too much anywhere: the best there is', { vcpu: 91 }, null, [{ what: 'vcpu', wanted: 91, free: 90 }]],
    ['nothing wanted fits anywhere', {}, 'tight', []],
  ])('%s', (_what, wanted, chosen, shortages) => {
    const answer = choosePool(amounts(wanted), [roomy, tight])
    expect([answer.pool?.id ?? null, answer.shortages]).toEqual([chosen, shortages])
  })

  test('each amount fits somewhere but not together: what the roomiest lacks', () => {
    const cores = pool('cores', { vcpu: 100, memGiB: 100 }, { vcpu: 100, memGiB: 1 })
    const memory = pool('memory', { vcpu: 100, memGiB: 100 }, { vcpu: 1, memGiB: 100 })
    const answer = choosePool(amounts({ vcpu: 50, memGiB: 50 }), [cores, memory])
    expect(answer.pool).toBeNull()
    expect(answer.shortages).toHaveLength(1)
  })

  test('no pool at all: everything wanted is short', () => {
    expect(choosePool(amounts({ baremetal: 1 }), []).shortages).toEqual([{ what: 'baremetal', wanted: 1, free: 0 }])
  })

  test('whatever is chosen, nothing is short in it', () => {
    const some = fc.record({
      vcpu: fc.nat(50),
      memGiB: fc.nat(50),
      storageGiB: fc.nat(50),
      publicAddresses: fc.nat(5),
      baremetal: fc.nat(5),
    })
    fc.assert(
      fc.property(some, fc.array(some, { maxLength: 5 }), (wanted, frees) => {
        const pools = frees.map((free, index) => ({ id: String(index), name: '', usable: free, free }))
        const { pool: chosen, shortages } = choosePool(wanted, pools)
        if (chosen) expect(Object.values(lessOf(chosen.free, wanted)).every((left) => left >= 0)).toBe(true)
        else expect(shortages.length > 0).toBe(true)
      }),
    )
  })
})

test('overcommit is rounded down and leaves addresses and whole machines alone', () => {
  expect(usableOf({ vcpu: 7, memGiB: 7, storageGiB: 7, publicAddresses: 7, baremetal: 7 }, { vcpu: 1.5, mem: 1, storage: 2 })).toEqual({
    vcpu: 10,
    memGiB: 7,
    storageGiB: 14,
    publicAddresses: 7,
    baremetal: 7,
  })
})
