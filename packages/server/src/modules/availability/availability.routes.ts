import { availabilityApi as api, measurementApi, probeApi } from '@changbai/contract/availability.ts'
import { statusApi } from '@changbai/contract/status.ts'
import { systemActor } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { type App, type Exchange, mount, mountDownload } from '../../platform/mount.ts'
import type { Runtime } from '../../platform/runtime.ts'
import { cancelDowntime, decideDowntime, listDowntimes, noticeDowntime, proposeDowntime, recordDowntime } from './downtime.service.ts'
import { exportYear } from './export.service.ts'
import { createKey, decideKey, enterWithKey, listKeys } from './key.service.ts'
import { disputeRuling, endOutage, reportOutage, ruleOutage } from './outage.service.ts'
import { assignProbe, createProbe, decideProbe, listProbes, takeResults } from './probe.service.ts'
import { getAvailability, getEvidence, listAvailability, seenApplication } from './read.service.ts'
import { confirmMonth, sealMonth } from './seal.service.ts'
import {
  createStatusToken,
  decideStatusToken,
  enterStatus,
  listBureaus,
  listStatusTokens,
  openStatus,
  readStatus,
} from './status.service.ts'

export function availabilityRoutes(app: App, { door }: Runtime): void {
  mount(app, door, api.list, (ctx, input) => listAvailability(ctx, input))
  mount(app, door, api.one, (ctx, input) => getAvailability(ctx, input))
  mount(app, door, api.evidence, getEvidence)
  mount(app, door, api.report, reportOutage)
  mount(app, door, api.end, endOutage)
  mount(app, door, api.rule, ruleOutage)
  mount(app, door, api.dispute, disputeRuling)
  mount(app, door, api.seal, sealMonth)
  mount(app, door, api.confirm, confirmMonth)
  mountDownload(app, door, api.export, async (ctx, { applicationId, year }) =>
    exportYear(ctx, await seenApplication(ctx, applicationId), year),
  )

  mount(app, door, api.downtimes, listDowntimes)
  mount(app, door, api.proposeDowntime, proposeDowntime)
  mount(app, door, api.noticeDowntime, noticeDowntime)
  mount(app, door, api.decideDowntime, decideDowntime)
  mount(app, door, api.recordDowntime, recordDowntime)
  mount(app, door, api.cancelDowntime, cancelDowntime)

  mount(app, door, api.probes, listProbes)
  mount(app, door, api.createProbe, createProbe)
  mount(app, door, api.decideProbe, decideProbe)
  mount(app, door, api.keys, listKeys)
  mount(app, door, api.createKey, createKey)
  mount(app, door, api.decideKey, decideKey)

  // the call is counted and logged in a transaction of its own: what follows is read-only and may fail, the call was made
  const withKey = (exchange: Exchange) => door.enter({ actor: systemActor('measurement-key') }, (ctx) => enterWithKey(ctx, exchange))
  const all = { all: true } as const
  mount(app, door, measurementApi.list, async (ctx, input, exchange) => {
    await withKey(exchange)
    return listAvailability(ctx, input, all)
  })
  mount(app, door, measurementApi.one, async (ctx, input, exchange) => {
    await withKey(exchange)
    return getAvailability(ctx, input, all)
  })
  mountDownload(app, door, measurementApi.export, async (ctx: Ctx, { applicationId, year }, exchange) => {
    const key = await withKey(exchange)
    const acting = { ...ctx, actor: systemActor(key.name) }
    return exportYear(acting, await seenApplication(acting, applicationId, all), year)
  })

  mount(app, door, statusApi.bureaus, listBureaus)
  mount(app, door, statusApi.page, readStatus)
  mount(app, door, statusApi.open, async (ctx, _input, exchange) =>
    openStatus(ctx, await door.enter({ actor: systemActor('status-page') }, (own) => enterStatus(own, exchange))),
  )
  mount(app, door, statusApi.tokens, listStatusTokens)
  mount(app, door, statusApi.createToken, createStatusToken)
  mount(app, door, statusApi.decideToken, decideStatusToken)

  mount(app, door, probeApi.assignment, assignProbe)
  mount(app, door, probeApi.results, takeResults)
}
