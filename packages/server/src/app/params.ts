import type { Params } from '../platform/ctx.ts'
import type { Db } from '../platform/db.ts'

/** Until the plan module lands. */
export async function loadParams(_db: Db, _now: Temporal.Instant): Promise<Params> {
  const missing = (key: string): never => {
    throw new RangeError(`plan parameter ${key} is not loaded`)
  }
  return { number: missing, text: missing, flag: missing, duration: missing, value: missing }
}
