import { sql } from 'kysely'
import { alarmCron, alarmJobs, dueAlarms } from '../modules/alarm/index.ts'
import { assessmentCron, assessmentJobs } from '../modules/assessment/index.ts'
import { availabilityCron, availabilityJobs } from '../modules/availability/index.ts'
import { calendarCron, calendarJobs } from '../modules/calendar/index.ts'
import { cloudCron, cloudJobs } from '../modules/cloud/index.ts'
import { complianceCron, complianceJobs } from '../modules/compliance/index.ts'
import { deskCron, deskJobs } from '../modules/desk/index.ts'
import { duePages, dutyCron, dutyJobs } from '../modules/duty/index.ts'
import { dueEmergencyUpdates, emergencyCron, emergencyJobs } from '../modules/emergency/index.ts'
import { accessJobs, identityCron, singleSignOnJobs } from '../modules/identity/index.ts'
import { dueBroadcasts, dueClocks } from '../modules/incident/index.ts'
import { knowledgeCron, knowledgeJobs } from '../modules/knowledge/index.ts'
import { logCron, logJobs } from '../modules/log/index.ts'
import { meetingCron, meetingJobs } from '../modules/meeting/index.ts'
import { notificationJobs } from '../modules/notification/index.ts'
import { processJobs } from '../modules/process/index.ts'
import { reclaimCron, reclaimJobs } from '../modules/reclaim/index.ts'
import { reportCron, reportJobs } from '../modules/report/index.ts'
import { dueFolds, telemetryCron, telemetryJobs } from '../modules/telemetry/index.ts'
import { trainingCron, trainingJobs } from '../modules/training/index.ts'
import type { DueWork } from '../platform/due.ts'
import { type CronLine, cronLine, type JobKind, jobKind } from '../platform/jobs.ts'
import { ledgerJobs } from '../platform/ledger/ledger.jobs.ts'
import type { Runtime } from '../platform/runtime.ts'

declare module '../platform/ctx.ts' {
  interface Jobs {
    'platform.sweep': Record<string, never>
  }
}

/** All work done outside a request. */
export const jobKinds = (runtime: () => Runtime): JobKind[] => [
  ...ledgerJobs(runtime),
  ...calendarJobs(runtime),
  ...notificationJobs(runtime),
  ...processJobs(runtime),
  ...cloudJobs(runtime),
  ...availabilityJobs(runtime),
  ...singleSignOnJobs(runtime),
  ...accessJobs(runtime),
  ...dutyJobs(runtime),
  ...telemetryJobs(runtime),
  ...logJobs(runtime),
  ...alarmJobs(runtime),
  ...complianceJobs(runtime),
  ...assessmentJobs(runtime),
  ...trainingJobs(runtime),
  ...meetingJobs(runtime),
  ...reclaimJobs(runtime),
  ...knowledgeJobs(runtime),
  ...deskJobs(runtime),
  ...emergencyJobs(runtime),
  ...reportJobs(runtime),
  jobKind({
    name: 'platform.sweep',
    handler: async () => {
      await runtime()
        .door.db.transaction()
        .execute(async (db) => {
          await sql`delete from command_reply where at < now() - interval '2 days'`.execute(db)
          await sql`delete from file where owner_id is null and uploaded_at < now() - interval '30 days'`.execute(db)
        })
    },
  }),
]

/** All rows that fall due by the second. */
export const dueWorks: readonly DueWork[] = [dueAlarms, duePages, dueClocks, dueBroadcasts, dueFolds, dueEmergencyUpdates]

/** All cron, in Asia/Shanghai. */
export const cronLines: CronLine[] = [
  cronLine({ job: 'platform.sweep', cron: '17 3 * * *', payload: {} }),
  ...identityCron,
  ...calendarCron,
  ...availabilityCron,
  ...cloudCron,
  ...dutyCron,
  ...telemetryCron,
  ...logCron,
  ...alarmCron,
  ...complianceCron,
  ...assessmentCron,
  ...trainingCron,
  ...meetingCron,
  ...reclaimCron,
  ...knowledgeCron,
  ...deskCron,
  ...emergencyCron,
  ...reportCron,
  cronLine({ job: 'ledger.seal', cron: '* * * * *', payload: {} }),
]
