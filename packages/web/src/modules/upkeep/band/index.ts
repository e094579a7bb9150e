export { MaintenanceBand } from './MaintenanceBand.tsx'
