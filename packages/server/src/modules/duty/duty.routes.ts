import { dutyApi } from '@changbai/contract/duty.ts'
import { type App, mount, mountDownload } from '../../platform/mount.ts'
import type { Runtime } from '../../platform/runtime.ts'
import { listOfficers, listPosts, listShifts, makeFeed, readFeed, readNow, readPagingOrder, saveOfficer, savePost } from './duty.service.ts'
import { acknowledgePage, listPagesOf } from './page.service.ts'
import { discard, draftRoster, getRoster, listRosterPage, publish, removeShift, saveShift } from './roster.service.ts'
import { answerSwap, askSwap, giveHandOver, listHandOverPage, listSwaps, takeHandOver } from './swap.service.ts'

export function dutyRoutes(app: App, { door }: Runtime): void {
  mount(app, door, dutyApi.now, readNow)
  mount(app, door, dutyApi.pagingOrder, readPagingOrder)
  mount(app, door, dutyApi.shifts, listShifts)
  mount(app, door, dutyApi.officers, listOfficers)
  mount(app, door, dutyApi.saveOfficer, saveOfficer)
  mount(app, door, dutyApi.rosters, listRosterPage)
  mount(app, door, dutyApi.roster, getRoster)
  mount(app, door, dutyApi.draft, draftRoster)
  mount(app, door, dutyApi.saveShift, saveShift)
  mount(app, door, dutyApi.removeShift, removeShift)
  mount(app, door, dutyApi.publish, publish)
  mount(app, door, dutyApi.discard, discard)
  mount(app, door, dutyApi.swaps, listSwaps)
  mount(app, door, dutyApi.askSwap, askSwap)
  mount(app, door, dutyApi.answerSwap, answerSwap)
  mount(app, door, dutyApi.handOvers, listHandOverPage)
  mount(app, door, dutyApi.giveHandOver, giveHandOver)
  mount(app, door, dutyApi.takeHandOver, takeHandOver)
  mount(app, door, dutyApi.posts, listPosts)
  mount(app, door, dutyApi.savePost, savePost)
  mount(app, door, dutyApi.makeFeed, makeFeed)
  mountDownload(app, door, dutyApi.feed, readFeed)
  mount(app, door, dutyApi.pages, listPagesOf)
  mount(app, door, dutyApi.acknowledgePage, acknowledgePage)
}
