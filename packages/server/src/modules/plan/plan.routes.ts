import { planApi } from '@changbai/contract/plan.ts'
import { planProposalApi } from '@changbai/contract/plan-proposal.ts'
import type { Door } from '../../platform/door.ts'
import { type App, mount } from '../../platform/mount.ts'
import * as change from './change.service.ts'
import * as plan from './plan.service.ts'
import * as proposal from './proposal.service.ts'

export function planRoutes(app: App, door: Door): void {
  mount(app, door, planApi.overview, plan.readOverview)
  mount(app, door, planApi.clauses, plan.listClauses)
  mount(app, door, planApi.clause, plan.readClause)
  mount(app, door, planApi.parameters, plan.listParameters)
  mount(app, door, planApi.parameter, plan.readParameter)
  mount(app, door, planApi.changes, change.listParameterChanges)
  mount(app, door, planApi.proposeChange, change.proposeParameterChange)
  mount(app, door, planApi.reviewChange, change.reviewParameterChange)
  mount(app, door, planApi.approveChange, change.approveParameterChange)
  mount(app, door, planApi.rejectChange, change.rejectParameterChange)
  mount(app, door, planApi.withdrawChange, change.withdrawParameterChange)
  mount(app, door, planProposalApi.list, proposal.listProposals)
  mount(app, door, planProposalApi.review, proposal.reviewProposal)
  mount(app, door, planProposalApi.adopt, proposal.adoptProposal)
  mount(app, door, planProposalApi.decline, proposal.declineProposal)
}
