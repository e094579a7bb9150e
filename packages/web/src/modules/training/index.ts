export { ManualPage } from './ManualPage.tsx'
export { TrainingPage } from './TrainingPage.tsx'
export { TrainingsPage } from './TrainingsPage.tsx'
