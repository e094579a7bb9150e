export { PointsPage } from './PointsPage.tsx'
export { RoundPage } from './RoundPage.tsx'
export { RoundsPage } from './RoundsPage.tsx'
