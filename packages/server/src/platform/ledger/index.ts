export { appendFact, type NewFact } from './append.ts'
export { subjectsTouched } from './changes.store.ts'
