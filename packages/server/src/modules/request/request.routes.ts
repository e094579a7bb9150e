import { requestApi } from '@changbai/contract/request.ts'
import { type App, mount, mountDownload } from '../../platform/mount.ts'
import type { Runtime } from '../../platform/runtime.ts'
import { exportRequests } from './request.export.ts'
import {
  cancelRequest,
  finaliseCatalog,
  getChoices,
  getForms,
  getGapsOf,
  getRecommendation,
  getRequest,
  listRequestPage,
  startRequest,
  submitRequest,
  withdrawRequest,
} from './request.service.ts'
import { getTimeline } from './request.timeline.ts'

export function requestRoutes(app: App, { door }: Runtime): void {
  mount(app, door, requestApi.list, listRequestPage)
  mountDownload(app, door, requestApi.exportList, exportRequests)
  mount(app, door, requestApi.start, startRequest)
  mount(app, door, requestApi.get, getRequest)
  mount(app, door, requestApi.forms, getForms)
  mount(app, door, requestApi.gaps, getGapsOf)
  mount(app, door, requestApi.choices, getChoices)
  mount(app, door, requestApi.recommendation, getRecommendation)
  mount(app, door, requestApi.finaliseCatalog, finaliseCatalog)
  mount(app, door, requestApi.submit, submitRequest)
  mount(app, door, requestApi.withdraw, withdrawRequest)
  mount(app, door, requestApi.cancel, cancelRequest)
  mount(app, door, requestApi.timeline, getTimeline)
}
