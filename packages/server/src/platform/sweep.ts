import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Some 25,000 rows leave so much behind; to clear it away takes 0.1 to 0.2 s. */
const LITTER_MAX = 64 * 1024 * 1024
const used = (): number => getHeapStatistics().used_heap_size

let collect: (() => void) | undefined
/** The collector itself, which a program reaches only by a flag set at start or in this way. */
function collector(): () => void {
  if (!collect) {
    setFlagsFromString('--expose-gc')
    collect = runInNewContext('gc') as () => void
  }
  return collect
}

/**
 * For work that makes much and keeps nothing, such as a sheet of 200,000 rows: V8 lets its litter lie as long as the machine has memory, and the
 * process keeps what it once took. @returns to be called between two portions; clears away when much has gathered
 */
export function sweeper(): () => void {
  let before = used()
  return () => {
    const now = used()
    // a sweep for somebody else has been there meanwhile
    before = Math.min(before, now)
    if (now - before < LITTER_MAX) return
    collector()()
    before = used()
  }
}
