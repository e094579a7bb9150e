import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { loadRules } from '../modules/alarm/index.ts'
import { seedCalendar } from '../modules/calendar/index.ts'
import { openSetUp } from '../modules/identity/index.ts'
import { applyDueProposals, loadPlan } from '../modules/plan/index.ts'
import { deployShipped, requireKnownHandlers, shippedBefore } from '../modules/process/index.ts'
import { loadReportTemplate } from '../modules/report/index.ts'
import { loadScenarios } from '../modules/training/index.ts'
import { systemActor } from '../platform/actor.ts'
import type { Ctx } from '../platform/ctx.ts'
import type { Door } from '../platform/door.ts'
import type { Runtime } from '../platform/runtime.ts'
import type { Config } from './config.ts'
import { type DemoSignIn, demoSignIns, seedDemo } from './demo/index.ts'

/** What start-up tells the person at the terminal. */
export interface Prepared {
  /** Demo sign-ins, when there is demo data. */
  signIns?: readonly DemoSignIn[]
  /** Where an empty installation is set up, once. */
  setUpUrl?: string
}

/** One process prepares, the others that start at the same moment wait for it. */
const LOCK_KEY = 7_201_902
const START = { actor: systemActor('start') }

/** Described in the plan, checked and played, but not yet carried out by the program: BPMN's own word for it. */
const isDescribedOnly = (xml: string): boolean => /<bpmn:process\b[^>]*\bisExecutable="false"/.test(xml)

/** What everything else stands on: the calendar, the plan and its processes. Nothing happens where they are there already. */
export async function loadPromises(door: Door, planDir: string): Promise<void> {
  const folder = join(planDir, 'processes')
  // a folder that is not there is told with the plan that is not there either
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.bpmn')).sort()
  const files = await Promise.all(
    names.map(async (name) => ({ key: name.replace(/\.bpmn$/, ''), xml: await readFile(join(folder, name), 'utf8') })),
  )
  const executable = files.filter(({ xml }) => !isDescribedOnly(xml))
  // a process that changed waits with the plan it belongs to; one that never was there is needed by this program and harms nobody
  const held = await door.enter(START, async (ctx) => {
    await lockStart(ctx)
    await seedCalendar(ctx)
    await applyDueProposals(ctx)
    const changed = (await shippedBefore(ctx, executable)).filter(({ before, after }) => before !== null && before !== after)
    await loadPlan(ctx, planDir, changed)
    await loadRules(ctx, planDir)
    await loadReportTemplate(ctx, planDir)
    await loadScenarios(ctx, planDir)
    return new Set(changed.map(({ key }) => key))
  })
  // a transaction of its own: the parameters that processes name are in force only now
  await door.enter(START, async (ctx) => {
    await lockStart(ctx)
    await deployShipped(
      ctx,
      executable.filter(({ key }) => !held.has(key)),
    )
    await requireKnownHandlers(ctx)
  })
}

const lockStart = (ctx: Ctx) => sql`select pg_advisory_xact_lock(${LOCK_KEY})`.execute(ctx.db)

/** Loads what a server needs before it serves: plan, calendar, processes, and demo data once. Safe to run in several processes at a time. */
export async function prepare(runtime: Runtime, config: Pick<Config, 'planDir' | 'demo' | 'publicUrl'>): Promise<Prepared> {
  await loadPromises(runtime.door, config.planDir)
  if (config.demo) {
    const hasDemo = await runtime.door.enter(START, async (ctx) => {
      await lockStart(ctx)
      return seedDemo(ctx)
    })
    return hasDemo ? { signIns: demoSignIns } : {}
  }
  const token = await runtime.door.enter(START, openSetUp)
  // behind `#`: what a browser never sends stays out of every log on the way
  return token ? { setUpUrl: `${config.publicUrl}/set-up#${token}` } : {}
}
