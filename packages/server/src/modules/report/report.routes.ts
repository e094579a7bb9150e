import { reportApi } from '@changbai/contract/report.ts'
import type { Door } from '../../platform/door.ts'
import { type App, mount, mountDownload, mountUpload } from '../../platform/mount.ts'
import * as present from './present.service.ts'
import * as print from './print.service.ts'
import * as report from './report.service.ts'
import * as template from './template.service.ts'

export function reportRoutes(app: App, door: Door): void {
  mount(app, door, reportApi.list, report.listReportPage)
  mount(app, door, reportApi.get, report.getReport)
  mount(app, door, reportApi.open, report.openReport)
  mount(app, door, reportApi.comment, report.saveComment)
  mount(app, door, reportApi.sign, report.signReport)
  mount(app, door, reportApi.submit, report.submitReport)
  mount(app, door, reportApi.approve, report.approveReport)
  mount(app, door, reportApi.present, present.presentReport)
  mount(app, door, reportApi.receive, present.receiveReport)
  mount(app, door, reportApi.erratum, present.addErratum)
  mount(app, door, reportApi.agreeErratum, present.agreeToErratum)
  mountDownload(app, door, reportApi.print, print.printReport)
  mountDownload(app, door, reportApi.figures, print.exportFigures)
  mount(app, door, reportApi.templates, template.readTemplates)
  mountUpload(app, door, reportApi.proposeTemplate, template.proposeTemplate)
  mount(app, door, reportApi.approveTemplate, template.approveTemplate)
}
