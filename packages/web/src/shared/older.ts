/**
 * What Chromium 86 and its domestic relatives lack and our code or a library uses. Syntax is lowered by the build (`target: chrome86`);
 * methods are not, so they are added here, before anything else runs. Each is left alone where the browser has it.
 */
type Shape = Record<string, (...args: never[]) => unknown>

function add(target: object, methods: Shape): void {
  for (const [name, value] of Object.entries(methods))
    if (!(name in target)) Object.defineProperty(target, name, { value, writable: true, configurable: true })
}

function at<T>(this: ArrayLike<T>, index: number): T | undefined {
  const whole = Math.trunc(index) || 0
  return this[whole < 0 ? this.length + whole : whole]
}
function findLastIndex<T>(this: readonly T[], test: (value: T, index: number, all: readonly T[]) => unknown): number {
  for (let index = this.length - 1; index >= 0; index -= 1) if (test(this[index] as T, index, this)) return index
  return -1
}
function findLast<T>(this: readonly T[], test: (value: T, index: number, all: readonly T[]) => unknown): T | undefined {
  return this[findLastIndex.call(this, test as never)] as T | undefined
}
function toSorted<T>(this: readonly T[], order?: (a: T, b: T) => number): T[] {
  return [...this].sort(order)
}
function toReversed<T>(this: readonly T[]): T[] {
  return [...this].reverse()
}
function replaced<T>(this: readonly T[], index: number, value: T): T[] {
  const copy = [...this]
  copy[index < 0 ? copy.length + index : index] = value
  return copy
}

const isPlain = (value: object): boolean => Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null
/** Plain data, dates, maps and sets, cycles included: what pages and libraries here copy. */
function clone(value: unknown, seen = new Map<object, unknown>()): unknown {
  if (typeof value !== 'object' || value === null) return value
  const known = seen.get(value)
  if (known !== undefined) return known
  if (value instanceof Date) return new Date(value.getTime())
  const made = Array.isArray(value) ? [] : value instanceof Map ? new Map() : value instanceof Set ? new Set() : isPlain(value) ? {} : null
  if (made === null) throw new DOMException('cannot be cloned', 'DataCloneError')
  seen.set(value, made)
  if (made instanceof Map) for (const [key, one] of value as Map<unknown, unknown>) made.set(clone(key, seen), clone(one, seen))
  else if (made instanceof Set) for (const one of value as Set<unknown>) made.add(clone(one, seen))
  else for (const [key, one] of Object.entries(value)) (made as Record<string, unknown>)[key] = clone(one, seen)
  return made
}

function timeout(milliseconds: number): AbortSignal {
  const controller = new AbortController()
  setTimeout(() => controller.abort(), milliseconds)
  return controller.signal
}

/** Adds what is missing. Called once at the start of the page; a test calls it after taking the natives away. */
export function standOnOlderBrowsers(): void {
  add(Array.prototype, { at, findLast, findLastIndex, toSorted, toReversed, with: replaced })
  add(String.prototype, { at })
  // by its own name, or the linter writes it with the method that is being added
  const { hasOwnProperty: owns } = Object.prototype
  add(Object, { hasOwn: (target: object, key: PropertyKey) => owns.call(target, key) })
  add(globalThis, { structuredClone: (value: unknown) => clone(value) })
  if (typeof AbortSignal !== 'undefined') add(AbortSignal, { timeout })
}
standOnOlderBrowsers()
