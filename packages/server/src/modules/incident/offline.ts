/** What needs files only: loads no database and no server code, so that a command starts in a fraction of a second. */
export { ClockFactsError, readClockFacts } from './clock-facts.domain.ts'
export { type Clocks, type Judgment, judgeClocks, type SeverityLimits } from './clocks.domain.ts'
