import { telemetryApi as api } from '@changbai/contract/telemetry.ts'
import { type App, mount } from '../../platform/mount.ts'
import type { Runtime } from '../../platform/runtime.ts'
import { intakeRoutes } from './intake.routes.ts'
import { Intake } from './intake.ts'
import { getItemMeasures, getItemMetric, rankServers } from './item.service.ts'
import { createSource, decideSource, getSource, listSources } from './source.service.ts'

export function telemetryRoutes(app: App, runtime: Runtime): void {
  const { door } = runtime
  mount(app, door, api.sources, listSources)
  mount(app, door, api.source, getSource)
  mount(app, door, api.createSource, createSource)
  mount(app, door, api.decideSource, decideSource)
  mount(app, door, api.item, getItemMeasures)
  mount(app, door, api.metric, getItemMetric)
  mount(app, door, api.top, rankServers)

  const intake = new Intake(runtime)
  app.addHook('onClose', () => intake.close())
  intakeRoutes(app, runtime, intake)
}
