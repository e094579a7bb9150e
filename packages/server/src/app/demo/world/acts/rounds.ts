import { inspectionApi, type RoundKind } from '@changbai/contract/inspection.ts'
import type { Steps } from '../agenda.ts'
import type { Dice } from '../dice.ts'
import type { Scene } from '../staff.ts'
import type { Caller } from '../stage.ts'

/** Minutes a round takes. */
const WALK: Readonly<Record<RoundKind, number>> = { FACILITY: 22, PLATFORM: 9, TENANT_SERVICE: 9 }

/** One round: begun at its place, every item read, handed in. */
export async function* walkRound({ stage, dice, tally }: Scene, kind: RoundKind, by: Caller): Steps {
  const checkIn = kind === 'FACILITY' ? { method: 'QR' as const, pointCode: 'ROOM-301' } : undefined
  const round = await by.call(inspectionApi.start, {
    kind,
    clientKey: `${kind}-${stage.now().epochMilliseconds}`,
    ...(checkIn ? { checkIn } : {}),
  })
  yield WALK[kind]
  const answers = round.items.map(({ code, unit, okFrom, okTo }) => ({
    code,
    result: 'OK' as const,
    value: unit === null ? null : reading(dice, okFrom, okTo),
  }))
  await by.call(inspectionApi.submit, { roundId: round.id, answers, ...(checkIn ? { checkIn } : {}) })
  tally.rounds += 1
}

/** Somewhere in the middle of what is allowed. */
function reading(dice: Dice, okFrom: number | null, okTo: number | null): number {
  const from = okFrom ?? 0
  const to = okTo ?? from + 100
  return Math.round((from + ((to - from) * dice.number(30, 70)) / 100) * 10) / 10
}
