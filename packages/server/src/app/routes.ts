import { admissionRoutes } from '../modules/admission/index.ts'
import { alarmRoutes } from '../modules/alarm/index.ts'
import { assessmentRoutes } from '../modules/assessment/index.ts'
import { availabilityRoutes } from '../modules/availability/index.ts'
import { calendarRoutes } from '../modules/calendar/index.ts'
import { changeRoutes } from '../modules/change/index.ts'
import { cloudRoutes } from '../modules/cloud/index.ts'
import { complianceRoutes } from '../modules/compliance/index.ts'
import { deskRoutes } from '../modules/desk/index.ts'
import { documentRoutes } from '../modules/document/index.ts'
import { dutyRoutes } from '../modules/duty/index.ts'
import { emergencyRoutes } from '../modules/emergency/index.ts'
import { identityRoutes } from '../modules/identity/index.ts'
import { incidentRoutes } from '../modules/incident/index.ts'
import { inspectionRoutes } from '../modules/inspection/index.ts'
import { inventoryRoutes } from '../modules/inventory/index.ts'
import { knowledgeRoutes } from '../modules/knowledge/index.ts'
import { lifecycleRoutes } from '../modules/lifecycle/index.ts'
import { logRoutes } from '../modules/log/index.ts'
import { meetingRoutes } from '../modules/meeting/index.ts'
import { migrationRoutes } from '../modules/migration/index.ts'
import { notificationRoutes } from '../modules/notification/index.ts'
import { patchRoutes } from '../modules/patch/index.ts'
import { planRoutes } from '../modules/plan/index.ts'
import { problemRoutes } from '../modules/problem/index.ts'
import { processRoutes } from '../modules/process/index.ts'
import { provisioningRoutes } from '../modules/provisioning/index.ts'
import { reclaimRoutes } from '../modules/reclaim/index.ts'
import { reportRoutes } from '../modules/report/index.ts'
import { requestRoutes } from '../modules/request/index.ts'
import { searchRoutes } from '../modules/search/index.ts'
import { securityRoutes } from '../modules/security/index.ts'
import { serviceRequestRoutes } from '../modules/servicerequest/index.ts'
import { telemetryRoutes } from '../modules/telemetry/index.ts'
import { trainingRoutes } from '../modules/training/index.ts'
import { upkeepRoutes } from '../modules/upkeep/index.ts'
import { ledgerRoutes } from '../platform/ledger/ledger.routes.ts'
import type { App } from '../platform/mount.ts'
import type { Runtime } from '../platform/runtime.ts'
import { cloudIntakeRoutes } from './cloud-intake.ts'
import { fileRoutes } from './files.ts'
import { frameRoutes } from './frame.ts'
import { revealRoutes } from './reveal.ts'
import { setupRoutes } from './setup/setup.routes.ts'

/** Every endpoint of the product, one line a module. */
export function mountRoutes(app: App, runtime: Runtime): void {
  identityRoutes(app, runtime)
  fileRoutes(app, runtime)
  frameRoutes(app, runtime)
  setupRoutes(app, runtime)
  revealRoutes(app, runtime)
  calendarRoutes(app, runtime.door)
  planRoutes(app, runtime.door)
  ledgerRoutes(app, runtime)
  notificationRoutes(app, runtime)
  searchRoutes(app, runtime.door)
  inventoryRoutes(app, runtime)
  processRoutes(app, runtime.door)
  upkeepRoutes(app, runtime)
  deskRoutes(app, runtime)
  dutyRoutes(app, runtime)
  incidentRoutes(app, runtime)
  cloudRoutes(app, runtime.door)
  cloudIntakeRoutes(app, runtime)
  telemetryRoutes(app, runtime)
  logRoutes(app, runtime.door)
  alarmRoutes(app, runtime)
  availabilityRoutes(app, runtime)
  admissionRoutes(app, runtime)
  requestRoutes(app, runtime)
  provisioningRoutes(app, runtime.door)
  changeRoutes(app, runtime)
  migrationRoutes(app, runtime)
  reclaimRoutes(app, runtime)
  securityRoutes(app, runtime)
  patchRoutes(app, runtime)
  lifecycleRoutes(app, runtime)
  inspectionRoutes(app, runtime.door)
  problemRoutes(app, runtime)
  reportRoutes(app, runtime.door)
  knowledgeRoutes(app, runtime)
  serviceRequestRoutes(app, runtime)
  meetingRoutes(app, runtime.door)
  emergencyRoutes(app, runtime)
  trainingRoutes(app, runtime.door)
  assessmentRoutes(app, runtime.door)
  documentRoutes(app, runtime.door)
  complianceRoutes(app, runtime.door)
}
