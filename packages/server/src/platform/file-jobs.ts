import { type JobKind, jobKind } from './jobs.ts'
import type { Runtime } from './runtime.ts'

declare module './ctx.ts' {
  interface Jobs {
    'file.move-out': Record<string, never>
  }
}

export const fileJobs = (runtime: () => Runtime): JobKind[] => [
  jobKind({
    name: 'file.move-out',
    // the next minute tries again by itself
    retries: 0,
    concurrency: 1,
    async handler() {
      const { files, log } = runtime()
      const moved = await files.moveOut()
      await files.removeGone()
      if (moved > 0) log.info({ moved }, 'files moved into the bucket')
    },
  }),
]
