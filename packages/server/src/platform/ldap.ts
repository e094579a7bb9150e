import { readFile } from 'node:fs/promises'
import type { ConnectionOptions } from 'node:tls'
import { Client, type Entry, InvalidCredentialsError, ResultCodeError } from 'ldapts'
import { entryIdOf, filterFor, type LdapAttributes } from './ldap.domain.ts'

/** The directory of the house. What is secret stays in its file and is read at each call, so that it can be changed without a restart. */
export interface LdapConfig {
  url: string
  startTls: boolean
  /** PEM of who signs the certificate; absent: those the machine trusts. */
  caFile: string | undefined
  /** Absent: the directory may be read without a name. */
  bindDn: string | undefined
  bindSecretFile: string | undefined
  base: string
  filter: string
  /** Whoever it finds may not sign in any more. */
  disabledFilter: string | undefined
  attributes: LdapAttributes
}

export interface LdapEntry {
  entryId: string
  dn: string
  signIn: string
  name: string
  unit: string | null
  phone: string | null
  email: string | null
  disabled: boolean
}

export type LdapVerdict = 'RIGHT' | 'WRONG' | 'DISABLED' | 'GONE'

/** It does not answer, or does not let us read: nothing was learnt of anybody. */
export class LdapDown extends Error {}

export interface Ldap {
  readonly config: LdapConfig
  /** Everybody the filter finds. @throws LdapDown, also for an answer that is not whole */
  readAll(): Promise<LdapEntry[]>
  /** Asks the directory itself whether this is the password; it is kept nowhere. @throws LdapDown */
  authenticate(who: { entryId: string; signIn: string }, password: string): Promise<LdapVerdict>
}

const CONNECT_MS = 5_000
const CALL_MS = 10_000
/** A house has some thousand people; far more is a wrong base. */
export const LDAP_ENTRIES_MAX = 50_000
const PAGE = 500

const textOf = (value: Entry[string] | undefined): string | null => {
  const [first] = Array.isArray(value) ? value : [value]
  const text = Buffer.isBuffer(first) ? first.toString('utf8') : (first ?? '')
  return text.trim() === '' ? null : text.trim()
}
const bytesOf = (value: Entry[string] | undefined): Buffer | null => {
  const [first] = Array.isArray(value) ? value : [value]
  return first === undefined ? null : Buffer.isBuffer(first) ? first : Buffer.from(first)
}

/** A directory answers with its own spelling of an attribute's name. */
const attributeOf = (found: Entry, name: string): Entry[string] | undefined =>
  found[name] ?? Object.entries(found).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1]

function toEntry(found: Entry, names: LdapAttributes): Omit<LdapEntry, 'disabled'> | null {
  const read = (key: keyof LdapAttributes): string | null => textOf(attributeOf(found, names[key]))
  const id = bytesOf(attributeOf(found, names.id))
  if (!id || id.length === 0) return null
  return {
    entryId: entryIdOf(id),
    dn: found.dn,
    signIn: (read('signIn') ?? '').toLowerCase(),
    name: read('name') ?? '',
    unit: read('unit'),
    phone: read('phone'),
    email: read('email'),
  }
}

const reasonOf = (error: unknown): string => {
  const { message, code, name } = error as NodeJS.ErrnoException
  return (message || String(code ?? '') || name).replace(/\s+/g, ' ').slice(0, 200)
}

/** An address in brackets is no name for a certificate. */
const hostOf = (url: string): string => new URL(url).hostname.replace(/^\[|\]$/g, '')

