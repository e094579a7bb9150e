export { LogsPage } from './LogsPage.tsx'
