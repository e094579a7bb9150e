import { processApi } from '@changbai/contract/process.ts'
import { drainDueJobs, openTasksOf } from '../../../../modules/process/index.ts'
import type { Steps } from '../agenda.ts'
import { type Scene, START } from '../staff.ts'
import type { Caller } from '../stage.ts'

/** What one person does at one step: completes it so, or does it in a way of its own, given the task. */
export type Part = readonly [by: Caller, outcome: string, data?: Record<string, unknown> | (() => Promise<Record<string, unknown>>)]

/** The machine needs a few looks at its clouds between two steps of people; whoever waits longer than this waits for another day. */
const LOOKS = 9

/**
 * Carries a matter through its process by its number: every step that somebody here plays is done when it opens, and in between the engine and the cloud work. Ends
 * when nothing opens any more that they play.
 */
export async function* conduct({ stage }: Pick<Scene, 'stage'>, key: string, parts: Readonly<Record<string, Part>>, minutes = 9): Steps {
  const { runtime } = stage.server
  for (let looks = 0; looks < LOOKS; looks += 1) {
    const open = await runtime.door.enter(START, (ctx) => openTasksOf(ctx, key))
    for (const { id: taskId, node } of open) {
      const part = parts[node]
      if (!part) continue
      const [by, outcome, given = {}] = part
      yield minutes
      await by.call(processApi.complete, { taskId, outcome, data: typeof given === 'function' ? await given() : given })
      looks = -1
    }
    if (looks >= 0) yield 1
    await drainDueJobs(runtime)
  }
}
