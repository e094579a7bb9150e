import type { MeasureUnit } from '@changbai/contract/telemetry.ts'
import { count, percent } from '../../shared/time.ts'
import { bytes } from '../../shared/units.ts'

/** A figure of a measure with its unit, as short as it can be told apart. */
export function figure(value: number, unit: MeasureUnit): string {
  switch (unit) {
    case 'ratio':
      return percent(value)
    case 'bytesPerSecond':
      return `${bytes(value)}/s`
    case 'celsius':
      return `${value.toFixed(1)} °C`
    case 'watts':
      return `${Math.round(value)} W`
    case 'count':
      return value >= 100 || Number.isInteger(value) ? count(Math.round(value)) : value.toFixed(2)
  }
}
