import { registerChangeNotices } from './change.notices.ts'
import { registerChangeProcess } from './change.process.ts'

export { changesOn, freezesWithin } from './calendar.service.ts'
export { addChangeCauses } from './cause.store.ts'
export { changeClauses } from './change.clauses.ts'
export { seedDemoChanges } from './change.demo.ts'
export { changeReactions } from './change.reactions.ts'
export { changeRoutes } from './change.routes.ts'
export { changeCovering } from './covering.ts'
export { openFromDrift } from './from-drift.ts'
export { changesInLife } from './life.store.ts'

/** Called once at start: what the process engine and notices must know of changes. */
export function registerChange(): void {
  registerChangeNotices()
  registerChangeProcess()
}
