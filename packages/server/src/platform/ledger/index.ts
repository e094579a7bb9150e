export { appendFact, type NewFact } from './append.ts'
export { ledgerJobs } from './ledger.jobs.ts'
export { ledgerRoutes } from './ledger.routes.ts'
export { sealAll } from './seal.ts'
