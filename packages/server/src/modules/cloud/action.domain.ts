import type { Action, Move, ServerSeen, VolumeSeen } from './action.ts'

const done = (facts: Record<string, string>): Move => ({ is: 'done', facts })
const ask = (order: Extract<Move, { is: 'ask' }>['order']): Move => ({ is: 'ask', order })
const working = (detail: string): Move => ({ is: 'working', detail })
const busy = (message: string): Move => ({ is: 'busy', message })
const failed = (message: string): Move => ({ is: 'failed', message })

const shown = (seen: ServerSeen): Record<string, string> => ({ status: seen.status, size: seen.size, image: seen.image })
const words = (seen: ServerSeen): string => `${seen.status} ${seen.task}`.trim()
/** States in which a server stands still and takes orders. */
const still = (seen: ServerSeen): boolean => seen.task === '' && ['ACTIVE', 'SHUTOFF', 'PAUSED', 'SUSPENDED'].includes(seen.status)
const broken = (seen: ServerSeen): boolean => seen.task === '' && seen.status === 'ERROR'
const reason = (seen: ServerSeen): string => seen.fault || 'the server is in ERROR and the cloud gave no reason'

/** What one server action needs beside what is seen. */
export interface ServerAsk {
  /** The size wanted, in the cloud's word. */
  size: string
  /** The image wanted. */
  image: string
  /** The cloud took this order earlier. */
  accepted: boolean
  /** The cloud's own journal shows the order after it was intended: it was carried out although nobody heard the answer. */
  journaled: boolean
}

/**
 * The next move towards an action on a server. Judged from the state alone, so that it does not matter how far an attempt came that nobody heard
 * of any more: a resize left in VERIFY_RESIZE by a crash is found done, one that was never taken is asked for.
 */
export function serverMove(action: Action, seen: ServerSeen, want: ServerAsk): Move {
  switch (action.do) {
    case 'stop':
      return power(seen, 'SHUTOFF', 'stop')
    case 'start':
      return power(seen, 'ACTIVE', 'start')
    case 'reboot':
      return once(seen, want, 'reboot', seen.status === 'ACTIVE' ? null : `a server that is ${seen.status} cannot be restarted`)
    case 'rebuild':
      return once(
        seen,
        want,
        'rebuild',
        want.accepted && seen.image !== '' && seen.image !== want.image ? 'the image is still the old one' : null,
      )
    case 'resize':
      return resize(seen, want)
    case 'confirmResize':
      return confirm(seen, want)
    case 'restoreSize':
      return restore(seen, want)
    case 'delete':
      return seen.task === 'deleting' || seen.task === 'soft-deleting' ? working(words(seen)) : ask('delete')
    default:
      return failed(`a server knows no "${action.do}"`)
  }
}

function power(seen: ServerSeen, goal: 'SHUTOFF' | 'ACTIVE', order: 'stop' | 'start'): Move {
  if (seen.task !== '') return working(words(seen))
  if (seen.status === goal) return done(shown(seen))
  if (still(seen)) return ask(order)
  if (seen.status === 'VERIFY_RESIZE') return busy('a resize waits to be confirmed')
  return broken(seen) ? failed(reason(seen)) : working(words(seen))
}

/** An order that leaves no other state behind: whether it was carried out is told by the answer or by the cloud's journal. */
function once(seen: ServerSeen, want: ServerAsk, order: 'reboot' | 'rebuild', unfit: string | null): Move {
  if (seen.task !== '' || ['REBOOT', 'HARD_REBOOT', 'REBUILD'].includes(seen.status)) return working(words(seen))
  if (broken(seen)) return want.accepted || order === 'reboot' ? failed(reason(seen)) : ask(order)
  if (unfit) return failed(unfit)
  if (!still(seen)) return busy(words(seen))
  return want.accepted || want.journaled ? done(shown(seen)) : ask(order)
}

function resize(seen: ServerSeen, want: ServerAsk): Move {
  if (seen.status === 'VERIFY_RESIZE' && seen.task === '')
    return seen.size === want.size ? done(shown(seen)) : failed('another resize waits to be confirmed')
  if (broken(seen)) return failed(reason(seen))
  if (!still(seen)) return working(words(seen))
  if (seen.size === want.size) return done(shown(seen))
  // the cloud sets the task before it answers: one that was taken and shows neither task nor size was given up by the cloud
  return want.accepted
    ? failed(seen.fault || 'the cloud took the resize back without a reason: no host has room for this size')
    : ask('resize')
}

