export { LifecyclePage } from './LifecyclePage.tsx'
export { ShowbackPage } from './ShowbackPage.tsx'
