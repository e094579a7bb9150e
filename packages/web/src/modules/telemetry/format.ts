import type { MeasureUnit } from '@changbai/contract/telemetry.ts'
import { count, percent } from '../../shared/time.ts'

const STEPS = ['B', 'kB', 'MB', 'GB', 'TB'] as const

/** 1,234,567 as `1.2 MB`. */
export function bytes(value: number): string {
  let size = value
  let step = 0
  while (size >= 1000 && step < STEPS.length - 1) {
    size /= 1000
    step += 1
  }
  return `${size >= 100 || step === 0 ? Math.round(size) : size.toFixed(1)} ${STEPS[step]}`
}

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
