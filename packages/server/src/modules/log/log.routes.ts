import { logApi as api } from '@changbai/contract/log.ts'
import type { Door } from '../../platform/door.ts'
import { type App, mount } from '../../platform/mount.ts'
import { deleteQuery, listDevices, listQueries, saveQuery, searchLogs } from './log.service.ts'
import { getReviews, signReview } from './review.service.ts'

export function logRoutes(app: App, door: Door): void {
  mount(app, door, api.search, searchLogs)
  mount(app, door, api.devices, listDevices)
  mount(app, door, api.queries, listQueries)
  mount(app, door, api.saveQuery, saveQuery)
  mount(app, door, api.deleteQuery, deleteQuery)
  mount(app, door, api.reviews, getReviews)
  mount(app, door, api.signReview, signReview)
}
