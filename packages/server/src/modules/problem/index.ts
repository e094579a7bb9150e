/** The face of problems: causes behind incidents, known errors, and whether they came back. */
export { problemClauses } from './problem.clauses.ts'
export { followIncident, registerProblemNotices, tellRecurred } from './problem.reactions.ts'
export { problemRoutes } from './problem.routes.ts'
export { searchProblems } from './problem.search.ts'
