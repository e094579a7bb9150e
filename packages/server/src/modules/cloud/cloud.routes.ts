import { cloudReadApi } from '@changbai/contract/cloud.read.ts'
import { cloudApi } from '@changbai/contract/cloud.ts'
import type { Door } from '../../platform/door.ts'
import { type App, mount } from '../../platform/mount.ts'
import * as cloud from './cloud.service.ts'
import { readNow, tamperSimulated } from './reading.service.ts'

export function cloudRoutes(app: App, door: Door): void {
  mount(app, door, cloudApi.connections, cloud.listConnections)
  mount(app, door, cloudApi.proposeConnection, cloud.proposeConnection)
  mount(app, door, cloudApi.decideConnection, cloud.decideConnection)
  mount(app, door, cloudApi.checkConnection, cloud.checkConnection)
  mount(app, door, cloudApi.capacity, cloud.readCapacity)
  mount(app, door, cloudApi.checkCapacity, cloud.checkCapacity)
  mount(app, door, cloudApi.catalogue, cloud.readCatalogue)
  mount(app, door, cloudApi.resources, cloud.listResources)
  mount(app, door, cloudApi.strays, cloud.listStrays)
  mount(app, door, cloudApi.faults, cloud.listFaults)
  mount(app, door, cloudApi.injectFault, cloud.injectFault)
  mount(app, door, cloudApi.clearFault, cloud.clearFault)
  mount(app, door, cloudReadApi.readNow, readNow)
  mount(app, door, cloudReadApi.tamper, tamperSimulated)
}
