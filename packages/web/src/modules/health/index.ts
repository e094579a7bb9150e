export { HealthPage } from './HealthPage.tsx'
