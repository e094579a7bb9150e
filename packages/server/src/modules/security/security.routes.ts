import { securityApi } from '@changbai/contract/security.ts'
import { type App, mount } from '../../platform/mount.ts'
import type { Runtime } from '../../platform/runtime.ts'
import { listCoverage } from './coverage.service.ts'
import { endHeld, listHeld, recordHeld } from './held.service.ts'
import {
  acceptOrder,
  confirmOrder,
  deliverOrder,
  getOrder,
  listOrders,
  orderSecurity,
  readSecurityCatalogue,
  withdrawOrder,
} from './order.service.ts'

export function securityRoutes(app: App, { door }: Runtime): void {
  mount(app, door, securityApi.catalogue, readSecurityCatalogue)
  mount(app, door, securityApi.coverage, listCoverage)
  mount(app, door, securityApi.held, listHeld)
  mount(app, door, securityApi.orders, listOrders)
  mount(app, door, securityApi.order, orderSecurity)
  mount(app, door, securityApi.get, getOrder)
  mount(app, door, securityApi.accept, acceptOrder)
  mount(app, door, securityApi.deliver, deliverOrder)
  mount(app, door, securityApi.confirm, confirmOrder)
  mount(app, door, securityApi.withdraw, withdrawOrder)
  mount(app, door, securityApi.record, recordHeld)
  mount(app, door, securityApi.end, endHeld)
}
