/** What runs without a database: the probe process. */
export { type Runner, startRunner } from './runner/runner.ts'
