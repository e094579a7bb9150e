import { ledgerApi } from '@changbai/contract/ledger.ts'
import { type App, mount, mountDownload } from '../mount.ts'
import type { Runtime } from '../runtime.ts'
import { shanghaiDay } from '../time.ts'
import { exportLines } from './export.ts'
import { exportLedger, ledgerStatus, listBatches, searchFacts, verifyLedger } from './ledger.service.ts'

export function ledgerRoutes(app: App, { door }: Runtime): void {
  mount(app, door, ledgerApi.searchFacts, searchFacts)
  mount(app, door, ledgerApi.status, ledgerStatus)
  mount(app, door, ledgerApi.batches, listBatches)
  mount(app, door, ledgerApi.verify, verifyLedger)
  mountDownload(app, door, ledgerApi.exportLedger, async (ctx, input) => {
    const plan = await exportLedger(ctx, input)
    return {
      name: `审计记录-${shanghaiDay(ctx.now)}-第${plan.first}至${plan.last}批.ndjson`,
      // not a JSON type: a client that parses by type would choke on the second line
      mediaType: 'application/octet-stream',
      bytes: bytesOf(exportLines(door.db, plan)),
    }
  })
}

async function* bytesOf(lines: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  for await (const line of lines) yield Buffer.from(`${line}\n`, 'utf8')
}
