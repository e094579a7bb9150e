import { reclaimApi } from '@changbai/contract/reclaim.ts'
import { type App, mount, mountDownload, mountUpload } from '../../platform/mount.ts'
import type { Runtime } from '../../platform/runtime.ts'
import { getCase, listCasePage, recoverCase, startCase } from './case.service.ts'
import { listCandidates, listRuns, runByHand } from './detect.service.ts'
import { endExemption, exempt, listClusters, listExemptions, saveCluster } from './exemption.service.ts'
import { readCurve, uploadMeasurements } from './measure.service.ts'
import { printCase } from './reclaim.print.ts'
import { readSavings } from './savings.service.ts'

export function reclaimRoutes(app: App, { door }: Runtime): void {
  mount(app, door, reclaimApi.runs, listRuns)
  mount(app, door, reclaimApi.detect, runByHand)
  mount(app, door, reclaimApi.candidates, listCandidates)
  mount(app, door, reclaimApi.start, startCase)
  mount(app, door, reclaimApi.list, listCasePage)
  mount(app, door, reclaimApi.get, getCase)
  mount(app, door, reclaimApi.recover, recoverCase)
  mountDownload(app, door, reclaimApi.print, printCase)
  mount(app, door, reclaimApi.series, readCurve)
  mountUpload(app, door, reclaimApi.measure, uploadMeasurements)
  mount(app, door, reclaimApi.exemptions, listExemptions)
  mount(app, door, reclaimApi.exempt, exempt)
  mount(app, door, reclaimApi.endExemption, endExemption)
  mount(app, door, reclaimApi.clusters, listClusters)
  mount(app, door, reclaimApi.saveCluster, saveCluster)
  mount(app, door, reclaimApi.savings, readSavings)
}
