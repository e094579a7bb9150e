export { TrainingPage } from './TrainingPage.tsx'
export { TrainingsPage } from './TrainingsPage.tsx'
