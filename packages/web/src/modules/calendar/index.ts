export { CalendarPage } from './CalendarPage.tsx'
export { DeadlinePage } from './DeadlinePage.tsx'
