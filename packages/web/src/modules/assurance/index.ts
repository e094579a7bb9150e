export { ControlsPage } from './ControlsPage.tsx'
export { DataClassesPage } from './DataClassesPage.tsx'
export { ExportsPage } from './ExportsPage.tsx'
