import { seedCalendar } from '../modules/calendar/index.ts'
import { loadPlan } from '../modules/plan/index.ts'
import { systemActor } from '../platform/actor.ts'
import type { Door } from '../platform/door.ts'
import type { Runtime } from '../platform/runtime.ts'
import type { Config } from './config.ts'

/** What start-up tells the person at the terminal. */
export interface Prepared {
  /** Demo sign-ins, when there is demo data. */
  signIns?: { name: string; role: string; signIn: string; password: string }[]
  /** Where an empty installation is set up, once. */
  setUpUrl?: string
}

/** What everything else stands on: the calendar and the plan. Nothing happens where both are there already. */
export const loadPromises = (door: Door, planDir: string): Promise<void> =>
  door.enter({ actor: systemActor('start') }, async (ctx) => {
    await seedCalendar(ctx)
    await loadPlan(ctx, planDir)
  })

/** Loads what a server needs before it serves: plan, calendar, processes, and demo data once. Safe to run in several processes at a time. */
export async function prepare(runtime: Runtime, config: Config): Promise<Prepared> {
  await loadPromises(runtime.door, config.planDir)
  return {}
}
