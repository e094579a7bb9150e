export { searchRoutes } from './search.routes.ts'
export { registerSearch, type SearchSource } from './search.sources.ts'