function confirm(seen: ServerSeen, want: ServerAsk): Move {
  if (seen.task !== '') return working(words(seen))
  if (broken(seen)) return failed(reason(seen))
  if (seen.size !== want.size) return failed(`the size is ${seen.size}, not ${want.size}`)
  if (seen.status === 'VERIFY_RESIZE') return ask('confirmResize')
  return still(seen) ? done(shown(seen)) : working(words(seen))
}

function restore(seen: ServerSeen, want: ServerAsk): Move {
  if (seen.task !== '') return working(words(seen))
  if (broken(seen)) return failed(reason(seen))
  if (seen.status === 'VERIFY_RESIZE') return ask(seen.size === want.size ? 'confirmResize' : 'revertResize')
  if (!still(seen)) return working(words(seen))
  return seen.size === want.size ? done(shown(seen)) : ask('resize')
}

/** What one volume action needs beside what is seen. */
export interface VolumeAsk {
  /** The cloud's name of the volume type wanted. */
  type: string
  accepted: boolean
}

const facts = (seen: VolumeSeen): Record<string, string> => ({ status: seen.status, gib: String(seen.gib), type: seen.type })
const free = (seen: VolumeSeen): boolean => seen.status === 'available' || seen.status === 'in-use'

/** The next move towards an action on a volume. A volume that does something else is busy: it is asked again later, not failed. */
export function volumeMove(action: Action, seen: VolumeSeen, want: VolumeAsk): Move {
  if (seen.status.startsWith('error') && action.do !== 'delete') return failed(`the volume is ${seen.status}`)
  switch (action.do) {
    case 'extend':
      if (seen.status === 'extending') return working(seen.status)
      if (!free(seen)) return busy(`the volume is ${seen.status}`)
      if (seen.gib >= action.gib) return done(facts(seen))
      return want.accepted ? failed('the cloud took the order and left the size as it was') : ask('extend')
    case 'retype':
      if (seen.status === 'retyping') return working(seen.status)
      if (!free(seen)) return busy(`the volume is ${seen.status}`)
      if (seen.type === want.type) return done(facts(seen))
      return want.accepted ? failed('the cloud took the order and left the type as it was') : ask('retype')
    case 'attach':
      if (seen.attachedTo.includes(action.server) && seen.status === 'in-use') return done(facts(seen))
      if (seen.status === 'attaching' || seen.status === 'reserved') return working(seen.status)
      return seen.status === 'available' ? ask('attach') : busy(`the volume is ${seen.status}`)
    case 'detach':
      if (seen.status === 'detaching') return working(seen.status)
      if (action.server === null ? seen.attachedTo.length === 0 : !seen.attachedTo.includes(action.server))
        return free(seen) ? done(facts(seen)) : busy(`the volume is ${seen.status}`)
      return seen.status === 'in-use' ? ask('detach') : busy(`the volume is ${seen.status}`)
    case 'delete':
      if (seen.status === 'deleting') return working(seen.status)
      if (seen.status === 'error_deleting') return failed('the volume is error_deleting')
      return seen.status === 'available' || seen.status === 'error' ? ask('delete') : busy(`the volume is ${seen.status}`)
    default:
      return failed(`a volume knows no "${action.do}"`)
  }
}

/** A snapshot as the cloud shows it; null: there is none under the operation's key. */
export function snapshotMove(
  seen: { id: string; state: 'ready' | 'making' | 'broken'; detail: string } | null,
  source: { free: boolean; words: string },
  accepted: boolean,
): Move {
  if (seen?.state === 'ready') return done({ snapshotId: seen.id, status: seen.detail })
  if (seen?.state === 'making') return working(seen.detail)
  if (seen) return failed(`the snapshot is ${seen.detail}`)
  if (accepted) return failed('the cloud took the order, but there is no snapshot')
  return source.free ? ask('snapshot') : busy(source.words)
}

const ruleText = (rule: object): string => JSON.stringify(Object.entries(rule).sort(([a], [b]) => (a < b ? -1 : 1)))

/** Which rules to add and which to take away, so that exactly the wanted ones stand. */
export function ruleDifference<R extends object, H extends { id: string; rule: object }>(
  held: readonly H[],
  wanted: readonly R[],
): { add: R[]; remove: H[] } {
  const have = new Set(held.map(({ rule }) => ruleText(rule)))
  const want = new Set(wanted.map(ruleText))
  return {
    add: wanted.filter((rule, index) => !have.has(ruleText(rule)) && wanted.findIndex((one) => ruleText(one) === ruleText(rule)) === index),
    remove: held.filter(({ rule }) => !want.has(ruleText(rule))),
  }
}
