import { afterEach, describe, expect, test } from 'vitest'
import { standOnOlderBrowsers } from './older.ts'

/** Takes natives away for one test, as a browser of 2020 lacks them. */
const taken: { target: object; name: string; was: PropertyDescriptor }[] = []
function take(target: object, ...names: string[]): void {
  for (const name of names) {
    const was = Object.getOwnPropertyDescriptor(target, name)
    if (!was) throw new Error(`no native ${name}`)
    taken.push({ target, name, was })
    Reflect.deleteProperty(target, name)
  }
  standOnOlderBrowsers()
}
afterEach(() => {
  for (const { target, name, was } of taken.splice(0)) Object.defineProperty(target, name, was)
})

describe('on a browser of 2020', () => {
  test('arrays and strings count from their end', () => {
    take(Array.prototype, 'at', 'findLast', 'findLastIndex')
    take(String.prototype, 'at')
    expect([1, 2, 3].at(-1)).toBe(3)
    expect([1].at(1)).toBeUndefined()
    expect('周敏'.at(-1)).toBe('敏')
    expect([1, 2, 3, 4].findLast((n) => n % 2 === 1)).toBe(3)
    expect([1, 3].findLast((n) => n > 9)).toBeUndefined()
    expect([1, 2, 1].findLastIndex((n) => n < 2)).toBe(2)
  })

  test('copies leave the original as it was', () => {
    take(Array.prototype, 'toSorted', 'toReversed', 'with')
    const list = [3, 1, 2]
    expect(list.toSorted((a, b) => a - b)).toEqual([1, 2, 3])
    expect(list.toReversed()).toEqual([2, 1, 3])
    expect(list.with(-1, 9)).toEqual([3, 1, 9])
    expect(list).toEqual([3, 1, 2])
  })

  test('deep copies keep dates, maps, sets and cycles, and refuse what cannot be copied', () => {
    take(globalThis, 'structuredClone')
    const one: Record<string, unknown> = { on: new Date(0), tags: new Set(['a']), by: new Map([['k', { n: 1 }]]), list: [{ x: 1 }] }
    one['self'] = one
    const copy = structuredClone(one)
    expect(copy).not.toBe(one)
    expect(copy['self']).toBe(copy)
    expect(copy['on']).toEqual(new Date(0))
    expect(copy['by']).toEqual(new Map([['k', { n: 1 }]]))
    expect(copy['list']).not.toBe(one['list'])
    expect(() => structuredClone(new WeakMap())).toThrow('cannot be cloned')
  })

  test('own properties and signals that time out', async () => {
    take(Object, 'hasOwn')
    take(AbortSignal, 'timeout')
    expect(Object.hasOwn({ a: 1 }, 'a')).toBe(true)
    expect(Object.hasOwn({}, 'toString')).toBe(false)
    const signal = AbortSignal.timeout(1)
    await new Promise((done) => signal.addEventListener('abort', done))
    expect(signal.aborted).toBe(true)
  })
})
