import { serviceRequestApi } from '@changbai/contract/service-request.ts'
import { type App, mount } from '../../platform/mount.ts'
import type { Runtime } from '../../platform/runtime.ts'
import {
  acceptService,
  confirmService,
  declineService,
  finishService,
  getService,
  listServicePage,
  noteOnService,
  rateService,
  readCatalogue,
  submitService,
  withdrawService,
} from './service.service.ts'

export function serviceRequestRoutes(app: App, { door }: Runtime): void {
  mount(app, door, serviceRequestApi.catalogue, readCatalogue)
  mount(app, door, serviceRequestApi.list, listServicePage)
  mount(app, door, serviceRequestApi.get, getService)
  mount(app, door, serviceRequestApi.submit, submitService)
  mount(app, door, serviceRequestApi.accept, acceptService)
  mount(app, door, serviceRequestApi.decline, declineService)
  mount(app, door, serviceRequestApi.note, noteOnService)
  mount(app, door, serviceRequestApi.finish, finishService)
  mount(app, door, serviceRequestApi.confirm, confirmService)
  mount(app, door, serviceRequestApi.withdraw, withdrawService)
  mount(app, door, serviceRequestApi.rate, rateService)
}
