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
import { healthCron, healthJobs } from '../modules/health/index.ts'
import { accessJobs, identityCron, ldapJobs, singleSignOnJobs } from '../modules/identity/index.ts'
import { dueBroadcasts, dueClocks, incidentCron, incidentJobs } from '../modules/incident/index.ts'
import { inspectionCron, inspectionJobs } from '../modules/inspection/index.ts'
import { knowledgeCron, knowledgeJobs } from '../modules/knowledge/index.ts'
import { logCron, logJobs } from '../modules/log/index.ts'
import { meetingCron, meetingJobs } from '../modules/meeting/index.ts'
import { notificationJobs } from '../modules/notification/index.ts'
import { planCron, planJobs } from '../modules/plan/index.ts'
import { processJobs } from '../modules/process/index.ts'
import { reclaimCron, reclaimJobs } from '../modules/reclaim/index.ts'
import { reportCron, reportJobs } from '../modules/report/index.ts'
import { securityCron, securityJobs } from '../modules/security/index.ts'
import { dueFolds, telemetryCron, telemetryJobs } from '../modules/telemetry/index.ts'
import { trainingCron, trainingJobs } from '../modules/training/index.ts'
import { upkeepCron, upkeepJobs } from '../modules/upkeep/index.ts'
import type { DueWork } from '../platform/due.ts'
import { fileJobs } from '../platform/file-jobs.ts'
import { removeStrayUploads } from '../platform/file-store.ts'
import { type CronLine, cronLine, type JobKind, jobKind } from '../platform/jobs.ts'
import { ledgerJobs } from '../platform/ledger/ledger.jobs.ts'
import { resealAll } from '../platform/reseal.ts'
import type { Runtime } from '../platform/runtime.ts'
import { sealedPlaces } from './sealed.ts'

declare module '../platform/ctx.ts' {
  interface Jobs {
    'platform.sweep': Record<string, never>
    'platform.reseal': Record<string, never>
  }
}

/** All work done outside a request. */
export const jobKinds = (runtime: () => Runtime): JobKind[] => [
  ...ledgerJobs(runtime),
  ...fileJobs(runtime),
  ...calendarJobs(runtime),
  ...planJobs(runtime),
  ...notificationJobs(runtime),
  ...processJobs(runtime),
  ...upkeepJobs(runtime),
  ...cloudJobs(runtime),
  ...availabilityJobs(runtime),
  ...singleSignOnJobs(runtime),
  ...ldapJobs(runtime),
  ...accessJobs(runtime),
  ...dutyJobs(runtime),
  ...incidentJobs(runtime),
  ...telemetryJobs(runtime),
  ...logJobs(runtime),
  ...alarmJobs(runtime),
  ...healthJobs(runtime),
  ...complianceJobs(runtime),
  ...assessmentJobs(runtime),
  ...trainingJobs(runtime),
  ...meetingJobs(runtime),
  ...inspectionJobs(runtime),
  ...reclaimJobs(runtime),
  ...securityJobs(runtime),
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
          await removeStrayUploads(db)
        })
    },
  }),
  jobKind({
    name: 'platform.reseal',
    keyed: true,
    concurrency: 1,
    async handler() {
      const { door, crypto, log } = runtime()
      const { done, lost } = await resealAll(door.db, crypto, sealedPlaces)
      if (Object.keys(done).length > 0) log.info({ done }, 'sealed by the key of today')
      if (lost > 0) log.error({ lost }, 'sealed values that no key of ours opens')
    },
  }),
]

/** All rows that fall due by the second. */
export const dueWorks: readonly DueWork[] = [dueAlarms, duePages, dueClocks, dueBroadcasts, dueFolds, dueEmergencyUpdates]

/** Only where a bucket is configured. */
export const bucketCron: CronLine[] = [cronLine({ job: 'file.move-out', cron: '* * * * *', payload: {} })]

/** All cron, in Asia/Shanghai. */
export const cronLines: CronLine[] = [
  cronLine({ job: 'platform.sweep', cron: '17 3 * * *', payload: {} }),
  cronLine({ job: 'platform.reseal', cron: '47 2 * * *', payload: {} }),
  ...identityCron,
  ...calendarCron,
  ...planCron,
  ...availabilityCron,
  ...cloudCron,
  ...dutyCron,
  ...incidentCron,
  ...telemetryCron,
  ...logCron,
  ...alarmCron,
  ...healthCron,
  ...complianceCron,
  ...assessmentCron,
  ...trainingCron,
  ...meetingCron,
  ...inspectionCron,
  ...reclaimCron,
  ...securityCron,
  ...knowledgeCron,
  ...deskCron,
  ...emergencyCron,
  ...reportCron,
  ...upkeepCron,
  cronLine({ job: 'ledger.seal', cron: '* * * * *', payload: {} }),
]
