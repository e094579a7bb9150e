export { NextClock, SeverityMark } from './Clocks.tsx'
export { IncidentPage } from './IncidentPage.tsx'
export { IncidentsPage } from './IncidentsPage.tsx'
export { Criteria, ReportPage } from './ReportPage.tsx'
