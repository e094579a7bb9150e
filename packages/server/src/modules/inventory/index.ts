export { addApplication, type NewApplication } from './application.service.ts'
export { findHardwareModel, hardwareModels } from './hardware.service.ts'
export { inventoryClauses, onlineApplications } from './inventory.clauses.ts'
export { type DemoTenant, seedDemoInventory } from './inventory.demo.ts'
export { inventoryRoutes } from './inventory.routes.ts'
export { searchItems } from './inventory.search.ts'
export {
  applicationsById,
  changeApplication,
  findApplication,
  findApplicationByCode,
  maySeeApplication,
  measuredApplications,
  myApplications,
  serverBySource,
  serversOf,
} from './lookup.service.ts'
export { baseParametersInForce } from './parameters.service.ts'
export {
  askCapacity,
  type CapacityWish,
  commitCapacity,
  lessenPromise,
  poolCapacity,
  releaseCapacity,
  reserveCapacity,
} from './pool.service.ts'
export type { Holder } from './pool.store.ts'
export {
  acceptedModel,
  type NetworkRecord,
  recordNetwork,
  recordServer,
  recordVolume,
  retireBySource,
  type ServerRecord,
  type Source,
  type VolumeRecord,
} from './resource.service.ts'
export { findFlavor, findImage, flavors, images } from './template.service.ts'
