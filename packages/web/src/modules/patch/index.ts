export { PatchesPage } from './PatchesPage.tsx'
export { PatchRoundPage } from './PatchRoundPage.tsx'
