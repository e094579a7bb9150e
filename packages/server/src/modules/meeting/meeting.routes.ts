import { meetingApi } from '@changbai/contract/meeting.ts'
import type { Door } from '../../platform/door.ts'
import { type App, mount, mountDownload } from '../../platform/mount.ts'
import { printMinutes } from './meeting.print.ts'
import * as meeting from './meeting.service.ts'

export function meetingRoutes(app: App, door: Door): void {
  mount(app, door, meetingApi.list, meeting.listMeetingPage)
  mount(app, door, meetingApi.items, meeting.listItemPage)
  mount(app, door, meetingApi.get, meeting.getMeeting)
  mount(app, door, meetingApi.prepare, meeting.prepareMeeting)
  mount(app, door, meetingApi.save, meeting.saveMeeting)
  mount(app, door, meetingApi.hold, meeting.holdMeeting)
  mount(app, door, meetingApi.addItem, meeting.addMeetingItem)
  mount(app, door, meetingApi.finishItem, meeting.finishMeetingItem)
  mount(app, door, meetingApi.comment, meeting.commentMeeting)
  mount(app, door, meetingApi.archive, meeting.archiveMeeting)
  mount(app, door, meetingApi.ack, meeting.ackMeeting)
  mountDownload(app, door, meetingApi.print, printMinutes)
}
