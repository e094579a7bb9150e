export { appendFact, type NewFact } from './append.ts'
export { keyIdOf, type Signer, sealAll } from './seal.ts'
