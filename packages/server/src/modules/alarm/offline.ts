/** What needs files only: loads no database and no server code, so that a command starts in a fraction of a second. */
export type { Metric, Pack } from './rules/pack.domain.ts'
export { compilePack, type RuleFile } from './rules/promql.domain.ts'
export { type PackProblem, readPacks } from './rules/read-packs.ts'
