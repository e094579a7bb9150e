import { upkeepProblems } from '@changbai/contract/upkeep.problems.ts'
import { sql } from 'kysely'
import type { Database, Db } from './db.ts'
import { fail } from './fail.ts'
import type { Live } from './live.ts'
import type { Log } from './log.ts'

export interface MaintenanceTable {
  only: boolean
  state: 'OPEN' | 'READ_ONLY'
  cause: 'ADMINISTRATOR' | 'UPGRADE' | null
  reason: string
  since: Temporal.Instant | null
  until: Temporal.Instant | null
  by_name: string | null
}
declare module './db.ts' {
  interface Tables {
    maintenance: MaintenanceTable
  }
}

/** Hearers in every process look at the row again. */
export const GATE_CHANNEL = 'maintenance'

export interface GateState {
  state: MaintenanceTable['state']
  cause: MaintenanceTable['cause']
  reason: string
  since: Temporal.Instant | null
  until: Temporal.Instant | null
  /** The last migration of the database. */
  level: string
}

export async function readGate(db: Db | Database): Promise<GateState> {
  const { rows } = await sql<GateState>`select state, cause, reason, since, until,
    (select max(name) from schema_migration) as level from maintenance`.execute(db)
  return rows[0] as GateState
}

/**
 * Refuses a command while the product is read-only, or when a newer program has upgraded the database under this process. Read in the
 * transaction of the command: whoever waits for the transactions that were open when the gate closed knows that none follows.
 */
export async function requireOpenGate(db: Db, level: string): Promise<void> {
  const gate = await readGate(db)
  if (gate.level > level) fail(upkeepProblems.replaced)
  if (gate.state === 'READ_ONLY') fail(upkeepProblems.readOnly, { reason: gate.reason, until: gate.until?.toString() ?? null })
}

/** What one process knows of the gate without asking; follows the row by NOTIFY. Commands read the row itself. */
export interface Gate {
  current(): GateState
  /** This program's own last migration; a database beyond it belongs to a newer program. */
  readonly level: string
  isReplaced(): boolean
  /** Called with every change, one after the other. */
  onChange(hear: (gate: GateState) => Promise<void>): void
  close(): Promise<void>
}

/** Net under NOTIFY. */
const LOOK_MILLISECONDS = 15_000

export async function openGate(database: Database, live: Live, log: Log, level: string): Promise<Gate> {
  let current = await readGate(database)
  const hearers: ((gate: GateState) => Promise<void>)[] = []
  let queue: Promise<void> = Promise.resolve()
  let closed = false
  const look = async (): Promise<void> => {
    if (closed) return
    const next = await readGate(database)
    const isSame = next.state === current.state && next.level === current.level && next.reason === current.reason
    current = next
    if (!isSame) for (const hear of hearers) await hear(next)
  }
  const again = (): void => {
    queue = queue.then(look).catch((err: unknown) => {
      if (!closed) log.warn({ err }, 'maintenance could not be read')
    })
  }
  const leave = live.listen(GATE_CHANNEL, again)
  const timer = setInterval(again, LOOK_MILLISECONDS)
  timer.unref()
  return {
    current: () => current,
    level,
    isReplaced: () => current.level > level,
    onChange: (hear) => void hearers.push(hear),
    async close() {
      closed = true
      clearInterval(timer)
      leave()
      await queue
    },
  }
}
