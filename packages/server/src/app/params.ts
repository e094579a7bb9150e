/** Parameters of the plan in force, for the door. */
export { loadParams } from '../modules/plan/index.ts'
