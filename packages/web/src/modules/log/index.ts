export { LogReviewPage } from './LogReviewPage.tsx'
export { LogsPage } from './LogsPage.tsx'
