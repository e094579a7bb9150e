export { complianceRoutes } from './compliance.routes.ts'
export { readBoard } from './compliance.service.ts'
export { registerClauseSources } from './judge.ts'
export { complianceCron, complianceJobs } from './upkeep.ts'
