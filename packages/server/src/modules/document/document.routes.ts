import { documentApi } from '@changbai/contract/document.ts'
import type { Door } from '../../platform/door.ts'
import { type App, mount, mountDownload } from '../../platform/mount.ts'
import { printPaper } from './document.print.ts'
import * as library from './library.service.ts'
import * as register from './register.service.ts'

export function documentRoutes(app: App, door: Door): void {
  mount(app, door, documentApi.guidance, register.listGuidancePage)
  mount(app, door, documentApi.addGuidance, register.addGuidance)
  mount(app, door, documentApi.board, register.readOperationsBoard)
  mount(app, door, documentApi.signBoard, register.signOperationsBoard)
  mount(app, door, documentApi.coordination, register.listCoordinationPage)
  mount(app, door, documentApi.openCoordination, register.openCoordination)
  mount(app, door, documentApi.closeCoordination, register.closeCoordination)
  mount(app, door, documentApi.papers, register.listPaperPage)
  mount(app, door, documentApi.paper, register.getPaper)
  mountDownload(app, door, documentApi.printPaper, printPaper)
  mount(app, door, documentApi.makePaper, register.makePaper)
  mount(app, door, documentApi.advise, register.advisePaper)
  mount(app, door, documentApi.sendPaper, register.sendPaper)
  mount(app, door, documentApi.ackPaper, register.acknowledgePaper)
  mount(app, door, documentApi.library, library.listDocumentPage)
  mount(app, door, documentApi.addDocument, library.addDocument)
  mount(app, door, documentApi.addVersion, library.addVersion)
  mount(app, door, documentApi.retire, library.retireDocument)
  mountDownload(app, door, documentApi.exportDocument, library.exportDocument)
  mount(app, door, documentApi.archives, library.listArchivePackages)
  mountDownload(app, door, documentApi.archive, library.archiveYear)
}
