export { AdmissionPage } from './AdmissionPage.tsx'
export { AdmissionsPage } from './AdmissionsPage.tsx'
