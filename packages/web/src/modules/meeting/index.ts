export { MeetingPage } from './MeetingPage.tsx'
export { MeetingsPage } from './MeetingsPage.tsx'
