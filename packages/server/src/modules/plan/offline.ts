/** What needs files only: loads no database and no server code, so that a command starts in a fraction of a second. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { NOTHING_READ, type PlanReading, readPlan } from './domain/read-plan.ts'

export type { ParameterLine, PlanDocument } from './domain/document.ts'
export type { PlanProblem } from './domain/read-plan.ts'
export { spanOf } from './domain/span-of.ts'

export const PLAN_FILE = 'plan.yaml'

/** Reads `plan.yaml` of a folder. A folder without one is a problem like any other. @param how as in readPlan */
export function readPlanFolder(folder: string, how: Parameters<typeof readPlan>[2] = {}): PlanReading & { source: string } {
  const file = join(folder, PLAN_FILE)
  let source: string
  try {
    source = readFileSync(file, 'utf8')
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'the file is not there' : (error as Error).message
    return { plan: null, counts: NOTHING_READ, source: '', problems: [{ file, line: 1, field: '', reason }] }
  }
  return { ...readPlan(source, file, how), source }
}
