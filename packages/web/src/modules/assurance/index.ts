export { ControlsPage } from './ControlsPage.tsx'
export { ExportsPage } from './ExportsPage.tsx'
