import { seedRosters } from '../../today.ts'
import { type Scene, START } from '../staff.ts'

/** The three lines for the weeks to come. */
export async function keepRosters({ stage, staff }: Scene): Promise<void> {
  await stage.server.runtime.door.enter(START, (ctx) => seedRosters(ctx, staff.cast))
}
