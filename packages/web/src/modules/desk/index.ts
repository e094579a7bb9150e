export { DeskPage } from './DeskPage.tsx'
export { IntakePage } from './IntakePage.tsx'
