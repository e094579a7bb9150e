export { FormPage } from './FormPage.tsx'
export { FormSummary } from './FormSummary.tsx'
