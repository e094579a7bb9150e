export { DutyCalendarPage, HandOversPage, SwapsPage } from './DutyPages.tsx'
export { OnDutyNow } from './OnDutyNow.tsx'
export { OfficersPage, RostersPage } from './RosterPages.tsx'
