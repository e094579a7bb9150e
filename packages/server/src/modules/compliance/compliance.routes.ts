import { complianceApi } from '@changbai/contract/compliance.ts'
import type { Door } from '../../platform/door.ts'
import { type App, mount, mountDownload } from '../../platform/mount.ts'
import { readBoard, readClauseFigure, readMine } from './compliance.service.ts'
import { exportMonth } from './export.service.ts'
import { decideCorrection, freezeMonth, listCorrections, listFreezes, proposeCorrection } from './freeze.service.ts'
import { printMonthBoard } from './print.service.ts'
import { decideWaiver, listWaivers, proposeWaiver } from './waiver.service.ts'

export function complianceRoutes(app: App, door: Door): void {
  mount(app, door, complianceApi.board, readBoard)
  mount(app, door, complianceApi.clause, readClauseFigure)
  mount(app, door, complianceApi.mine, readMine)
  mount(app, door, complianceApi.freezes, listFreezes)
  mount(app, door, complianceApi.freeze, freezeMonth)
  mount(app, door, complianceApi.corrections, listCorrections)
  mount(app, door, complianceApi.proposeCorrection, proposeCorrection)
  mount(app, door, complianceApi.decideCorrection, decideCorrection)
  mount(app, door, complianceApi.waivers, listWaivers)
  mount(app, door, complianceApi.proposeWaiver, proposeWaiver)
  mount(app, door, complianceApi.decideWaiver, decideWaiver)
  mountDownload(app, door, complianceApi.export, exportMonth)
  mountDownload(app, door, complianceApi.print, printMonthBoard)
}
