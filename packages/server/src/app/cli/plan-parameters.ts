import { spanOf } from '../../modules/plan/domain/span-of.ts'
import { type QuickParameter, quickParameters } from '../../modules/plan/quick-parameters.ts'
import { UsageError } from './command.ts'

/** A parameter of a plan folder. @throws UsageError saying what is wrong with the plan that does not have it */
export async function parameterOfPlan(folder: string, key: string): Promise<QuickParameter> {
  const quick = quickParameters(folder)?.(key)
  if (quick) return quick
  const { readPlanFolder } = await import('../../modules/plan/offline.ts')
  const { plan, problems } = readPlanFolder(folder)
  const parameter = plan?.parameters.find((one) => one.key === key)
  if (parameter) return { kind: parameter.kind, value: parameter.value, ...(parameter.unit === undefined ? {} : { unit: parameter.unit }) }
  const [first] = problems
  const where = first ? ` (${first.file}:${first.line} ${first.field} ${first.reason})` : ''
  throw new UsageError(`${key} cannot be read from the plan in ${folder}${where}; see: changbai plan check ${folder}`)
}

/** Spans of time by key, for the limits that processes name; undefined where there is no plan. */
export async function spansOfPlan(folder: string): Promise<((key: string) => string | undefined) | undefined> {
  const quick = quickParameters(folder)
  const spanOfQuick = (one: QuickParameter | undefined) => one && spanOf(one, one.value)
  if (quick) return (key) => spanOfQuick(quick(key))
  const { readPlanFolder } = await import('../../modules/plan/offline.ts')
  const { plan } = readPlanFolder(folder)
  return plan ? (key) => spanOfQuick(plan.parameters.find((one) => one.key === key)) : undefined
}
