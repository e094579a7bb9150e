export { LibraryPage } from './LibraryPage.tsx'
export { PaperPage } from './PaperPage.tsx'
export { PapersPage } from './PapersPage.tsx'
export { RegisterPage } from './RegisterPage.tsx'
