/** A parameter as a span of time: a duration as written, or a number counted in working days or business hours, e.g. `7wd`. */
export const spanOf = ({ kind, unit }: { kind: string; unit?: string | undefined }, value: unknown): string | undefined => {
  if (kind === 'DURATION') return String(value)
  return kind === 'NUMBER' && (unit === 'wd' || unit === 'bh') ? `${value}${unit}` : undefined
}
