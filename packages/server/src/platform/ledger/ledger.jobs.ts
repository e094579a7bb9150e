import { type JobKind, jobKind } from '../jobs.ts'
import type { Runtime } from '../runtime.ts'
import { lastBatch } from './ledger.store.ts'
import { sealAll } from './seal.ts'

declare module '../ctx.ts' {
  interface Jobs {
    'ledger.seal': Record<string, never>
  }
}

export const ledgerJobs = (runtime: () => Runtime): JobKind[] => [
  jobKind({
    name: 'ledger.seal',
    concurrency: 1,
    async handler() {
      const { door, crypto, log } = runtime()
      const facts = await sealAll({ db: door.db, clock: door.clock, crypto })
      if (facts === 0) return
      const end = await door.db.transaction().execute(lastBatch)
      // outside the database on purpose: a chain that was rewritten or shortened no longer fits what the log holds
      log.info({ facts, batch: end?.no, head: end?.head, keyId: end?.keyId }, 'ledger sealed')
    },
  }),
]
