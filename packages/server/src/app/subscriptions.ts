import * as admission from '../modules/admission/index.ts'
import { handOverTasks } from '../modules/process/index.ts'
import * as request from '../modules/request/index.ts'
import type { Reactions } from '../platform/door.ts'

/** All reactions of one module to what happened in another; they run in the transaction of the event. */
export const reactions: Reactions = {
  'person.handed-over': [
    async (ctx, { fromPersonId, to, reason, moved }) => {
      moved.tasks += await handOverTasks(ctx, fromPersonId, to, reason)
    },
  ],
  'calendar.changed': [(ctx) => ctx.enqueue('process.recompute-due', {}, { key: 'all' })],
  'task.created': [admission.admissionStepOpened, request.requestStepOpened],
  'task.completed': [admission.admissionStepDone, request.requestStepDone],
  'task.assigned': [admission.admissionStepReassigned, request.requestStepReassigned],
  'task.returned': [admission.admissionStepReturned, request.requestStepReturned],
  'task.recalled': [admission.admissionStepRecalled, request.requestStepRecalled],
  'instance.ended': [admission.admissionInstanceEnded, request.requestInstanceEnded],
}
