import { problemApi } from '@changbai/contract/known-problem.ts'
import { type App, mount, mountDownload } from '../../platform/mount.ts'
import type { Runtime } from '../../platform/runtime.ts'
import { printProblem } from './problem.print.ts'
import {
  changeProblem,
  closeProblem,
  getProblem,
  linkIncident,
  listActionPage,
  listProblemPage,
  markKnown,
  problemOfIncident,
  registerProblem,
  reopenProblem,
  resolveProblem,
  unlinkIncident,
} from './problem.service.ts'

export function problemRoutes(app: App, { door }: Runtime): void {
  mount(app, door, problemApi.list, listProblemPage)
  mount(app, door, problemApi.get, getProblem)
  mount(app, door, problemApi.open, registerProblem)
  mount(app, door, problemApi.change, changeProblem)
  mount(app, door, problemApi.link, linkIncident)
  mount(app, door, problemApi.unlink, unlinkIncident)
  mount(app, door, problemApi.markKnown, markKnown)
  mount(app, door, problemApi.resolve, resolveProblem)
  mount(app, door, problemApi.reopen, reopenProblem)
  mount(app, door, problemApi.close, closeProblem)
  mount(app, door, problemApi.ofIncident, problemOfIncident)
  mount(app, door, problemApi.actions, listActionPage)
  mountDownload(app, door, problemApi.print, printProblem)
}
