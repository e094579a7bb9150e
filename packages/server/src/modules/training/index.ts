/** The face of trainings. */
import { registerTrainingNotices } from './training.notices.ts'

export { trainingClauses } from './training.clauses.ts'
export { trainingFigures } from './training.figures.ts'
export { trainingCron, trainingJobs } from './training.jobs.ts'
export { trainingRoutes } from './training.routes.ts'
export { maySeeTraining } from './training.service.ts'

export const registerTraining = (): void => registerTrainingNotices()
