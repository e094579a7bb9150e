import type { Endpoint, Input } from '@changbai/contract/endpoint.ts'
import { adoptionApi } from '@changbai/contract/inventory.adoption.ts'
import { capacityApi } from '@changbai/contract/inventory.capacity.ts'
import { driftApi } from '@changbai/contract/inventory.drift.ts'
import { inventoryApi as api } from '@changbai/contract/inventory.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { type App, mount, mountDownload, mountUpload, type Service } from '../../platform/mount.ts'
import type { Runtime } from '../../platform/runtime.ts'
import * as adoption from './adoption.service.ts'
import { adoptionSheet, importAdoptions } from './adoption.sheet.ts'
import { confirmMeasurement, createApplication, setMeasurement, updateApplication } from './application.service.ts'
import * as capacity from './capacity.service.ts'
import * as drift from './drift.service.ts'
import { exportItems } from './export.service.ts'
import { addHardwareModel, recordAcceptanceTest, updateHardwareModel } from './hardware.service.ts'
import { showImpact } from './impact.service.ts'
import { importItems } from './import.service.ts'
import { getBaseParameters, listBaseParameterVersions, saveBaseParameters } from './parameters.service.ts'
import { answerCapacity, createPool, getPool, listAllocations, listPools, retirePool, updatePool } from './pool.service.ts'
import { historyOf, relate, relationsOf, unrelate } from './relation.service.ts'
import { changeOf, creationOf, listOf, oneOf, retirementOf, type ScreenService } from './screen.service.ts'
import {
  createFlavor,
  createImage,
  decideFlavor,
  decideImage,
  testFlavor,
  testImage,
  updateFlavor,
  updateImage,
} from './template.service.ts'

