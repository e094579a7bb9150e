export { BackupsPage } from './BackupsPage.tsx'
export { UpkeepPage } from './UpkeepPage.tsx'
