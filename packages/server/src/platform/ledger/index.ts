export { appendFact, type NewFact } from './append.ts'
