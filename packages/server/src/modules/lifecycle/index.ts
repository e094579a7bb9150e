/** The face of the life of an application's resources, and of what they weigh. */
export { lifecycleRoutes } from './lifecycle.routes.ts'
