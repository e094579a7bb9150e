/** The face of monthly reports: what modules put into them, and what the app composes. */
import { ownParts } from './own.parts.ts'
import { registerReportParts } from './parts.ts'
import { registerReportNotices } from './report.notices.ts'

export { archivedReports } from './archive.ts'
export { figure, type ReportPart, type ReportSpan, registerReportParts, share, table } from './parts.ts'
export { printMonth } from './print.service.ts'
export { reportClauses } from './report.clauses.ts'
export { reportCron, reportDay, reportJobs } from './report.jobs.ts'
export { reportRoutes } from './report.routes.ts'
export { openMonth } from './report.service.ts'
export { loadReportTemplate } from './template.service.ts'

/** Called once at start. */
export function registerReport(): void {
  registerReportNotices()
  registerReportParts(ownParts)
}
