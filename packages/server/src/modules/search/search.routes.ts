import { searchApi as api } from '@changbai/contract/search.ts'
import type { Door } from '../../platform/door.ts'
import { type App, mount } from '../../platform/mount.ts'
import { dropView, listViews, saveView, searchEverywhere } from './search.service.ts'

export function searchRoutes(app: App, door: Door): void {
  mount(app, door, api.everywhere, searchEverywhere)
  mount(app, door, api.views, listViews)
  mount(app, door, api.saveView, saveView)
  mount(app, door, api.dropView, dropView)
}
