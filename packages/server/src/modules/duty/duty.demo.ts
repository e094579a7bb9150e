import type { DutyLine } from '@changbai/contract/duty.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { saveOfficer } from './duty.service.ts'
import { officersById } from './duty.store.ts'
import { draftRoster, publish } from './roster.service.ts'

const AHEAD_DAYS = 45

/** Rosters of the three lines from today on, published. @param teams at least two people a line */
export async function seedDemoDuty(ctx: Ctx, teams: Readonly<Record<DutyLine, readonly string[]>>): Promise<void> {
  const today = shanghaiDay(ctx.now)
  const lines = new Map<string, DutyLine[]>()
  for (const [line, people] of Object.entries(teams) as [DutyLine, string[]][])
    for (const id of people) lines.set(id, [...(lines.get(id) ?? []), line])
  const [passedOn, drilledOn] = [today.subtract({ days: 60 }).toString(), today.subtract({ days: 30 }).toString()]
  // who is known stays as he is: a later drill or test is not overwritten
  const known = await officersById(ctx.db, [...lines.keys()])
  for (const [personId, held] of lines) if (!known.has(personId)) await saveOfficer(ctx, { personId, lines: held, passedOn, drilledOn })
  for (const [line, personIds] of Object.entries(teams) as [DutyLine, string[]][]) {
    const { id } = await draftRoster(ctx, {
      line,
      fromOn: today.toString(),
      toOn: today.add({ days: AHEAD_DAYS }).toString(),
      personIds,
      turn: line === 'DESK_5X8' ? 'WEEK' : 'DAY',
      changesAt: ['08:00', '20:00'],
    })
    await publish(ctx, { rosterId: id })
  }
}
