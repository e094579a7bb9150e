import { upkeepApi } from '@changbai/contract/upkeep.ts'
import { type App, mount } from '../../platform/mount.ts'
import type { Runtime } from '../../platform/runtime.ts'
import { backUpNow, drillNow, readBackupState, readBackups, readDrills } from './backup.service.ts'
import { readAbout, readInstances, readMaintenance, readUpgrades, setMaintenance } from './maintenance.service.ts'

export function upkeepRoutes(app: App, { door, backups }: Runtime): void {
  mount(app, door, upkeepApi.maintenance, readMaintenance)
  mount(app, door, upkeepApi.setMaintenance, setMaintenance)
  mount(app, door, upkeepApi.about, readAbout)
  mount(app, door, upkeepApi.upgrades, readUpgrades)
  mount(app, door, upkeepApi.instances, readInstances)
  mount(app, door, upkeepApi.backups, readBackups)
  mount(app, door, upkeepApi.backupState, readBackupState(backups))
  mount(app, door, upkeepApi.backUp, backUpNow(backups))
  mount(app, door, upkeepApi.drills, readDrills)
  mount(app, door, upkeepApi.drill, drillNow)
}
