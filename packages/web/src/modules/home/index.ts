export { HomePage } from './HomePage.tsx'
export { TasksPage } from './TasksPage.tsx'
