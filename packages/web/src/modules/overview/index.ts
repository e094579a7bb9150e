export { OverviewPage } from './OverviewPage.tsx'
export { OverviewWallPage } from './OverviewWallPage.tsx'
