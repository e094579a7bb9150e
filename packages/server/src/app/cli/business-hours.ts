import { type BusinessHours, readBusinessHours } from '../../modules/calendar/offline.ts'
import { readPlanFolder } from '../../modules/plan/offline.ts'
import { UsageError } from './command.ts'

/** Business hours as the plan of a folder has them. @throws UsageError when the plan cannot be read */
export function businessHoursOfPlan(folder: string): BusinessHours {
  const { plan, problems } = readPlanFolder(folder)
  const value = plan?.parameters.find((one) => one.key === 'calendar.businessHours')?.value
  if (!plan || value === undefined) {
    const [first] = problems
    const where = first ? ` (${first.file}:${first.line} ${first.field} ${first.reason})` : ''
    throw new UsageError(`the business hours cannot be read from the plan in ${folder}${where}; see: changbai plan check ${folder}`)
  }
  return readBusinessHours(value as [string, string][])
}
