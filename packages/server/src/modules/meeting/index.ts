/** The face of weekly meetings. */
import { registerMeetingNotices } from './meeting.notices.ts'

export { meetingClauses } from './meeting.clauses.ts'
export { meetingFigures } from './meeting.figures.ts'
export { meetingCron, meetingJobs } from './meeting.jobs.ts'
export { meetingRoutes } from './meeting.routes.ts'

export const registerMeeting = (): void => registerMeetingNotices()
