export { ChangeCalendarPage } from './CalendarPage.tsx'
export { ChangePage } from './ChangePage.tsx'
export { ChangesPage } from './ChangesPage.tsx'
export { ChangeRulesPage } from './RulesPage.tsx'
