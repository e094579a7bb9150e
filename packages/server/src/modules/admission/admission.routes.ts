import { admissionApi } from '@changbai/contract/admission.ts'
import { formApi } from '@changbai/contract/forms.ts'
import { type App, mount, mountDownload, mountUpload } from '../../platform/mount.ts'
import type { Runtime } from '../../platform/runtime.ts'
import { exportAdmissions } from './admission.export.ts'
import {
  getAdmission,
  getForms,
  getGapsOf,
  listAdmissionPage,
  listUsable,
  startAdmission,
  submitAdmission,
  withdrawAdmission,
} from './admission.service.ts'
import {
  attachToForm,
  compareVersions,
  detachFromForm,
  downloadFromForm,
  getForm,
  getGaps,
  getVersion,
  getVersions,
  printForm,
  saveForm,
} from './form.service.ts'

export function admissionRoutes(app: App, { door }: Runtime): void {
  mount(app, door, admissionApi.list, listAdmissionPage)
  mountDownload(app, door, admissionApi.exportList, exportAdmissions)
  mount(app, door, admissionApi.start, startAdmission)
  mount(app, door, admissionApi.get, getAdmission)
  mount(app, door, admissionApi.forms, getForms)
  mount(app, door, admissionApi.gaps, getGapsOf)
  mount(app, door, admissionApi.submit, submitAdmission)
  mount(app, door, admissionApi.withdraw, withdrawAdmission)
  mount(app, door, admissionApi.usable, listUsable)
  mount(app, door, formApi.get, getForm)
  mount(app, door, formApi.save, saveForm)
  mount(app, door, formApi.gaps, getGaps)
  mount(app, door, formApi.versions, getVersions)
  mount(app, door, formApi.version, getVersion)
  mount(app, door, formApi.compare, compareVersions)
  mountUpload(app, door, formApi.attach, attachToForm)
  mount(app, door, formApi.detach, detachFromForm)
  mountDownload(app, door, formApi.download, downloadFromForm)
  mountDownload(app, door, formApi.print, printForm)
}
