import { setTimeout } from 'node:timers/promises'
import { shanghaiDay, systemClock } from '../../platform/time.ts'
import type { Server, ServerParts } from '../server.ts'
import { type FillProgress, noteProgress } from './progress.ts'
import { InhabitedError, World } from './world/build.ts'

/** A quarter: three months that are over, and the one that runs. */
const MONTHS = 3
const SEED = 7
/** Whoever looks sees what people do within so long of its time. */
const LOOK_MS = 20_000
/** A machine under heavy load runs into time limits; a day is tried again so often, after a pause. */
const TRIES = 5
const PAUSE_MS = 5_000

/** The demonstration world of one serving process. */
export interface WorldBeside {
  /** Lives the history up to the present while pages are served, then lets the server's own work begin, and goes on by the real clock. */
  begin(server: Pick<Server, 'goOn' | 'runtime'>, onProgress: (progress: FillProgress) => void): void
  /** Ends after the day under way. */
  stop(): Promise<void>
}

/**
 * Opens the world of this installation, or founds it where nobody is yet.
 * @returns null where people are without a world: the small demonstration, or an installation in earnest
 */
export async function openWorldBeside(
  parts: Pick<ServerParts, 'databaseUrl' | 'secrets' | 'log'> & { planDir: string },
): Promise<WorldBeside | null> {
  const first = (await World.open(parts)) ?? (await found(parts))
  if (!first) return null
  let world: World = first
  const { log } = parts
  let isStopping = false
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()
  const told = (error: unknown): void => log.warn({ err: error }, 'demonstration: a step was refused')

  const lived = async (onProgress: (progress: FillProgress) => void): Promise<boolean> => {
    let percent = -1
    for (let tries = 0; ; tries += 1) {
      try {
        await world.fill(
          systemClock(),
          (share, on) => {
            noteProgress({ share, on })
            const now = Math.floor(share * 100)
            if (now > percent) onProgress({ share, on })
            percent = Math.max(now, percent)
          },
          () => isStopping,
        )
        return true
      } catch (error) {
        if (isStopping || tries === TRIES) {
          log.error({ err: error }, 'demonstration: its history could not be made; the next start tries again')
          return false
        }
        log.warn({ err: error }, 'demonstration: a day could not be lived and is begun anew')
        await setTimeout(PAUSE_MS)
        // what the day had begun is rolled back, also in the heads of its people
        await world.close()
        world = (await World.open(parts)) ?? world
      }
    }
  }
  const fill = async (server: Pick<Server, 'goOn' | 'runtime'>, onProgress: (progress: FillProgress) => void): Promise<void> => {
    const isThere = await lived(onProgress).finally(() => noteProgress(null))
    if (!isThere && !isStopping) {
      await server.goOn()
      return
    }
    if (isStopping) return
    await world.goLive(server.runtime.jobs, told)
    await server.goOn()
    const look = (): void => {
      running = world
        .liveNow()
        .catch(told)
        .then(() => {
          if (!isStopping) timer = globalThis.setTimeout(look, LOOK_MS)
        })
    }
    look()
  }

  let stopped: Promise<void> | undefined
  const end = async (): Promise<void> => {
    isStopping = true
    clearTimeout(timer)
    await running
    await world.close()
  }
  return {
    begin(server, onProgress) {
      running = fill(server, onProgress).catch(told)
    },
    stop() {
      stopped ??= end()
      return stopped
    },
  }
}

async function found(parts: Parameters<typeof openWorldBeside>[0]): Promise<World | null> {
  const now = systemClock()
  const from = shanghaiDay(now).subtract({ months: MONTHS }).with({ day: 1 })
  try {
    return await World.found(parts, { from, seed: SEED, planDir: parts.planDir }, now)
  } catch (error) {
    if (error instanceof InhabitedError) return null
    throw error
  }
}
