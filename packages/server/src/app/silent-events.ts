/** Events nobody is told of, and why. Every other event reaches people: a test looks for its reaction and its wording. */
export const silentEvents: Readonly<Record<string, string>> = {
  'alarm.raised': 'the incident that is opened pages people and tells the leaders itself',
  'alarm.object-lost': 'the alarm itself is told; outages are shown and ruled on the pages of availability',
  'alarm.object-back': 'told as the recovery of the alarm',
  'wall.asked': 'a question within one reply; nothing happened that anybody could be told of',
  'availability.changed': 'figures are read anew by whoever looks; what it means for people is told by seal, budget and planned downtime',
  'calendar.changed': 'limits are recomputed; whoever holds one sees the new day, and the two persons who changed it know',
  'change.calendar-asked': 'a question within one reply; nothing happened that anybody could be told of',
  'capacity.measured-asked': 'a question within one reply; nothing happened that anybody could be told of',
  'capacity.demands-asked': 'a question within one reply; nothing happened that anybody could be told of',
  'desk.fault-called': 'the incident that is opened pages people and tells the leaders itself',
  'desk.request-called': 'the service request that is opened tells whoever handles it by task.created',
  'desk.mail-replied': 'written into the history of the matter, which its handler follows; otherwise told as desk.mail-received',
  'incident.causes-asked': 'a question within one reply; nothing happened that anybody could be told of',
  'desk.matters-asked': 'a question within one reply; nothing happened that anybody could be told of',
  'duty.page-acknowledged': 'the pages stop; whoever was reached sees on the page who answered',
  'instance.started': 'who starts a matter knows it; the next person hears by task.created',
  'person.disabled': 'the account is closed: open pages end, nobody can be told',
  'person.hand-over-asked': 'a count within one reply, before anything is done',
  'person.handed-over': 'the successor hears of each task by task.assigned',
  'resources.given-back':
    'what watches, backs up and scans them stops; people hear of the order: work-order.returned, work-order.cancelled',
  'resources.handed-over':
    'monitoring, backup, baseline and security services register them; people hear of the delivery by work-order.ready',
  'telemetry.annotations-asked': 'a question within one reply; nothing happened that anybody could be told of',
  'notice.unreached': 'the next person is paged at once and hears by duty.page',
  'task.completed': 'the next step is told by task.created, the end by the module of the matter',
  'task.recalled': 'nobody had acted since; the step reopens with who took it back',
  'task.returned': 'told together with the reopened step: task.created with what is to be corrected',
}

/** Events that people hear of under other words than the event's own name. */
export const toldAs: Readonly<Record<string, readonly string[]>> = {
  'adoption.decided': ['adoption.confirmed', 'adoption.returned'],
  'alarm.flapping': ['alarm.flapping-began', 'alarm.flapping-ended'],
  'incident.closed': ['incident.closed', 'incident.merged'],
  'incident.major': ['incident.leader', 'incident.customer'],
  'downtime.decided': ['downtime.recognised', 'downtime.refused'],
  'instance.cancel-answered': ['instance.cancel-consented', 'instance.cancel-refused'],
  'instance.ended': ['instance.stopped', 'admission.granted', 'admission.rejected', 'request.rejected'],
}
/** Told where they are published, beside the event. */
export const toldInPlace: ReadonlySet<string> = new Set([
  'downtime.decided',
  'downtime.noticed',
  'request.approved',
  'request.cancelled',
  'change.rolled-back',
])
