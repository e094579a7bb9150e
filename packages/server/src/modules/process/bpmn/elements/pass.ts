import type { PassNode } from '../program.ts'
import type { Enter, Read } from './element.ts'

/** `task` and `manualTask` describe work the machine knows nothing of: they pass straight through. */
export const readPass: Read<PassNode> = (_, base) => ({ ...base, kind: 'pass' })

export const enterPass: Enter<PassNode> = (run, token) => run.leave(token)
