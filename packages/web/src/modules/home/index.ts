export { GuidePage } from './GuidePage.tsx'
export { HomePage } from './HomePage.tsx'
export { TasksPage } from './TasksPage.tsx'
