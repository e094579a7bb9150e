/** The face of patch rounds: baselines of images, rounds of servers, what became of each. */
export { patchClauses } from './patch.clauses.ts'
export { seedDemoPatches } from './patch.demo.ts'
export { addPatchRounds, registerPatchNotices, tellPatchPlanned } from './patch.reactions.ts'
export { patchRoutes } from './patch.routes.ts'
