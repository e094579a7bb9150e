import type { ParameterValue } from '@changbai/contract/plan.ts'

/** A value and the first day it holds; without a day it is the one the plan was loaded with. */
export interface DatedValue {
  key: string
  startsOn: Temporal.PlainDate | null
  value: ParameterValue
}

const byStart = (a: DatedValue, b: DatedValue): number =>
  a.startsOn === null ? (b.startsOn === null ? 0 : -1) : b.startsOn === null ? 1 : Temporal.PlainDate.compare(a.startsOn, b.startsOn)

const hasStarted = (one: DatedValue, on: Temporal.PlainDate): boolean =>
  one.startsOn === null || Temporal.PlainDate.compare(one.startsOn, on) <= 0

/** The value that holds on a day: the latest that has started. */
export const valueInForce = (values: readonly DatedValue[], on: Temporal.PlainDate): DatedValue | undefined =>
  values
    .filter((one) => hasStarted(one, on))
    .sort(byStart)
    .at(-1)

/** The value that starts next after a day. */
export const valueToCome = (values: readonly DatedValue[], on: Temporal.PlainDate): DatedValue | undefined =>
  values.filter((one) => !hasStarted(one, on)).sort(byStart)[0]
