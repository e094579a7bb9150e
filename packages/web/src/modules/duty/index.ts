export { DutyCalendarPage } from './DutyCalendarPage.tsx'
export { OnDutyNow } from './OnDutyNow.tsx'
export { OfficersPage, RostersPage } from './RosterPages.tsx'
export { HandOversPage, SwapsPage } from './SwapsPage.tsx'
