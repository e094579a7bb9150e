/** The face of trainings. */
import { registerTrainingNotices } from './training.notices.ts'

export { activeRunOf, holdRun, noteProgress, runsToAttend, sandboxCleared, sandboxLost, sandboxReady } from './practice.attend.ts'
export type { PracticeFact } from './practice.domain.ts'
export { loadScenarios } from './practice.load.ts'
export type { RunRow as PracticeRunRow, Sandbox } from './practice.store.ts'
export { trainingClauses } from './training.clauses.ts'
export { trainingFigures } from './training.figures.ts'
export { trainingCron, trainingJobs } from './training.jobs.ts'
export { trainingRoutes } from './training.routes.ts'
export { maySeeTraining } from './training.service.ts'

export const registerTraining = (): void => registerTrainingNotices()