export function openLdap(config: LdapConfig): Ldap {
  const { attributes: names } = config
  const wanted = [...new Set(Object.values(names))]

  async function connect(): Promise<Client> {
    const tls: ConnectionOptions = {
      minVersion: 'TLSv1.2',
      servername: hostOf(config.url),
      ...(config.caFile ? { ca: await readFile(config.caFile) } : {}),
    }
    const client = new Client({
      url: config.url,
      connectTimeout: CONNECT_MS,
      timeout: CALL_MS,
      strictDN: false,
      ...(config.url.startsWith('ldaps:') ? { tlsOptions: tls } : {}),
    })
    if (config.startTls) {
      // without a name to compare the certificate with, anybody's would do
      const { servername, ...rest } = tls
      await client.startTLS({ ...rest, host: servername, servername: /^[\d.]+$|:/.test(servername ?? '') ? '' : servername })
    }
    return client
  }

  /** Runs with a connection of its own; what goes wrong in it is the directory's state, not a fault of ours. */
  async function using<T>(run: (client: Client) => Promise<T>): Promise<T> {
    let client: Client | undefined
    try {
      client = await connect()
      return await run(client)
    } catch (error) {
      throw error instanceof LdapDown ? error : new LdapDown(reasonOf(error), { cause: error })
    } finally {
      await client?.unbind().catch(() => {})
    }
  }

  async function bindAsReader(client: Client): Promise<void> {
    if (!config.bindDn) return
    const secret = config.bindSecretFile ? (await readFile(config.bindSecretFile, 'utf8')).replace(/\r?\n$/, '') : ''
    if (secret === '') throw new LdapDown(`${config.bindSecretFile}: empty`)
    await client.bind(config.bindDn, secret)
  }

  const idsOf = async (client: Client, base: string, filter: string, scope: 'sub' | 'base'): Promise<Set<string>> => {
    const { searchEntries } = await client.search(base, {
      scope,
      filter,
      attributes: [names.id],
      explicitBufferAttributes: [names.id],
      ...(scope === 'sub' ? { paged: { pageSize: PAGE } } : {}),
    })
    return new Set(searchEntries.flatMap((one) => bytesOf(attributeOf(one, names.id)) ?? []).map(entryIdOf))
  }

  return {
    config,
    readAll: () =>
      using(async (client) => {
        await bindAsReader(client)
        const found: Entry[] = []
        const pages = client.searchPaginated(config.base, {
          scope: 'sub',
          filter: config.filter,
          attributes: wanted,
          explicitBufferAttributes: [names.id],
          paged: { pageSize: PAGE },
        })
        for await (const { searchEntries } of pages) {
          found.push(...searchEntries)
          if (found.length > LDAP_ENTRIES_MAX) throw new LdapDown(`more than ${LDAP_ENTRIES_MAX} entries under ${config.base}`)
        }
        const disabled = config.disabledFilter
          ? await idsOf(client, config.base, `(&${config.filter}${config.disabledFilter})`, 'sub')
          : new Set<string>()
        const entries = found.map((one) => toEntry(one, names))
        if (entries.some((one) => one === null)) throw new LdapDown(`entries without ${names.id}: the reader may not see it`)
        return entries.flatMap((one) => (one ? [{ ...one, disabled: disabled.has(one.entryId) }] : []))
      }),

    async authenticate({ entryId, signIn }, password) {
      // a bind with an empty password asks for nothing and always succeeds (RFC 4513 section 5.1.2)
      if (password === '') return 'WRONG'
      const found = await using(async (client) => {
        await bindAsReader(client)
        const { searchEntries } = await client.search(config.base, {
          scope: 'sub',
          filter: filterFor(config.filter, names.signIn, signIn),
          attributes: wanted,
          explicitBufferAttributes: [names.id],
          sizeLimit: 3,
        })
        // the name may have passed on to somebody else: it is the entry that was taken on here
        const entry = searchEntries.map((one) => toEntry(one, names)).find((one) => one?.entryId === entryId)
        if (!entry) return null
        const disabled = config.disabledFilter !== undefined && (await idsOf(client, entry.dn, config.disabledFilter, 'base')).size > 0
        return { dn: entry.dn, disabled }
      })
      if (!found) return 'GONE'
      if (found.disabled) return 'DISABLED'
      return using(async (client) => {
        try {
          await client.bind(found.dn, password)
          return 'RIGHT'
        } catch (error) {
          if (error instanceof InvalidCredentialsError) return 'WRONG'
          throw error instanceof ResultCodeError ? new LdapDown(`bind: ${reasonOf(error)}`, { cause: error }) : error
        }
      })
    },
  }
}
