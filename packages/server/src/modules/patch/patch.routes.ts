import { patchApi } from '@changbai/contract/patch.ts'
import { type App, mount } from '../../platform/mount.ts'
import type { Runtime } from '../../platform/runtime.ts'
import {
  beginRound,
  cancelRound,
  closeRound,
  getRound,
  listBaselines,
  listRounds,
  planRound,
  publishBaseline,
  recordResults,
} from './patch.service.ts'

export function patchRoutes(app: App, { door }: Runtime): void {
  mount(app, door, patchApi.baselines, listBaselines)
  mount(app, door, patchApi.publish, publishBaseline)
  mount(app, door, patchApi.rounds, listRounds)
  mount(app, door, patchApi.plan, planRound)
  mount(app, door, patchApi.get, getRound)
  mount(app, door, patchApi.begin, beginRound)
  mount(app, door, patchApi.result, recordResults)
  mount(app, door, patchApi.close, closeRound)
  mount(app, door, patchApi.cancel, cancelRound)
}
