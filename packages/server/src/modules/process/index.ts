/** The face of the process engine: what other modules and the app may call. */
export { BpmnError } from './bpmn/engine/env.ts'
export { readCycle, readSpan } from './bpmn/model/span.ts'
export { checkRunning, DeployError, deployShipped, requireKnownHandlers, shippedBefore } from './deploy.ts'
export type { InstanceNotice, TaskNotice } from './events.ts'
export {
  type AccessRule,
  type Facts,
  type FormHandler,
  LookAgain,
  type OutsideService,
  registerAccess,
  registerForm,
  registerService,
  type ServiceCall,
  type TaskCall,
  type TxService,
} from './handlers.ts'
export { instanceHistory, instancesOf, instanceView, openTasksOf } from './instances.queries.ts'
export { cancelInstance, correlateMessage, type MessageOrder, type StartOrder, startProcess } from './instances.service.ts'
export { loadWorkClock, type ProcessPorts, registerPorts, type WorkClock } from './ports.ts'
export { taskLimits } from './present.ts'
export { processRoutes } from './process.routes.ts'
export { searchTasks } from './process.search.ts'
export { type DeployedSteps, deployedSteps } from './runbooks.queries.ts'
export { summariseTasks, taskDetail, tasksFor } from './tasks.queries.ts'
export { type CompleteOrder, completeTask, passTask, recallTask, returnTask, transferTask } from './tasks.service.ts'
export { countAssignedTasks, handOverTasks, holdStart, lateness, processJobs, recomputeDue } from './upkeep.ts'
export { drainDueJobs, type ProcessWorker, startProcessWorker, workDueJobs } from './worker.ts'
