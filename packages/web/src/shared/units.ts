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
