import { createHmac, hkdfSync } from 'node:crypto'
import { sql } from 'kysely'
import { type Cipher, type CryptoProvider, decrypt, encrypt, KEY_BYTES } from './crypto-provider.ts'
import type { Database, Db } from './db.ts'
import { SecretsError } from './secrets.ts'

interface DataKeyTable {
  id: string
  purpose: 'SEAL' | 'INDEX'
  provider: string
  cipher: Cipher
  wrapped: string
  made_at: Temporal.Instant
  retired_at: Temporal.Instant | null
}
declare module './db.ts' {
  interface Tables {
    data_key: DataKeyTable
  }
}

interface OpenedKey {
  id: string
  cipher: Cipher
  bare: Buffer
}

/** The data keys this process holds: the newest seals, every one opens. */
export interface KeyRing {
  /** Names the key that seals now. */
  readonly sealsWith: string
  seal(bound: string, plain: string): { keyId: string; text: string }
  /** @throws Error if the key is not held, what it was bound to is another, or a bit has changed */
  open(bound: string, keyId: string, text: string): string
  /** By which equal values are found without being read: one for each index key there ever was, the newest first. */
  blindIndexes(domain: string, value: string): string[]
  /** Looks again which keys there are. */
  reload(): Promise<void>
  /** Makes the next pair of keys; what was sealed before is opened on and sealed anew by and by. */
  rotate(db: Db, now: Temporal.Instant): Promise<{ sealId: string; indexId: string }>
}

/** Says across processes that there is a new key. */
export const DATA_KEY_CHANNEL = 'data_key'

const derived = new WeakMap<OpenedKey, Map<string, Buffer>>()
/** One key for each thing it is bound to, so that texts of two columns share none. */
function keyFor(key: OpenedKey, bound: string): Buffer {
  const known = derived.get(key) ?? new Map<string, Buffer>()
  derived.set(key, known)
  const made = known.get(bound) ?? Buffer.from(hkdfSync(hashOf(key.cipher), key.bare, 'changbai', bound, KEY_BYTES[key.cipher]))
  if (known.size < 200) known.set(bound, made)
  return made
}
const hashOf = (cipher: Cipher): 'sm3' | 'sha256' => (cipher === 'SM4-GCM' ? 'sm3' : 'sha256')

interface Held {
  seals: readonly OpenedKey[]
  indexes: readonly OpenedKey[]
}

/** A ring of keys that are already open. @throws Error without one of each */
function ringOf(read: () => Held, { reload, rotate }: Pick<KeyRing, 'reload' | 'rotate'>): KeyRing {
  const first = <T>([one]: readonly T[]): T => {
    if (one === undefined) throw new Error('the ring holds no key')
    return one
  }
  return {
    get sealsWith() {
      return first(read().seals).id
    },
    seal(bound, plain) {
      const key = first(read().seals)
      return { keyId: key.id, text: encrypt(key.cipher, keyFor(key, bound), Buffer.from(plain, 'utf8'), bound) }
    },
    open(bound, keyId, text) {
      const key = read().seals.find(({ id }) => id === keyId)
      if (key) return decrypt(key.cipher, keyFor(key, bound), text, bound).toString('utf8')
      // another process has made a new key a moment ago: the next try finds it
      void reload().catch(() => {})
      throw new Error(`the data key ${keyId} is not held here`)
    },
    // 16 bytes: two values out of a million share one with a chance of 10^-27
    blindIndexes: (domain, value) =>
      read().indexes.map(
        (key) =>
          `${key.id}.${createHmac(hashOf(key.cipher), keyFor(key, domain)).update(value, 'utf8').digest().subarray(0, 16).toString('base64url')}`,
      ),
    reload,
    rotate,
  }
}

/** One ring of fixed keys, for a process without a database. */
export function fixedRing(bare: (purpose: string) => Buffer): KeyRing {
  const held: Held = {
    seals: [{ id: 'k0', cipher: 'AES-256-GCM', bare: bare('seal') }],
    indexes: [{ id: 'i0', cipher: 'AES-256-GCM', bare: bare('index') }],
  }
  return ringOf(() => held, {
    reload: async () => {},
    rotate: () => Promise.reject(new Error('fixed keys do not change')),
  })
}

const numberOf = (id: string): number => Number(id.slice(1))

const lockKeys = (db: Db) => sql`lock table data_key in share row exclusive mode`.execute(db)

/** A new pair of keys; the ones before it are retired and go on opening what they sealed. Waits for another process that does the same. */
async function makeDataKeys(db: Db, provider: CryptoProvider, now: Temporal.Instant): Promise<{ sealId: string; indexId: string }> {
  await lockKeys(db)
  const before = await db.selectFrom('data_key').select('id').execute()
  const no = Math.max(0, ...before.map(({ id }) => numberOf(id))) + 1
  await db.updateTable('data_key').set({ retired_at: now }).where('retired_at', 'is', null).execute()
  for (const purpose of ['SEAL', 'INDEX'] as const) {
    const { wrapped } = await provider.newDataKey()
    const id = `${purpose === 'SEAL' ? 'k' : 'i'}${no}`
    await db
      .insertInto('data_key')
      .values({ id, purpose, provider: provider.name, cipher: provider.cipher, wrapped, made_at: now, retired_at: null })
      .execute()
  }
  return { sealId: `k${no}`, indexId: `i${no}` }
}

/**
 * Opens the keys of the database, making the first ones where there are none.
 * @param providers the first makes keys; all open those they made
 * @throws SecretsError if a key cannot be opened: the secret file or the device is not the one the database was filled with
 */
export async function openKeyRing(database: Database, providers: readonly CryptoProvider[], now: Temporal.Instant): Promise<KeyRing> {
  const [maker] = providers
  if (!maker) throw new Error('no crypto provider')
  const opened = new Map<string, OpenedKey>()
  let held: Held = { seals: [], indexes: [] }
  const read = async (): Promise<void> => {
    const rows = await database.selectFrom('data_key').selectAll().orderBy('made_at', 'desc').execute()
    for (const { id, cipher, provider: name, wrapped } of rows) {
      if (opened.has(id)) continue
      const provider = providers.find((one) => one.name === name)
      const bare = await provider?.unwrap(wrapped).catch(() => undefined)
      if (!bare)
        throw new SecretsError(
          `the data key ${id} of this database was made by ${name} and cannot be opened: SECRET_FILE or the crypto device is not the one it was filled with`,
        )
      opened.set(id, { id, cipher, bare })
    }
    const ofPurpose = (purpose: DataKeyTable['purpose']): OpenedKey[] =>
      rows
        .filter((row) => row.purpose === purpose)
        .sort((a, b) => numberOf(b.id) - numberOf(a.id))
        .flatMap(({ id }) => opened.get(id) ?? [])
    held = { seals: ofPurpose('SEAL'), indexes: ofPurpose('INDEX') }
  }
  await read()
  if (held.seals.length === 0) {
    await database.transaction().execute(async (db) => {
      await lockKeys(db)
      const [there] = await db.selectFrom('data_key').select('id').limit(1).execute()
      if (!there) await makeDataKeys(db, maker, now)
    })
    await read()
  }
  return ringOf(() => held, {
    reload: read,
    async rotate(db, at) {
      const made = await makeDataKeys(db, maker, at)
      await sql`select pg_notify(${DATA_KEY_CHANNEL}, '')`.execute(db)
      return made
    },
  })
}
