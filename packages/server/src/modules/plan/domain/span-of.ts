/**
 * A parameter as a span of time: a duration as written, or a number counted in working days, business hours or days of the calendar, e.g.
 * `7wd`, `P7D`.
 */
export const spanOf = ({ kind, unit }: { kind: string; unit?: string | undefined }, value: unknown): string | undefined => {
  if (kind === 'DURATION') return String(value)
  if (kind !== 'NUMBER') return undefined
  return unit === 'wd' || unit === 'bh' ? `${value}${unit}` : unit === 'day' ? `P${value}D` : undefined
}
