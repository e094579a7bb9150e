import { alarmApi as api, wallApi } from '@changbai/contract/alarm.ts'
import { policyCheckApi } from '@changbai/contract/policy-check.ts'
import { systemActor } from '../../platform/actor.ts'
import { type App, mount } from '../../platform/mount.ts'
import type { Runtime } from '../../platform/runtime.ts'
import { acknowledgeAlarms, closeAlarm, getAlarm, listAlarmPage, noteAlarm } from './alarm.service.ts'
import { listCoverage } from './coverage.service.ts'
import { Evaluator } from './evaluator.ts'
import { alarmIntakeRoutes } from './intake.routes.ts'
import { readHouseMap } from './map.service.ts'
import { readPolicyCheck, signPolicyCheck } from './policy-check.service.ts'
import { replayRule } from './replay.service.ts'
import { decideChange, listRules, proposeChange } from './rule.service.ts'
import { createScreen, decideScreen, enterScreen, listScreens, readBoard } from './screen.service.ts'
import { getSelf } from './self.service.ts'
import { createSilence, endSilence, listSilencePage } from './silence.service.ts'

export function alarmRoutes(app: App, runtime: Runtime): void {
  const { door } = runtime
  mount(app, door, api.list, listAlarmPage)
  mount(app, door, api.get, getAlarm)
  mount(app, door, api.acknowledge, acknowledgeAlarms)
  mount(app, door, api.note, noteAlarm)
  mount(app, door, api.close, closeAlarm)
  mount(app, door, api.silences, listSilencePage)
  mount(app, door, api.silence, createSilence)
  mount(app, door, api.endSilence, endSilence)
  mount(app, door, api.rules, listRules)
  mount(app, door, api.proposeRule, proposeChange)
  mount(app, door, api.decideRule, decideChange)
  mount(app, door, api.replay, replayRule)
  mount(app, door, api.coverage, listCoverage)
  mount(app, door, api.map, readHouseMap)
  mount(app, door, api.self, getSelf)
  mount(app, door, policyCheckApi.read, readPolicyCheck)
  mount(app, door, policyCheckApi.sign, signPolicyCheck)
  mount(app, door, api.screens, listScreens)
  mount(app, door, api.createScreen, createScreen)
  mount(app, door, api.decideScreen, decideScreen)
  mount(app, door, wallApi.board, async (ctx, _input, exchange) => {
    await door.enter({ actor: systemActor('wall') }, (own) => enterScreen(own, exchange))
    return readBoard({ ...ctx, actor: systemActor('wall') })
  })
  alarmIntakeRoutes(app, runtime)
  const evaluator = new Evaluator(runtime)
  app.addHook('onClose', () => evaluator.stop())
}
