import { assessmentApi } from '@changbai/contract/assessment.ts'
import type { Door } from '../../platform/door.ts'
import { type App, mount, mountDownload } from '../../platform/mount.ts'
import { printAssessment } from './assessment.print.ts'
import * as assessment from './assessment.service.ts'
import * as optimisation from './optimisation.service.ts'

export function assessmentRoutes(app: App, door: Door): void {
  mount(app, door, assessmentApi.list, assessment.listAssessmentPage)
  mount(app, door, assessmentApi.get, assessment.getAssessment)
  mount(app, door, assessmentApi.open, assessment.openAssessment)
  mount(app, door, assessmentApi.conclude, assessment.concludeAssessment)
  mount(app, door, assessmentApi.addIssue, assessment.addIssue)
  mount(app, door, assessmentApi.dropIssue, assessment.dropIssue)
  mount(app, door, assessmentApi.publish, assessment.publishAssessment)
  mountDownload(app, door, assessmentApi.print, printAssessment)
  mount(app, door, assessmentApi.plans, optimisation.listPlanPage)
  mount(app, door, assessmentApi.plan, optimisation.getPlan)
  mount(app, door, assessmentApi.propose, optimisation.proposePlan)
  mount(app, door, assessmentApi.revise, optimisation.revisePlan)
  mount(app, door, assessmentApi.review, optimisation.reviewPlan)
  mount(app, door, assessmentApi.track, optimisation.trackPlan)
  mount(app, door, assessmentApi.finishMilestone, optimisation.finishMilestone)
  mount(app, door, assessmentApi.verify, optimisation.verifyPlan)
}
