import { migrationApi } from '@changbai/contract/migration.ts'
import { type App, mount, mountDownload, mountUpload } from '../../platform/mount.ts'
import type { Runtime } from '../../platform/runtime.ts'
import { printMigration } from './migration.print.ts'
import {
  getMigration,
  importSheet,
  listMigrationPage,
  noteCheck,
  saveForm,
  savePlan,
  startMigration,
  tickStep,
} from './migration.service.ts'

export function migrationRoutes(app: App, { door }: Runtime): void {
  mount(app, door, migrationApi.list, listMigrationPage)
  mount(app, door, migrationApi.start, startMigration)
  mount(app, door, migrationApi.get, getMigration)
  mount(app, door, migrationApi.saveForm, saveForm)
  mountUpload(app, door, migrationApi.importSheet, importSheet)
  mount(app, door, migrationApi.savePlan, savePlan)
  mount(app, door, migrationApi.tick, tickStep)
  mount(app, door, migrationApi.check, noteCheck)
  mountDownload(app, door, migrationApi.print, printMigration)
}
