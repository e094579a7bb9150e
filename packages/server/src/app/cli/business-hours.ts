import { type BusinessHours, readBusinessHours } from '../../modules/calendar/offline.ts'
import { UsageError } from './command.ts'
import { parameterOfPlan } from './plan-parameters.ts'

/** Business hours as the plan of a folder has them. @throws UsageError when the plan cannot be read */
export async function businessHoursOfPlan(folder: string): Promise<BusinessHours> {
  const { value } = await parameterOfPlan(folder, 'calendar.businessHours')
  try {
    return readBusinessHours(value as [string, string][])
  } catch (error) {
    throw new UsageError(`calendar.businessHours of the plan in ${folder}: ${(error as Error).message}`)
  }
}
