import { canonicalJson, type Json } from '../canonical.ts'
import { type DigestAlgorithm, digestBy } from '../digest.ts'
import { GENESIS } from '../ledger.domain.ts'
import type { Figures } from './figures.ts'

/**
 * What is known of one application's availability, in the order it became known. Entries are only ever added; each holds the digest of the one
 * before. All instants in bodies are whole milliseconds since 1970-01-01T00:00Z; all stretches are half-open.
 */
export interface EntryOf<K extends Kind> {
  readonly seq: number
  /** When it was written, ISO 8601 in UTC with three decimals. */
  readonly at: string
  readonly kind: K
  /** Who: a person's name, or the part of the system. */
  readonly by: string
  readonly body: Bodies[K]
  readonly previous: string
  readonly digest: string
  /** What the digest was made with; absent is SHA-256. It need not be under the digest: no text has a digest of both that is the same. */
  readonly algorithm?: DigestAlgorithm
}
export type Kind = keyof Bodies
export type Entry = { [K in Kind]: EntryOf<K> }[Kind]
export type NewEntry = { [K in Kind]: { readonly kind: K; readonly body: Bodies[K] } }[Kind]

export type ProbeState = 'UP' | 'DOWN' | 'ABSTAIN'
export type Decision = 'PENDING' | 'PROVIDER' | 'NON_PROVIDER' | 'PLANNED' | 'NOT_DOWN'
export type Source = 'PROBE' | 'INCIDENT' | 'ALARM' | 'MANUAL'
export type Domain = 'FACILITY' | 'NETWORK' | 'SECURITY' | 'VM' | 'BAREMETAL' | 'STORAGE' | 'OPERATION'
export type Party = 'CUSTOMER' | 'THIRD_PARTY'

export interface Bounds {
  /** Start and end that count: first bad result, first good one. */
  readonly from: number
  /** `null`: still going on. */
  readonly to: number | null
  /** Last good result before the start, last bad one before the end: the truth lies between. */
  readonly fromLo: number
  readonly toLo: number | null
}

export interface Bodies {
  /** From when to when the contract measures it (ruling 11); the last entry with the same `from` holds. */
  measured: { readonly from: number; readonly to: number | null }
  /** How votes become a state, from an instant on: `agree` of `voters`. */
  policy: {
    readonly from: number
    readonly voters: number
    readonly agree: number
    readonly validMs: number
    readonly failuresToDown: number
    readonly successesToUp: number
  }
  /** One probe saw the same thing from `from` on; `to` is the first result that says otherwise, or the end of the last one's validity. */
  observation: {
    readonly probe: string
    readonly state: ProbeState
    readonly from: number
    readonly to: number
    readonly fromLo: number
    /** The last result that says so. */
    readonly last: number
    readonly results: number
    /** Digest over the raw results. */
    readonly evidence: string
  }
  /** A stretch that is down or unknown, with an id that rulings name. */
  stretch: Bounds & {
    readonly id: string
    readonly state: 'DOWN' | 'UNKNOWN'
    readonly source: Source
    readonly domain: Domain | null
    readonly note: string
  }
  /** Its bounds as they are known now; `to` = `from` means that it never was. */
  'stretch-change': Bounds & { readonly id: string; readonly reason: string }
  /** Decides one part of a stretch; a later ruling on the same part holds. */
  ruling: {
    readonly target: string
    readonly decision: Decision
    readonly from: number
    readonly to: number
    readonly domain: Domain | null
    readonly reason: string
    readonly role: string
  }
  /** Somebody does not agree with the ruling: the customer's leader decides next. Changes no figure. */
  dispute: { readonly target: string; readonly reason: string }
  window: {
    readonly id: string
    readonly reason: string
    readonly from: number
    readonly to: number
    readonly impact: string
    readonly rollback: string
  }
  'window-noticed': { readonly id: string; readonly noticedAt: number; readonly proof: string }
  /** Recognised, or not, at the instant of the entry. */
  'window-decided': { readonly id: string; readonly recognised: boolean; readonly comment: string }
  'window-actual': { readonly id: string; readonly from: number; readonly to: number }
  'window-cancelled': { readonly id: string; readonly reason: string }
  /** Figures of a month as presented for confirmation; an amendment names the seal it replaces and prints its figures. */
  seal: {
    readonly month: string
    readonly figures: Figures
    readonly amends: number | null
    readonly old: Figures | null
    readonly reason: string
  }
  confirmation: {
    readonly month: string
    readonly seal: number
    readonly party: Party
    readonly result: 'CONFIRMED' | 'OBJECTED'
    readonly comment: string
  }
}

/** What the digest of an entry is taken of. */
export const entryStatement = (application: string, entry: Omit<Entry, 'digest'>): string =>
  canonicalJson({
    format: 'changbai-availability/1',
    application,
    seq: entry.seq,
    at: entry.at,
    kind: entry.kind,
    by: entry.by,
    body: entry.body as unknown as Json,
    previous: entry.previous,
  })

/** Where a chain ends: number and digest of its last entry. */
export interface ChainEnd {
  readonly seq: number
  readonly head: string
}
export const CHAIN_START: ChainEnd = { seq: 0, head: GENESIS }

/** Digest of an entry by the algorithm it names. @returns null for one that is not known here */
export const entryDigest = (application: string, entry: Omit<Entry, 'digest'>): string | null =>
  digestBy(entry.algorithm ?? 'SHA-256', entryStatement(application, entry))

/** Puts new entries behind the end of a chain; what is there keeps the algorithm it was made with. */
export function chainOn(
  application: string,
  end: ChainEnd,
  at: string,
  by: string,
  added: readonly NewEntry[],
  algorithm: DigestAlgorithm = 'SHA-256',
): Entry[] {
  let { seq, head } = end
  return added.map(({ kind, body }) => {
    seq += 1
    const named = algorithm === 'SHA-256' ? {} : { algorithm }
    const entry = { seq, at, kind, by, body, previous: head, ...named } as Omit<Entry, 'digest'>
    head = entryDigest(application, entry) ?? ''
    return { ...entry, digest: head } as Entry
  })
}
