/** What needs files only: loads no database and no server code, so that a command starts in a fraction of a second. */
export { assessServer, type Measures, type ReclaimRule } from './assess.domain.ts'
export { measure, type PeakRule } from './peak.domain.ts'
export { readSeries, SeriesError } from './series.domain.ts'
