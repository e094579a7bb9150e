import { processApi } from '@changbai/contract/process.ts'
import type { Door } from '../../platform/door.ts'
import { type App, mount } from '../../platform/mount.ts'
import {
  compareVersions,
  decideProposal,
  listDefinitions,
  listProposals,
  listVersions,
  proposeVersion,
  readDefinition,
  readProposal,
  validateDefinition,
} from './definitions.service.ts'
import { instanceHistory, instancesOf, instanceView } from './instances.queries.ts'
import { answerCancel, requestCancel, withdrawInstance } from './instances.service.ts'
import { listIncidents, listInstances, migrateInstances, previewMigration, retryIncident, terminateInstance } from './operations.service.ts'
import { summariseTasks, taskDetail, tasksDone, tasksFor, tasksOfOthers } from './tasks.queries.ts'
import {
  addSign,
  claimTask,
  completeTask,
  delegateTask,
  recallTask,
  releaseTask,
  remindTask,
  returnTask,
  transferTask,
} from './tasks.service.ts'

export function processRoutes(app: App, door: Door): void {
  mount(app, door, processApi.tasks, tasksFor)
  mount(app, door, processApi.taskSummary, summariseTasks)
  mount(app, door, processApi.waiting, tasksOfOthers)
  mount(app, door, processApi.doneTasks, tasksDone)
  mount(app, door, processApi.task, taskDetail)
  mount(app, door, processApi.claim, claimTask)
  mount(app, door, processApi.release, releaseTask)
  mount(app, door, processApi.complete, completeTask)
  mount(app, door, processApi.return, returnTask)
  mount(app, door, processApi.recall, recallTask)
  mount(app, door, processApi.transfer, transferTask)
  mount(app, door, processApi.delegate, delegateTask)
  mount(app, door, processApi.addSign, addSign)
  mount(app, door, processApi.remind, remindTask)
  mount(app, door, processApi.instance, instanceView)
  mount(app, door, processApi.instancesOf, instancesOf)
  mount(app, door, processApi.history, instanceHistory)
  mount(app, door, processApi.withdraw, withdrawInstance)
  mount(app, door, processApi.requestCancel, requestCancel)
  mount(app, door, processApi.answerCancel, answerCancel)
  mount(app, door, processApi.definitions, listDefinitions)
  mount(app, door, processApi.versions, listVersions)
  mount(app, door, processApi.definitionXml, readDefinition)
  mount(app, door, processApi.compare, compareVersions)
  mount(app, door, processApi.validate, validateDefinition)
  mount(app, door, processApi.propose, proposeVersion)
  mount(app, door, processApi.proposals, listProposals)
  mount(app, door, processApi.proposal, readProposal)
  mount(app, door, processApi.decide, decideProposal)
  mount(app, door, processApi.operations, listInstances)
  mount(app, door, processApi.incidents, listIncidents)
  mount(app, door, processApi.retry, retryIncident)
  mount(app, door, processApi.migrationPreview, previewMigration)
  mount(app, door, processApi.migrate, migrateInstances)
  mount(app, door, processApi.terminate, terminateInstance)
}
