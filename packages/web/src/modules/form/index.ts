export { FormPage } from './FormPage.tsx'
export { FormSummary } from './FormSummary.tsx'
export { VersionDialog } from './VersionDialog.tsx'
