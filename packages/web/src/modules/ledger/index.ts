export { LedgerPage } from './LedgerPage.tsx'
export { VerifyPage } from './VerifyPage.tsx'
