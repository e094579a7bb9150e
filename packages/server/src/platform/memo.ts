import type { Db } from './db.ts'

/** By transaction; gone with it. */
const kept = new WeakMap<Db, Map<string, unknown>>()

/** What a read or a write of this transaction has given, for whoever asks for the same after it. */
export function remember<T>(db: Db, key: string, value: T): T {
  const mine = kept.get(db) ?? new Map<string, unknown>()
  kept.set(db, mine.set(key, value))
  return value
}
/** @returns undefined for what nobody has remembered */
export const recalled = <T>(db: Db, key: string): T | undefined => kept.get(db)?.get(key) as T | undefined

/**
 * Reads once in a command what several of its steps ask for. Whoever writes what a key stands for calls `forget` in the same function, so a
 * command never works with what it has itself changed.
 * @param key begins with what it is of, e.g. `holders:`
 */
export async function remembered<T>(db: Db, key: string, read: () => Promise<T>): Promise<T> {
  const mine = kept.get(db)
  return mine?.has(key) ? (mine.get(key) as T) : remember(db, key, await read())
}

/** @param prefix of the keys; empty: all of them, after a savepoint was gone back to */
export function forget(db: Db, prefix: string): void {
  const mine = kept.get(db)
  for (const key of mine?.keys() ?? []) if (key.startsWith(prefix)) mine?.delete(key)
}