export function inventoryRoutes(app: App, { door }: Runtime): void {
  const show = <E extends Endpoint>(e: E, service: ScreenService) => mount(app, door, e, service as Service<E>)
  show(api.listApplications, listOf('application'))
  show(api.getApplication, oneOf('application'))
  mount(app, door, api.createApplication, createApplication)
  mount(app, door, api.updateApplication, updateApplication)
  show(api.retireApplication, retirementOf('application', ['application.write', 'C']))
  mount(app, door, api.setMeasurement, setMeasurement)
  mount(app, door, api.confirmMeasurement, confirmMeasurement)

  show(api.listServers, listOf('server'))
  show(api.getServer, oneOf('server'))
  show(api.createServer, creationOf('server'))
  show(api.updateServer, changeOf('server', ['cmdb.write', 'U']))
  show(api.retireServer, retirementOf('server', ['cmdb.write', 'U']))
  show(api.listVolumes, listOf('volume'))
  show(api.getVolume, oneOf('volume'))
  show(api.createVolume, creationOf('volume'))
  show(api.updateVolume, changeOf('volume', ['cmdb.write', 'U']))
  show(api.retireVolume, retirementOf('volume', ['cmdb.write', 'U']))
  show(api.listNetworks, listOf('network'))
  show(api.getNetwork, oneOf('network'))
  show(api.createNetwork, creationOf('network'))
  show(api.updateNetwork, changeOf('network', ['cmdb.write', 'U']))
  show(api.retireNetwork, retirementOf('network', ['cmdb.write', 'U']))

  mount(app, door, adoptionApi.projects, adoption.readAdoptable)
  mountDownload(app, door, adoptionApi.sheet, adoptionSheet)
  mountUpload(app, door, adoptionApi.importSheet, importAdoptions)
  mount(app, door, adoptionApi.propose, adoption.proposeAdoption)
  mount(app, door, adoptionApi.adoptions, adoption.readAdoptions)
  mount(app, door, adoptionApi.confirmMany, adoption.confirmAdoptions)
  mount(app, door, adoptionApi.adoption, adoption.readAdoption)
  mount(app, door, adoptionApi.confirm, adoption.confirmAdoption)
  mount(app, door, adoptionApi.sendBack, adoption.returnAdoption)
  mount(app, door, adoptionApi.withdraw, adoption.withdrawAdoption)

  mount(app, door, api.listPools, listPools)
  mount(app, door, api.getPool, getPool)
  mount(app, door, api.createPool, createPool)
  mount(app, door, api.updatePool, updatePool)
  mount(app, door, api.retirePool, retirePool)
  mount(app, door, api.poolAllocations, listAllocations)
  mount(app, door, api.askCapacity, answerCapacity)
  show(api.listRacks, listOf('rack'))
  show(api.getRack, oneOf('rack'))
  show(api.createRack, creationOf('rack'))
  show(api.updateRack, changeOf('rack', ['cmdb.write', 'U']))
  show(api.retireRack, retirementOf('rack', ['cmdb.write', 'U']))

  show(api.listComponents, listOf('component'))
  show(api.getComponent, oneOf('component'))
  show(api.createComponent, creationOf('component'))
  show(api.updateComponent, changeOf('component', ['cmdb.write', 'U']))
  show(api.retireComponent, retirementOf('component', ['cmdb.write', 'U']))

  show(api.listFlavors, listOf('flavor'))
  show(api.getFlavor, oneOf('flavor'))
  mount(app, door, api.createFlavor, createFlavor)
  mount(app, door, api.updateFlavor, updateFlavor)
  show(api.retireFlavor, retirementOf('flavor', ['iaas.template.manage', 'U']))
  mount(app, door, api.testFlavor, testFlavor)
  mount(app, door, api.decideFlavor, decideFlavor)
  show(api.listImages, listOf('image'))
  show(api.getImage, oneOf('image'))
  mount(app, door, api.createImage, createImage)
  mount(app, door, api.updateImage, updateImage)
  show(api.retireImage, retirementOf('image', ['iaas.template.manage', 'U']))
  mount(app, door, api.testImage, testImage)
  mount(app, door, api.decideImage, decideImage)
  show(api.listHardwareModels, listOf('hardwareModel'))
  show(api.getHardwareModel, oneOf('hardwareModel'))
  mount(app, door, api.createHardwareModel, (ctx: Ctx, input: Input<typeof api.createHardwareModel>) =>
    addHardwareModel(ctx, input, 'SCREEN'),
  )
  mount(app, door, api.updateHardwareModel, updateHardwareModel)
  show(api.retireHardwareModel, retirementOf('hardwareModel', ['iaas.hardwareTest', 'C']))
  mount(app, door, api.recordAcceptanceTest, recordAcceptanceTest)

  mount(app, door, api.baseParameters, getBaseParameters)
  mount(app, door, api.baseParameterVersions, listBaseParameterVersions)
  mount(app, door, api.saveBaseParameters, saveBaseParameters)
  mount(app, door, api.history, historyOf)
  mount(app, door, api.relations, relationsOf)
  mount(app, door, api.impact, showImpact)
  mount(app, door, capacityApi.outlook, capacity.showOutlook)
  mount(app, door, capacityApi.projects, capacity.listProjects)
  mount(app, door, capacityApi.startProject, capacity.startProject)
  mount(app, door, capacityApi.reachMilestone, capacity.reachMilestone)
  mount(app, door, capacityApi.deliverProject, capacity.deliverProject)
  mount(app, door, capacityApi.cancelProject, capacity.cancelProject)
  mount(app, door, capacityApi.plans, capacity.listPlans)
  mount(app, door, capacityApi.makePlan, capacity.makePlan)
  mount(app, door, driftApi.drifts, drift.listDrifts)
  mount(app, door, driftApi.drift, drift.showDrift)
  mount(app, door, driftApi.decide, drift.decideDrift)
  mount(app, door, driftApi.readings, drift.listReadings)
  mount(app, door, driftApi.observed, drift.listObserved)
  mount(app, door, api.relate, relate)
  mount(app, door, api.unrelate, unrelate)
  mountUpload(app, door, api.importItems, importItems)
  mountDownload(app, door, api.exportItems, exportItems)
}
