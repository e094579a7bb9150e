import { SignInName } from '@changbai/contract/identity.ts'

export interface FoundEntry {
  entryId: string
  dn: string
  signIn: string
  name: string
  unit: string | null
  phone: string | null
  email: string | null
  disabled: boolean
}
export interface KnownEntry extends Omit<FoundEntry, 'disabled'> {
  presence: 'PRESENT' | 'DISABLED' | 'GONE'
  linked: boolean
}
export interface SyncPlan {
  added: FoundEntry[]
  /** Same person, other particulars, or seen again. */
  changed: { entry: FoundEntry; before: KnownEntry }[]
  leaving: { known: KnownEntry; why: 'DISABLED' | 'GONE' }[]
  back: FoundEntry[]
  /** Nobody can be made of these; an entry that was known and became so stays as it was. */
  unusable: { dn: string; why: 'NAME' | 'SIGN_IN' | 'TWICE' }[]
}

const NAME_MAX = 40
const SHOWN = ['dn', 'signIn', 'name', 'unit', 'phone', 'email'] as const

/** What cannot be an account: no name, a sign-in name of other signs than ours, or one that two entries share. */
function sift(found: readonly FoundEntry[]): { usable: FoundEntry[]; unusable: SyncPlan['unusable'] } {
  const times = new Map<string, number>()
  for (const { signIn } of found) times.set(signIn, (times.get(signIn) ?? 0) + 1)
  const usable: FoundEntry[] = []
  const unusable: SyncPlan['unusable'] = []
  for (const entry of found) {
    if (!SignInName.safeParse(entry.signIn).success) unusable.push({ dn: entry.dn, why: 'SIGN_IN' })
    else if ((times.get(entry.signIn) ?? 0) > 1) unusable.push({ dn: entry.dn, why: 'TWICE' })
    else if (entry.name === '' || entry.name.length > NAME_MAX) unusable.push({ dn: entry.dn, why: 'NAME' })
    else usable.push(entry)
  }
  return { usable, unusable }
}

/** What a synchronisation would do, from what is known and what the directory shows now; writes nothing. */
export function planSync(known: readonly KnownEntry[], found: readonly FoundEntry[]): SyncPlan {
  const { usable, unusable } = sift(found)
  const before = new Map(known.map((one) => [one.entryId, one]))
  const there = new Set(found.map((one) => one.entryId))
  const plan: SyncPlan = { added: [], changed: [], leaving: [], back: [], unusable }
  for (const entry of usable) {
    const was = before.get(entry.entryId)
    if (!was) {
      if (!entry.disabled) plan.added.push(entry)
      continue
    }
    const presence = entry.disabled ? 'DISABLED' : 'PRESENT'
    if (presence === 'DISABLED' && was.presence === 'PRESENT') plan.leaving.push({ known: was, why: 'DISABLED' })
    if (presence === 'PRESENT' && was.presence !== 'PRESENT') plan.back.push(entry)
    if (presence !== was.presence || SHOWN.some((key) => entry[key] !== was[key])) plan.changed.push({ entry, before: was })
  }
  for (const one of known) if (one.presence !== 'GONE' && !there.has(one.entryId)) plan.leaving.push({ known: one, why: 'GONE' })
  return plan
}

/** So many may leave in one night without anybody being asked; of a large house a tenth. */
const LEAVERS_UNASKED = 5
const LEAVERS_SHARE = 0.1

/** A wrong base, a filter too narrow or half an answer looks as if everybody had left. */
export const isMassLeaving = (leaving: number, linked: number): boolean =>
  leaving > Math.max(LEAVERS_UNASKED, Math.floor(linked * LEAVERS_SHARE))

/** Longer than our columns take, or no address at all: left out rather than refused. */
export const phoneOf = (phone: string | null): string | undefined => (phone && phone.length <= 30 ? phone : undefined)
export const emailOf = (email: string | null): string | undefined =>
  email && email.length <= 200 && /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email) ? email : undefined
