import type { Runtime } from './runtime.ts'

/** Rows a module keeps that fall due: a page to the next person, the warning of a clock. */
export interface DueWork {
  name: string
  /** Works off what is due now, in transactions of its own; several processes may do so at once. @returns how many rows it took */
  run(runtime: Runtime): Promise<number>
}

/** A look costs one read of an index of open rows only, so a second is cheap and no notice is later than about that. */
const LOOK_MILLISECONDS = 1_000

export interface DueLoop {
  stop(): Promise<void>
}

/** Looks again and again until stopped; a failure is logged and the next look tries again. What is due survives a restart: it is in the rows. */
export function startDueLoop(runtime: Runtime, works: readonly DueWork[]): DueLoop {
  let stopped = false
  const waiting = new Set<() => void>()
  const loop = async (work: DueWork): Promise<void> => {
    while (!stopped) {
      const taken = await work.run(runtime).catch((error: unknown) => {
        if (!stopped) runtime.log.error({ err: error, work: work.name }, 'due work failed, it will be tried again')
        return 0
      })
      if (taken > 0) continue
      await new Promise<void>((done) => {
        const go = (): void => {
          clearTimeout(timer)
          waiting.delete(go)
          done()
        }
        const timer = setTimeout(go, LOOK_MILLISECONDS)
        waiting.add(go)
      })
    }
  }
  const running = Promise.all(works.map(loop))
  return {
    async stop() {
      stopped = true
      for (const go of waiting) go()
      await running
    },
  }
}
