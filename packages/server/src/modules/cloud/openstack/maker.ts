import type { Asking, Facts, Outcome, Want } from '../driver.ts'
import { CallEnded } from './answer.ts'
import type { Session } from './session.ts'

export type WantOf<K extends Want['kind']> = Extract<Want, { kind: K }>
export type AskingOf<K extends Want['kind']> = Asking & { want: WantOf<K> }

/** A thing of ours as the cloud shows it. */
export interface Seen {
  id: string
  state: 'present' | 'building' | 'failed'
  detail: string
  /** For `failed`: trying again is sensible. */
  again: boolean
  facts: Facts
  createdAt: string
}

/** How one kind of thing is found, made, finished and removed. */
export interface Maker<K extends Want['kind']> {
  /** A value that is set, not a thing that is made: setting it twice is setting it once, so a doubt need not be waited out. */
  isValue?: true
  /** All that carry the key, oldest first. A filter a cloud ignores would answer with everything: each row is checked for the key. */
  find(session: Session, asking: AskingOf<K>, signal: AbortSignal): Promise<Seen[]>
  make(session: Session, asking: AskingOf<K>, signal: AbortSignal): Promise<Seen>
  /** What must also be true of it: roles, rules, interfaces. Repeatable; runs whenever the thing is there. */
  finish?(session: Session, asking: AskingOf<K>, seen: Seen, signal: AbortSignal): Promise<Seen>
  remove(session: Session, asking: AskingOf<K>, id: string, signal: AbortSignal): Promise<void>
}

/** Nothing was asked for while looking, so a lost answer leaves no doubt. */
const whileLooking = async <T>(look: Promise<T>): Promise<T> => {
  try {
    return await look
  } catch (error) {
    if (error instanceof CallEnded && error.outcome.is === 'unknown')
      throw new CallEnded({ is: 'unreachable', message: error.outcome.message })
    throw error
  }
}

const outcomeOf = (seen: Seen, adopted: boolean): Outcome => {
  if (seen.state === 'present') return { is: 'present', externalId: seen.id, adopted, facts: seen.facts }
  if (seen.state === 'building') return { is: 'building', externalId: seen.id, adopted, detail: seen.detail }
  return { is: 'failed', externalId: seen.id, message: seen.detail, again: seen.again }
}

/**
 * Look by key, adopt what is there, and only then ask. Should two be found, a late commit and a retry have met: the oldest stays, the others
 * are removed.
 */
export async function ensureBy<K extends Want['kind']>(
  maker: Maker<K>,
  session: Session,
  asking: AskingOf<K>,
  signal: AbortSignal,
): Promise<Outcome> {
  const found = await whileLooking(maker.find(session, asking, signal))
  const [first, ...extra] = found
  for (const one of extra) await maker.remove(session, asking, one.id, signal)
  if (!first && !asking.mayAsk && !maker.isValue)
    return { is: 'unknown', message: 'an earlier request may still be carried out; looking again before asking' }
  let seen = first ?? (await maker.make(session, asking, signal))
  if (seen.state === 'present' && maker.finish) seen = await maker.finish(session, asking, seen, signal)
  return outcomeOf(seen, first !== undefined && asking.externalId === null)
}

/** Removal is done when nothing with the key can be found any more. */
export async function removeBy<K extends Want['kind']>(
  maker: Maker<K>,
  session: Session,
  asking: AskingOf<K>,
  signal: AbortSignal,
): Promise<Outcome> {
  const found = await whileLooking(maker.find(session, asking, signal))
  if (found.length === 0)
    return asking.mayAsk ? { is: 'absent' } : { is: 'unknown', message: 'an earlier request may still be carried out; looking again' }
  for (const one of found) await maker.remove(session, asking, one.id, signal)
  const left = await whileLooking(maker.find(session, asking, signal))
  const [first] = left
  return first ? { is: 'building', externalId: first.id, adopted: false, detail: 'being removed' } : { is: 'absent' }
}

/** The cloud's id of something we name by key. A missing one is a fault of the plan, not of the cloud. */
export const idOf = (asking: Asking, key: string): string => {
  const id = asking.ids[key]
  if (!id) throw new CallEnded({ is: 'refused', status: 0, message: `${asking.key} needs ${key}, which does not exist yet` })
  return id
}

export const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
export const records = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value.map(record) : [])
export const str = (value: unknown): string =>
  typeof value === 'string' ? value : value === undefined || value === null ? '' : String(value)
export const num = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? value : 0)
export const oldestFirst = (seen: Seen[]): Seen[] => seen.sort((a, b) => a.createdAt.localeCompare(b.createdAt) || a.id.localeCompare(b.id))
export const present = (id: string, facts: Facts = {}, createdAt = ''): Seen => ({
  id,
  state: 'present',
  detail: '',
  again: false,
  facts,
  createdAt,
})
