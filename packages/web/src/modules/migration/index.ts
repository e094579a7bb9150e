export { MigrationPage } from './MigrationPage.tsx'
export { MigrationsPage } from './MigrationsPage.tsx'
