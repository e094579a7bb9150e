/** What needs files only: loads no database and no server code, so that a command starts in a fraction of a second. */
import { createCalendar } from './domain/calendar.ts'
import { readShippedYears } from './years.ts'

export { type BusinessHours, readBusinessHours } from './domain/business.ts'
export { dueAt } from './domain/deadline.ts'
export { explainDeadline } from './domain/explain.ts'
export { parseLimit, parseMoment } from './domain/limit.ts'

export const shippedCalendar = () => createCalendar(readShippedYears().years)
