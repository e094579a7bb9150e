import { registerMigrationNotices } from './migration.notices.ts'
import { registerMigrationProcess } from './migration.process.ts'

export { migrationsInLife } from './life.store.ts'
export { migrationClauses } from './migration.clauses.ts'
export { seedDemoMigrations } from './migration.demo.ts'
export { migrationReactions } from './migration.reactions.ts'
export { migrationRoutes } from './migration.routes.ts'
export { getMigration } from './migration.service.ts'

/** Called once at start: what the process engine and notices must know of migrations. */
export function registerMigration(): void {
  registerMigrationNotices()
  registerMigrationProcess()
}
