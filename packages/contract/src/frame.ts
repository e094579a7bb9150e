import { z } from 'zod'
import { CalendarDay } from './calendar.ts'
import { day, endpoint } from './endpoint.ts'
import { identityApi } from './identity.ts'
import { incidentApi } from './incident.ts'
import { notificationApi } from './notification.ts'
import { processApi } from './process.ts'
import { Maintenance } from './upkeep.ts'

export const frameApi = {
  /** What stands around every page, in one answer: each part as its own endpoint gives it, null to whom that endpoint is closed. */
  read: endpoint({
    method: 'GET',
    path: '/frame',
    summary: '页面框架所需：登录者、当日、未读、待办件数、计时中的故障',
    access: 'signed-in',
    input: z.object({}),
    reply: z.object({
      session: identityApi.session.reply,
      day: CalendarDay.pick({ on: true, kind: true, isWorkday: true, name: true }).nullable(),
      unread: notificationApi.unread.reply.nullable(),
      tasks: processApi.taskSummary.reply.nullable(),
      incidents: incidentApi.running.reply.nullable(),
      maintenance: Maintenance,
      /** The history of the demonstration while it is being made: the share that is there, and the day it has reached. */
      world: z.object({ share: z.number(), on: day }).nullable(),
    }),
  }),
}
