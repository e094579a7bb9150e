import type { StartNode } from '../program.ts'
import { type Enter, type Read, triggerOf } from './element.ts'

/** A process begins by command only: the plain start event. */
export const readStart: Read<StartNode> = (xml, base, reading) =>
  triggerOf(base.id, xml, [], reading) === null ? { ...base, kind: 'start' } : null

export const enterStart: Enter<StartNode> = (run, token) => run.leave(token)
