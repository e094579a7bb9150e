import { notificationApi } from '@changbai/contract/notification.ts'
import type { Scene } from '../staff.ts'
import type { Caller } from '../stage.ts'

/** Before the weekend everybody looks through what they were told. */
export async function readNotices({ staff }: Scene): Promise<void> {
  const { engineers, maintenance, operation, technician, construction, desk, leader, customer, customerLeader, owners } = staff
  const readers = new Map<string, Caller>()
  const known = [...engineers, maintenance, operation, technician, construction, desk, leader, customer, customerLeader]
  for (const reader of [...known, ...owners.map(({ manager }) => manager)]) readers.set(reader.personId, reader)
  for (const reader of readers.values()) await reader.call(notificationApi.markRead, {})
}
