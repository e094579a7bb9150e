import { readFileSync } from 'node:fs'
import type { YearOfDays } from './domain/calendar.ts'

interface YearsFile {
  source: string
  seededOn: string
  years: YearOfDays[]
}

/** The dated, sourced days that ship with the product; the database starts from them and is edited from then on. */
export const readShippedYears = (): YearsFile => JSON.parse(readFileSync(new URL('./data/years.json', import.meta.url), 'utf8'))
