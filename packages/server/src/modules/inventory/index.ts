export { addApplication, type NewApplication } from './application.service.ts'
export { type ChangeableItem, changeableItems, changeRecord, searchChangeable } from './changeable.service.ts'
export { decideDrift, driftBrief, linkDriftToChange, openDrifts } from './drift.service.ts'
export { findHardwareModel, hardwareModels } from './hardware.service.ts'
export {
  type HeldItem,
  heldDuring,
  type ImageServer,
  leasesOf,
  type ProtectedApplication,
  protectedApplications,
  serversOfImage,
} from './held.store.ts'
export { findItemsByWord, impactOf } from './impact.service.ts'
export { inventoryClauses, onlineApplications } from './inventory.clauses.ts'
export { type DemoTenant, growDemoInventory, seedDemoInventory } from './inventory.demo.ts'
export { inventoryRoutes } from './inventory.routes.ts'
export { searchItems } from './inventory.search.ts'
export { layoutOf, NETWORK_KINDS } from './layout.service.ts'
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
export { findMonitored, type Monitored, monitoredComponents, monitoredServers } from './monitored.service.ts'
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
  closePages,
  compareOne,
  comparePage,
  endReading,
  firstComparison,
  keepRead,
  openReading,
  quotasToRead,
  type Reading,
  readingEnd,
  readingToJoin,
} from './reading.service.ts'
export { changeHeld, giveBackCapacity, type Reclaimable, reclaimables, retireHeld } from './reclaimable.service.ts'
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
export { readSheet } from './sheet/read-sheet.ts'
export { findFlavor, findImage, flavors, images } from './template.service.ts'
export { itemsByAddress, watchedItems, watchedPage, watchedThen } from './watched.service.ts'
export type { WatchedItem } from './watched.store.ts'
