export { dropFactsAfter, factsHeld, holdFact, type NewFact, writeHeldFacts } from './append.ts'
export { subjectsTouched } from './changes.store.ts'
