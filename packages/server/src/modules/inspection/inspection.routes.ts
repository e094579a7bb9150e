import { inspectionApi } from '@changbai/contract/inspection.ts'
import type { Door } from '../../platform/door.ts'
import { type App, mount, mountDownload } from '../../platform/mount.ts'
import { printRound } from './inspection.print.ts'
import * as inspection from './inspection.service.ts'
import { readMeasured } from './measured.ts'
import * as point from './point.service.ts'

export function inspectionRoutes(app: App, door: Door): void {
  mount(app, door, inspectionApi.today, inspection.readDay)
  mount(app, door, inspectionApi.list, inspection.listRoundPage)
  mount(app, door, inspectionApi.get, inspection.getRound)
  mount(app, door, inspectionApi.start, inspection.startRound)
  mount(app, door, inspectionApi.save, inspection.saveAnswers)
  mount(app, door, inspectionApi.submit, inspection.submitRound)
  mount(app, door, inspectionApi.review, inspection.reviewRound)
  mount(app, door, inspectionApi.series, inspection.readSeries)
  mount(app, door, inspectionApi.points, point.readPoints)
  mount(app, door, inspectionApi.addPoint, point.addPoint)
  mount(app, door, inspectionApi.retirePoint, point.retirePoint)
  mount(app, door, inspectionApi.measured, readMeasured)
  mountDownload(app, door, inspectionApi.print, printRound)
}
