/** The face of the operations register and the library. */
import { registerDocumentNotices } from './document.notices.ts'

export { documentClauses } from './document.clauses.ts'
export { documentRoutes } from './document.routes.ts'
export { maySeeDocument, registerArchiveParts } from './library.service.ts'

export const registerDocument = (): void => registerDocumentNotices()
