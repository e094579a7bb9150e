import { provisioningApi } from '@changbai/contract/provisioning.ts'
import type { Door } from '../../platform/door.ts'
import { type App, mount, mountDownload } from '../../platform/mount.ts'
import { collectCredentials, newCredentialLink } from './credential.service.ts'
import { decideHold, endHold, proposeHold } from './hold.service.ts'
import { listLeases } from './lease.service.ts'
import { exportWorkOrders } from './provisioning.export.ts'
import { getWorkOrder, listWorkOrders, readTimeline, readTimelineOfRequest, selfCheckTemplate } from './work-order.service.ts'

export function provisioningRoutes(app: App, door: Door): void {
  mount(app, door, provisioningApi.list, listWorkOrders)
  mountDownload(app, door, provisioningApi.exportList, exportWorkOrders)
  mount(app, door, provisioningApi.get, getWorkOrder)
  mount(app, door, provisioningApi.timeline, readTimeline)
  mount(app, door, provisioningApi.timelineOfRequest, readTimelineOfRequest)
  mount(app, door, provisioningApi.proposeHold, proposeHold)
  mount(app, door, provisioningApi.decideHold, decideHold)
  mount(app, door, provisioningApi.endHold, endHold)
  mount(app, door, provisioningApi.newCredentialLink, newCredentialLink)
  mount(app, door, provisioningApi.collectCredentials, collectCredentials)
  mount(app, door, provisioningApi.leases, listLeases)
  mount(app, door, provisioningApi.selfCheckTemplate, selfCheckTemplate)
}
