export { SecurityOrderPage } from './SecurityOrderPage.tsx'
export { SecurityPage } from './SecurityPage.tsx'
